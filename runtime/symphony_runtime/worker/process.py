"""The engine's side of one worker process.

A worker does one task at a time; what it writes meanwhile belongs to that task. A task's answer counts when both the answer
itself and the end mark of its output are there, so that no line of output is late. A worker that ends before is `Gone`.

Signs of life come from a thread of the worker, so they go on while the user's code computes or waits, but not while a C
call holds the interpreter. Five missing beats therefore mean dead only where the process has used no processor time
meanwhile and does not wait for a processor: one that computes is busy, and the step's timeout is what bounds it. Where the
platform does not tell (there is no /proc), a silent process counts as busy.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_runtime.executing import processes
from symphony_runtime.executing.guardian import Guardian
from symphony_runtime.executing.lines import Lines
from symphony_runtime.worker.protocol import (
    VERSION,
    Bye,
    Error,
    Hello,
    Message,
    Progress,
    ProtocolError,
    Ready,
    Result,
    Started,
    TaskMessage,
    Unframer,
    end_mark,
    frame,
)

MISSING_BEATS = 5
_START_SECONDS = 60.0
_BYE_SECONDS = 2.0


@frozen
class Gone:
    """The worker ended in the middle of a task. `started`: the user's function may have been called."""

    how: str
    started: bool
    too_much: bool = False  # it held more memory than it may


Answer: TypeAlias = "Result | Error | Gone"


@frozen
class Listener:
    """Who hears what a task tells while it runs."""

    line: Callable[[str], None]
    progress: Callable[[float, str | None], None]


@dataclass(slots=True)
class _Call:
    """The task in hand."""

    serial: int
    listener: Listener
    lines: Lines
    answer: asyncio.Future[Answer]
    started: bool = False
    marked: bool = False
    said: Result | Error | None = None
    missed: int = 0
    activity: tuple[str, int] | None = None
    watch: asyncio.TimerHandle | None = field(default=None, repr=False)

    def take(self, message: Started | Progress | Result | Error) -> None:
        if isinstance(message, Started):
            self.started = True
        elif isinstance(message, Progress):
            self.listener.progress(message.fraction, message.message)
        else:
            self.said = message
            self.settle_if_complete()

    def settle_if_complete(self) -> None:
        if self.marked and self.said is not None:
            self.settle(self.said)

    def settle(self, answer: Answer) -> None:
        if self.watch is not None:
            self.watch.cancel()
        if not self.answer.done():
            self.answer.set_result(answer)


class NoWorkerError(Exception):
    """A worker process could not be started."""


