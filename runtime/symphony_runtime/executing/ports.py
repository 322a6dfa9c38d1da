"""Input values as code outside sees them."""

from __future__ import annotations

import os
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
    if value is None or not _has_paths(of):
        return value
    match of:
        case OptionalType():
            return whole_paths(value, of.item, home)
        case ListType():
            return [whole_paths(item, of.item, home) for item in value]
        case MapType():
            return {key: whole_paths(item, of.value, home) for key, item in value.items()}
        case RecordType():
            return {**value, **_fields(value, of, home)}
    return os.path.normpath(home / value)


def _fields(value: dict[str, Value], of: RecordType, home: Path) -> dict[str, Value]:
    return {f.name: whole_paths(value[f.name], f.type, home) for f in of.fields if f.name in value}


def _has_paths(of: Type) -> bool:
    match of:
        case OptionalType() | ListType():
            return _has_paths(of.item)
        case MapType():
            return _has_paths(of.value)
        case RecordType():
            return any(_has_paths(field.type) for field in of.fields)
    return of in PATHS
