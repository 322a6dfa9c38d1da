"""Whether two values are the same, all the way down, and where they are not.

Python's `==` takes `1`, `1.0` and `true` for equal; in a workflow's JSON they are three values, and a workflow with one of
them is not the same as with another. Objects of ours are compared field by field, mappings key by key whatever the order
of the keys, and the ports of a node by their names.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, cast

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import (
    EnumType,
    FunctionType,
    ListType,
    MapType,
    OpaqueType,
    OptionalType,
    Primitive,
    RecordType,
)
from symphony_model.ports import Constant, Expression, PortDefinition
from symphony_model.version import Version


class Missing(Enum):
    MISSING = "missing"


MISSING = Missing.MISSING
"""What is not there, unlike None, which is."""


@frozen
class Difference:
    """Where two values differ: `config.prompt`, `inputs.text.data_type`. What only one of them has is MISSING in the other."""

    path: str
    before: object
    after: object


def same(one: object, other: object) -> bool:
    rest = [(one, other)]
    while rest:
        left, right = rest.pop()
        if left is right:
            continue
        if type(left) is not type(right):
            return False
        parts, others = _parts(left), _parts(right)
        if parts is None or others is None:
            if not _same_atom(left, right):
                return False
        elif parts.keys() != others.keys():
            return False
        else:
            rest.extend((part, others[key]) for key, part in parts.items())
    return True


def _same_atom(left: object, right: object) -> bool:
    """`-0.0` is not `0.0`, and NaN is NaN."""
    return repr(left) == repr(right) if isinstance(left, float) else bool(left == right)


def _parts(value: object) -> Mapping[Any, object] | None:
    """What a value consists of, by name, key or place; None of one that has no parts."""
    if isinstance(value, dict):
        return value
    if isinstance(value, (list, tuple)):
        return dict(enumerate(value))
    names = _names(cast("Hashable", type(value)))
    return None if names is None else {name: getattr(value, name) for name in names}


@cache
def _names(of: Hashable) -> tuple[str, ...] | None:
    """The names of the fields of a class of ours."""
    return tuple(each.name for each in fields(of)) if is_dataclass(of) else None


TYPES = (Primitive, ListType, MapType, OptionalType, RecordType, EnumType, OpaqueType, FunctionType)
WHOLE = (Constant, Expression, Version, *TYPES)
"""What is told as one value even where only a part of it differs."""


def differences(one: object, other: object) -> Iterator[Difference]:
    """Every place at which two values differ, in the order of their fields."""
    rest = [("", one, other)]
    while rest:
        path, left, right = rest.pop()
        if same(left, right):
            continue
        inner = _inner(path, left, right)
        if inner is None:
            yield Difference(path, left, right)
        else:
            rest.extend(reversed(inner))


def _inner(path: str, left: object, right: object) -> list[tuple[str, object, object]] | None:
    """The parts of two values that may be told one by one; None where the two are told as a whole."""
    if type(left) is not type(right) or isinstance(left, WHOLE):
        return None
    parts, others = _named(left), _named(right)
    if parts is None or others is None:
        return None
    if isinstance(left, tuple) and not _same_order(parts, others):
        return None
    names = dict.fromkeys((*parts, *others))
    start = f"{path}." if path else ""
    return [(f"{start}{name}", parts.get(name, MISSING), others.get(name, MISSING)) for name in names]


def _same_order(parts: Mapping[Any, object], others: Mapping[Any, object]) -> bool:
    return [name for name in parts if name in others] == [name for name in others if name in parts]


def _named(value: object) -> Mapping[Any, object] | None:
    """The parts of an object, a mapping or ports; None of a value whose parts have no names."""
    if not isinstance(value, (list, tuple)):
        return _parts(value)
    ports = {each.name: each for each in value if isinstance(each, PortDefinition)}
    return ports if len(ports) == len(value) else None
