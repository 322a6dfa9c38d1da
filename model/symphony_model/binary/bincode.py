"""Envelopes as bytes in the layout of the Rust crate bincode 1.3.3 with its default options, for readers in Rust.

Little-endian, numbers of fixed size. A text is its length (u64) and its UTF-8; a list its length and its items; an object of
any keys a list of pairs, sorted; a member that may be missing is a byte (0 or 1) before it; one of some words, kinds or forms is
its number (u32) before it. In front stands the version of the schema, as three u32. `docs/bincode.md` has the Rust declarations
that read this, `bincode_reading` is the way back.
"""

from __future__ import annotations

from binascii import unhexlify
from collections.abc import Callable
from functools import cache
from struct import Struct
from typing import Any, TypeAlias

from symphony_dsl.base.canonical import MAX_DEPTH
from symphony_model.binary.layout import (
    DIGEST_PREFIX,
    Anything,
    Choice,
    Digest,
    Either,
    Flag,
    Keyed,
    Maker,
    Many,
    Number,
    Record,
    Shape,
    Tagged,
    Text,
    Uuid,
    Whole,
    layout_of,
)

Json: TypeAlias = Any
Write: TypeAlias = Callable[[bytearray, Json], None]
Step: TypeAlias = tuple[bytes, str, Write]
"""What stands before a member, its name, and what writes it."""

VERSION = Struct("<III")
LENGTH, NUMBER, INT, UINT, FLOAT = Struct("<Q"), Struct("<I"), Struct("<q"), Struct("<Q"), Struct("<d")

_length, _ID_LENGTH = LENGTH.pack, LENGTH.pack(16)

NULL, BOOL, WHOLE, BIG, REAL, TEXT, LIST, OBJECT = range(8)
"""The forms of any JSON value: `Value` in Rust. Whole numbers that i64 does not hold are u64."""

_FORM = [NUMBER.pack(form) for form in range(OBJECT + 1)]

INT_MAX, UINT_MAX = 2**63 - 1, 2**64 - 1


def to_bincode(data: dict[str, Json]) -> bytes:
    """The bytes of an envelope. Raises an error of Python's for what does not fit the schema, or no format has a word for."""
    version = data["schema_version"]
    out = bytearray(VERSION.pack(*map(int, version.split("."))))
    _write(version)(out, data)
    return bytes(out)


@cache
def _write(version: str) -> Write:
    layout = layout_of(version)
    return Writer(layout).of(layout.root)


class Writer(Maker[Write]):
    """Functions that write. What they are given fits the schema."""

    def later(self, name: str) -> Write:
        return lambda out, data: self.made[name](out, data)  # noqa: PLW0108 - it is not made yet

    def make(self, shape: Shape) -> Write:
        match shape:
            case Choice(words):
                return _choice(words)
            case Many(item):
                return _many(self.of(item))
            case Keyed(key, value):
                return _keyed(self.of(key), self.of(value))
            case Record(parts):
                return _record([(part.name, self.of(part.shape), part.required) for part in parts])
            case Tagged(kinds):
                return _tagged({kind: (NUMBER.pack(at), self.of(each)) for at, (kind, each) in enumerate(kinds)})
            case Either(options):
                return self._either(options)
        return LEAVES[type(shape)]

    def _either(self, options: tuple[Shape, ...]) -> Write:
        """Of words, which are most of what stands in such places, the bytes are made once."""
        forms = [(self.layout.fits(each), NUMBER.pack(at), self.of(each)) for at, each in enumerate(options)]
        words: dict[Json, bytes] = {}
        for at, each in enumerate(options):
            if isinstance(shape := self.layout.of(each), Choice):
                words |= {word: NUMBER.pack(at) + NUMBER.pack(number) for number, word in enumerate(shape.words)}
        return _either(forms, words)


def _choice(words: tuple[str, ...]) -> Write:
    numbers = {word: NUMBER.pack(at) for at, word in enumerate(words)}

    def written(out: bytearray, data: Json) -> None:
        out += numbers[data]

    return written


def _many(write: Write) -> Write:
    def written(out: bytearray, data: Json) -> None:
        out += LENGTH.pack(len(data))
        for item in data:
            write(out, item)

    return written


