"""What needs an order among values: the least, the greatest, a sorted list.

Numbers are ordered among each other, whatever their types; other values only among those of their own class. NaN stands
in no order, nor do lists, maps, null, types and optionals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from symphony_dsl.base.dynamic import Uint
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import ListType
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.functions.numbers import ORDERED
from symphony_dsl.expressions.functions.signatures import METHOD, FunctionError, Overload, sizes

NUMBERS = frozenset({int, Uint, float})
_OTHERS = frozenset({bool, str, bytes, Timestamp, Duration})


def least(*values: Value) -> Value:
    """The least; of several that are equal, the first."""
    return _least_of(values)


def greatest(*values: Value) -> Value:
    """The greatest; of several that are equal, the first."""
    return _greatest_of(values)


def _least_of(values: Sequence[Value]) -> Value:
    _refuse_empty(values)
    return reduce(_lesser, values) if _order(values) else min(values)


def _greatest_of(values: Sequence[Value]) -> Value:
    _refuse_empty(values)
    return reduce(_greater, values) if _order(values) else max(values)


def _lesser(one: Value, other: Value) -> Value:
    return other if _below(other, one) else one


def _greater(one: Value, other: Value) -> Value:
    return other if _below(one, other) else one


def _below(one: Value, other: Value) -> bool:
    """Two at a time, as `<` has it: an int and a uint stay what they are, though there is a float among the others."""
    if float in (type(one), type(other)):
        return float(one) < float(other)
    return bool(one < other)


def _sorted(values: Sequence[Value]) -> list[Value]:
    return sorted(values, key=_order(values))


def _refuse_empty(values: Sequence[Value]) -> None:
    if not values:
        raise FunctionError("the list is empty")


def _order(values: Sequence[Value]) -> Callable[[Value], float] | None:
    """By what values are compared: beside a float, any number counts as a float; None for the values themselves."""
    classes = set(map(type, values))
    if len(classes) == 1 and classes <= _OTHERS:
        return None
    if not classes <= NUMBERS:
        raise FunctionError("the values have no common order; numbers have one, and texts, times and bools of one kind")
    if float not in classes:
        return None
    if any(each != each for each in values):  # noqa: PLR0124  # only NaN differs from itself
        raise FunctionError("NaN is neither less nor greater than any number")
    return float


_METHODS: tuple[tuple[str, Callable[[Sequence[Value]], Value]], ...] = (("min", _least_of), ("max", _greatest_of))

OVERLOADS: tuple[Overload, ...] = (
    *(Overload(name, METHOD, (ListType(of),), of, run, sizes, deep=True) for name, run in _METHODS for of in ORDERED),
    *(Overload("sort", METHOD, (ListType(of),), ListType(of), _sorted, sizes, deep=True) for of in ORDERED),
)
