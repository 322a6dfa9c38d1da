"""How an object becomes JSON and back: a table of its members, written once, read in both directions.

A member is left out where it has its default, so that what stands in an artifact is what somebody said. Members are
written in the table's order. Decoding trusts its data: whoever loads foreign data validates it against the schema first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from symphony_dsl.base.canonical import MAX_DEPTH
from symphony_dsl.base.values import Json

T = TypeVar("T")
REQUIRED = object()


@dataclass(frozen=True, slots=True)
class Codec(Generic[T]):
    encode: Callable[[T], Json]
    decode: Callable[[Json], T]


def _same(value: Json) -> Json:
    return value


def sorted_json(value: Json, depth: int = 0) -> Json:
    """The same value with the keys of its objects in order: equal values give equal bytes.

    Raises ValueError for one that nests deeper than `MAX_DEPTH`.
    """
    if depth > MAX_DEPTH:
        raise ValueError(f"a value nests deeper than {MAX_DEPTH} levels")
    if isinstance(value, Mapping):
        return {key: sorted_json(value[key], depth + 1) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [sorted_json(item, depth + 1) for item in value]
    return value


PLAIN: Codec[Any] = Codec(_same, _same)
ANY: Codec[Any] = Codec(sorted_json, _same)
STRINGS: Codec[tuple[str, ...]] = Codec(list, tuple)


def choice(of: type[StrEnum]) -> Codec[Any]:
    """A member of an enumeration, as its value."""
    return Codec(str, of)


def many(item: Codec[T]) -> Codec[tuple[T, ...]]:
    encode, decode = item.encode, item.decode
    return Codec(
        lambda values: [encode(value) for value in values], lambda data: tuple(decode(value) for value in data)
    )


def keyed(item: Codec[T]) -> Codec[dict[str, T]]:
    """A mapping by name, in the order of the names."""
    encode, decode = item.encode, item.decode
    return Codec(
        lambda values: {key: encode(values[key]) for key in sorted(values)},
        lambda data: {key: decode(value) for key, value in data.items()},
    )


@dataclass(frozen=True, slots=True)
class Member:
    """An attribute and the member of the same name. One that equals `default` is not written."""

    name: str
    codec: Codec[Any] = PLAIN
    default: object = REQUIRED


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    build: Callable[..., T]
    members: tuple[Member, ...]

    def encode(self, value: T) -> dict[str, Json]:
        found = ((member, getattr(value, member.name)) for member in self.members)
        return {member.name: member.codec.encode(what) for member, what in found if what != member.default}

    def arguments(self, data: Mapping[str, Json]) -> dict[str, Any]:
        """What `build` takes, of the members that are there; members of no attribute of ours are passed over."""
        return {member.name: member.codec.decode(data[member.name]) for member in self.members if member.name in data}

    def decode(self, data: Mapping[str, Json]) -> T:
        return self.build(**self.arguments(data))

    @property
    def codec(self) -> Codec[T]:
        return Codec(self.encode, self.decode)
