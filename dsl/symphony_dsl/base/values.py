"""Values that JSON has no word for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret comes from (`env:NAME` or `file:PATH`), never the secret. In JSON it is `{"$secret": SOURCE}`."""

    source: str

    def __str__(self) -> str:
        return f"secret({self.source})"