class Worker:
    """Made by `Worker.start`. `done` counts the tasks it has been given, `memory` is the limit that it has."""

    def __init__(self, beat: float) -> None:
        self.done = 0
        self.memory: int | None = None
        self._beat = beat
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[Ready] = self._loop.create_future()
        self._unframer = Unframer()
        self._call: _Call | None = None
        self._why: str | None = None
        self._ending: asyncio.Task[None] | None = None
        self._process: processes.GroupProcess | None = None

    @classmethod
    async def start(
        cls, argv: list[str], *, env: Mapping[str, str], home: Path, scratch: Path, beat: float, guardian: Guardian
    ) -> Worker:
        """Raises NoWorkerError."""
        worker = cls(beat)
        try:
            process = await processes.start(argv, env=env, cwd=home, guardian=guardian, on_output=worker._on_output)
        except OSError as problem:
            raise NoWorkerError(f"a worker process could not be started: {problem}") from problem
        worker._process = process
        process.exited.add_done_callback(worker._on_exit)
        process.write(frame(Hello(VERSION, str(home), str(scratch), beat)))
        try:
            await worker._wait_until_ready()
        except BaseException:
            await processes.to_the_end(worker.kill())
            raise
        return worker

    @property
    def process(self) -> processes.GroupProcess:
        assert self._process is not None, "used before it was started"
        return self._process

    @property
    def alive(self) -> bool:
        return self.process.alive and self._why is None

    async def call(self, task: TaskMessage, listener: Listener) -> Answer:
        """One task; when this is cancelled, the worker is killed before the cancellation goes on.

        Raises ProtocolError for a task that no frame can hold.
        """
        order = frame(task)
        call = _Call(task.serial, listener, Lines(listener.line), self._loop.create_future())
        self._call = call
        self.done += 1
        self._watch(call)
        if self.process.exited.done():
            self._on_exit(self.process.exited)
        else:
            self.process.write(order)
        try:
            return await call.answer
        except asyncio.CancelledError:
            await processes.to_the_end(self.kill())
            raise
        finally:
            call.settle(Gone("was let go", call.started))
            call.lines.close()
            self._call = None

    async def kill(self) -> None:
        await self.process.end()

    async def bye(self) -> None:
        """Let it end by itself, and see to it that it does."""
        self.process.write(frame(Bye()))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self.process.exited), _BYE_SECONDS)
        await self.process.end()

    # --- what arrives

    async def _wait_until_ready(self) -> None:
        try:
            ready = await asyncio.wait_for(self._ready, _START_SECONDS)
        except TimeoutError:
            raise NoWorkerError(f"a worker process did not answer within {_START_SECONDS:.0f} seconds") from None
        if ready.version != VERSION:
            raise NoWorkerError(f"the worker speaks version {ready.version} of the protocol, this program {VERSION}")

    def _on_output(self, fd: int, data: bytes) -> None:
        if fd == 2:
            self._on_text(data)
            return
        try:
            for message in self._unframer.feed(data):
                self._on_message(message)
        except ProtocolError as problem:
            self._give_up(f"broke the protocol ({problem})")

    def _on_text(self, data: bytes) -> None:
        call = self._call
        if call is None:
            return  # written between two tasks: nobody's
        before, mark, _after = call.lines.split_at(data, end_mark(call.serial))
        call.lines.feed(before)
        if mark:
            call.lines.close()
            call.marked = True
            call.settle_if_complete()

    def _on_message(self, message: Message) -> None:
        if isinstance(message, Ready) and not self._ready.done():
            self._ready.set_result(message)
        call = self._call
        if call is None:
            return
        call.missed = 0
        if isinstance(message, Started | Progress | Result | Error) and message.serial == call.serial:
            call.take(message)

    def _on_exit(self, exited: asyncio.Future[int]) -> None:
        how = self._why or processes.ending(exited.result())
        if not self._ready.done():
            self._ready.set_exception(NoWorkerError(f"a worker process {how} before it was ready"))
        if self._call is not None:
            self._ending = self._loop.create_task(self._last_words(self._call, how))

    async def _last_words(self, call: _Call, how: str) -> None:
        """What it wrote before it ended is still in the pipes."""
        await self.process.end()
        call.settle(call.said or Gone(how, call.started))

    # --- whether it lives

    def _watch(self, call: _Call) -> None:
        call.watch = self._loop.call_later(self._beat, self._look, call)

    def _look(self, call: _Call) -> None:
        """One beat later: a silence begins, goes on, or has lasted long enough to ask what the process did in it."""
        call.missed += 1
        if call.missed == 1:
            call.activity = _activity(self.process.pid)
        elif call.missed > MISSING_BEATS:
            if _is_idle(call.activity, _activity(self.process.pid)):
                self._give_up(f"gave no sign of life for {MISSING_BEATS} beats")
            call.missed = 0
        self._watch(call)

    def _give_up(self, why: str) -> None:
        self._why = self._why or why
        self.process.kill()


def _activity(pid: int) -> tuple[str, int] | None:
    """The state of a process and the processor time it has used; None where the platform does not tell."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return fields[0], int(fields[11]) + int(fields[12])


def _is_idle(before: tuple[str, int] | None, now: tuple[str, int] | None) -> bool:
    """Whether a process did nothing in between, and could have: one that waits for a processor cannot help it."""
    return before is not None and now is not None and before == now and now[0] != "R"
