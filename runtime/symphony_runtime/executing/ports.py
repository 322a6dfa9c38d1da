"""Input values as code outside sees them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from symphony_dsl.base.types import PATHS, ListType, MapType, OptionalType, RecordType, Type
from symphony_dsl.base.values import Value
from symphony_runtime.task import Task


def with_whole_paths(task: Task) -> dict[str, Value]:
    """The inputs, each file and folder as an absolute path: relative ones are relative to `home`."""
    types = {port.name: port.data_type for port in task.node.inputs}
    return {
        name: whole_paths(value, types[name], task.home) if name in types else value
        for name, value in task.inputs.items()
    }


def whole_paths(value: Value, of: Type, home: Path) -> Value:
    return change_paths(value, of, lambda path: os.path.normpath(home / path))


def change_paths(value: Value, of: Type, change: Callable[[str], Value]) -> Value:
    """The value with something else in place of each path of a file or folder in it."""
    if value is None or not has_paths(of):
        return value
    match of:
        case OptionalType():
            return change_paths(value, of.item, change)
        case ListType():
            return [change_paths(item, of.item, change) for item in value]
        case MapType():
            return {key: change_paths(item, of.value, change) for key, item in value.items()}
        case RecordType():
            given = [field for field in of.fields if field.name in value]
            return {**value, **{field.name: change_paths(value[field.name], field.type, change) for field in given}}
    return change(value)


def has_paths(of: Type) -> bool:
    match of:
        case OptionalType() | ListType():
            return has_paths(of.item)
        case MapType():
            return has_paths(of.value)
        case RecordType():
            return any(has_paths(field.type) for field in of.fields)
    return of in PATHS
