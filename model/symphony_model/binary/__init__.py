"""Artifacts as MessagePack and bincode, compressed or not, by the schema of their version."""
