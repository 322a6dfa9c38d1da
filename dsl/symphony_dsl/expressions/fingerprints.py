"""A key for any value, such that equal values have equal keys and no others: what finds doubles in linear time.

Numbers are equal here when they are exactly the same number; `equality` tells why that differs beyond 2**53.

A scalar is its own key as far as Python agrees with CEL: `1`, `1u` and `1.0` are one key, `true` is another. A list, a map
or an optional is written out as one string, so that nobody can choose data whose keys collide in a Python dict. NaN equals
nothing, nor does what holds one: each has a key of its own.
"""

from __future__ import annotations

import math

from symphony_dsl.base.dynamic import BoolKey, Option, as_key
from symphony_dsl.base.values import Value


def fingerprint(value: Value) -> Value:
    """The key of a value; whoever asks has charged for all that is in it."""
    if not isinstance(value, list | dict | Option):
        return object() if _is_nan(value) else as_key(value)
    written = _written(value)
    return object() if written is None else (written,)


def _written(value: Value) -> str | None:
    """The value as text, where each part says where it ends; None where a NaN is in it."""
    pieces: list[str] = []
    rest: list[Value] = [value]
    while rest:
        each = rest.pop()
        if _is_nan(each):
            return None
        pieces.append(_opened(each, rest))
    return "".join(pieces)


def _opened(value: Value, rest: list[Value]) -> str:
    """The beginning of a value; what is in it is put aside, so that it is written next."""
    match value:
        case _Verbatim():
            return value
        case list():
            rest.extend(value)
            return f"list{len(value)}("
        case dict():
            rest.extend(_entries(value))
            return f"map{len(value)}("
        case Option(present, inner):
            rest.extend([inner] if present else [])
            return "some(" if present else "none;"
    return _scalar(value)


class _Verbatim(str):
    """The key of an entry as it is written."""

    __slots__ = ()


def _entries(values: dict[Value, Value]) -> list[Value]:
    """The entries in an order that depends on the keys only."""
    return [part for key in sorted(values, key=_scalar) for part in (values[key], _Verbatim(_scalar(key)))]


def _scalar(value: Value) -> str:
    """A scalar, or a key of a Python dict, as a string that no other has."""
    match value:
        case None | bool() | BoolKey():
            return f"{value};"
        case str():
            return f"s{len(value)}:{value}"
        case float() if not value.is_integer():
            return f"{value!r};"
        case int() | float():
            return f"{int(value)};"
    return f"{type(value).__name__} {value!r};"


def _is_nan(value: Value) -> bool:
    return isinstance(value, float) and math.isnan(value)
