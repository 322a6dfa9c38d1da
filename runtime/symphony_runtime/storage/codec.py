"""Typed values as the text that the log keeps, and back, without knowing their types.

What JSON has no word for is an object with one key that begins with `$`; a key of a user's own that begins so gets one
more. The text is ASCII, so that any string at all can be kept.
"""

from __future__ import annotations

import json
import math
from base64 import b64decode, b64encode
from typing import Any

from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.values import SecretRef, SecretText

MARK = '"$'


def encode(data: dict[str, Any]) -> str:
    if not data:
        return "{}"
    try:
        text = _dumps(data)
    except ValueError:  # a number that JSON has no word for
        return _dumps(escaped(data))
    return _dumps(escaped(data)) if MARK in text else text


def decode(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text, object_hook=_restored if MARK in text else None)
    return found


def tagged(value: object) -> dict[str, object]:
    match value:
        case Timestamp():
            return {"$timestamp": str(value.ns)}
        case Duration():
            return {"$duration": str(value.ns)}
        case bytes():
            return {"$bytes": b64encode(value).decode("ascii")}
        case SecretRef():
            return {"$secret": value.source}
        case SecretText():
            return {"$secret": list(value.parts)}
    raise TypeError(f"{type(value).__name__} is no value of the language")


_dumps = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=tagged).encode


def escaped(value: Any) -> Any:  # noqa: ANN401 - any value of the language
    """The same value with user keys escaped. Depth is bounded: values come from parsers that bound it."""
    if isinstance(value, dict):
        return {_escaped_key(key): escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [escaped(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": repr(value)}
    return value


def _escaped_key(key: str) -> str:
    return "$" + key if key.startswith("$") else key


RESTORE = {
    "$timestamp": lambda text: Timestamp(int(text)),
    "$duration": lambda text: Duration(int(text)),
    "$bytes": b64decode,
    "$secret": SecretRef,
    "$float": float,
}


def _restored(found: dict[str, Any]) -> Any:  # noqa: ANN401 - any value of the language
    if len(found) == 1:
        ((key, value),) = found.items()
        if key in RESTORE and isinstance(value, str):
            return RESTORE[key](value)
        if key == "$secret" and isinstance(value, list):
            return SecretText(tuple(value))
    return {key[1:] if key.startswith("$$") else key: value for key, value in found.items()}
