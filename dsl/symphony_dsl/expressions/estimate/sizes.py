"""How large a value can be at most, as far as that is known before there is one: from constraints, literals and functions.

What is unknown is None and stays unknown in whatever is made of it. An optional has the size of what may be in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import UNKNOWN, Constraint, ListType, RecordType, Type, plain
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.meter import COLLECTION, UNIT


@frozen
class Size:
    """`number` is the greatest that an int can be. `item` is the size of each element of a list, or value of a map.

    `source` names what the bound comes from, in the writer's words: a path, or a function that makes a list. Where there
    is no `item` and no field, the type `of` tells: fields have constraints.
    """

    items: int | None = None
    characters: int | None = None
    number: int | None = None
    item: Size | None = None
    fields: Mapping[str, Size] = field(default_factory=dict)
    source: str = ""
    of: Type = UNKNOWN

    @property
    def each(self) -> Size:
        """The size of an element."""
        if self.item is not None:
            return self.item
        return Size(of=plain(self.of.item)) if isinstance(self.of, ListType) else UNSIZED

    @property
    def units(self) -> int:
        """What it costs to go over the value once; nothing where its size is unknown."""
        return (self.items or 0) + (self.items or 0) // UNIT + (self.characters or 0) // UNIT


UNSIZED = Size()


def units_of_all(size: Size) -> int:
    """What it costs to go through all that is in a value."""
    return _weight(size) // UNIT


def _weight(size: Size) -> int:
    """The same in characters, so that short texts add up."""
    parts = size.fields or _fields(size.of)
    inside = size.items * (UNIT + 1 + _weight(size.each)) if size.items else 0
    inside += COLLECTION * UNIT if size.items or parts else 0
    return inside + (size.characters or 0) + sum(UNIT + len(name) + _weight(part) for name, part in parts.items())


def _fields(of: Type) -> dict[str, Size]:
    if not isinstance(of, RecordType):
        return {}
    return {each.name: replace(bounded_by(each.constraints, ""), of=plain(each.type)) for each in of.fields}


def bounded_by(constraints: Iterable[Constraint], source: str) -> Size:
    """The size that constraints allow."""
    size = Size(source=source)
    for each in constraints:
        size = _BOUNDS[each.kind](size, each.value) if each.kind in _BOUNDS else size
    return size if size != Size(source=source) else UNSIZED


def _one_of(size: Size, values: Sequence[Value]) -> Size:
    if all(isinstance(value, str) for value in values):
        return replace(size, characters=max(map(len, values)))
    return replace(size, number=max(values)) if all(type(value) is int for value in values) else size


def _max(size: Size, value: Value) -> Size:
    return replace(size, number=value) if type(value) is int else size


_BOUNDS: dict[str, Callable[[Size, Value], Size]] = {
    "max": _max,
    "max_items": lambda size, value: replace(size, items=value),
    "max_length": lambda size, value: replace(size, characters=value),
    "one_of": _one_of,
}


def of_constant(value: Value, source: str) -> Size:
    """The size of a constant; what its elements hold is left out."""
    match value:
        case bool():
            return UNSIZED
        case int():
            return Size(number=value, source=source)
        case str() | bytes():
            return Size(characters=len(value), source=source)
        case list() | dict():
            return Size(items=len(value), source=source)
    return UNSIZED


def either(one: Size, other: Size) -> Size:
    """The size of what is one or the other."""
    larger = one if (one.items or one.characters or 0) >= (other.items or other.characters or 0) else other
    return Size(
        _both(max, one.items, other.items),
        _both(max, one.characters, other.characters),
        _both(max, one.number, other.number),
        either(one.item, other.item) if one.item and other.item else None,
        {name: either(size, other.fields[name]) for name, size in one.fields.items() if name in other.fields},
        larger.source,
    )


def together(one: Size, other: Size) -> Size:
    """The size of `one + other`."""
    larger = either(one, other)
    return Size(
        _both(_sum, one.items, other.items),
        _both(_sum, one.characters, other.characters),
        _both(_sum, one.number, other.number),
        larger.item,
        source=larger.source,
    )


def _sum(one: int, other: int) -> int:
    return one + other


def _both(make: Callable[[int, int], int], one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else make(one, other)


Made: TypeAlias = Callable[[Sequence[Size]], Size]
"""Gives the size of the result of a function from those of its arguments, what a method is called on first."""


def result_size(name: str, arguments: Sequence[Size]) -> Size:
    made = _RESULTS.get(name)
    return made(arguments) if made and arguments else UNSIZED


def _as_large(arguments: Sequence[Size]) -> Size:
    return arguments[0]


def _element(arguments: Sequence[Size]) -> Size:
    return arguments[0].each


def _count(arguments: Sequence[Size]) -> Size:
    of = arguments[0]
    return Size(number=of.items if of.characters is None else of.characters, source=of.source)


def _range(arguments: Sequence[Size]) -> Size:
    of = arguments[0]
    source = f"a range up to {of.source}" if of.source else "`lists.range(…)`"
    return Size(items=of.number, item=Size(number=of.number), source=source)


def _flat(arguments: Sequence[Size]) -> Size:
    of = arguments[0]
    source = " and ".join(each for each in (of.source, of.each.source) if each)
    return Size(items=_both(_product, of.items, of.each.items), item=of.each.item, source=source)


def _product(one: int, other: int) -> int:
    return one * other


def _pieces(arguments: Sequence[Size]) -> Size:
    of = arguments[0]
    if of.characters is None:
        return UNSIZED
    return Size(items=of.characters + 1, item=Size(characters=of.characters), source=of.source)


def _default(arguments: Sequence[Size]) -> Size:
    return either(*arguments) if len(arguments) == 2 else UNSIZED


_RESULTS: dict[str, Made] = {
    **dict.fromkeys(("distinct", "reverse", "slice", "sort"), _as_large),
    **dict.fromkeys(("trim", "lowerAscii", "upperAscii", "substring"), _as_large),
    **dict.fromkeys(("value", "optional.of", "optional.ofNonZeroValue"), _as_large),
    **dict.fromkeys(("first", "last", "min", "max"), _element),
    "or": _default,
    "orValue": _default,
    "size": _count,
    "flatten": _flat,
    "split": _pieces,
    "lists.range": _range,
}
