"""What types look like in JSON: the definitions of the schema for what `base.types_json` writes."""

from __future__ import annotations

from symphony_dsl.base.types import NAMED
from symphony_model.json_form.parts import CONSTRAINTS
from symphony_model.json_form.scalars import ANY, NAME, TEXT
from symphony_model.json_form.tables import Codec, Member, Schema, object_schema, reference

INSIDE = ("uint", "null", "unknown", "never")
"""Names of types that no text has, but expressions have values of them."""


def _of(schema: Schema) -> Codec[object]:
    return Codec(lambda value: value, lambda data: data, schema)


_TYPE, _FIELDS = _of(reference("type")), _of({"type": "array", "items": reference("field")})
_PAIR: Schema = {"type": "array", "prefixItems": [TEXT.schema, TEXT.schema], "items": False, "minItems": 2}
_VALUES = _of({"type": "array", "items": _PAIR})

_RECORD = object_schema((Member("name", TEXT, None), Member("fields", _FIELDS)), "Fields in order.")
_ENUM = object_schema((Member("name", TEXT), Member("values", _VALUES)), "Values as name and name in JSON.")
_FUNCTION = object_schema((Member("parameters", _FIELDS), Member("result", _TYPE)), "What takes an expression.")

KINDS: dict[str, Codec[object]] = {
    "list": _TYPE,
    "map": _TYPE,
    "optional": _TYPE,
    "record": _of(_RECORD),
    "enum": _of(_ENUM),
    "opaque": _of(TEXT.schema),
    "function": _of(_FUNCTION),
}

TYPE: Schema = {
    "description": "A type: a name, or an object with one member.",
    "anyOf": [
        {"enum": [*NAMED, *INSIDE]},
        *(object_schema((Member(kind, content),)) for kind, content in KINDS.items()),
    ],
    "examples": [
        "string",
        {"list": "int"},
        {"record": {"name": "Point", "fields": [{"name": "x", "type": "float"}]}},
        {"enum": {"name": "Kind", "values": [["bug", "bug"], ["to_do", "to do"]]}},
    ],
}

FIELD = object_schema(
    (
        Member("name", NAME),
        Member("type", _TYPE),
        Member("default", ANY, None, about="The value where none is given; null is a value."),
        Member("constraints", CONSTRAINTS, None),
        Member("wire", TEXT, None, about="Its name in JSON."),
        Member("doc", TEXT, None, about="Documentation, as Markdown."),
    ),
    "A field of a record, or a parameter.",
    ({"name": "title", "type": "string", "constraints": [{"kind": "max_length", "value": 80}]},),
)
