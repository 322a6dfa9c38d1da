"""The one relation that says whether a value of one type may stand where another is expected.

The checker, the compiler and the validation of graphs all ask `flows`. Four answers: EXACT, the value as it is; WIDENS, a
conversion that cannot fail (`int` to `float`, a record that loses fields, anything to `json`); CONVERTS, a checked
conversion that may fail on the data (`json` to anything); NO, with the reason in words.

`UNKNOWN` flows both ways, so that one mistake causes no second message; `NEVER` (what does not return) flows everywhere.
`join` is the type of a value that comes from one of two places.

Some types live inside of expressions only. A `uint` becomes an int when it leaves (checked: it may be too large); a type
as a value, and a map whose keys are no strings, never leave. `ported` is the type of the port that takes what is left.
"""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import (
    BYTES,
    FLOAT,
    INT,
    JSON,
    NEVER,
    NULL,
    SECRET,
    STRING,
    TYPE,
    UINT,
    UNKNOWN,
    EnumType,
    Field,
    FunctionType,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
    optional,
    plain,
)


class FlowKind(IntEnum):
    """Ordered: the flow of a whole is the greatest of its parts."""

    EXACT = 0
    WIDENS = 1
    CONVERTS = 2
    NO = 3


@frozen
class Flow:
    """`reason` is a clause that ends a sentence; it is there when `kind` is NO."""

    kind: FlowKind
    reason: str | None = None

    @property
    def ok(self) -> bool:
        return self.kind is not FlowKind.NO


EXACT = Flow(FlowKind.EXACT)
WIDENS = Flow(FlowKind.WIDENS)
CONVERTS = Flow(FlowKind.CONVERTS)


def _no(reason: str) -> Flow:
    return Flow(FlowKind.NO, reason)


def a(of: Type) -> str:
    """A type with its article, for sentences: `an int`, `a string`, `a list of Hit`."""
    if isinstance(of, ListType):
        return "an empty list" if of.item == NEVER else f"a list of {_shortened(of.item)}"
    if isinstance(of, MapType) and of.value == NEVER:
        return "an empty map"
    if of in (JSON, BYTES):
        return str(of)
    text = _shortened(of)
    if text.startswith("{"):
        return f"a record {text}"
    return f"{'an' if text[:1].lower() in 'aeio' else 'a'} {text}"


_LONGEST = 120


def _shortened(of: Type) -> str:
    text = str(of)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def flows(source: Type, target: Type) -> Flow:
    """Whether a value of type `source` may stand where `target` is expected, and what happens to it."""
    if source is target or source == target:
        return EXACT
    if UNKNOWN in (source, target) or source == NEVER:
        return EXACT
    if target == JSON:
        return _to_json(source)
    if isinstance(target, OptionalType):
        return _to_optional(source, target)
    if source == JSON:
        return _from_json(target)
    if isinstance(source, OptionalType):
        return _no("it may be absent")
    if (source, target) == (INT, FLOAT):
        return WIDENS
    if (source, target) == (UINT, INT):
        return CONVERTS
    return _by_shape(source, target)


def _to_json(source: Type) -> Flow:
    hidden = hidden_in(source)
    if isinstance(hidden, MapType):
        return _no(f"{a(hidden)} never becomes json; the keys have to be strings")
    return _no(f"{a(hidden)} never becomes json") if hidden else WIDENS


def _from_json(target: Type) -> Flow:
    hidden = hidden_in(target)
    return _no(f"{a(hidden)} never comes from json") if hidden else CONVERTS


def hidden_in(of: Type) -> Type | None:
    """The part of a type that keeps its values out of JSON, if there is one."""
    match of:
        case MapType(value, key):
            return hidden_in(value) if key in _STRINGS else of
        case ListType(item) | OptionalType(item):
            return hidden_in(item)
        case RecordType(fields):
            return next((hidden for f in fields if (hidden := hidden_in(f.type))), None)
        case FunctionType():
            return of
    return of if of in (SECRET, TYPE) else None


_STRINGS = (STRING, JSON, NEVER, UNKNOWN)
"""Types of keys that are strings, or may be."""


def _to_optional(source: Type, target: OptionalType) -> Flow:
    if source == NULL and target.item != JSON:
        return _no("null belongs to json only; leave the value out")
    inner = flows(plain(source), target.item)
    if inner.kind is FlowKind.EXACT and not isinstance(source, OptionalType):
        return WIDENS
    return inner


def _by_shape(source: Type, target: Type) -> Flow:
    match source, target:
        case ListType(), ListType():
            return _within("in its elements, ", flows(source.item, target.item))
        case MapType(), MapType():
            keys = _within("in its keys, ", flows(source.key, target.key))
            return max(keys, _within("in its values, ", flows(source.value, target.value)), key=_kind)
        case RecordType(), RecordType():
            return _record(source, target)
        case FunctionType(), FunctionType():
            return _function(source, target)
    return _no(_why(source, target))


