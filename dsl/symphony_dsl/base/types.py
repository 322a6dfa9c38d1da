"""The one type system: what a port, a name, a field or an expression can hold.

Types are values: two types are the same when they compare equal, and every type can be hashed. Records are structural,
so the name of a record is kept for messages and takes no part in comparison. A type that could not be found is
`UNKNOWN`: it flows everywhere, so that one mistake does not cause others.

Beside the types that a writer can name there are those of the expression language: `uint`, `null` and `type` come
from CEL; CEL's `dyn` is our `json`. `NEVER` is the type of what does not return (`fail`).

How values look at run time, wherever data crosses a border (ports, logs, artifacts, workers): `string` str, `int` int,
`float` float, `bool` bool, `bytes` bytes, lists list, maps and records dict with string keys, enums their wire name as
str, `timestamp` and `duration` the classes of `base.times`, `file` and `folder` a path as str, `secret` a `SecretRef` or
a `SecretText` of `base.values`. An absent optional is None, an absent optional field may be missing. Values are never
changed.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import Any, TypeAlias

from symphony_dsl.base.frozen import frozen


@frozen
class Constraint:
    """What JSON Schema would say of a value: `min max min_length max_length min_items max_items pattern one_of check`."""

    kind: str
    value: Any = field(hash=False)  # a JSON value; for `check` the canonical source of an expression over `it`


@frozen
class Primitive:
    name: str

    def __str__(self) -> str:
        return self.name


@frozen
class ListType:
    item: Type

    def __str__(self) -> str:
        return f"{self.item}[]"


@frozen
class MapType:
    """A map. A writer can name maps with string keys only; an expression may make others, which no port takes."""

    value: Type
    key: Type = Primitive("string")

    def __str__(self) -> str:
        return f"map<{self.value}>" if self.key == STRING else f"map<{self.key}, {self.value}>"


@frozen
class OptionalType:
    item: Type

    def __str__(self) -> str:
        return f"{self.item}?"


@frozen
class Field:
    """A field of a record. `default` counts only where `has_default` is true. `wire` is its name in JSON."""

    name: str
    type: Type
    has_default: bool = False
    default: Any = field(default=None, hash=False)
    constraints: tuple[Constraint, ...] = ()
    wire: str | None = None
    doc: str | None = field(default=None, compare=False)

    @property
    def optional(self) -> bool:
        """Whether a value may lack this field."""
        return self.has_default or isinstance(self.type, OptionalType)


@frozen
class RecordType:
    fields: tuple[Field, ...]
    name: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.name or "{ " + ", ".join(f"{f.name}: {f.type}" for f in self.fields) + " }"

    def get(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)


@frozen
class EnumType:
    """Values as (name, wire name), in order. Two enums are the same when name and values are."""

    name: str
    values: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return self.name

    def wire(self, name: str) -> str | None:
        return next((wire for value, wire in self.values if value == name), None)


@frozen
class OpaqueType:
    """A parameter of type `type`, inside the body or signature that it stands in."""

    name: str

    def __str__(self) -> str:
        return self.name


@frozen
class FunctionType:
    """A parameter that takes an expression: `(hit: Hit) -> bool`."""

    parameters: tuple[Field, ...]
    result: Type

    def __str__(self) -> str:
        return "(" + ", ".join(f"{p.name}: {p.type}" for p in self.parameters) + f") -> {self.result}"


Type: TypeAlias = "Primitive | ListType | MapType | OptionalType | RecordType | EnumType | OpaqueType | FunctionType"
KINDS = (Primitive, ListType, MapType, OptionalType, RecordType, EnumType, OpaqueType, FunctionType)
"""The classes of types."""

STRING = Primitive("string")
INT = Primitive("int")
FLOAT = Primitive("float")
BOOL = Primitive("bool")
BYTES = Primitive("bytes")
JSON = Primitive("json")
TIMESTAMP = Primitive("timestamp")
DURATION = Primitive("duration")
FILE = Primitive("file")
FOLDER = Primitive("folder")
IMAGE = Primitive("image")
AUDIO = Primitive("audio")
MODEL = Primitive("model")
SECRET = Primitive("secret")
TYPE = Primitive("type")

NAMED: dict[str, Primitive] = {
    t.name: t
    for t in (
        STRING, INT, FLOAT, BOOL, BYTES, JSON, TIMESTAMP, DURATION, FILE, FOLDER, IMAGE, AUDIO, MODEL, SECRET, TYPE,
    )
}  # fmt: skip
"""The types that a writer names with a single word."""

UINT = Primitive("uint")
NULL = Primitive("null")
UNKNOWN = Primitive("unknown")
NEVER = Primitive("never")

PATHS = frozenset({FILE, FOLDER, IMAGE, AUDIO})
"""Types whose value is a path."""


def optional(of: Type) -> Type:
    """`T?`; `T??` is `T?`."""
    return of if isinstance(of, OptionalType) or of == UNKNOWN else OptionalType(of)


def plain(of: Type) -> Type:
    """`T` of `T?`, and any other type itself."""
    return of.item if isinstance(of, OptionalType) else of


def record(**fields: Type) -> RecordType:
    """A record type of required fields, for signatures written in Python."""
    return RecordType(tuple(Field(name, of) for name, of in fields.items()))


def named(of: RecordType, name: str) -> RecordType:
    return replace(of, name=name)
