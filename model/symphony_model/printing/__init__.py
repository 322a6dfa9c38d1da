"""Workflows, nodes and edges as text for people."""