def _within(where: str, inner: Flow) -> Flow:
    return inner if inner.ok else _no(f"{where}{inner.reason}")


def _record(source: RecordType, target: RecordType) -> Flow:
    kind = FlowKind.EXACT if len(source.fields) == len(target.fields) else FlowKind.WIDENS
    for wanted in target.fields:
        given = source.get(wanted.name)
        found = WIDENS if given is None and (wanted.optional or wanted.type == UNKNOWN) else _field(given, wanted)
        if not found.ok:
            return found
        kind = max(kind, found.kind)
    # Defaults, constraints or wire names differ: the shapes agree, the values still have to be made anew.
    return Flow(max(kind, FlowKind.WIDENS))


def _field(given: Field | None, wanted: Field) -> Flow:
    if given is None:
        return _no(f"the field `{wanted.name}` is missing")
    target = optional(wanted.type) if wanted.has_default else wanted.type
    return _within(f"in its field `{wanted.name}`, ", flows(given.type, target))


def _function(source: FunctionType, target: FunctionType) -> Flow:
    if len(source.parameters) != len(target.parameters):
        return _no("the numbers of parameters differ")
    pairs = zip(target.parameters, source.parameters, strict=True)
    parts = [*(flows(wanted.type, given.type) for wanted, given in pairs), flows(source.result, target.result)]
    return max(parts, key=_kind)


def _kind(flow: Flow) -> FlowKind:
    return flow.kind


def _why(source: Type, target: Type) -> str:
    if source == SECRET:
        return "a secret flows into places of type `secret` only"
    if target == SECRET:
        return "a secret is never written down; it is given as `env:NAME` or `file:PATH`"
    if isinstance(source, EnumType) and target == STRING:
        return f"{a(source)} is no string; write `string(…)`"
    if isinstance(target, EnumType) and source == STRING:
        first = target.values[0][0] if target.values else "VALUE"
        return f"a string is no {target}; write `{target}.{first}`"
    if isinstance(source, RecordType) and isinstance(target, MapType):
        return 'a record is no map; write its keys as strings: `{"key": …}`'
    return f"{a(source)} is no {_noun(target)}"


def _noun(of: Type) -> str:
    return a(of).split(" ", 1)[-1]


def join(one: Type, other: Type) -> Type | None:
    """The type of what is one or the other; None where there is none."""
    if one == other:
        return one
    if UNKNOWN in (one, other):
        return UNKNOWN
    if NEVER in (one, other):
        return other if one == NEVER else one
    if isinstance(one, OptionalType) or isinstance(other, OptionalType):
        inner = join(plain(one), plain(other))
        return inner and optional(inner)
    return _join_plain(one, other)


def _join_plain(one: Type, other: Type) -> Type | None:
    if {one, other} == {INT, FLOAT}:
        return FLOAT
    if JSON in (one, other):
        return JSON if flows(one, JSON).ok and flows(other, JSON).ok else None
    match one, other:
        case ListType(), ListType():
            item = join(one.item, other.item)
            return item and ListType(item)
        case MapType(), MapType():
            value, key = join(one.value, other.value), join(one.key, other.key)
            return value and key and MapType(value, key)
        case RecordType(), RecordType():
            return _join_records(one, other)
    return None


def _join_records(one: RecordType, other: RecordType) -> Type | None:
    """Records join when they have the same fields; defaults and constraints of either are left behind."""
    if {f.name for f in one.fields} != {f.name for f in other.fields}:
        return None
    fields = []
    for left in one.fields:
        right = other.get(left.name)
        joined = right and join(left.type, right.type)
        if not joined:
            return None
        fields.append(Field(left.name, joined))
    return RecordType(tuple(fields), one.name if one.name == other.name else None)


def kept_inside(of: Type) -> Type | None:
    """The part of a type whose values never leave an expression, if there is one."""
    match of:
        case MapType(value, key):
            return kept_inside(value) if key in _STRINGS else of
        case ListType(item) | OptionalType(item):
            return kept_inside(item)
        case RecordType(fields):
            return next((inner for f in fields if (inner := kept_inside(f.type))), None)
    return of if of == TYPE else None


def ported(of: Type) -> Type:
    """The type of a port that takes a value which an expression has made and which may leave it."""
    match of:
        case ListType(item):
            return ListType(ported(item))
        case MapType(value, key):
            return MapType(ported(value), STRING if key in _STRINGS else key)
        case OptionalType(item):
            return optional(ported(item))
        case RecordType(fields, name):
            return RecordType(tuple(replace(each, type=ported(each.type)) for each in fields), name)
    return INT if of == UINT else of
