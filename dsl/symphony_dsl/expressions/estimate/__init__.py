"""What an expression may cost on data that keep their constraints."""
