"""The operators that run code or touch files, one module each."""
