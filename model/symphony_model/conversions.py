"""Which expression would make a value of one type fit where another is taken, for whoever meets the two."""

from __future__ import annotations

from symphony_dsl.base.flows import flows
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FLOAT,
    INT,
    JSON,
    STRING,
    TIMESTAMP,
    EnumType,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
    plain,
)

_FROM: dict[Type, tuple[str, tuple[Type, ...]]] = {
    STRING: ("string", (INT, FLOAT, BOOL, BYTES, TIMESTAMP, DURATION)),
    INT: ("int", (STRING, FLOAT, TIMESTAMP)),
    FLOAT: ("float", (STRING,)),
    BOOL: ("bool", (STRING,)),
    BYTES: ("bytes", (STRING,)),
    TIMESTAMP: ("timestamp", (STRING, INT)),
    DURATION: ("duration", (STRING,)),
}
"""By the type that is wanted: the function that makes it, and of what."""

DEFAULT = "…"


def conversion(source: Type, target: Type, it: str = "it") -> str | None:
    """The expression over `it`; DEFAULT stands in it where the reader has to choose a value. None where there is none."""
    if flows(source, target).ok:
        return it
    if isinstance(source, OptionalType):
        there = f"({it} ?? {DEFAULT})"
        made = conversion(source.item, target, there)
        return made[1:-1] if made == there else made
    wanted = plain(target)
    if isinstance(source, ListType):
        return _of_list(source, wanted, it)
    if isinstance(wanted, ListType):
        inner = conversion(source, wanted.item, it)
        return f"[{inner}]" if inner else None
    return _by_function(source, wanted, it) or _by_field(source, wanted, it) or _through_json(source, wanted, it)


def _of_list(source: ListType, target: Type, it: str) -> str | None:
    if not isinstance(target, ListType):
        return conversion(source.item, target, f"{it}[0]")
    inner = conversion(source.item, target.item, "x")
    return f"{it}.map(x, {inner})" if inner else None


def _by_function(source: Type, target: Type, it: str) -> str | None:
    name, of = _FROM.get(target, ("", ()))
    return f"{name}({it})" if source in of or (name == "string" and isinstance(source, EnumType)) else None


def _by_field(source: Type, target: Type, it: str) -> str | None:
    """The one field of a record that fits."""
    found = (
        [each.name for each in source.fields if flows(each.type, target).ok] if isinstance(source, RecordType) else []
    )
    return f"{it}.{found[0]}" if len(found) == 1 and found[0].isidentifier() else None


def _through_json(source: Type, target: Type, it: str) -> str | None:
    """What json is, is checked where it flows to."""
    alike = (source == STRING and isinstance(target, EnumType)) or (
        isinstance(source, (RecordType, MapType)) and isinstance(target, (RecordType, MapType))
    )
    return f"dyn({it})" if alike and flows(source, JSON).ok and flows(JSON, target).ok else None
