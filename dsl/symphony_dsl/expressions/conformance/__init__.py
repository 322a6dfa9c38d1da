"""Runs lists of conformance tests of CEL."""
