"""Types as CEL has them: their names, which of them agree, and what two of them have in common.

CEL is gradual: `dyn`, our `json`, agrees with everything. So does NEVER, the type of what is in `[]`: CEL has a free
variable there, which is bound by whatever it meets. Agreement goes both ways, and nothing is widened: a list of ints is
no list of doubles.
"""

from __future__ import annotations

from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FLOAT,
    INT,
    JSON,
    MODEL,
    NEVER,
    NULL,
    PATHS,
    SECRET,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    UNKNOWN,
    EnumType,
    ListType,
    MapType,
    OpaqueType,
    OptionalType,
    RecordType,
    Type,
)
from symphony_dsl.expressions.tree import Expr, Name, Select

FREE = frozenset({JSON, NEVER, UNKNOWN})
"""Types that agree with everything."""

KEYS = frozenset({BOOL, INT, UINT, STRING})
"""What may be the key of a map."""

_WORDS: dict[Type, str] = {
    BOOL: "bool",
    INT: "int",
    UINT: "uint",
    FLOAT: "double",
    BYTES: "bytes",
    NULL: "null_type",
    TYPE: "type",
    DURATION: "google.protobuf.Duration",
    TIMESTAMP: "google.protobuf.Timestamp",
    **dict.fromkeys((JSON, NEVER, UNKNOWN), "dyn"),
    **dict.fromkeys((STRING, MODEL, SECRET, *PATHS), "string"),
}

TYPE_NAMES = frozenset(_WORDS.values()) - {"dyn"} | {"list", "map", "optional_type"}
"""The names of types that are values, as in `type(x) == int`. What else has such a name hides the type."""


def type_named(node: Expr) -> str | None:
    """The type that a name, or a name with fields behind it, may stand for."""
    fields: list[str] = []
    while isinstance(node, Select) and len(fields) < 2 and not node.optional:
        fields.append(node.field)
        node = node.operand
    if not isinstance(node, Name):
        return None
    name = ".".join((node.name, *reversed(fields)))
    return name if name in TYPE_NAMES else None


def cel_name(of: Type) -> str:
    """A type in CEL's words: `map(string, list(int))`."""
    match of:
        case ListType(item):
            return f"list({cel_name(item)})"
        case MapType(value, key):
            return f"map({cel_name(key)}, {cel_name(value)})"
        case OptionalType(item):
            return f"optional_type({cel_name(item)})"
        case RecordType():
            return "map(string, dyn)"
        case OpaqueType(name):
            return name
    return _WORDS.get(of, "string")


def as_cel(of: Type) -> Type:
    """A type of the language as CEL sees it: an enum is a string, a record a map."""
    match of:
        case ListType(item):
            return ListType(as_cel(item))
        case MapType(value, key):
            return MapType(as_cel(value), key)
        case OptionalType(item):
            return OptionalType(as_cel(item))
        case RecordType():
            return MapType(JSON)
        case EnumType():
            return STRING
    return STRING if of in PATHS or of == MODEL else of


def agree(one: Type, other: Type) -> bool:
    """Whether a value of one of the types may stand where the other is needed."""
    if one in FREE or other in FREE or one == other:
        return True
    if NULL in (one, other):
        return _nullable(other if one == NULL else one)
    match one, other:
        case (OpaqueType(), _) | (_, OpaqueType()):
            return True
        case (ListType(item), ListType(of)) | (OptionalType(item), OptionalType(of)):
            return agree(item, of)
        case MapType(value, key), MapType(of, by):
            return agree(key, by) and agree(value, of)
    return False


def _nullable(of: Type) -> bool:
    return isinstance(of, OptionalType) or of in (TIMESTAMP, DURATION)


def common(one: Type, other: Type) -> Type:
    """The type of what is one or the other: the more general of two that agree, else `dyn`."""
    if other in (one, NEVER):
        return one
    if one == NEVER:
        return other
    if UNKNOWN in (one, other):
        return UNKNOWN
    if not agree(one, other):
        return JSON
    if NULL in (one, other):
        return other if one == NULL else one
    match one, other:
        case ListType(item), ListType(of):
            return ListType(common(item, of))
        case OptionalType(item), OptionalType(of):
            return OptionalType(common(item, of))
        case MapType(value, key), MapType(of, by):
            return MapType(common(value, of), common(key, by))
    return JSON
