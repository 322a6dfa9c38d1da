"""The checker: a type for every node, and a message for every mistake."""
