"""The schemas: one frozen JSON Schema for each kind of artifact and version.

A schema that was released never changes: what changes is a new version, in a file of its own.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["load"]


@cache
def load(kind: str, version: str) -> dict[str, Any]:
    """The schema of a kind (`workflow`) and version (`1.0.0`); the caller does not change it. Raises KeyError."""
    name = f"{kind}-{version}.schema.json"
    found = files(__name__).joinpath(name)
    if not found.is_file():
        raise KeyError(name)
    schema: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    return schema
