"""Envelopes as MessagePack: the version of the schema, then the members of the envelope as `packing` writes them.

    ["1.2.0", "symphony-wf 0.1.0", b"\\x51…", [b"\\x6f\\x1a…", "desk", …]]

The version stands where every reader finds it, whichever layout the rest has.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import msgpack

from symphony_model.binary.binary_version import checked_version, with_version
from symphony_model.binary.layout import layout_of
from symphony_model.binary.packing import Json, Pack, Packed, Packer
from symphony_model.binary.recognition import ARRAY_HEADERS
from symphony_model.binary.unpacking import MisfitError, Unpack, Unpacker
from symphony_model.json_form.places import LONG, path_text
from symphony_model.limits import LIMITS, Limits, too_many
from symphony_model.serialize_errors import DeserializeError

DEEPER_THAN_ANY = "the data nests deeper than any workflow"
NO_ARRAY = "an array is needed here, which opens with the version of the schema: this is no MessagePack of ours"
MAP_HEADERS = {*range(0x80, 0x90), 0xDE, 0xDF}


def to_msgpack(data: dict[str, Json]) -> bytes:
    """The bytes of an envelope. Raises one of `unwritable.UNFIT` for what does not fit the schema, or no format has a word for."""
    version = data["schema_version"]
    packed: bytes = msgpack.packb([version, *_pack(version)(data)])
    return packed


def from_msgpack(data: bytes, limits: Limits = LIMITS) -> dict[str, Json]:
    """The envelope, of the version that it says, not yet held against its schema. Raises DeserializeError."""
    limits.check_size(len(data))
    if data and data[0] not in ARRAY_HEADERS:
        raise DeserializeError(NO_ARRAY, place="byte 0")
    packed = _unpacked(data, limits)
    if not packed:
        raise DeserializeError(NO_ARRAY, place="byte 0")
    version = checked_version(packed[0], "byte 1")
    try:
        return with_version(version, _unpack(version)(packed[1:]))
    except MisfitError as problem:
        raise DeserializeError(problem.message, place=_place(data, problem)) from None


@cache
def _pack(version: str) -> Pack:
    layout = layout_of(version)
    return Packer(layout).of(layout.root)


@cache
def _unpack(version: str) -> Unpack:
    layout = layout_of(version)
    return Unpacker(layout).of(layout.root)


def _place(data: bytes, problem: MisfitError) -> str:
    """The byte where the value stands, and its path. The version stands before the first step."""
    reader = _reader(data)
    path: list[str | int] = []
    for depth, (at, step) in enumerate(reversed(problem.steps)):
        _enter(reader, data)
        for _ in range(at + (depth == 0)):
            reader.skip()
        path += step
    return f"byte {reader.tell()}, {path_text(path)}"


def _enter(reader: Any, data: bytes) -> None:  # noqa: ANN401 - an untyped package
    """Past the header of the array or map that comes next."""
    if data[reader.tell()] in MAP_HEADERS:
        reader.read_map_header()
    else:
        reader.read_array_header()


def _unpacked(data: bytes, limits: Limits) -> Packed:
    """Any MessagePack. It is passed over once before values are made: headers may promise more than there is."""
    reader = _reader(data)
    try:
        reader.skip()
        if reader.tell() < len(data):
            raise DeserializeError("more data stands behind the end", place=f"byte {reader.tell()}")
        reader = _reader(data, limits)
        return reader.unpack()
    except msgpack.OutOfData:
        raise DeserializeError("the data ends in the middle", place=f"byte {len(data)}") from None
    except msgpack.StackError:
        raise DeserializeError(DEEPER_THAN_ANY, place=f"byte {reader.tell()}") from None
    except msgpack.FormatError:
        raise DeserializeError("no value of MessagePack begins like this", place=f"byte {reader.tell()}") from None
    except UnicodeDecodeError:
        raise DeserializeError("a text is not UTF-8", place=f"byte {reader.tell()}") from None
    except _TooManyError:
        raise too_many(limits, reader.tell()) from None
    except _TwiceError as problem:
        raise DeserializeError(f"the key {problem} is there twice", place=f"byte {reader.tell()}") from None
    except ValueError:  # of a map whose keys are numbers, or an extension
        raise DeserializeError("a value ends here that no artifact has", place=f"byte {reader.tell()}") from None


def _reader(data: bytes, limits: Limits | None = None) -> Any:  # noqa: ANN401 - an untyped package
    making = _Making(limits.count if limits else len(data))
    counted = making.counted if making.left < len(data) else None  # fewer bytes hold fewer values
    reader = msgpack.Unpacker(max_buffer_size=len(data), object_pairs_hook=making.object, list_hook=counted)
    reader.feed(data)
    return reader


class _TooManyError(Exception):
    pass


class _TwiceError(Exception):
    """Of a key, as it is shown."""


@dataclass(slots=True)
class _Making:
    """Counts values as lists and objects end; `left` is how many more there may be."""

    left: int

    def counted(self, made: list[Packed]) -> list[Packed]:
        self.left -= len(made) + 1
        if self.left < 0:
            raise _TooManyError
        return made

    def object(self, pairs: list[tuple[Packed, Packed]]) -> dict[Packed, Packed]:
        made: dict[Packed, Packed] = dict(self.counted(pairs))
        if len(made) < len(pairs):
            raise _TwiceError(repr(_twice(pairs))[:LONG])
        return made


def _twice(pairs: list[tuple[Packed, Packed]]) -> Packed:
    seen: set[Packed] = set()
    return next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
