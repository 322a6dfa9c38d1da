"""Which format bytes have, by how they open: no two of the formats open alike, so no name of a file is needed."""

from __future__ import annotations

from enum import StrEnum


class ArtifactFormat(StrEnum):
    """`ZSTD` and `LZ4` are MessagePack, compressed."""

    JSON = "json"
    MSGPACK = "msgpack"
    BINCODE = "bincode"
    ZSTD = "zstd"
    LZ4 = "lz4"


LZ4_MAGIC, ZSTD_MAGIC = b"\x04\x22\x4d\x18", b"\x28\xb5\x2f\xfd"
ARRAY_HEADERS = {*range(0x91, 0xA0), 0xDC, 0xDD}
"""The first byte of an array of MessagePack that holds something. No text in UTF-8 opens with one."""


def format_of(data: bytes) -> ArtifactFormat:
    """The first four bytes are enough. What is none of the others is JSON, if anything."""
    if data.startswith(ZSTD_MAGIC):
        return ArtifactFormat.ZSTD
    if data.startswith(LZ4_MAGIC):
        return ArtifactFormat.LZ4
    if data and data[0] in ARRAY_HEADERS:
        return ArtifactFormat.MSGPACK
    opens_with_major = data[0:1] != b"\0" and data[1:4] == bytes(3)  # a small number, in four bytes
    return ArtifactFormat.BINCODE if opens_with_major else ArtifactFormat.JSON
