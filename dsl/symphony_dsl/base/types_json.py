"""Types as JSON: a primitive is its name, any other an object of one key that names its kind.

`"int"` · `{"list": T}` · `{"map": T}` · `{"optional": T}` · `{"record": {name?, fields}}` · `{"enum": {name, values}}` ·
`{"opaque": NAME}` · `{"function": {parameters, result}}`. A field is `{name, type, default?, constraints?, wire?, doc?}`;
a default is there exactly where the key is. Reading a type that was written gives an equal one.
"""

from __future__ import annotations

from collections.abc import Callable

from symphony_dsl.base.conform import ConversionError, conform, to_json
from symphony_dsl.base.types import (
    NAMED,
    NEVER,
    NULL,
    UINT,
    UNKNOWN,
    Constraint,
    EnumType,
    Field,
    FunctionType,
    ListType,
    MapType,
    OpaqueType,
    OptionalType,
    Primitive,
    RecordType,
    Type,
)
from symphony_dsl.base.values import Json, Value

MAX_TYPE_DEPTH = 100
"""How deeply a type may nest."""

_PRIMITIVES: dict[str, Primitive] = {**NAMED, **{t.name: t for t in (UINT, NULL, UNKNOWN, NEVER)}}


def type_to_json(of: Type) -> Json:
    """The JSON of a type."""
    match of:
        case Primitive(name):
            return name
        case ListType(item):
            return {"list": type_to_json(item)}
        case MapType(value):
            return {"map": type_to_json(value)}
        case OptionalType(item):
            return {"optional": type_to_json(item)}
        case RecordType(fields, name):
            named = {"name": name} if name else {}
            return {"record": {**named, "fields": [_field_to_json(f) for f in fields]}}
        case EnumType(name, values):
            return {"enum": {"name": name, "values": [list(pair) for pair in values]}}
        case OpaqueType(name):
            return {"opaque": name}
        case FunctionType(parameters, result):
            listed = [_field_to_json(p) for p in parameters]
            return {"function": {"parameters": listed, "result": type_to_json(result)}}


def _field_to_json(of: Field) -> dict[str, Json]:
    made: dict[str, Json] = {"name": of.name, "type": type_to_json(of.type)}
    if of.has_default:
        made["default"] = to_json(of.default, of.type)
    if of.constraints:
        made["constraints"] = [{"kind": each.kind, "value": each.value} for each in of.constraints]
    return made | {key: text for key, text in (("wire", of.wire), ("doc", of.doc)) if text is not None}


def type_from_json(data: Json, depth: int = 0) -> Type:
    """The type that JSON describes; ValueError, in one sentence, where it describes none."""
    if depth > MAX_TYPE_DEPTH:
        raise ValueError(f"a type nests deeper than {MAX_TYPE_DEPTH} levels")
    if isinstance(data, str):
        return _primitive(data)
    if not isinstance(data, dict) or len(data) != 1:
        raise ValueError("a type is a name or an object with one key")
    kind, content = next(iter(data.items()))
    if kind not in _READERS:
        raise ValueError(f"`{kind}` is no kind of type")
    try:
        return _READERS[kind](content, depth + 1)
    except (KeyError, TypeError) as problem:
        raise ValueError(f"a `{kind}` type is not well formed: {problem}") from None


def _primitive(name: str) -> Primitive:
    found = _PRIMITIVES.get(name)
    if found is None:
        raise ValueError(f"`{name}` is no type")
    return found


def _record(content: Json, depth: int) -> RecordType:
    return RecordType(tuple(_field(each, depth) for each in content["fields"]), content.get("name"))


def _field(data: Json, depth: int) -> Field:
    of = type_from_json(data["type"], depth)
    return Field(
        data["name"],
        of,
        has_default="default" in data,
        default=_default(data, of),
        constraints=tuple(Constraint(each["kind"], each["value"]) for each in data.get("constraints", ())),
        wire=data.get("wire"),
        doc=data.get("doc"),
    )


def _default(data: Json, of: Type) -> Value:
    if "default" not in data:
        return None
    try:
        return conform(data["default"], of)
    except ConversionError as problem:
        raise ValueError(f"the default of `{data['name']}` is not of its type: {problem}") from None


def _enum(content: Json, _depth: int) -> EnumType:
    return EnumType(content["name"], tuple((name, wire) for name, wire in content["values"]))


def _function(content: Json, depth: int) -> FunctionType:
    parameters = tuple(_field(each, depth) for each in content["parameters"])
    return FunctionType(parameters, type_from_json(content["result"], depth))


_READERS: dict[str, Callable[[Json, int], Type]] = {
    "list": lambda content, depth: ListType(type_from_json(content, depth)),
    "map": lambda content, depth: MapType(type_from_json(content, depth)),
    "optional": lambda content, depth: OptionalType(type_from_json(content, depth)),
    "record": _record,
    "enum": _enum,
    "opaque": lambda content, _depth: OpaqueType(content),
    "function": _function,
}
