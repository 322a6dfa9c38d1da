"""Results that are there already: of the same step elsewhere, of the same effect, of an earlier run."""
