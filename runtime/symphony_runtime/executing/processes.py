"""A child process with a group of its own: what it writes arrives in pieces, and it ends with all that it started.

POSIX only: groups and sessions are what makes "and all that it started" true.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from symphony_runtime.executing.marks import VARIABLE, Family

if TYPE_CHECKING:
    from symphony_runtime.executing.guardian import Guardian

Output = Callable[[int, bytes], None]
"""Takes the number of a descriptor, 1 or 2, and what came through it."""

_T = TypeVar("_T")
_DRAIN_SECONDS = 1.0  # how long a pipe may stay open that somebody outside the group has inherited


class GroupProcess(asyncio.SubprocessProtocol):
    """One process, leader of its own session. `exited` is its return code, negative for a signal.

    `drained` is set when both of its output pipes have ended: all that it wrote has been seen by then.
    """

    def __init__(self, on_output: Output) -> None:
        loop = asyncio.get_running_loop()
        self.exited: asyncio.Future[int] = loop.create_future()
        self.drained = asyncio.Event()
        self._on_output = on_output
        self._open_pipes = {1, 2}
        self._transport: asyncio.SubprocessTransport | None = None
        self._guardian: Guardian | None = None
        self._family: Family | None = None
        self._ended = False

    @property
    def transport(self) -> asyncio.SubprocessTransport:
        assert self._transport is not None, "used before it was started"
        return self._transport

    @property
    def pid(self) -> int:
        return self.transport.get_pid()

    @property
    def alive(self) -> bool:
        return not self.exited.done()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.SubprocessTransport", transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self._on_output(fd, data)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        self._open_pipes.discard(fd)
        if not self._open_pipes:
            self.drained.set()

    def process_exited(self) -> None:
        if not self.exited.done():
            self.exited.set_result(self.transport.get_returncode() or 0)

    def write(self, data: bytes) -> None:
        """Write to its standard input; nothing happens when nobody reads there any more."""
        pipe = cast("asyncio.WriteTransport | None", self.transport.get_pipe_transport(0))
        if pipe is not None and not pipe.is_closing():
            pipe.write(data)

    def close_input(self) -> None:
        pipe = self.transport.get_pipe_transport(0)
        if pipe is not None:
            pipe.close()

    async def stop(self, grace: float) -> None:
        """Ask the group to end, and give it that many seconds. Who stops it a second time meanwhile does not wait."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self.exited), grace)

    def kill(self) -> None:
        """Kill the process and whatever it left behind, wherever that went."""
        if self._family is not None and not self._ended:
            self._family.kill(leads=self.alive)

    async def end(self) -> int:
        """Kill what is left of it, see its last words, and free the pipes."""
        self.kill()
        code = await asyncio.shield(self.exited)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.drained.wait(), _DRAIN_SECONDS)
        if not self._ended:
            self._ended = True
            self.transport.close()
            if self._guardian is not None:
                self._guardian.discard(self.pid)
        return code

    def guarded_by(self, guardian: Guardian, mark: str) -> None:
        guardian.add(self.pid)
        self._guardian = guardian
        self._family = Family(self.pid, mark)


async def start(
    argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, guardian: Guardian, on_output: Output
) -> GroupProcess:
    """Start a process in a new session, known to the guardian. Raises OSError when it cannot be started."""
    loop = asyncio.get_running_loop()
    process = GroupProcess(on_output)
    pipe = asyncio.subprocess.PIPE
    mark = guardian.leash.next_mark()
    await loop.subprocess_exec(
        lambda: process,
        *argv,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env={**env, VARIABLE: mark},
        cwd=cwd,
        start_new_session=True,
        pass_fds=(guardian.leash.descriptor(),),
    )
    process.guarded_by(guardian, mark)
    return process


async def to_the_end(work: Awaitable[_T]) -> _T:
    """Await work that must not be left half done: a cancellation is let through when it has ended."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as stop:
            if task.cancelled():
                raise
            cancelled = stop
        except BaseException:  # noqa: BLE001 - it is the task's own, and result() below raises it
            break
    if cancelled is not None:
        with contextlib.suppress(Exception):  # the cancellation is what the caller asked for, whatever the work says
            task.result()
        raise cancelled
    return task.result()


def signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def ending(code: int) -> str:
    """How a process ended, as a part of a sentence."""
    if code >= 0:
        return f"exited with {code}"
    return f"was killed by {signal_name(-code)}"
