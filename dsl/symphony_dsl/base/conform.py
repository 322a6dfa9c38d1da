"""From plain data to typed values, and back to JSON.

`conform` is the strict conversion of the language: wherever data from outside, or a value of type `json`, meets a type. It
takes JSON as well as values that are typed already, so conforming twice changes nothing. Strings never become numbers; a
whole `1.0` becomes an `int`; null or a missing field is an absent optional, or the default; fields that the type does not
have are dropped; absent optional fields are left out of the result. A failure names the path in the data.

The functions recurse along types, whose depth is the writer's; data of type `json` is walked without recursion.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable

from symphony_dsl.base.canonical import MAX_DEPTH
from symphony_dsl.base.constraints import Check, shown, violation
from symphony_dsl.base.dynamic import UINT_MAX, Option, TypeValue, Uint, from_key
from symphony_dsl.base.flows import a
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FLOAT,
    INT,
    JSON,
    MODEL,
    NULL,
    PATHS,
    SECRET,
    STRING,
    TIMESTAMP,
    UINT,
    UNKNOWN,
    EnumType,
    Field,
    ListType,
    MapType,
    OpaqueType,
    OptionalType,
    Primitive,
    RecordType,
    Type,
)
from symphony_dsl.base.values import Json, Secret, SecretRef, SecretText, Value, secret_text

INT_MIN = -(2**63)
INT_MAX = 2**63 - 1


class ConversionError(Exception):
    """A value is not of the type that it has to be. `path` is where in the data, empty for the whole."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(path, message)
        self.path = path
        self.message = message

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message

    def inside(self, step: str) -> ConversionError:
        """The same of what the value stands in, as a field or, in brackets, as an element."""
        dot = "." if self.path and not self.path.startswith("[") else ""
        return ConversionError(f"{step}{dot}{self.path}", self.message)


def conform(value: Value, of: Type, path: str = "", *, check: Check | None = None) -> Value:
    """The typed value of plain or typed data; ConversionError where it has none."""
    try:
        return _conformed(value, of, check)
    except ConversionError as problem:
        raise (problem.inside(path) if path else problem) from None


def _conformed(value: Value, of: Type, check: Check | None) -> Value:
    """Failures have the path from here on; whoever goes into a list, a map or a record adds its step."""
    if type(value) is Option:
        value = value.value
    match of:
        case Primitive():
            return _primitive(value, of)
        case OptionalType():
            return None if value is None else _conformed(value, of.item, check)
        case ListType():
            return _list(value, of, check)
        case MapType():
            return _map(value, of, check)
        case RecordType():
            return _record(value, of, check)
        case EnumType():
            return _enum(value, of)
        case OpaqueType():
            return plain_json(value)
    raise ConversionError("", f"no value has the type {of}")


def _expected(value: Value, of: Type) -> ConversionError:
    return ConversionError("", f"expected {a(of)}, found {found(value)}")


