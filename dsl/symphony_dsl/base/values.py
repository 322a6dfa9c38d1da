"""What values are in Python, and those that JSON has no word for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

Value: TypeAlias = Any
"""A value of the language as `base.types` describes it, or what may become one: only its type tells."""

Json: TypeAlias = Any
"""None, bool, int, float, str, a list of these, or a dict of these with string keys."""


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret comes from (`env:NAME` or `file:PATH`), never the secret. In JSON it is `{"$secret": SOURCE}`."""

    source: str

    def __str__(self) -> str:
        return f"secret({self.source})"
