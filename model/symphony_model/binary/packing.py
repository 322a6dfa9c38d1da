"""JSON to what MessagePack writes: objects as arrays of their members, words as numbers, ids and hashes as bytes.

A record is an array of its members in the schema's order; one that is missing is nil, and nils at the end are left out. A
member that may be missing and may be anything, nil too, stands in an array of its own. A record of several kinds has its
kind's number in front. A place of several forms is an array of the form's number and the data, but for words, which are
numbers and so are told apart.

    {"kind": "control", "id": "6f1a…", "source_node": "0c2e…", "target_node": "77d3…"}
    [1, b"\\x6f\\x1a…", b"\\x0c\\x2e…", b"\\x77\\xd3…"]

`unpacking` is the way back.
"""

from __future__ import annotations

from binascii import unhexlify
from collections.abc import Callable
from typing import Any, TypeAlias

from symphony_model.binary.layout import (
    DIGEST_PREFIX,
    Anything,
    Choice,
    Digest,
    Either,
    Keyed,
    Layout,
    Maker,
    Many,
    Part,
    Record,
    Shape,
    Tagged,
    Uuid,
)

Json: TypeAlias = Any
Packed: TypeAlias = Any  # what MessagePack can hold
Pack: TypeAlias = Callable[[Json], Packed]


def same(data: Json) -> Packed:
    return data


def _uuid(data: str) -> bytes:
    return unhexlify(data.replace("-", ""))


def _digest(data: str) -> bytes:
    return unhexlify(data.removeprefix(DIGEST_PREFIX))


def is_wrapped(part: Part, layout: Layout) -> bool:
    """Whether nil could be the member's value, as well as say that it is missing."""
    return isinstance(layout.of(part.shape), Anything) and not part.required


class Packer(Maker[Pack]):
    """Functions that pack. What they are given fits the schema."""

    def later(self, name: str) -> Pack:
        return lambda data: self.made[name](data)  # noqa: PLW0108 - it is not made yet

    def make(self, shape: Shape) -> Pack:
        match shape:
            case Uuid():
                return _uuid
            case Digest():
                return _digest
            case Choice(words):
                return {word: at for at, word in enumerate(words)}.__getitem__
            case Many(item):
                return _many(self.of(item))
            case Keyed(key, value):
                return _keyed(self.of(key), self.of(value))
            case Record(parts):
                return self._record(parts)
            case Tagged(kinds):
                return _tagged({kind: (at, self.of(each)) for at, (kind, each) in enumerate(kinds)})
            case Either(options):
                return self._either(options)
        return same

    def _record(self, parts: tuple[Part, ...]) -> Pack:
        packs = [(part.name, self._part(part)) for part in parts]
        least = max((at for at, part in enumerate(parts, 1) if part.required), default=0)

        def pack(data: Json) -> Packed:
            made = [each(data[name]) if name in data else None for name, each in packs]
            while len(made) > least and made[-1] is None:
                made.pop()
            return made

        return pack

    def _part(self, part: Part) -> Pack:
        pack = self.of(part.shape)
        return (lambda data: [pack(data)]) if is_wrapped(part, self.layout) else pack

    def _either(self, options: tuple[Shape, ...]) -> Pack:
        packs = [
            (self.layout.fits(option), _form(self.layout.of(option), at, self.of(option)))
            for at, option in enumerate(options)
        ]

        def pack(data: Json) -> Packed:
            for fits, each in packs:
                if fits(data):
                    return each(data)
            raise ValueError("data has none of the forms of its place")

        return pack


def _form(option: Shape, at: int, pack: Pack) -> Pack:
    return pack if isinstance(option, Choice) else lambda data: [at, pack(data)]


def _many(pack: Pack) -> Pack:
    return same if pack is same else lambda data: [pack(value) for value in data]


def _keyed(pack_key: Pack, pack: Pack) -> Pack:
    return lambda data: {pack_key(name): pack(data[name]) for name in sorted(data)}


def _tagged(packs: dict[str, tuple[int, Pack]]) -> Pack:
    def pack(data: Json) -> Packed:
        at, each = packs[data["kind"]]
        return [at, *each(data)]

    return pack
