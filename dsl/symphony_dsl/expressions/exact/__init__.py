"""The exact tier of the evaluator: closures over the values alone, with the errors of CEL."""
