"""What values are in Python, and those that JSON has no word for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from symphony_dsl.base.frozen import frozen

Value: TypeAlias = Any
"""A value of the language as `base.types` describes it, or what may become one: only its type tells."""

Json: TypeAlias = Any
"""None, bool, int, float, str, a list of these, or a dict of these with string keys."""


@frozen
class SecretRef:
    """Where a secret comes from (`env:NAME` or `file:PATH`), never the secret. In JSON it is `{"$secret": SOURCE}`."""

    source: str

    def __str__(self) -> str:
        return f"secret({self.source})"


@frozen
class SecretText:
    """A text made with secrets, as pieces of text and the secrets between them; `secret_text` makes it.

    In JSON it is `{"$secret": [PIECE, …]}`, where a piece is a string or a secret.
    """

    parts: tuple[str | SecretRef, ...]

    def __str__(self) -> str:
        return f"secret({', '.join(part.source for part in self.parts if isinstance(part, SecretRef))})"


Secret: TypeAlias = SecretRef | SecretText


def secret_text(*pieces: str | Secret) -> Secret:
    """The pieces one after the other, at least one of which is a secret. There is one value for each such text."""
    parts: list[str | SecretRef] = []
    for part in (part for piece in pieces for part in _parts(piece)):
        before = parts[-1] if parts else None
        if isinstance(before, str) and isinstance(part, str):
            parts[-1] = before + part
        elif part != "":
            parts.append(part)
    alone = parts[0] if len(parts) == 1 else None
    return alone if isinstance(alone, SecretRef) else SecretText(tuple(parts))


def _parts(piece: str | Secret) -> tuple[str | SecretRef, ...]:
    return piece.parts if isinstance(piece, SecretText) else (piece,)


def references(secret: Secret) -> set[SecretRef]:
    return {part for part in _parts(secret) if isinstance(part, SecretRef)}


def written(piece: str | Secret) -> int:
    """How much of a text is written down: its characters, and one for each secret in it."""
    return sum(len(part) if isinstance(part, str) else 1 for part in _parts(piece))


def in_the_open(secret: Secret, texts: Mapping[str, str]) -> str:
    """The text that is meant; `texts` are the secrets by their source."""
    return "".join(part if isinstance(part, str) else texts[part.source] for part in _parts(secret))