def found(value: Value) -> str:
    """What a value is, for messages."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the string {shown(value, 40)}"
        case list() | tuple():
            return f"a list of {len(value)}"
        case dict():
            return "an object"
        case SecretRef() | SecretText():
            return "a secret"
    return f"{type(value).__name__.lower()} {shown(value)}"


def _list(value: Value, of: ListType, check: Check | None) -> list[Value]:
    if not isinstance(value, list | tuple):
        raise _expected(value, of)
    made: list[Value] = []
    try:
        for each in value:
            made.append(_conformed(each, of.item, check))
    except ConversionError as problem:
        raise problem.inside(f"[{len(made)}]") from None
    return made


def _map(value: Value, of: MapType, check: Check | None) -> dict[str, Value]:
    if not isinstance(value, dict):
        raise _expected(value, of)
    _string_keys(value)
    made: dict[str, Value] = {}
    for key, each in value.items():
        try:
            made[key] = _conformed(each, of.value, check)
        except ConversionError as problem:
            raise problem.inside(f"[{shown(key)}]") from None
    return made


def _string_keys(value: dict[Value, Value]) -> None:
    for key in value:
        if _string(key) is None:
            raise ConversionError("", f"the keys of an object are strings, found {found(from_key(key))}")


def _record(value: Value, of: RecordType, check: Check | None) -> dict[str, Value]:
    if not isinstance(value, dict):
        raise _expected(value, of)
    result = {}
    for each in of.fields:
        try:
            there = _field(value, each, check)
        except ConversionError as problem:
            raise problem.inside(each.name) from None
        if there is not None or each.type in (JSON, NULL, UNKNOWN):
            result[each.name] = there
    return result


def _field(record: dict[str, Value], of: Field, check: Check | None) -> Value:
    wire = of.wire or of.name
    given = record[wire] if wire in record else record.get(of.name)
    missing = given is None and wire not in record and of.name not in record
    if given is None and of.has_default and (missing or of.type != JSON):
        given = of.default
    elif missing and not of.optional:
        raise ConversionError("", f"expected {a(of.type)}, found nothing")
    typed = _conformed(given, of.type, check)
    wrong = None if typed is None else violation(typed, of.constraints, "", check)
    if wrong:
        raise ConversionError("", wrong)
    return typed


def _enum(value: Value, of: EnumType) -> str:
    wires = [wire for _, wire in of.values]
    if isinstance(value, str) and value in wires:
        return value
    raise ConversionError("", f"expected {a(of)} ({', '.join(shown(wire) for wire in wires)}), found {found(value)}")


def _primitive(value: Value, of: Primitive) -> Value:
    convert = _PRIMITIVES.get(of)
    if convert is None:
        raise ConversionError("", f"no value has the type {of}")
    typed = convert(value)
    if typed is None and of not in (JSON, NULL, UNKNOWN):
        raise _expected(value, of)
    return typed


def _string(value: Value) -> str | None:
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ConversionError("", "the string holds half of a surrogate pair, which is no character") from None
    return value if isinstance(value, str) else None


def _int(value: Value) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int):
        return None
    if not INT_MIN <= value <= INT_MAX:
        raise ConversionError("", f"{shown(value)} is too large for an int, which has 64 bits")
    return int(value)


def _uint(value: Value) -> int | None:
    return int(value) if type(value) in (int, Uint) and 0 <= value <= UINT_MAX else None


def _float(value: Value) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ConversionError("", "expected a float, found a number that is not finite")
    return number


def _bool(value: Value) -> bool | None:
    return value if isinstance(value, bool) else None


def _bytes(value: Value) -> bytes | None:
    if not isinstance(value, str):
        return bytes(value) if isinstance(value, bytes | bytearray) else None
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ConversionError("", f"expected bytes as base64, found {found(value)}") from None


def _time(of: type[Timestamp] | type[Duration]) -> Callable[[Value], Value]:
    def convert(value: Value) -> Value:
        if not isinstance(value, str):
            return value if isinstance(value, of) else None
        try:
            return of.parse(value)
        except ValueError as problem:
            raise ConversionError("", str(problem)) from None

    return convert


def _path(value: Value) -> str | None:
    return _string(value) or None


def _secret(value: Value) -> Secret:
    match value:
        case SecretRef() | SecretText():
            return value
        case {"$secret": list(pieces)} if len(value) == 1:
            parts = [_secret_piece(each) for each in pieces]
            if any(isinstance(each, SecretRef) for each in parts):
                return secret_text(*parts)
    return _secret_ref(value)


def _secret_piece(value: Value) -> str | SecretRef:
    return _string(value) or "" if isinstance(value, str) else _secret_ref(value)


def _secret_ref(value: Value) -> SecretRef:
    match value:
        case {"$secret": str(source)} if len(value) == 1:
            return SecretRef(source)
    # The value may be the secret itself: it must not be shown.
    raise ConversionError("", "expected a secret, which is given as `env:NAME` or `file:PATH`, never in the open")


def _null(value: Value) -> None:
    if value is not None:
        raise ConversionError("", f"expected null, found {found(value)}")


def _as_it_is(value: Value) -> Value:
    return value


def plain_json(value: Value, path: str = "") -> Json:
    """A JSON value made anew from plain or typed data; secrets are refused. Deep data is walked without recursion."""
    return _walk(value, path, secrets=False)


_PRIMITIVES: dict[Primitive, Callable[[Value], Value]] = {
    STRING: _string,
    INT: _int,
    UINT: _uint,
    FLOAT: _float,
    BOOL: _bool,
    BYTES: _bytes,
    JSON: plain_json,
    TIMESTAMP: _time(Timestamp),
    DURATION: _time(Duration),
    MODEL: _path,
    SECRET: _secret,
    NULL: _null,
    UNKNOWN: _as_it_is,
    **dict.fromkeys(PATHS, _path),
}


def to_json(value: Value, of: Type | None = None) -> Json:
    """The JSON of a typed value. With its type, fields get their names in JSON; without, their own.

    Secrets become `{"$secret": SOURCE}` or `{"$secret": [PIECE, …]}`. ConversionError for NaN and for what is no value of the language.
    """
    if type(value) in _SAME_IN_JSON:
        return value
    if type(value) is Option:
        value = value.value
    match of:
        case ListType(item) | MapType(item) if not isinstance(item, _OF_OTHERS):
            return _walk(value, "", secrets=True)
        case OptionalType(item):
            return None if value is None else to_json(value, item)
        case ListType(item):
            return [to_json(each, item) for each in value]
        case MapType(item):
            return {key: to_json(each, item) for key, each in value.items()}
        case RecordType(fields):
            there = [f for f in fields if f.name in value]
            return {f.wire or f.name: to_json(value[f.name], f.type) for f in there}
    if isinstance(value, dict | list | tuple):
        return _walk(value, "", secrets=True)
    return value if type(value) in _SAME_IN_JSON else _scalar(value, secrets=True)


_OF_OTHERS = (OptionalType, ListType, MapType, RecordType)
"""Types in which fields may have other names in JSON."""


def _walk(value: Value, path: str, *, secrets: bool) -> Json:
    """Copy data without recursion. `open_` are the containers on the way to the one that is being copied."""
    root: list[Value] = [None]
    open_ = [_Open(None, path, [value], root)]
    while open_:
        inner = _copied(open_[-1], secrets=secrets)
        if inner is None:
            open_.pop()
        elif len(open_) > MAX_DEPTH:
            raise ConversionError(path, f"the value nests deeper than {MAX_DEPTH} levels")
        else:
            open_.append(inner)
    return root[0]


class _Open:
    """A container that is being copied into `made`, and where it stands in the one above."""

    __slots__ = ("above", "items", "key", "made")

    def __init__(self, above: _Open | None, key: Value, values: Value, made: Value) -> None:
        self.above = above
        self.key = key
        self.items = iter(values.items() if isinstance(values, dict) else enumerate(values))
        self.made = made

    def path(self, key: Value) -> str:
        """The path of an element; the outermost container holds the whole value, whose path is its key."""
        if self.above is None:
            return str(self.key)
        before = self.above.path(self.key)
        if isinstance(self.made, list):
            return f"{before}[{key}]"
        return f"{before}.{key}" if before else str(key)


def _copied(part: _Open, *, secrets: bool) -> _Open | None:
    """Copy what stands in a container, up to the next container in it."""
    key: Value = None
    try:
        for key, each in part.items:
            value = each.value if type(each) is Option else each
            if isinstance(value, dict | list | tuple):
                part.made[key] = made = _empty(value)
                return _Open(part, key, value, made)
            part.made[key] = value if type(value) in _SAME_IN_JSON else _scalar(value, secrets=secrets)
    except ConversionError as problem:
        raise ConversionError(part.path(key), problem.message) from None
    return None


def _empty(value: Value) -> Value:
    """The container that a copy is made in."""
    if not isinstance(value, dict):
        return [None] * len(value)
    _string_keys(value)
    return {}


_SAME_IN_JSON = frozenset({type(None), bool, int})


def _scalar(value: Value, *, secrets: bool) -> Json:
    match value:
        case int():
            return int(value)
        case str():
            return _string(value)
        case float():
            return _float(value)
        case Timestamp() | Duration():
            return str(value)
        case bytes():
            return base64.b64encode(value).decode()
        case SecretRef() if secrets:
            return {"$secret": value.source}
        case SecretText() if secrets:
            return {"$secret": [_scalar(each, secrets=True) for each in value.parts]}
        case SecretRef() | SecretText():
            raise ConversionError("", "a secret never becomes json")
        case TypeValue(name):
            raise ConversionError("", f"the type `{name}` is no value that a workflow can carry")
    raise ConversionError("", f"{type(value).__name__} is no value that a workflow can carry")
