"""The worker's end of the pipes to its engine.

The descriptors 0 and 1 are taken away from the user's code: 0 becomes empty, 1 goes where 2 goes. Frames travel on
private copies that no child process inherits. When the engine's end closes, the worker's whole group ends, whatever the
user's code is doing; should that code hold the interpreter, the kernel (Linux) or the engine's guardian ends it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
from collections.abc import Iterator

from symphony_runtime.executing.marks import kill_marked, own_mark
from symphony_runtime.worker.protocol import Message, ProtocolError, Unframer, end_mark, frame

_PR_SET_PDEATHSIG = 1
_CHUNK = 1 << 16


class Link:
    """Writing is safe from every thread; reading belongs to one."""

    def __init__(self) -> None:
        self._frames_in = os.dup(0)
        self._frames_out = os.dup(1)
        self._output = os.dup(2)
        self._writing = threading.Lock()
        self._unframer = Unframer()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)

    def send(self, message: Message) -> None:
        _write(self._frames_out, frame(message), self._writing)

    def mark_end(self, serial: int) -> None:
        """Put the end mark behind all that the task has written, buffers included."""
        _flush()
        _write(self._output, end_mark(serial), self._writing)

    def receive(self) -> Iterator[Message]:
        """The engine's messages; ends the process when there is no engine any more."""
        while data := _read(self._frames_in):
            try:
                yield from self._unframer.feed(data)
            except ProtocolError:
                break
        end_all()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _CHUNK)
    except OSError:
        return b""


def _write(descriptor: int, data: bytes, lock: threading.Lock) -> None:
    """A broken pipe is left to the reading thread, which sees the same end."""
    rest = memoryview(data)
    with lock, contextlib.suppress(BrokenPipeError):
        while rest:
            rest = rest[os.write(descriptor, rest) :]


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(Exception):  # the user's code may have put anything there, or closed it
            stream.flush()  # type: ignore[union-attr]  # None is an Exception too
    ctypes.CDLL(None).fflush(None)


def end_all() -> None:
    """End this process and all that it started, at once."""
    mark = own_mark(os.getpid())
    if mark:
        kill_marked(mark)
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


def die_with_parent() -> None:
    """Linux: be killed when the engine's process ends, even if no code of ours can run.

    An engine that has ended already is seen by its pipe: nothing of the user's runs yet.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
