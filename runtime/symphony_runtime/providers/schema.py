"""The JSON Schema of a type, as endpoints for structured output take it.

Their strict mode wants every field required and no others: what may be absent may be null instead, and a map or free JSON
makes the whole not strict. Constraints that strict mode does not know are left to the check of the answer.
"""

from __future__ import annotations

from symphony_dsl.base.types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    STRING,
    UINT,
    Constraint,
    EnumType,
    Field,
    ListType,
    MapType,
    OpaqueType,
    OptionalType,
    RecordType,
    Type,
    plain,
)
from symphony_dsl.base.values import Json

_PLAIN: dict[Type, Json] = {
    STRING: {"type": "string"},
    INT: {"type": "integer"},
    UINT: {"type": "integer", "minimum": 0},
    FLOAT: {"type": "number"},
    BOOL: {"type": "boolean"},
    JSON: {},
}
_TEXT = {"type": "string"}  # times, durations, bytes and paths are written as text
_KEYWORDS = {
    "min": "minimum",
    "max": "maximum",
    "min_items": "minItems",
    "max_items": "maxItems",
    "pattern": "pattern",
    "one_of": "enum",
}


def schema_of(of: Type) -> Json:
    match of:
        case OptionalType(item):
            return _nullable(schema_of(item))
        case ListType(item):
            return {"type": "array", "items": schema_of(item)}
        case MapType(value):
            return {"type": "object", "additionalProperties": schema_of(value)}
        case RecordType():
            return _record(of)
        case EnumType():
            return {"type": "string", "enum": [wire for _, wire in of.values]}
    return dict(_PLAIN.get(of, _TEXT))


def is_strict(of: Type) -> bool:
    """Whether strict mode can express the type."""
    match of:
        case OptionalType(item) | ListType(item):
            return is_strict(item)
        case RecordType(fields):
            return all(is_strict(field.type) for field in fields)
    return of != JSON and not isinstance(of, MapType | OpaqueType)


def _record(of: RecordType) -> Json:
    properties = {field.wire or field.name: _field(field) for field in of.fields}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _field(field: Field) -> Json:
    schema = schema_of(plain(field.type)) | _constraints(field.constraints)
    if field.optional:
        schema = _nullable(schema)
    return schema | ({"description": field.doc} if field.doc else {})


def _constraints(constraints: tuple[Constraint, ...]) -> Json:
    return {_KEYWORDS[each.kind]: each.value for each in constraints if _is_said_alike(each)}


def _is_said_alike(constraint: Constraint) -> bool:
    """The bounds of times are texts, which JSON Schema cannot compare."""
    if constraint.kind in ("min", "max"):
        return not isinstance(constraint.value, str)
    return constraint.kind in _KEYWORDS


def _nullable(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}
