"""Bytes made smaller by LZ4 or Zstandard, and known again by the magic number in front.

What comes out is held to the limit on size while it is made, so that a few bytes cannot become more than that.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import lz4.frame
from backports import zstd

from symphony_model.binary.recognition import ArtifactFormat, format_of
from symphony_model.limits import LIMITS, Limits, too_large
from symphony_model.serialize_errors import DeserializeError


class Compression(StrEnum):
    NONE = "none"
    LZ4 = "lz4"
    ZSTD = "zstd"


LEVEL = 9
"""Of Zstandard: part of what equal bytes hang on, as is the release of the library."""
WINDOW = 26
"""The logarithm of the largest window that a frame may ask for: 64 MiB."""
PIECE = 4096
"""Bytes that are decompressed at once. What is wrong with one of them is told with the piece's first byte."""


def _zstd(data: bytes) -> bytes:
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: LEVEL,
        zstd.CompressionParameter.checksum_flag: 1,
    }
    return zstd.compress(data, options=options)


def _lz4(data: bytes) -> bytes:
    made: bytes = lz4.frame.compress(data, content_checksum=True)
    return made


COMPRESS: dict[Compression, Callable[[bytes], bytes]] = {
    Compression.NONE: bytes,
    Compression.LZ4: _lz4,
    Compression.ZSTD: _zstd,
}


COMPRESSED = {ArtifactFormat.ZSTD: Compression.ZSTD, ArtifactFormat.LZ4: Compression.LZ4}


def compressed(data: bytes, how: Compression) -> bytes:
    return COMPRESS[how](data)


def compression_of(data: bytes) -> Compression:
    """By the magic number; what has none is not compressed."""
    return COMPRESSED.get(format_of(data), Compression.NONE)


def decompressed(data: bytes, limits: Limits = LIMITS) -> bytes:
    """Raises DeserializeError for what is cut off, broken, or becomes larger than the limit."""
    how = compression_of(data)
    if how == Compression.NONE:
        return data
    if how == Compression.ZSTD:
        options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: WINDOW}
        return _decompressed(data, zstd.ZstdDecompressor(options=options), zstd.ZstdError, limits)
    return _decompressed(data, lz4.frame.LZ4FrameDecompressor(), RuntimeError, limits)


def _decompressed(data: bytes, decompressor: Any, error: type[Exception], limits: Limits) -> bytes:  # noqa: ANN401 - one of two
    made = bytearray()
    at = 0
    try:
        while not decompressor.eof and (at < len(data) or not decompressor.needs_input):
            piece = data[at : at + PIECE] if decompressor.needs_input else b""
            made += decompressor.decompress(piece, limits.size + 1 - len(made))
            if len(made) > limits.size:
                raise too_large(limits)
            at += len(piece)
    except error as problem:
        raise DeserializeError(f"the compressed data is broken: {problem}", place=f"byte {at}") from None
    if not decompressor.eof:
        raise DeserializeError("the compressed data ends in the middle", place=f"byte {len(data)}")
    behind = len(decompressor.unused_data or b"") + len(data) - at
    if behind:
        raise DeserializeError("more data stands behind the end", place=f"byte {len(data) - behind}")
    return bytes(made)
