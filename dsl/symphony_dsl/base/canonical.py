"""One text for each JSON value, and the hash of it.

Canonical JSON has its keys sorted by code point, no blanks, numbers as Python's shortest repr (`-0.0` keeps its sign, and
`1` and `1.0` are two values), and characters as they are, not as `\\u` escapes: the text is meant to be stored as UTF-8,
and the hash is over its UTF-8 bytes. NaN, the infinities and lone surrogates have no JSON; they are refused.
"""

from __future__ import annotations

import json
from typing import NoReturn

from symphony_dsl.base.values import Json

MAX_DEPTH = 200
"""How deeply lists and objects may nest. Whatever walks data may count on it."""


def canonical_json(value: Json) -> str:
    """The canonical text of a JSON value. ValueError, in one sentence, for what is none."""
    try:
        text = _ENCODER.encode(value)
    except RecursionError:
        raise ValueError(f"the value nests deeper than {MAX_DEPTH} levels") from None
    except TypeError as problem:
        raise ValueError(f"the value is no JSON: {problem}") from None
    if not text.isascii():
        _refuse_surrogates(text)
    return text


def content_hash(value: Json) -> str:
    """`sha256:` and the hexadecimal hash of the canonical text."""
    import hashlib

    return "sha256:" + hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _refuse(value: object) -> NoReturn:
    raise ValueError(f"{type(value).__name__} is no JSON value")


def _refuse_surrogates(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a text holds half of a surrogate pair, which is no character") from None


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_refuse)
