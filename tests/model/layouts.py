"""Data of any layout: JSON that has the right shape everywhere and means nothing, and which alternatives of a layout it takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from symphony_model.binary.binary_version import with_version
from symphony_model.binary.layout import (
    Anything,
    Choice,
    Digest,
    Either,
    Flag,
    Keyed,
    Layout,
    Many,
    Named,
    Number,
    Record,
    Shape,
    Tagged,
    Text,
    Uuid,
    Whole,
    layout_of,
)

TEXTS = ["", "a", "a b", "ä", "\u0800", "\U0001f600", "\0", "x" * 300]
WHOLES = [0, 1, -1, 127, 128, -33, 2**32, 2**63 - 1, -(2**63)]
REALS = [0.0, -0.0, 1.0, 0.1, 5e-324, -1.7976931348623157e308]
SCALARS = [None, True, False, 2**64 - 1, *TEXTS, *WHOLES, *REALS]

Place = tuple[str, object]
"""A definition or member, and which of its members, words or forms."""


@dataclass
class Sampler:
    random: Random
    version: str
    size: int = 40
    """About how many values; behind that everything is as short as it may be."""

    def envelope(self) -> dict[str, Any]:
        self.layout = layout_of(self.version)
        return with_version(self.version, self.of(self.layout.root))

    def of(self, shape: Shape) -> Any:
        self.size -= 1
        pick = self.random.choice
        match shape:
            case Named():
                return self.of(self.layout.of(shape))
            case Record(parts):
                return {part.name: self.of(part.shape) for part in parts if part.required or self.more()}
            case Choice(words):
                return pick(words)
            case Many(item):
                return [self.of(item) for _ in self.some()]
            case Keyed(key, value):
                return {name: self.of(value) for name in sorted(self.of(key) for _ in self.some())}
            case Tagged(kinds):
                kind, each = pick(kinds)
                return {"kind": kind, **self.of(each)}
            case Either(options):
                return self.of(options[0] if self.size < 0 else pick(options))
            case Anything():
                return self.anything()
        return self.leaf(shape)

    def leaf(self, shape: Shape) -> Any:
        values: dict[type, list[Any]] = {
            Text: TEXTS, Whole: WHOLES, Number: [*WHOLES, *REALS], Flag: [True, False],
            Digest: [f"sha256:{self.random.randbytes(32).hex()}"],
            Uuid: ["-".join(self.random.randbytes(size).hex() for size in (4, 2, 2, 2, 6))],
        }  # fmt: skip
        return self.random.choice(values[type(shape)])

    def anything(self) -> Any:
        self.size -= 1
        form = self.random.randrange(4) if self.size > 0 else 0
        if form == 2:
            return [self.anything() for _ in self.some()]
        if form == 3:
            return {name: self.anything() for name in sorted({self.random.choice(TEXTS) for _ in self.some()})}
        return self.random.choice(SCALARS)

    def more(self) -> bool:
        return self.size > 0 and self.random.random() < 0.4

    def some(self) -> range:
        return range(self.random.randrange(4) if self.size > 0 else 0)


def alternatives(version: str) -> set[Place]:
    """All that there are in a layout."""
    layout, found, seen = layout_of(version), set[Place](), set[str]()
    rest: list[tuple[Shape, str]] = [(layout.root, "")]
    while rest:
        shape, owner = rest.pop()
        if isinstance(shape, Named) and shape.name not in seen:
            seen.add(shape.name)
            rest.append((layout.of(shape), shape.name))
        for name, each in choices(shape):
            found.add((owner, name))
            rest.append((each, f"{owner}.{name}"))
    return found


def choices(shape: Shape) -> Iterator[tuple[object, Shape]]:
    match shape:
        case Record(parts):
            yield from ((part.name, part.shape) for part in parts)
        case Choice(words):
            yield from ((word, Text()) for word in words)
        case Tagged(kinds):
            yield from kinds
        case Either(options):
            yield from enumerate(options)
        case Many(item) | Keyed(_, item):
            yield "item", item


def taken(version: str, data: Any) -> set[Place]:
    """Those that an envelope takes."""
    layout, found = layout_of(version), set[Place]()
    rest: list[tuple[Shape, str, Any]] = [(layout.root, "", data)]
    while rest:
        shape, owner, value = rest.pop()
        if isinstance(shape, Named):
            rest.append((layout.of(shape), shape.name, value))
        by_name = dict(choices(shape))
        for name, each in _of(layout, shape, by_name, value):
            found.add((owner, name))
            rest.append((by_name[name], f"{owner}.{name}", each))
    return found


def _of(layout: Layout, shape: Shape, by_name: dict[Any, Shape], value: Any) -> Iterator[tuple[object, Any]]:
    match shape:
        case Record():
            yield from ((name, value[name]) for name in by_name if name in value)
        case Choice():
            yield value, value
        case Tagged():
            yield value["kind"], value
        case Either():
            form = next(form for form, option in by_name.items() if layout.fits(option)(value))
            yield form, value
        case Many():
            yield from (("item", each) for each in value)
        case Keyed():
            yield from (("item", each) for each in value.values())
