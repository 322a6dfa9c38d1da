"""Lists and maps. What binds a variable (`map`, `reduce`, `groupBy` …) is a macro and not here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from symphony_dsl.base.dynamic import ABSENT, Option, Uint, as_key
from symphony_dsl.base.equality import equal
from symphony_dsl.base.times import Duration
from symphony_dsl.base.types import BOOL, DURATION, FLOAT, INT, JSON, UINT, ListType, MapType, OptionalType, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.functions.fingerprints import fingerprint
from symphony_dsl.expressions.functions.numbers import unsigned, whole
from symphony_dsl.expressions.functions.signatures import (
    ANY,
    FUNCTION,
    KEY,
    METHOD,
    OPERATOR,
    OTHER,
    FunctionError,
    Overload,
    sizes,
)


def _in_list(value: Value, values: Sequence[Value]) -> bool:
    return any(equal(value, each) for each in values)


def _in_map(key: Value, values: dict[Value, Value]) -> bool:
    """A value that could be no key is none."""
    return isinstance(key, str | int | float) and as_key(key) in values


def _concatenate(a: Sequence[Value], b: Sequence[Value]) -> list[Value]:
    return [*a, *b]


def _sum(values: Sequence[Value], nothing: Value) -> Value:
    """Whole numbers by their exact sum, floats from left to right, an int or a uint among them as a float."""
    classes = set(map(type, values))
    if not classes:
        return nothing
    if classes == {int}:
        return whole(sum(values))
    if classes == {Uint}:
        return unsigned(sum(map(int, values)))
    if classes == {Duration}:
        return _sum_of_durations(values)
    if float in classes and classes <= {int, Uint, float}:
        return _sum_of_floats(values)
    raise FunctionError("the elements cannot be added; a sum takes ints, uints, floats or durations")


def _sum_of_floats(values: Sequence[float]) -> float:
    return reduce(lambda a, b: a + float(b), values, 0.0)


def _sum_of_durations(values: Sequence[Duration]) -> Duration:
    try:
        return Duration(sum(each.ns for each in values))
    except ValueError as problem:
        raise FunctionError(str(problem)) from None


def _sum_of(of: Type, nothing: Value) -> Overload:
    return Overload("sum", METHOD, (ListType(of),), of, lambda values: _sum(values, nothing), sizes)


def _average(values: Sequence[Value]) -> float:
    if not values:
        raise FunctionError("the list is empty")
    if not {int, Uint, float}.issuperset(map(type, values)):
        raise FunctionError("not all elements of the list are numbers")
    return _sum_of_floats(values) / len(values)


def _flatten(values: Sequence[Value], depth: int = 1) -> list[Value]:
    """The lists in the list are opened, as many levels as the depth; what is no list stays."""
    if depth < 0:
        raise FunctionError(f"a list is flattened by a number of levels that is not negative, not by {depth}")
    return _opened_once(values) if depth == 1 else _opened(values, depth)


def _opened_once(values: Sequence[Value]) -> list[Value]:
    made: list[Value] = []
    for each in values:
        if isinstance(each, list):
            made += each
        else:
            made.append(each)
    return made


def _opened(values: Sequence[Value], depth: int) -> list[Value]:
    made: list[Value] = []
    rest: list[tuple[Value, int]] = [(values, depth + 1)]
    while rest:
        each, left = rest.pop()
        if isinstance(each, list) and left:
            rest.extend((part, left - 1) for part in reversed(each))
        else:
            made.append(each)
    return made


def _distinct(values: Sequence[Value]) -> list[Value]:
    """The first of each group of equal values, in order."""
    seen: dict[Value, Value] = {}
    for each in values:
        seen.setdefault(fingerprint(each), each)
    return list(seen.values())


def _reverse(values: Sequence[Value]) -> list[Value]:
    return list(reversed(values))


def _slice(values: Sequence[Value], start: int, end: int) -> list[Value]:
    if not 0 <= start <= end <= len(values):
        raise FunctionError(f"the range {start} to {end} does not lie in a list of {len(values)}")
    return list(values[start:end])


def _first(values: Sequence[Value]) -> Option:
    return Option(True, values[0]) if values else ABSENT


def _last(values: Sequence[Value]) -> Option:
    return Option(True, values[-1]) if values else ABSENT


def _range(count: int) -> list[int]:
    return list(range(count))


def _range_size(count: int) -> int:
    return max(count, 0)


def _contains(values: Sequence[Value], part: Sequence[Value]) -> bool:
    """Whether all elements of the other list are in it."""
    return _keys(part) <= _keys(values)


def _equivalent(one: Sequence[Value], other: Sequence[Value]) -> bool:
    return _keys(one) == _keys(other)


def _intersects(one: Sequence[Value], other: Sequence[Value]) -> bool:
    return not _keys(one).isdisjoint(_keys(other))


def _keys(values: Sequence[Value]) -> set[Value]:
    return set(map(fingerprint, values))


_LIST = ListType(ANY)
_MAP = MapType(OTHER, KEY)
_MIXED = ListType(JSON)
_SETS = (("sets.contains", _contains), ("sets.equivalent", _equivalent), ("sets.intersects", _intersects))

OVERLOADS: tuple[Overload, ...] = (
    Overload("in", OPERATOR, (ANY, _LIST), BOOL, _in_list, sizes, deep=True),
    Overload("in", OPERATOR, (KEY, _MAP), BOOL, _in_map),
    Overload("+", OPERATOR, (_LIST, _LIST), _LIST, _concatenate, sizes),
    *(Overload("size", style, (of,), INT, len) for style in (FUNCTION, METHOD) for of in (_LIST, _MAP)),
    _sum_of(INT, 0),
    _sum_of(UINT, Uint(0)),
    _sum_of(FLOAT, 0.0),
    _sum_of(DURATION, Duration(0)),
    *(Overload("avg", METHOD, (ListType(of),), FLOAT, _average, sizes) for of in (INT, UINT, FLOAT)),
    Overload("flatten", METHOD, (ListType(_LIST),), _LIST, _flatten, sizes, deep=True),
    Overload("flatten", METHOD, (_LIST,), _MIXED, _flatten, sizes, deep=True),
    Overload("flatten", METHOD, (_LIST, INT), _MIXED, _flatten, sizes, deep=True),
    Overload("distinct", METHOD, (_LIST,), _LIST, _distinct, sizes, deep=True),
    Overload("reverse", METHOD, (_LIST,), _LIST, _reverse, sizes),
    Overload("slice", METHOD, (_LIST, INT, INT), _LIST, _slice, sizes),
    Overload("first", METHOD, (_LIST,), OptionalType(ANY), _first),
    Overload("last", METHOD, (_LIST,), OptionalType(ANY), _last),
    Overload("lists.range", FUNCTION, (INT,), ListType(INT), _range, _range_size),
    *(Overload(name, FUNCTION, (_LIST, _LIST), BOOL, run, sizes, deep=True) for name, run in _SETS),
)
