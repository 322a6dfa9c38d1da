"""How an object becomes JSON and back: a table of its members, written once, read in both directions.

A member is left out where it has its default, so that what stands in an artifact is what somebody said. Members are
written in the table's order. Decoding trusts its data: whoever loads foreign data validates it against the schema first.

The tables say what the JSON looks like, too: `schema_workflow` makes the JSON Schema of an artifact from them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from enum import StrEnum
from operator import attrgetter
from typing import Any, Generic, TypeAlias, TypeVar

from symphony_dsl.base.canonical import MAX_DEPTH
from symphony_dsl.base.conform import ConversionError
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.values import Json
from symphony_model.json_form.places import Place

T = TypeVar("T")
REQUIRED = object()

Schema: TypeAlias = dict[str, Any]
"""A part of a JSON Schema; nobody changes one that was made."""


class UnreadableError(ValueError):
    """Data that fits the schema, and yet is nothing: the 31st of February. `place` is where in what is decoded."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.place = place


UNREADABLE = (ValueError, ConversionError)
"""What decoding raises."""


def inside(key: str | int, problem: Exception) -> UnreadableError:
    """The same problem, in a part of something larger."""
    inner = problem.place if isinstance(problem, UnreadableError) else ()
    return UnreadableError(str(problem), (key, *inner))


@frozen
class Codec(Generic[T]):
    """`schema` says what the JSON looks like."""

    encode: Callable[[T], Json]
    decode: Callable[[Json], T]
    schema: Schema


def reference(name: str) -> Schema:
    """The schema that stands under this name among the definitions."""
    return {"$ref": f"#/$defs/{name}"}


def _same(value: Json) -> Json:
    return value


def sorted_json(value: Json, depth: int = 0) -> Json:
    """The same value with the keys of its objects in order: equal values give equal bytes.

    Raises ValueError for one that nests deeper than `MAX_DEPTH`, or holds a name that is no text.
    """
    if depth > MAX_DEPTH:
        raise ValueError(f"a value nests deeper than {MAX_DEPTH} levels")
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("a name of a member is no text")
        return {key: sorted_json(value[key], depth + 1) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [sorted_json(item, depth + 1) for item in value]
    return value


def plain(type_: str, **rest: Json) -> Codec[Any]:
    """What JSON has itself: a string, a number, true or false."""
    return Codec(_same, _same, {"type": type_, **rest})


def whole(**rest: Json) -> Codec[int]:
    """A whole number; JSON Schema takes `1.0` for one, too."""
    return Codec(_same, int, {"type": "integer", **rest})


def words(*allowed: str) -> Codec[str]:
    """One of some words."""
    return Codec(_same, _same, {"enum": [*allowed]})


def choice(of: type[StrEnum], schema: Schema | None = None) -> Codec[Any]:
    """A member of an enumeration, as its value."""
    return Codec(str, of, schema or words(*of).schema)


def many(item: Codec[T], **rest: Json) -> Codec[tuple[T, ...]]:
    encode, decode = item.encode, item.decode

    def decode_all(data: Json) -> tuple[T, ...]:
        made: list[T] = []
        try:
            for value in data:
                made.append(decode(value))  # how many there are says where it failed
        except UNREADABLE as problem:
            raise inside(len(made), problem) from None
        return tuple(made)

    return Codec(
        lambda values: [encode(value) for value in values],
        decode_all,
        {"type": "array", "items": item.schema, **rest},
    )


def keyed(item: Codec[T]) -> Codec[dict[str, T]]:
    """A mapping by name, in the order of the names."""
    encode, decode = item.encode, item.decode

    def decode_all(data: Json) -> dict[str, T]:
        made: dict[str, T] = {}
        key = ""
        try:
            for key, value in data.items():
                made[key] = decode(value)
        except UNREADABLE as problem:
            raise inside(key, problem) from None
        return made

    return Codec(
        lambda values: {key: encode(values[key]) for key in sorted(values)},
        decode_all,
        {"type": "object", "additionalProperties": item.schema},
    )


@frozen
class Member:
    """An attribute and the member of the same name. One that equals `default` is not written.

    `about` is what people read of it in the schema.
    """

    name: str
    codec: Codec[Any]
    default: object = REQUIRED
    about: str = ""

    @property
    def schema(self) -> Schema:
        """A default of None is not among the values: the member is left out."""
        told = {"description": self.about} if self.about else {}
        given = {} if self.default in (REQUIRED, None) else {"default": self.codec.encode(self.default)}
        return {**told, **self.codec.schema, **told, **given}


@frozen
class Table(Generic[T]):
    """`name` is that of its definition in the schema; the schema of a table without one stands where it is used.

    What stands below is made of the members once: a graph has tens of thousands of objects, most of whose members are left out.
    """

    build: Callable[..., T]
    members: tuple[Member, ...]
    name: str = ""
    about: str = ""
    examples: tuple[Json, ...] = ()
    _values: Callable[[T], tuple[Any, ...]] = field(init=False, repr=False, compare=False)
    _rows: tuple[tuple[str, Callable[[Any], Json], object], ...] = field(init=False, repr=False, compare=False)
    _decoders: dict[str, Callable[[Json], Any]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rows = tuple((member.name, member.codec.encode, member.default) for member in self.members)
        object.__setattr__(self, "_values", _getter([member.name for member in self.members]))
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_decoders", {member.name: member.codec.decode for member in self.members})

    def encode(self, value: T) -> dict[str, Json]:
        made = {}
        for (name, encode, default), what in zip(self._rows, self._values(value), strict=True):
            if what is not default and what != default:
                made[name] = what if encode is _same else encode(what)
        return made

    def arguments(self, data: Mapping[str, Json]) -> dict[str, Any]:
        """What `build` takes, of the members that are there; members of no attribute of ours are passed over."""
        made, decoders, name = {}, self._decoders, ""
        try:
            for name, value in data.items():
                decode = decoders.get(name)
                if decode is not None:
                    made[name] = value if decode is _same else decode(value)
        except UNREADABLE as problem:
            raise inside(name, problem) from None
        return made

    def decode(self, data: Mapping[str, Json]) -> T:
        return self.build(**self.arguments(data))

    @property
    def schema(self) -> Schema:
        return object_schema(self.members, self.about, self.examples)

    @property
    def codec(self) -> Codec[T]:
        return Codec(self.encode, self.decode, reference(self.name) if self.name else self.schema)


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def object_schema(members: tuple[Member, ...], about: str = "", examples: tuple[Json, ...] = ()) -> Schema:
    """An object of these members and no others."""
    required = [member.name for member in members if member.default is REQUIRED]
    return {
        **({"description": about} if about else {}),
        "type": "object",
        "properties": {member.name: member.schema for member in members},
        **({"required": required} if required else {}),
        "additionalProperties": False,
        **({"examples": [*examples]} if examples else {}),
    }
