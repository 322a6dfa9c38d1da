"""How large a type is. An expression can make types that double with each macro, since a type may hold another twice."""

from __future__ import annotations

from typing import TypeAlias

from symphony_dsl.base.types import ListType, MapType, OptionalType, RecordType, Type

MAX_DEPTH = 100
MAX_PARTS = 5_000

Sizes: TypeAlias = "dict[int, tuple[Type, int, int]]"
"""By identity, since equality would walk the whole type: the type itself, so that it lives on, its depth, its parts."""


def measured(of: Type, known: Sizes) -> tuple[int, int]:
    """How deep a type nests and how many parts it has. The parts of a type are often shared, and are measured once."""
    waiting = [of]
    while waiting:
        each = waiting[-1]
        inner = [] if id(each) in known else _parts(each)
        new = [part for part in inner if id(part) not in known]
        waiting.extend(new)
        if new:
            continue
        waiting.pop()
        if id(each) not in known:
            sizes = [known[id(part)] for part in inner]
            depth = 1 + max((depth for _, depth, _ in sizes), default=0)
            known[id(each)] = (each, depth, 1 + sum(parts for _, _, parts in sizes))
    return known[id(of)][1:]


def _parts(of: Type) -> list[Type]:
    match of:
        case ListType(item) | OptionalType(item):
            return [item]
        case MapType(value, key):
            return [value, key]
        case RecordType(fields):
            return [each.type for each in fields]
    return []