def _keyed(write_key: Write, write: Write) -> Write:
    def written(out: bytearray, data: Json) -> None:
        out += LENGTH.pack(len(data))
        for key in sorted(data):
            write_key(out, key)
            write(out, data[key])

    return written


def _record(parts: list[tuple[str, Write, bool]]) -> Write:
    """Objects of the same members have the same bytes between them, which are joined once."""
    plans: dict[tuple[str, ...], tuple[list[Step], bytes]] = {}

    def written(out: bytearray, data: Json) -> None:
        names = tuple(data)
        plan = plans.get(names)
        if plan is None:
            plan = plans[names] = _plan(parts, names)
        steps, behind = plan
        for before, name, write in steps:
            if write is _text:  # most members are texts: what `_text` does, without calling it
                text = data[name].encode()
                out += before + _length(len(text))
                out += text
            else:
                out += before
                write(out, data[name])
        out += behind

    return written


def _plan(parts: list[tuple[str, Write, bool]], names: tuple[str, ...]) -> tuple[list[Step], bytes]:
    """What stands before each member, and behind the last."""
    steps: list[Step] = []
    before = b""
    for name, write, required in parts:
        is_there = required or name in names
        before += b"" if required else bytes((is_there,))
        if is_there:
            steps.append((before, name, write))
            before = b""
    return steps, before


def _tagged(kinds: dict[str, tuple[bytes, Write]]) -> Write:
    def written(out: bytearray, data: Json) -> None:
        number, write = kinds[data["kind"]]
        out += number
        write(out, data)

    return written


def _either(forms: list[tuple[Callable[[Json], bool], bytes, Write]], words: dict[Json, bytes]) -> Write:
    def written(out: bytearray, data: Json) -> None:
        if type(data) is str and data in words:
            out += words[data]
            return
        for fits, number, write in forms:
            if fits(data):
                out += number
                write(out, data)
                return
        raise ValueError("data has none of the forms of its place")

    return written


# ---- values ----


def _text(out: bytearray, text: str) -> None:
    data = text.encode()
    out += _length(len(data))
    out += data


def _uuid(out: bytearray, data: str) -> None:
    out += _ID_LENGTH + unhexlify(data.replace("-", ""))


def _digest(out: bytearray, data: str) -> None:
    out += unhexlify(data.removeprefix(DIGEST_PREFIX))


def _flag(out: bytearray, data: bool) -> None:
    out.append(data)


def _whole(out: bytearray, number: int) -> None:
    out += INT.pack(number)


def _number(out: bytearray, number: float) -> None:
    if isinstance(number, float):
        out += NUMBER.pack(1) + FLOAT.pack(number)
    else:
        out += NUMBER.pack(0) + INT.pack(number)


def _anything(out: bytearray, value: Json, depth: int = 0) -> None:
    if depth > MAX_DEPTH:
        raise ValueError(f"a value nests deeper than {MAX_DEPTH} levels")
    if isinstance(value, str):
        out += _FORM[TEXT]
        _text(out, value)
    elif isinstance(value, dict):
        out += _FORM[OBJECT] + LENGTH.pack(len(value))
        for key in sorted(value):
            _text(out, key)
            _anything(out, value[key], depth + 1)
    elif isinstance(value, list):
        out += _FORM[LIST] + LENGTH.pack(len(value))
        for item in value:
            _anything(out, item, depth + 1)
    else:
        out += _scalar(value)


def _scalar(value: Json) -> bytes:
    if value is None:
        return _FORM[NULL]
    if isinstance(value, bool):
        return _FORM[BOOL] + bytes((value,))
    if isinstance(value, float):
        return _FORM[REAL] + FLOAT.pack(value)
    if INT_MAX < value <= UINT_MAX:
        return _FORM[BIG] + UINT.pack(value)
    return _FORM[WHOLE] + INT.pack(value)


LEAVES: dict[type, Write] = {
    Text: _text,
    Uuid: _uuid,
    Digest: _digest,
    Flag: _flag,
    Whole: _whole,
    Number: _number,
    Anything: _anything,
}
