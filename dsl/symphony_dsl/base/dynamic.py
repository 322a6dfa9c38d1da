"""Values that only expressions make: Python has no type of its own for them, or has one type for two of them.

Ports, logs and artifacts carry none of these: `base.conform` turns them into what a port can carry. In a map, Python
takes `true` for the key 1, so that keys go in by `as_key` and come out by `from_key`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.values import Value

UINT_MAX = 2**64 - 1


class Uint(int):
    """An unsigned integer of 64 bits. It equals and hashes as the int of the same value, as CEL has it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{int(self)}u"


@frozen
class Option:
    """CEL's optional: a value that may be there. `value` counts only where `present` is true."""

    present: bool
    value: Value = None


ABSENT = Option(present=False)


@frozen
class TypeValue:
    """A type as a value, as `type(x)` gives it; `name` is CEL's (`int`, `list`, `google.protobuf.Timestamp`)."""

    name: str


class BoolKey(Enum):
    """`true` and `false` as keys of a map."""

    FALSE = False
    TRUE = True


_BOOLS = {False: BoolKey.FALSE, True: BoolKey.TRUE}


def as_key(value: Value) -> Value:
    """How a key stands in a Python dict; numbers that are equal are one key."""
    return _BOOLS[value] if isinstance(value, bool) else value


def from_key(key: Value) -> Value:
    """The value that a key of a Python dict stands for."""
    return key.value if isinstance(key, BoolKey) else key


def sorted_keys(values: Mapping[Value, Value]) -> list[Value]:
    """The keys of a Python dict in the order of a map: false, true, numbers, strings; each kind by itself in order."""
    if set(map(type, values)) <= {str}:
        return sorted(values)
    return sorted(values, key=_rank)


def _rank(key: Value) -> tuple[int, Value]:
    if isinstance(key, BoolKey):
        return 0, key.value
    return (2, key) if isinstance(key, str) else (1, key)
