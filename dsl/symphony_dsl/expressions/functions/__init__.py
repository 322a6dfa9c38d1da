"""Functions and operators: what their signatures are, what they do, and what they cost."""
