"""One text for each JSON value, and the hash of it.

Canonical JSON has its keys sorted by code point, no blanks, numbers as Python's shortest repr (`-0.0` keeps its sign, and
`1` and `1.0` are two values), and characters as they are, not as `\\u` escapes: the text is meant to be stored as UTF-8,
and the hash is over its UTF-8 bytes. NaN, the infinities and lone surrogates have no JSON; they are refused.
"""

from __future__ import annotations

import hashlib
import json
from typing import NoReturn

from symphony_dsl.base.values import Json, Value

MAX_DEPTH = 200
"""How deeply lists and objects may nest. Whatever walks data may count on it."""


def canonical_json(value: Json) -> str:
    """The canonical text of a JSON value. ValueError, in one sentence, for what is none."""
    try:
        text = json.dumps(
            value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_refuse
        )
    except RecursionError:
        raise ValueError(f"the value nests deeper than {MAX_DEPTH} levels") from None
    except TypeError as problem:
        raise ValueError(f"the value is no JSON: {problem}") from None
    if not text.isascii():
        _refuse_surrogates(text)
    return text


def content_hash(value: Json) -> str:
    """`sha256:` and the hexadecimal hash of the canonical text."""
    return "sha256:" + hashlib.sha256(canonical_json(value).encode()).hexdigest()


def same(one: Value, other: Value) -> bool:
    """Equality of values as the language has it: numbers by value, `true` is not 1, records and lists by their parts."""
    rest = [(one, other)]
    while rest:
        left, right = rest.pop()
        if left is right and not isinstance(left, float):
            continue
        if not _alike(left, right):
            return False
        if isinstance(left, list | tuple):
            rest.extend(zip(left, right, strict=True))
        elif isinstance(left, dict):
            rest.extend((value, right[key]) for key, value in left.items())
    return True


def _alike(left: Value, right: Value) -> bool:
    """Whether two values are equal but for what their parts are."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list | tuple):
        return isinstance(right, list | tuple) and len(left) == len(right)
    if isinstance(left, dict):
        return isinstance(right, dict) and left.keys() == right.keys()
    return bool(left == right)


def _refuse(value: object) -> NoReturn:
    raise ValueError(f"{type(value).__name__} is no JSON value")


def _refuse_surrogates(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a text holds half of a surrogate pair, which is no character") from None
