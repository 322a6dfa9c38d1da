"""Lists and maps. What binds a variable (`map`, `reduce`, `groupBy` …) is a macro and not here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from symphony_dsl.base.canonical import same
from symphony_dsl.base.times import Duration
from symphony_dsl.base.types import BOOL, DURATION, FLOAT, INT, STRING, ListType, MapType, OptionalType
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.functions_numbers import ORDERED, whole
from symphony_dsl.expressions.signatures import (
    ANY,
    FUNCTION,
    METHOD,
    OPERATOR,
    OTHER,
    FunctionError,
    Overload,
    sizes,
)


def _in_list(value: Value, values: Sequence[Value]) -> bool:
    return any(same(value, each) for each in values)


def _in_map(key: str, values: dict[str, Value]) -> bool:
    return key in values


def _concatenate(a: Sequence[Value], b: Sequence[Value]) -> list[Value]:
    return [*a, *b]


def _sum_whole(values: Sequence[int]) -> int:
    return whole(sum(values))


def _sum_floats(values: Sequence[float]) -> float:
    return reduce(lambda a, b: a + b, values, 0.0)


def _sum_durations(values: Sequence[Duration]) -> Duration:
    try:
        return Duration(sum(each.ns for each in values))
    except ValueError as problem:
        raise FunctionError(str(problem)) from None


def _average(values: Sequence[float]) -> float:
    _refuse_empty(values)
    return _sum_floats(values) / len(values)


def _least(values: Sequence[Value]) -> Value:
    _refuse_empty(values)
    return min(values)


def _greatest(values: Sequence[Value]) -> Value:
    _refuse_empty(values)
    return max(values)


def _refuse_empty(values: Sequence[Value]) -> None:
    if not values:
        raise FunctionError("the list is empty")


def _flatten(lists: Sequence[Sequence[Value]]) -> list[Value]:
    return [each for inner in lists for each in inner]


def _flattened_size(lists: Sequence[Sequence[Value]]) -> int:
    return len(lists) + sum(map(len, lists))


def _distinct(values: Sequence[Value]) -> list[Value]:
    """The first of each group of equal values, in order."""
    seen: dict[tuple[Value, ...], Value] = {}
    for each in values:
        seen.setdefault(fingerprint(each), each)
    return list(seen.values())


def fingerprint(value: Value) -> tuple[Value, ...]:
    """Something that can be hashed and is equal exactly for values that are equal."""
    parts: list[Value] = []
    rest = [value]
    while rest:
        each = rest.pop()
        if isinstance(each, list):
            parts.append(("list", len(each)))
            rest.extend(each)
        elif isinstance(each, dict):
            keys = sorted(each)
            parts.append(("map", *keys))
            rest.extend(each[key] for key in keys)
        else:
            parts.append(("bool", each) if isinstance(each, bool) else each)
    return tuple(parts)


def _reverse(values: Sequence[Value]) -> list[Value]:
    return list(reversed(values))


def _slice(values: Sequence[Value], start: int, end: int) -> list[Value]:
    if not 0 <= start <= end <= len(values):
        raise FunctionError(f"the range {start} to {end} does not lie in a list of {len(values)}")
    return list(values[start:end])


def _first(values: Sequence[Value]) -> Value:
    return values[0] if values else None


def _last(values: Sequence[Value]) -> Value:
    return values[-1] if values else None


def _range(count: int) -> list[int]:
    return list(range(count))


def _range_size(count: int) -> int:
    return max(count, 0)


_LIST = ListType(ANY)

OVERLOADS: tuple[Overload, ...] = (
    Overload("in", OPERATOR, (ANY, _LIST), BOOL, _in_list, sizes, deep=True),
    Overload("in", OPERATOR, (STRING, MapType(OTHER)), BOOL, _in_map),
    Overload("+", OPERATOR, (_LIST, _LIST), _LIST, _concatenate, sizes),
    *(Overload("size", style, (of,), INT, len) for style in (FUNCTION, METHOD) for of in (_LIST, MapType(OTHER))),
    Overload("sum", METHOD, (ListType(INT),), INT, _sum_whole, sizes),
    Overload("sum", METHOD, (ListType(FLOAT),), FLOAT, _sum_floats, sizes),
    Overload("sum", METHOD, (ListType(DURATION),), DURATION, _sum_durations, sizes),
    Overload("avg", METHOD, (ListType(INT),), FLOAT, _average, sizes),
    Overload("avg", METHOD, (ListType(FLOAT),), FLOAT, _average, sizes),
    *(Overload("min", METHOD, (ListType(of),), of, _least, sizes) for of in ORDERED),
    *(Overload("max", METHOD, (ListType(of),), of, _greatest, sizes) for of in ORDERED),
    *(Overload("sort", METHOD, (ListType(of),), ListType(of), sorted, sizes) for of in ORDERED),
    Overload("flatten", METHOD, (ListType(_LIST),), _LIST, _flatten, _flattened_size),
    Overload("distinct", METHOD, (_LIST,), _LIST, _distinct, sizes, deep=True),
    Overload("reverse", METHOD, (_LIST,), _LIST, _reverse, sizes),
    Overload("slice", METHOD, (_LIST, INT, INT), _LIST, _slice, sizes),
    Overload("first", METHOD, (_LIST,), OptionalType(ANY), _first),
    Overload("last", METHOD, (_LIST,), OptionalType(ANY), _last),
    Overload("lists.range", FUNCTION, (INT,), ListType(INT), _range, _range_size),
)
