"""The layout of binary artifacts, as it follows from the frozen schema of a version: member by member, in the schema's order.

So what was written in a version is read by that version's schema for ever, and nothing has to be kept beside it. A shape says
what JSON stands at a place; `packing`, `unpacking`, `bincode` and `bincode_reading` make functions of shapes, by a `Maker`.

    {"type": "object", "properties": {"count": {"type": "integer"}, "bucket": {"type": "string"}}, "required": ["count"]}
    Record((Part("count", Whole(), required=True), Part("bucket", Text(), required=False)))

Constants, as `schema_version` is one, are not written: the version is, in front of everything.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Generic, TypeAlias, TypeVar

from symphony_dsl.base.frozen import frozen
from symphony_schemas import load

F = TypeVar("F")
DIGEST_PREFIX = "sha256:"


@frozen
class Text:
    """A string."""


@frozen
class Uuid:
    """An id: 16 bytes."""


@frozen
class Digest:
    """A content hash: the 32 bytes of SHA-256."""


@frozen
class Flag:
    """A boolean."""


@frozen
class Whole:
    """An integer of 64 bits."""


@frozen
class Number:
    """An integer or a float, each as it was written."""


@frozen
class Anything:
    """Any JSON value."""


@frozen
class Choice:
    """One of some words, known by its place among them."""

    words: tuple[str, ...]


@frozen
class Many:
    """A list."""

    item: Shape


@frozen
class Keyed:
    """An object of any keys, which are sorted; `key` is the shape of those."""

    key: Text | Digest
    value: Shape


@frozen
class Part:
    """A member. One that is not `required` may be missing."""

    name: str
    shape: Shape
    required: bool


@frozen
class Record:
    """An object of known members, in order."""

    parts: tuple[Part, ...]


@frozen
class Tagged:
    """One of some records, told apart by the member `kind`."""

    kinds: tuple[tuple[str, Shape], ...]


@frozen
class Either:
    """One of some shapes, told apart by the form of the data: the first that it has."""

    options: tuple[Shape, ...]


@frozen
class Named:
    """A definition of the schema, which may hold itself."""

    name: str


Shape: TypeAlias = (
    Text | Uuid | Digest | Flag | Whole | Number | Anything | Choice | Many | Keyed | Record | Tagged | Either | Named
)

LEAVES: dict[str, Shape] = {"id": Uuid(), "hash": Digest()}
"""Definitions that have a form of their own in bytes."""

TYPES: dict[str, Shape] = {"string": Text(), "boolean": Flag(), "integer": Whole(), "number": Number()}

_TOLD = {"description", "examples", "default"}
"""Words of a schema that say nothing about the shape."""


@frozen
class Layout:
    """`root` is the envelope, `shapes` what the names stand for, in the schema's order."""

    root: Shape
    shapes: dict[str, Shape]

    def of(self, shape: Shape) -> Shape:
        """What a name stands for; any other shape itself."""
        while isinstance(shape, Named):
            shape = self.shapes[shape.name]
        return shape

    def fits(self, shape: Shape) -> Callable[[Any], bool]:
        """Whether data has the form of an option of an `Either`; of data that fits the schema, the first that fits is right."""
        match self.of(shape):
            case Choice(words):
                return lambda data: isinstance(data, str) and data in words
            case Record(parts):
                needed = [part.name for part in parts if part.required]
                return lambda data: isinstance(data, dict) and all(name in data for name in needed)
            case Text():
                return lambda data: isinstance(data, str)
            case Whole():
                return lambda data: isinstance(data, int)
        return lambda data: isinstance(data, list)


@cache
def layout_of(version: str) -> Layout:
    """The layout of a version. Raises KeyError for one of which there is no schema."""
    schema = load("workflow", version)
    return Layout(_shape(schema), {name: LEAVES.get(name) or _shape(each) for name, each in schema["$defs"].items()})


def _shape(schema: Any) -> Shape:  # noqa: ANN401 - a part of a schema
    if schema is True or not schema.keys() - _TOLD:
        return Anything()
    return next(make(schema) for word, make in _FORMS.items() if word in schema)


def _reference(schema: dict[str, Any]) -> Shape:
    return Named(schema["$ref"].removeprefix("#/$defs/"))


def _tagged(schema: dict[str, Any]) -> Shape:
    branches = schema["allOf"]
    return Tagged(tuple((each["if"]["properties"]["kind"]["const"], _shape(each["then"])) for each in branches))


def _typed(schema: dict[str, Any]) -> Shape:
    return _OF_TYPE[schema["type"]](schema) if schema["type"] in _OF_TYPE else TYPES[schema["type"]]


def _array(schema: dict[str, Any]) -> Shape:
    return Many(_shape(schema["items"] or schema["prefixItems"][0]))  # a pair is of two that have the same shape


def _object(schema: dict[str, Any]) -> Shape:
    if "properties" in schema:
        return _record(schema)
    if "additionalProperties" not in schema:
        return Anything()
    key = Digest() if "propertyNames" in schema else Text()
    return Keyed(key, _shape(schema["additionalProperties"]))


def _record(schema: dict[str, Any]) -> Shape:
    given = {key: each for key, each in schema["properties"].items() if each is True or "const" not in each}
    required = schema.get("required", ())
    return Record(tuple(Part(key, _shape(each), key in required) for key, each in given.items()))


_OF_TYPE: dict[str, Callable[[dict[str, Any]], Shape]] = {"array": _array, "object": _object}

_FORMS: dict[str, Callable[[dict[str, Any]], Shape]] = {
    "$ref": _reference,
    "allOf": _tagged,
    "anyOf": lambda schema: Either(tuple(_shape(each) for each in schema["anyOf"])),
    "if": lambda schema: Either((_shape(schema["then"]), _shape(schema["else"]))),
    "enum": lambda schema: Choice(tuple(schema["enum"])),
    "type": _typed,
}
"""By the word that says which form a schema has; the first that is there counts."""


class Maker(Generic[F]):
    """Makes a function for each shape, once for each name. A subclass says how."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.made: dict[str, F] = {}

    def of(self, shape: Shape) -> F:
        if not isinstance(shape, Named):
            return self.make(shape)
        if shape.name not in self.made:
            self.made[shape.name] = self.later(shape.name)
            self.made[shape.name] = self.make(self.layout.of(shape))
        return self.made[shape.name]

    def make(self, shape: Shape) -> F:
        raise NotImplementedError

    def later(self, name: str) -> F:
        """The function of a name whose shape holds itself: it asks `made` when it is called."""
        raise NotImplementedError
