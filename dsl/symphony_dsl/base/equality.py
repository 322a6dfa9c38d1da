"""Equality of values as CEL has it: of any two values, whatever they are, with all that is in them.

Numbers of two types are equal when they are the same number; beside a float, an int counts as the float next to it, so
that beyond 2**53 some ints that differ equal one float. `true` is no number. NaN equals nothing, itself included, so that
a list which holds one is not equal to itself. Values of other types are unequal, never an error. Optionals are equal when
both are absent, or both are there and hold equal values.

One list may stand in a value many times over, and is compared as often. Whoever calls `equal` charges for the size of
the values first (`meter.measured`), so that a comparison is never longer than what was paid.
"""

from __future__ import annotations

from symphony_dsl.base.dynamic import Option, Uint
from symphony_dsl.base.values import Value

_NUMBERS = frozenset({int, Uint, float})
_Pairs = list[tuple[Value, Value]]


def equal(one: Value, other: Value) -> bool:
    """Whether two values are equal."""
    rest: _Pairs = []
    if not _alike(one, other, rest):
        return False
    while rest:
        if not _alike(*rest.pop(), rest):
            return False
    return True


def _alike(left: Value, right: Value, rest: _Pairs) -> bool:
    """Whether two values agree but for what is in them, which is put aside to be compared."""
    of, other = type(left), type(right)
    if of is not other:
        return of in _NUMBERS and other in _NUMBERS and _same_number(left, right)
    if of is list:
        if len(left) != len(right):
            return False
        rest.extend(zip(left, right, strict=True))
        return True
    if of is dict:
        if left.keys() != right.keys():
            return False
        rest.extend((value, right[key]) for key, value in left.items())
        return True
    if of is Option:
        rest.extend([(left.value, right.value)] if left.present and right.present else [])
        return bool(left.present == right.present)
    return bool(left == right)


def _same_number(left: float, right: float) -> bool:
    if type(left) is not float and type(right) is not float:
        return left == right
    try:
        return float(left) == float(right)
    except OverflowError:  # an int of data that is longer than any float
        return False
