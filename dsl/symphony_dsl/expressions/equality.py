"""Equality of values as CEL has it: of any two values, whatever they are, with all that is in them.

Numbers are equal when they are the same number, whatever their types: `1 == 1u`, `1 == 1.0`, and an int beyond 2**53
only equals the float that is exactly it. NaN equals nothing, itself included, so that a list which holds one is not
equal to itself. Values of different kinds are unequal, never an error. Optionals are equal when both are absent, or both
are there and hold equal values.

One list may stand in a value many times over, and is compared as often. Whoever calls `equal` charges for the size of
the values first (`meter.measured`), so that a comparison is never longer than what was paid.
"""

from __future__ import annotations

from symphony_dsl.base.dynamic import Option, TypeValue, Uint
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.values import SecretRef, SecretText, Value

_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "bool",
    **dict.fromkeys((int, Uint, float), "number"),
    str: "string",
    bytes: "bytes",
    list: "list",
    dict: "map",
    Timestamp: "timestamp",
    Duration: "duration",
    Option: "optional",
    TypeValue: "type",
    **dict.fromkeys((SecretRef, SecretText), "secret"),
}
"""Values of different kinds are unequal."""

_Pairs = list[tuple[Value, Value]]


def equal(one: Value, other: Value) -> bool:
    """Whether two values are equal."""
    rest: _Pairs = [(one, other)]
    while rest:
        left, right = rest.pop()
        kind = _KINDS[type(left)]
        if kind != _KINDS[type(right)] or not _same_outside(kind, left, right, rest):
            return False
    return True


def _same_outside(kind: str, left: Value, right: Value, rest: _Pairs) -> bool:
    """Whether two values of a kind agree but for what is in them, which is put aside to be compared."""
    match kind:
        case "list":
            rest.extend(zip(left, right, strict=False))
            return len(left) == len(right)
        case "map":
            rest.extend((value, right[key]) for key, value in left.items() if key in right)
            return bool(left.keys() == right.keys())
        case "optional":
            rest.append((left.value, right.value) if left.present and right.present else (None, None))
            return bool(left.present == right.present)
    return bool(left == right)
