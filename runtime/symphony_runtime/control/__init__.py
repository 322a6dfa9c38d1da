"""Runs as programs see and move them: states, the state machine, commands and their controller."""
