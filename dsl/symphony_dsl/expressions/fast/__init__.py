"""The fast tier of the evaluator: one Python function of an expression."""
