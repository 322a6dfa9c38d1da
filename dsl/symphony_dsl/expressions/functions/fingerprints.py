"""A key for any value, such that equal values have equal keys and no others: what finds doubles in linear time.

Numbers are equal here when they are exactly the same number; `equality` tells why that differs beyond 2**53.

A scalar is its own key as far as Python agrees with CEL: `1`, `1u` and `1.0` are one key, `true` is another. A list, a map
or an optional is written out as one string, so that nobody can choose data whose keys collide in a Python dict. NaN equals
nothing, nor does what holds one: each has a key of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from symphony_dsl.base.dynamic import BoolKey, Option, Uint, as_key
from symphony_dsl.base.values import Value

_Rest = list[Value]
"""What is still to be written, the next value at the end."""


def fingerprint(value: Value) -> Value:
    """The key of a value; whoever asks has charged for all that is in it."""
    if not isinstance(value, list | dict | Option):
        return object() if isinstance(value, float) and math.isnan(value) else as_key(value)
    pieces: list[str] = []
    rest: _Rest = [value]
    try:
        while rest:
            each = rest.pop()
            pieces.append(_WRITERS.get(type(each), _other)(each, rest))
    except _NotANumberError:
        return object()
    return ("".join(pieces),)


class _NotANumberError(Exception):
    """What is written equals nothing."""


def _string(value: str, _rest: _Rest) -> str:
    return f"s{len(value)}:{value}"


def _whole(value: int, _rest: _Rest) -> str:
    return f"{int(value)};"


def _float(value: float, _rest: _Rest) -> str:
    if math.isnan(value):
        raise _NotANumberError
    return f"{int(value)};" if value.is_integer() else f"{value!r};"


def _list(value: list[Value], rest: _Rest) -> str:
    rest.extend(value)
    return f"list{len(value)}("


def _map(value: dict[Value, Value], rest: _Rest) -> str:
    """The entries in an order that depends on the keys only."""
    keys = sorted(value, key=_key) if len(value) > 1 else value
    for key in keys:
        rest += (value[key], _Verbatim(_key(key)))
    return f"map{len(value)}("


def _option(value: Option, rest: _Rest) -> str:
    if not value.present:
        return "none;"
    rest.append(value.value)
    return "some("


class _Verbatim(str):
    """The key of an entry as it is written."""

    __slots__ = ()


def _verbatim(value: _Verbatim, _rest: _Rest) -> str:
    return value


def _other(value: Value, _rest: _Rest) -> str:
    return f"{type(value).__name__} {value!r};"


_WRITERS: dict[type, Callable[[Value, _Rest], str]] = {
    str: _string,
    int: _whole,
    Uint: _whole,
    float: _float,
    list: _list,
    dict: _map,
    Option: _option,
    _Verbatim: _verbatim,
}


def _key(key: Value) -> str:
    """A key of a Python dict."""
    return f"{key};" if isinstance(key, BoolKey) else _WRITERS[type(key)](key, [])
