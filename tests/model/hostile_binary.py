"""A child that reads bytes which are made to do harm, in little memory: `python -m tests.model.hostile_binary` prints what each gives."""

from __future__ import annotations

import json
import resource
import signal
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lz4.frame
import msgpack
from backports import zstd
from tests.model.samples import Sample

from symphony_model.binary.bincode import to_bincode
from symphony_model.binary.compression import Compression, compressed
from symphony_model.binary.message_pack import to_msgpack
from symphony_model.limits import Limits
from symphony_model.serialize_errors import DeserializeError
from symphony_model.workflow import Workflow

MEMORY = 1024 * 1024 * 1024
SECONDS = 120
"""For a case, on the slowest machine that is busy with other things."""
MIB = 1024 * 1024
DEEP = 100_000
VERSION = "1.2.0"

WORKFLOW = Sample().workflow()
JSON = json.loads(WORKFLOW.to_json())
PACK, CODE = WORKFLOW.to_msgpack(), WORKFLOW.to_bincode()

TWO = b"\x92\xa51.2.0"
"""The version, and room for one value more."""
HEAD = struct.pack("<III", 1, 2, 0)
MANY = struct.pack("<Q", 2**63)
TO_CUSTOM = HEAD + struct.pack("<Q", 0) + bytes(32) + struct.pack("<Q", 16) + bytes(16) + struct.pack("<Q", 1) + b"w"
"""As far as the name of the workflow; what follows says which members are there, up to its metadata."""
FREE = TO_CUSTOM + bytes(5) + b"\1" + bytes(5) + b"\1"
"""As far as the value that is free: the `custom` of the workflow's metadata."""
LIST, OBJECT = struct.pack("<IQ", 6, 1), struct.pack("<IQQ", 7, 1, 0)


@dataclass(frozen=True)
class Case:
    """`end` is a part of what is said."""

    read: Callable[[bytes], Workflow]
    make: Callable[[], bytes]
    end: str


def pack(make: Callable[[], bytes], end: str) -> Case:
    return Case(Workflow.from_msgpack, make, end)


def code(make: Callable[[], bytes], end: str) -> Case:
    return Case(Workflow.from_bincode, make, end)


def squeezed(make: Callable[[], bytes], end: str) -> Case:
    return Case(Workflow.from_compressed, make, end)


def packed(*members: Any) -> bytes:
    made: bytes = msgpack.packb([VERSION, *members])
    return made


def with_custom(value: Any) -> dict[str, Any]:
    """An envelope whose workflow holds any value."""
    return {**JSON, "workflow": {**JSON["workflow"], "metadata": {"custom": {"it": value}}}}


def nested(levels: int) -> Any:
    value: Any = None
    for _ in range(levels):
        value = [value]
    return value


def with_type(levels: int) -> dict[str, Any]:
    of: Any = "int"
    for _ in range(levels):
        of = {"list": of}
    data = json.loads(json.dumps(JSON))
    data["workflow"]["nodes"][0]["port"]["data_type"] = of
    return data


def bomb(size: int, compressor: Any = None) -> bytes:
    """A frame that becomes an array of so many MiB, each byte a value."""
    squeezing = compressor or zstd.ZstdCompressor()
    made = squeezing.begin() if compressor else b""
    made += squeezing.compress(b"\xdd" + struct.pack(">I", size * MIB))
    return made + b"".join(squeezing.compress(bytes(MIB)) for _ in range(size)) + bytes(squeezing.flush())


