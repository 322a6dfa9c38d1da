"""What an engine and a worker say to each other.

A frame is a length (4 bytes, big endian) and that many bytes of MessagePack: an array of the message's word and its
fields in order. No frame is longer than 1 MiB; a payload that would be travels as a file (`worker.parcel`).

    engine → worker   hello, task, bye
    worker → engine   ready, started, progress, result, error, beat

The engine writes to the worker's standard input, the worker answers on its standard output; whatever the user's code
writes goes to the worker's standard error, where the worker puts `end_mark` behind the output of each task. A task is
stopped by killing the worker's group: there is no cancel.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import astuple
from typing import TypeAlias, cast

import msgpack

from symphony_dsl.base.frozen import frozen

VERSION = 2
MAX_FRAME = 1 << 20
ANY_TEXT = "surrogatepass"
"""Names of files, variables and what quotes them may hold what is no Unicode; it arrives as it was sent."""

Payload: TypeAlias = "bytes | str"
"""Encoded values, or the name of a file in the scratch folder that holds them."""


@frozen
class Hello:
    """`home` is where the user's modules are looked up first, `beat` the seconds between two signs of life."""

    version: int
    home: str
    scratch: str
    beat: float


@frozen
class TaskMessage:
    """`function` is "module:function"; `secrets` are the values of the references in the arguments, by source.

    Without `gives` the step has no result: whatever the function returns stays where it is. `key` is the same for all attempts
    of a step.
    """

    serial: int
    function: str
    arguments: Payload
    secrets: dict[str, str]
    gives: bool
    key: str = ""


@frozen
class Bye:
    """End when idle."""


@frozen
class Ready:
    version: int
    pid: int


@frozen
class Started:
    """The user's function is about to be called."""

    serial: int


@frozen
class Progress:
    serial: int
    fraction: float
    message: str | None


@frozen
class Result:
    serial: int
    payload: Payload


@frozen
class Error:
    """`trace` names the places that the exception came through, outermost first; no values, no source."""

    serial: int
    code: str
    message: str
    trace: list[str]
    before_effect: bool


@frozen
class Beat:
    """A sign of life."""


Message: TypeAlias = "Hello | TaskMessage | Bye | Ready | Started | Progress | Result | Error | Beat"

_CLASSES: dict[str, type[Message]] = {
    "hello": Hello,
    "task": TaskMessage,
    "bye": Bye,
    "ready": Ready,
    "started": Started,
    "progress": Progress,
    "result": Result,
    "error": Error,
    "beat": Beat,
}
_WORDS = {cls: word for word, cls in _CLASSES.items()}
_HEAD = struct.Struct(">I")


class ProtocolError(Exception):
    """The other side does not speak this protocol."""


def frame(message: Message) -> bytes:
    """Raises ProtocolError for a message that no frame may hold."""
    body = cast("bytes", msgpack.packb([_WORDS[type(message)], *astuple(message)], unicode_errors=ANY_TEXT))
    if len(body) > MAX_FRAME:
        raise ProtocolError(f"a message of {len(body)} bytes is longer than a frame")
    return _HEAD.pack(len(body)) + body


def _message(body: bytes) -> Message:
    try:
        word, *fields = msgpack.unpackb(body, unicode_errors=ANY_TEXT)
        return _CLASSES[word](*fields)
    except (ValueError, TypeError, KeyError) as problem:
        raise ProtocolError(f"a frame that holds no message: {problem}") from problem


class Unframer:
    """Cuts a stream of bytes into messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that are complete now. Raises ProtocolError, after which the stream is of no use."""
        self._buffer += data
        while len(self._buffer) >= _HEAD.size:
            (length,) = _HEAD.unpack_from(self._buffer)
            if length > MAX_FRAME:
                raise ProtocolError(f"a frame of {length} bytes is longer than allowed")
            end = _HEAD.size + length
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[_HEAD.size : end])
            del self._buffer[:end]
            yield _message(body)


def end_mark(serial: int) -> bytes:
    """What stands behind the output of a task, so that the engine knows that it has read all of it."""
    return b"\0symphony-end %d\0" % serial
