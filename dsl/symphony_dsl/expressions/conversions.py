"""How a value of one type becomes one of another inside an evaluation, and how it leaves one.

Inside, `json` is CEL's `dyn`: a value that flows to it stays what it is, a timestamp a timestamp, and becomes JSON when it
leaves. Only a record whose fields have other names in JSON is written as JSON at once, since its type is lost there.

A value whose type is optional is an `Option` inside. Data from outside has None or nothing instead of one that is
absent; whatever reads data of such a type boxes it (`boxed`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from symphony_dsl.base.canonical import canonical_json
from symphony_dsl.base.conform import conform, to_json
from symphony_dsl.base.dynamic import ABSENT, Option
from symphony_dsl.base.flows import FlowKind, flows
from symphony_dsl.base.types import (
    FLOAT,
    INT,
    JSON,
    NEVER,
    NULL,
    UNKNOWN,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
)
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.meter import Meter

Convert: TypeAlias = Callable[[Meter, Value, str], Value]
"""Takes a value and its path in the data; raises ConversionError."""


def conversion(source: Type, target: Type) -> Convert | None:
    """How a value of one type becomes one of another; None where it is one already."""
    if target in (UNKNOWN, NEVER) or flows(source, target).kind is FlowKind.EXACT:
        return None
    if isinstance(target, OptionalType):
        return _to_optional(source, target)
    if (source, target) == (INT, FLOAT):
        return _to_float
    if target == JSON:
        return _renamed(source) if _has_other_names(source) else None
    return _conformed(target)


def data_text(value: Value, of: Type) -> str:
    """How data stands in a text: a string as it is, everything else as compact JSON with sorted keys. Raises ConversionError."""
    data = to_json(value, of)
    return data if isinstance(data, str) else canonical_json(data)


def _to_float(meter: Meter, value: Value, path: str) -> float:
    return float(value)


def _conformed(target: Type) -> Convert:
    def convert(meter: Meter, value: Value, path: str) -> Value:
        meter.walk(value)
        return conform(value, target, path)

    return convert


def _renamed(source: Type) -> Convert:
    def convert(meter: Meter, value: Value, path: str) -> Value:
        meter.walk(value)
        return to_json(value, source)

    return convert


def _has_other_names(of: Type) -> bool:
    """Whether there are fields inside that have another name in JSON."""
    match of:
        case ListType(item) | OptionalType(item) | MapType(item):
            return _has_other_names(item)
        case RecordType(fields):
            return any(each.wire not in (None, each.name) or _has_other_names(each.type) for each in fields)
    return False


def _to_optional(source: Type, target: OptionalType) -> Convert:
    inner = conversion(source.item if isinstance(source, OptionalType) else source, target.item)

    def convert(meter: Meter, value: Value, path: str) -> Option:
        option = boxed(value, target.item)
        if inner is None or not option.present:
            return option
        return Option(True, inner(meter, option.value, path))

    return convert


def boxed(value: Value, item: Type) -> Option:
    """A value of the type `item?` as the evaluation has it."""
    if type(value) is not Option:
        return ABSENT if value is None else Option(True, value)
    if value.present and type(value.value) is Option:
        return boxed(value.value, item)
    return ABSENT if value.value is None and item not in (JSON, NULL) else value


def leaving(of: Type, result: Type) -> Convert:
    """How the value of an expression of one type leaves as one of the type that was asked for."""
    if result != JSON or not _has_other_names(of):
        return _conformed(result)
    return _renamed(of)