CASES: dict[str, Case] = {
    "nothing": pack(lambda: b"", "byte 0: the data ends in the middle"),
    "nothing for bincode": code(lambda: b"", "byte 0: the data ends in the middle"),
    "nothing, compressed": squeezed(lambda: b"", "byte 0: the data ends in the middle"),
    "larger than the limit": pack(lambda: b"\x93" + bytes(64 * MIB), "byte 67108864: the data is larger than 64 MiB"),
    "larger than the limit for bincode": code(lambda: HEAD + bytes(64 * MIB), "the data is larger than 64 MiB"),
    "arrays in arrays": pack(lambda: b"\x91" * DEEP, "the data nests deeper than any workflow"),
    "arrays in arrays that end": pack(lambda: b"\x91" * DEEP + b"\xc0", "the data nests deeper than any workflow"),
    "maps in maps": pack(lambda: TWO + b"\x81\xa0" * DEEP + b"\xc0", "the data nests deeper than any workflow"),
    "maps in keys": pack(lambda: TWO + b"\x81" * DEEP, "the data nests deeper than any workflow"),
    "millions of arrays in arrays": pack(lambda: b"\x91" * (64 * MIB), "the data nests deeper than any workflow"),
    "a long key": pack(lambda: to_msgpack(with_custom({"k" * MIB: nested(300)})), "…"),
    "a long key twice": pack(lambda: TWO + b"\x82" + (b"\xda\xff\xff" + b"k" * 65535 + b"\xc0") * 2, "is there twice"),
    "a free value that nests": pack(lambda: to_msgpack(with_custom(nested(DEEP // 200))), "nests deeper"),
    "a type that nests": pack(lambda: to_msgpack(with_type(150)), "nests"),
    "lists in lists for bincode": code(lambda: FREE + LIST * DEEP, "the data nests deeper than 200 levels"),
    "objects in objects for bincode": code(lambda: FREE + OBJECT * DEEP, "the data nests deeper than 200 levels"),
    "a type that nests for bincode": code(lambda: to_bincode(with_type(150)), "nests"),
    "an array of four thousand million": pack(lambda: b"\xdd\xff\xff\xff\xff", "byte 5: the data ends in the middle"),
    "a map of four thousand million": pack(lambda: TWO + b"\xdf\xff\xff\xff\xff", "byte 12: the data ends in the middle"),
    "a text of four thousand million": pack(lambda: TWO + b"\xdb\xff\xff\xff\xff", "byte 12: the data ends in the middle"),
    "bytes of four thousand million": pack(lambda: TWO + b"\xc6\xff\xff\xff\xff", "byte 12: the data ends in the middle"),
    "a list of more than there is": code(lambda: FREE + struct.pack("<I", 6) + MANY, "there is no room for 9223372036854775808 items"),
    "a text of more than there is": code(lambda: HEAD + MANY, "the data ends in the middle"),
    "an object of more than there is": code(lambda: FREE + struct.pack("<I", 7) + MANY, "there is no room for"),
    "millions of values": pack(lambda: packed(*[0] * 9_000_000), "the data holds more than 8,000,000 values"),
    "millions of arrays": pack(lambda: packed("", [[]] * 9_000_000), "the data holds more than 8,000,000 values"),
    "millions of maps": pack(lambda: packed("", [{}] * 9_000_000), "the data holds more than 8,000,000 values"),
    "millions of lists in lists": pack(lambda: packed("", [[[0] * 3] * 3] * 1_000_000), "more than 8,000,000 values"),
    "millions of items for bincode": code(
        lambda: FREE + struct.pack("<IQ", 6, 9_000_000) + bytes(40_000_000), "the data holds more than 8,000,000 values"
    ),
    "as many arrays as may be": pack(lambda: packed("", [[]] * 7_900_000), "byte"),
    "as many items as may be for bincode": code(
        lambda: FREE + struct.pack("<IQ", 6, 7_900_000) + bytes(4 * 7_900_000), "the data ends in the middle"
    ),
    "as long a text as may be": pack(lambda: packed("a" * (64 * MIB - 100)), "byte"),
    "one key often": pack(
        lambda: TWO + b"\xdf" + struct.pack(">I", 1_000_000) + b"\xa1a\xc0" * 1_000_000, "the key 'a' is there twice"
    ),
    "a bomb for Zstandard": squeezed(lambda: bomb(256), "the data is larger than 64 MiB"),
    "a bomb for LZ4": squeezed(lambda: bomb(256, lz4.frame.LZ4FrameCompressor()), "the data is larger than 64 MiB"),
    "a bomb of values": squeezed(lambda: bomb(60), "the data holds more than 8,000,000 values"),
    "a bomb in a bomb": squeezed(lambda: zstd.compress(bomb(256)), "this is no MessagePack of ours"),
    "a bomb for a small limit": Case(
        lambda data: Workflow.from_compressed(data, Limits(size=MIB)), lambda: bomb(2), "the data is larger than 1 MiB"
    ),
    "many values for a small limit": Case(
        lambda data: Workflow.from_msgpack(data, Limits(count=10)), lambda: PACK, "the data holds more than 10 values"
    ),
    "many values for a small limit of bincode": Case(
        lambda data: Workflow.from_bincode(data, Limits(count=10)), lambda: CODE, "the data holds more than 10 values"
    ),
    "frames of nothing": squeezed(lambda: zstd.compress(b"") * 100_000, "more data stands behind the end"),
    "a frame with a window of gigabytes": squeezed(
        lambda: b"\x28\xb5\x2f\xfd\x00\xa8" + bytes(100), "byte 0: the compressed data is broken"
    ),
    "a frame that promises exabytes": squeezed(
        lambda: b"\x28\xb5\x2f\xfd\xe0" + b"\xff" * 8 + bytes(100), "the compressed data is broken"
    ),
    "the magic number of Zstandard alone": squeezed(lambda: b"\x28\xb5\x2f\xfd", "the compressed data ends in the middle"),
    "the magic number of LZ4 alone": squeezed(lambda: b"\x04\x22\x4d\x18", "the compressed data ends in the middle"),
    "a compressed file twice": squeezed(
        lambda: compressed(PACK, Compression.ZSTD) * 2, "more data stands behind the end"
    ),
    "a file of zeros": pack(lambda: bytes(MIB), "this is no MessagePack of ours"),
    "a file of zeros for bincode": code(lambda: bytes(MIB), "byte 0: there is no schema version '0.0.0'"),
    "JSON": pack(lambda: json.dumps(JSON).encode(), "byte 0: an array is needed here, which opens with the version of the schema"),
    "JSON for bincode": code(lambda: json.dumps(JSON).encode(), "byte 0: three numbers are needed here"),
    "bincode for MessagePack": pack(lambda: CODE, "this is no MessagePack of ours"),
    "MessagePack for bincode": code(lambda: PACK, "byte 0: three numbers are needed here"),
}  # fmt: skip


def said(case: Case) -> str:
    try:
        case.read(case.make())
    except DeserializeError as error:
        return str(error)
    return "read"


def main() -> None:
    for case in (pack(lambda: PACK, ""), code(lambda: CODE, ""), squeezed(lambda: zstd.compress(PACK), "")):
        said(case)  # what is loaded once
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for name, case in CASES.items():
        signal.alarm(SECONDS)
        sys.stdout.write(json.dumps([name, said(case)]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
