"""The schemas: one frozen JSON Schema for each kind of data and version.

A schema that was released never changes: what changes is a new version, in a file of its own. A new kind is an entry of
`KINDS`, and what generates its schema an entry of `tests/schemas/generated.py`.
"""

from __future__ import annotations

import json
from functools import cache
from pkgutil import get_data  # importlib.resources takes longer to load than most of what asks for a schema
from typing import Any

__all__ = ["KINDS", "load", "newest"]

KINDS = {"workflow": ("1.0.0", "1.1.0", "1.2.0"), "event": ("1.0.0", "1.1.0")}
"""The versions of each kind, in their order; the last is the one that is written."""


def newest(kind: str) -> str:
    return KINDS[kind][-1]


@cache
def load(kind: str, version: str) -> dict[str, Any]:
    """The schema of a kind (`workflow`) and version (`1.0.0`); the caller does not change it. Raises KeyError."""
    name = f"{kind}-{version}.schema.json"
    if version not in KINDS.get(kind, ()):
        raise KeyError(name)
    schema: dict[str, Any] = json.loads(get_data(__name__, name) or b"")
    return schema
