"""Attempts: who runs them, what is around them, and what comes back."""
