"""The values of a list of conformance tests: reading them, writing them, and telling whether two are the same.

The same is stricter than equal: the kinds agree as well (1 is neither 1u nor 1.0), NaN is the same as NaN, and 0.0 is not
the same as -0.0. The order of a map does not count. What the list has no word for, an optional, is written as a text, and
is the same as nothing.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from typing import Any

from symphony_dsl.base.dynamic import Option, TypeValue, Uint, as_key, from_key, sorted_keys
from symphony_dsl.base.times import SECOND, Duration, Timestamp
from symphony_dsl.base.values import Json, Value
from symphony_dsl.expressions.walk import Walk, settle


class MalformedError(Exception):
    """Why a part of a row cannot be read."""


def read_value(written: Json) -> Value:
    """The value of `{"int": 1}` and its like; MalformedError where it is none."""
    return settle(_read(written))


def _read(written: Json) -> Walk[Value]:
    if not isinstance(written, dict) or len(written) != 1:
        raise MalformedError(f"`{written}` is no value: it has not one key")
    ((kind, content),) = written.items()
    if kind == "list":
        items = []
        for each in content:
            items.append((yield _read(each)))
        return items
    if kind == "map":
        return (yield _read_map(content))
    return _read_scalar(kind, content)


def _read_map(content: Json) -> Walk[Value]:
    made: dict[Value, Value] = {}
    for key, value in content:
        made[as_key((yield _read(key)))] = yield _read(value)
    return made


def _read_scalar(kind: str, content: Json) -> Value:
    read = _SCALARS.get(kind)
    if read is None:
        raise MalformedError(f"there is no kind of value `{kind}`")
    try:
        return read(content)
    except (ValueError, TypeError) as problem:
        raise MalformedError(f"`{content}` is no {kind}: {problem}") from None


def _nanoseconds(content: Json) -> int:
    seconds, rest = content
    return int(seconds) * SECOND + int(rest)


_SCALARS: dict[str, Callable[[Any], Value]] = {
    "null": lambda _content: None,
    "bool": bool,
    "int": int,
    "uint": Uint,
    "double": float,
    "string": str,
    "bytes": lambda content: base64.b64decode(content, validate=True),
    "type": TypeValue,
    "timestamp": lambda content: Timestamp(_nanoseconds(content)),
    "duration": lambda content: Duration(_nanoseconds(content)),
}


def written_value(value: Value) -> Json:
    """The value as a list writes it."""
    return settle(_write(value))


def _write(value: Value) -> Walk[Json]:
    if isinstance(value, list):
        items = []
        for each in value:
            items.append((yield _write(each)))
        return {"list": items}
    if isinstance(value, dict):
        return (yield _write_map(value))
    if isinstance(value, Option):
        inner = (yield _write(value.value)) if value.present else "none"
        return {"optional": inner}
    kind, content = _WRITERS.get(type(value), ("unknown", repr))
    return {kind: content(value)}


def _write_map(value: dict[Value, Value]) -> Walk[Json]:
    pairs = []
    for key in sorted_keys(value):
        pairs.append([(yield _write(from_key(key))), (yield _write(value[key]))])
    return {"map": pairs}


def _split(value: Timestamp | Duration) -> list[int]:
    seconds = abs(value.ns) // SECOND if value.ns >= 0 else -(abs(value.ns) // SECOND)
    return [seconds, value.ns - seconds * SECOND]


_WRITERS: dict[type, tuple[str, Callable[[Any], Json]]] = {
    type(None): ("null", lambda value: value),
    bool: ("bool", bool),
    int: ("int", int),
    Uint: ("uint", int),
    float: ("double", float),
    str: ("string", str),
    bytes: ("bytes", lambda value: base64.b64encode(value).decode()),
    TypeValue: ("type", lambda value: value.name),
    Timestamp: ("timestamp", lambda value: list(divmod(value.ns, SECOND))),
    Duration: ("duration", _split),
}


def same(one: Value, other: Value) -> bool:
    """Whether two values are of one kind, and equal in all their parts."""
    waiting = [(one, other)]
    while waiting:
        left, right = waiting.pop()
        if type(left) is not type(right) or isinstance(left, Option):
            return False
        parts = _parts(left, right)
        if parts is None:
            return False
        waiting.extend(parts)
    return True


def _parts(left: Value, right: Value) -> list[tuple[Value, Value]] | None:
    """The pairs that have to be the same as well; None where the two differ already."""
    if isinstance(left, list):
        return list(zip(left, right, strict=True)) if len(left) == len(right) else None
    if isinstance(left, dict):
        ours, theirs = _by_kind(left), _by_kind(right)
        return [(ours[key], theirs[key]) for key in ours] if ours.keys() == theirs.keys() else None
    return [] if _same_scalar(left, right) else None


def _by_kind(value: dict[Value, Value]) -> dict[tuple[type, Value], Value]:
    return {(type(key), key): each for key, each in value.items()}


def _same_scalar(left: Value, right: Value) -> bool:
    if not isinstance(left, float):
        return bool(left == right)
    if math.isnan(left):
        return math.isnan(right)
    return bool(left == right) and math.copysign(1, left) == math.copysign(1, right)
