"""Envelopes from bytes as `bincode` writes them, for data that nobody vouches for.

Every length is held against what is left before anything is made of it, every value is counted, and whatever is wrong is told
with its byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import isfinite
from struct import Struct
from typing import Any, TypeAlias

from symphony_model.binary.binary_version import checked_version, with_version
from symphony_model.binary.bincode import (
    BIG,
    BOOL,
    FLOAT,
    INT,
    LENGTH,
    LIST,
    NULL,
    NUMBER,
    OBJECT,
    REAL,
    TEXT,
    UINT,
    VERSION,
    WHOLE,
)
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
from symphony_model.json_form.places import LONG
from symphony_model.limits import LIMITS, Limits, too_many
from symphony_model.serialize_errors import DeserializeError

Json: TypeAlias = Any
Read: TypeAlias = "Callable[[Reader], Json]"


TOO_MANY_VERSIONS = 10_000
"""There will never be a version of so high a number: the bytes are something else."""


def from_bincode(data: bytes, limits: Limits = LIMITS) -> dict[str, Json]:
    """The envelope, of the version that it says, not yet held against its schema. Raises DeserializeError."""
    limits.check_size(len(data))
    reader = Reader(data, limits, limits.count)
    numbers = reader.take(VERSION)
    if max(numbers) >= TOO_MANY_VERSIONS:
        raise reader.wrong("three numbers are needed here, the version of the schema: this is no bincode of ours", 0)
    version = checked_version(".".join(map(str, numbers)), "byte 0")
    members = _read(version)(reader)
    if reader.at < len(data):
        raise reader.wrong("more data stands behind the end")
    return with_version(version, members)


@cache
def _read(version: str) -> Read:
    layout = layout_of(version)
    return Readers(layout).of(layout.root)


@dataclass(slots=True)
class Reader:
    """Bytes, and how far they have been read; `left` is how many more values there may be."""

    data: bytes
    limits: Limits
    left: int
    at: int = 0
    depth: int = 0

    def wrong(self, message: str, at: int | None = None) -> DeserializeError:
        return DeserializeError(message, place=f"byte {self.at if at is None else at}")

    def cut_off(self) -> DeserializeError:
        return self.wrong("the data ends in the middle", len(self.data))

    def bytes(self, count: int) -> bytes:
        start = self.at
        self.at = end = start + count
        if end > len(self.data):
            raise self.cut_off()
        return self.data[start:end]

    def take(self, of: Struct) -> tuple[Any, ...]:
        start = self.at
        self.at = end = start + of.size
        if end > len(self.data):
            raise self.cut_off()
        return of.unpack_from(self.data, start)

    def number(self, limit: int) -> int:
        (found,) = self.take(NUMBER)
        if found >= limit:
            raise self.wrong(f"a number from 0 to {limit - 1} is needed here, not {found}", self.at - NUMBER.size)
        return int(found)

    def length(self, least: int = 1) -> int:
        """Of a list whose items take so many bytes at least."""
        (found,) = self.take(LENGTH)
        if found * least > len(self.data) - self.at:
            raise self.wrong(f"there is no room for {found} items", self.at - LENGTH.size)
        self.left -= found + 1
        if self.left < 0:
            raise too_many(self.limits, self.at - LENGTH.size)
        return int(found)

    def flag(self) -> bool:
        at = self.at
        if at >= len(self.data):
            raise self.cut_off()
        found = self.data[at]
        if found > 1:
            raise self.wrong(f"0 or 1 is needed here, not {found}")
        self.at = at + 1
        return found == 1

    def real(self) -> float:
        (found,) = self.take(FLOAT)
        if not isfinite(found):
            raise self.wrong(f"{found} is no number of JSON", self.at - FLOAT.size)
        return float(found)

    def text(self) -> str:
        (size,) = self.take(LENGTH)
        start = self.at
        try:
            return self.bytes(size).decode("utf-8")
        except UnicodeDecodeError as problem:
            raise self.wrong("a text is not UTF-8", start + problem.start) from None

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > self.limits.depth:
            raise self.wrong(f"the data nests deeper than {self.limits.depth} levels")

    def up(self) -> None:
        self.depth -= 1


class Readers(Maker[Read]):
    """Functions that read."""

    def later(self, name: str) -> Read:
        return _nested(lambda reader: self.made[name](reader))  # noqa: PLW0108 - it is not made yet

    def make(self, shape: Shape) -> Read:
        match shape:
            case Choice(words):
                return lambda reader: words[reader.number(len(words))]
            case Many(item):
                return _many(self.of(item))
            case Keyed(key, value):
                return _keyed(self.of(key), self.of(value))
            case Record(parts):
                return _record([(part.name, self.of(part.shape), part.required) for part in parts])
            case Tagged(kinds):
                return _tagged([(kind, self.of(each)) for kind, each in kinds])
            case Either(options):
                return _either([self.of(each) for each in options])
        return LEAVES[type(shape)]


def _nested(read: Read) -> Read:
    def nested(reader: Reader) -> Json:
        reader.deeper()
        found = read(reader)
        reader.up()
        return found

    return nested


def _many(read: Read) -> Read:
    return lambda reader: [read(reader) for _ in range(reader.length())]


def _keyed(read_key: Read, read: Read) -> Read:
    def keyed(reader: Reader) -> Json:
        made: dict[str, Json] = {}
        for _ in range(reader.length(least=8)):
            start, key = reader.at, read_key(reader)
            if key in made:
                raise reader.wrong(f"the key {key[:LONG]!r} is there twice", start)
            made[key] = read(reader)
        return made

    return keyed


def _record(parts: list[tuple[str, Read, bool]]) -> Read:
    return lambda reader: {name: read(reader) for name, read, required in parts if required or reader.flag()}


def _tagged(kinds: list[tuple[str, Read]]) -> Read:
    def tagged(reader: Reader) -> Json:
        kind, read = kinds[reader.number(len(kinds))]
        return {"kind": kind, **read(reader)}

    return tagged


def _either(options: list[Read]) -> Read:
    return lambda reader: options[reader.number(len(options))](reader)


# ---- values ----


def _uuid(reader: Reader) -> str:
    (size,) = reader.take(LENGTH)
    if size != 16:
        raise reader.wrong(f"an id has 16 bytes, not {size}", reader.at - LENGTH.size)
    text = reader.bytes(16).hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _digest(reader: Reader) -> str:
    return DIGEST_PREFIX + reader.bytes(32).hex()


def _whole(reader: Reader) -> int:
    return int(reader.take(INT)[0])


def _unsigned(reader: Reader) -> int:
    return int(reader.take(UINT)[0])


def _number(reader: Reader) -> float:
    return reader.real() if reader.number(2) else _whole(reader)


def _anything(reader: Reader) -> Json:
    return FORMS[reader.number(len(FORMS))](reader)


FORMS: dict[int, Read] = {
    NULL: lambda _: None,
    BOOL: Reader.flag,
    WHOLE: _whole,
    BIG: _unsigned,
    REAL: Reader.real,
    TEXT: Reader.text,
    LIST: _nested(_many(_anything)),
    OBJECT: _nested(_keyed(Reader.text, _anything)),
}

LEAVES: dict[type, Read] = {
    Text: Reader.text,
    Uuid: _uuid,
    Digest: _digest,
    Flag: Reader.flag,
    Whole: _whole,
    Number: _number,
    Anything: _anything,
}
