"""Types with other types in the places of parameters of type `type`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from symphony_dsl.base.types import (
    FunctionType,
    ListType,
    MapType,
    OpaqueType,
    OptionalType,
    RecordType,
    Type,
    optional,
)


def replaced(of: Type, types: Mapping[str, Type]) -> Type:
    if not types:
        return of
    match of:
        case OpaqueType(name):
            return types.get(name, of)
        case ListType(item):
            return ListType(replaced(item, types))
        case MapType(value):
            return MapType(replaced(value, types))
        case OptionalType(item):
            return optional(replaced(item, types))
        case RecordType(fields):
            return replace(of, fields=tuple(replace(each, type=replaced(each.type, types)) for each in fields))
        case FunctionType(parameters, result):
            taken = tuple(replace(each, type=replaced(each.type, types)) for each in parameters)
            return FunctionType(taken, replaced(result, types))
    return of


def is_open(of: Type) -> bool:
    """Whether a parameter of type `type` stands anywhere in a type."""
    match of:
        case OpaqueType():
            return True
        case ListType(inner) | MapType(inner) | OptionalType(inner):
            return is_open(inner)
        case RecordType(fields):
            return any(is_open(each.type) for each in fields)
        case FunctionType(parameters, result):
            return is_open(result) or any(is_open(each.type) for each in parameters)
    return False
