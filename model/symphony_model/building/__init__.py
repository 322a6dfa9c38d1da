"""The builder: workflows by a chain of calls, and all that is wrong with them at once."""
