"""The expression language: a profile of CEL, parsed, checked and evaluated; usable alone."""
