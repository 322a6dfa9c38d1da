"""The driver: the one place where a run meets the clock, chance, executors and the disk.

It turns what happens into inputs, has them decided, appends the entries, and makes the state follow. Whatever the
entries cause outside (an attempt, an event that somebody sees) waits until they are in the log for good; the state goes
ahead, since it is thrown away with the driver if the log refuses them. Long cascades are worked off in slices, so that
what happens meanwhile is seen between them.
"""

from __future__ import annotations

import asyncio
import random
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from symphony_dsl.base.frozen import frozen
from symphony_runtime.entries import CANCEL_REQUESTED, COMMAND_APPLIED, COMMAND_REJECTED, REGION_OVERDUE, RUN_OVERDUE
from symphony_runtime.executing.attempts import Attempts
from symphony_runtime.executing.sharing import Sharing
from symphony_runtime.rules.agenda import next_due, next_end, next_moment, next_work
from symphony_runtime.rules.commanding import USER
from symphony_runtime.rules.decide import decide
from symphony_runtime.rules.evolve import evolve
from symphony_runtime.rules.inputs import Claimed, Clock, Commanded, Ended, Idle, Interrupted, Released
from symphony_runtime.rules.outstanding import added, is_unwanted, stopped
from symphony_runtime.rules.transition import TransitionError
from symphony_runtime.sharing.library import Library, Nothing
from symphony_runtime.task import Failure

if TYPE_CHECKING:
    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.inputs import Input
    from symphony_runtime.rules.state import RunState
    from symphony_runtime.storage.contract import Inbox, Log, SharedSlots
    from symphony_runtime.task import Executor

WIDTH = 64
"""Attempts in flight at once."""

SLICE = 500
SLICE_TIME = 0.005
"""A cascade pauses after so many entries, or seconds."""

UNWRITTEN = 4096
"""While so many entries are not in the log yet nothing new is decided."""

WAITS = frozenset({"paused", "waiting_for_input"})
"""Labels of runs that go on when a person says so."""

POLL = 0.02
"""Seconds between two looks for commands."""

ASK_AGAIN = 50_000_000
"""Nanoseconds between two questions for a place that other runs have."""

LONGEST_POLL = 1.0
"""Seconds between two looks for what another run computes, when it takes long."""

GRACE = 10.0
"""Seconds that a `once` step gets to end by itself when the run is let go."""


@frozen
class Nature:
    """Where time and chance come from. `clock` is in nanoseconds since 1970, `chance` from 0 to 1; `stopwatch`, in seconds,
    measures how long a slice of work takes."""

    clock: Callable[[], int] = time.time_ns
    chance: Callable[[], float] = random.random
    stopwatch: Callable[[], float] = time.perf_counter


NATURE = Nature()


@frozen
class Desk:
    """Where commands come in, looked at every `poll` seconds, the slots that the run has in common with others, and results that
    are there already. A `patient` driver stays where a person has to say something, and waits for that."""

    inbox: Inbox | None = None
    patient: bool = False
    poll: float = POLL
    slots: SharedSlots | None = None
    library: Library | None = None


NO_DESK = Desk()


class EngineBugError(Exception):
    """The engine came to a state that its tables do not know. The run is let go as it is."""


class Driver:
    """Drives one run once."""

    def __init__(
        self,
        state: RunState,
        log: Log,
        executor: Executor,
        deliver: Callable[[list[Entry]], None] = lambda batch: None,
        *,
        desk: Desk = NO_DESK,
        width: int = WIDTH,
        nature: Nature = NATURE,
    ) -> None:
        self.state = state
        self.interrupted = False
        self._log = log
        self._deliver = deliver
        self._width = width
        self._commands, self._patient, self._pause = desk.inbox, desk.patient, desk.poll
        self._library = desk.library or Nothing(state)
        self._clock, self._stopwatch, chance = nature.clock, nature.stopwatch, nature.chance
        self._inbox: deque[Input] = deque()
        self._called = False
        self._attempts = Attempts(state, executor, self._send, self._stumble, self._clock, chance)
        self._sharing = Sharing(state, desk.slots, self._clock) if desk.slots else None
        state.slots.shares = desk.slots is not None
        self._epoch = state.epoch + 1
        self._unwritten = 0
        self._fault: BaseException | None = None
        self._released = False
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._thread = threading.get_ident()
        self._alarm: asyncio.TimerHandle | None = None
        self._grace: asyncio.TimerHandle | None = None
        self._poll: asyncio.TimerHandle | None = None
        self._glance: asyncio.TimerHandle | None = None
        self._glances = POLL

    async def run(self, stop: asyncio.Event | None = None) -> None:
        """Until the run ends, waits for a person, or is to stop. Raises LogRefusedError where the log cannot be written."""
        watch = self._loop.create_task(self._watch(stop)) if stop else None
        self._library.begin()
        self._send(Claimed(self._width))
        self._look()
        try:
            await self._over
        finally:
            self._over.cancel()
            if watch:
                watch.cancel()
            for timer in (self._alarm, self._grace, self._poll, self._glance):
                if timer:
                    timer.cancel()
            await self._attempts.end()
            if self._sharing:
                self._sharing.close()

    def _look(self) -> None:
        """See whether somebody sent a command. One that comes when the run is being let go is for whoever takes it next."""
        if self._commands is None or self.interrupted:
            return
        for command in self._commands.arrived():
            if self.state.verdicts.get(command.id) == command.fingerprint:
                self._commands.forget([command.id])  # whoever judged it was cut off before it could
            else:
                self._send(Commanded(command))
        self._poll = self._loop.call_later(self._pause, self._look)

    def _glance_around(self) -> None:
        """See whether what is computed elsewhere is there, less and less often while nothing changes."""
        self._glance = None
        is_there = self._library.wake()
        self._glances = POLL if is_there else min(2 * self._glances, LONGEST_POLL)
        self._call()

    async def _watch(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._send(Interrupted())

    def _send(self, given: Input) -> None:
        self._inbox.append(given)
        self._call()

    def _stumble(self, fault: BaseException) -> None:
        self._fault = self._fault or fault
        self._call()

    def _call(self) -> None:
        """Take a turn soon: once for all that happens until then."""
        if not self._called:
            self._called = True
            self._loop.call_soon(self._tick)

    def _tick(self) -> None:
        self._called = False
        if self._over.done():
            return
        try:
            more = self._turn()
            if self._fault:
                raise self._fault
            if self._is_over() and not self._unwritten:
                self._over.set_result(None)
            elif more:
                self._call()
            else:
                self._set_alarm()
        except Exception as fault:  # noqa: BLE001 - `run` raises it
            self._over.set_exception(fault)

    def _turn(self) -> bool:
        """Decide on all that happened and on what follows; whether there is more to do at once."""
        at = max(self._clock(), self.state.at)
        batch: list[Entry] = []
        while self._inbox:
            given = self._inbox.popleft()
            if self.interrupted and isinstance(given, Commanded):
                continue
            self._apply(given, at, batch)
            if isinstance(given, Interrupted):
                self._let_go()
        end = next_end(self.state)
        if end is not None and end <= at:
            self._apply(Clock(at), at, batch)
        more = self._cascade(at, batch) or (self._sharing is not None and self._sharing.ask())
        if not more:
            self._apply(Idle(), at, batch)
            self._release(at, batch)
        if batch:
            self._append(batch)
        return more

    def _apply(self, given: Input, at: int, batch: list[Entry]) -> None:
        state = self.state
        for entry in self._decided(given):
            entry.seq, entry.at, entry.epoch = state.seq + 1 + entry.room, at, self._epoch
            entry.cause = batch[0].seq if batch else None
            evolve(state, entry)
            batch.append(entry)

    def _decided(self, given: Input) -> list[Entry]:
        try:
            return decide(self.state, given)
        except TransitionError as problem:
            raise EngineBugError(str(problem)) from problem

    def _cascade(self, at: int, batch: list[Entry]) -> bool:
        """Work off the agenda, at most a slice of it; whether something is left."""
        if self._unwritten > UNWRITTEN:
            return False
        until = self._stopwatch() + SLICE_TIME
        while work := next_work(self.state, at):
            following = self._library.next(work, at)
            if following:
                self._apply(following, at, batch)
            if len(batch) >= SLICE or self._stopwatch() > until:
                return True
        return False

    def _append(self, batch: list[Entry]) -> None:
        self._unwritten += len(batch)

        def done(problem: Exception | None) -> None:
            if threading.get_ident() == self._thread:
                self._written(batch, problem)
            else:
                self._loop.call_soon_threadsafe(self._written_meanwhile, batch, problem)

        self._log.append(batch, done)

    def _written_meanwhile(self, batch: list[Entry], problem: Exception | None) -> None:
        self._written(batch, problem)
        self._call()

    def _written(self, batch: list[Entry], problem: Exception | None) -> None:
        self._unwritten -= len(batch)
        try:
            if problem:
                raise problem
            self._deliver(batch)
            if self._sharing:
                self._sharing.ended(batch)
            self._start(batch)
            if self._library.written(batch):
                self._call()
            if self._commands:
                self._commands.forget(
                    [entry.data["id"] for entry in batch if entry.type in VERDICTS and "id" in entry.data]
                )
        except Exception as fault:  # noqa: BLE001 - `_drive` raises it: here nobody would hear of it
            self._stumble(fault)

    def _start(self, batch: list[Entry]) -> None:
        if self._over.done():  # cut off while the log was written: nobody would wait for what begins now
            return
        for instance in added(self.state, batch):
            if self.interrupted or is_unwanted(self.state, instance.scope):
                self._send(Ended(self._clock(), instance.address, instance.attempt, NOT_BEGUN))
            else:
                self._attempts.start(instance)
        if self.state.open and any(map(_stops, batch)):
            self._attempts.stop(stopped(self.state))

    def _let_go(self) -> None:
        """Stop what can be stopped without harm; the rest gets a little time."""
        self.interrupted = True
        self._attempts.cancel(also_once=False)
        self._grace = self._loop.call_later(GRACE, lambda: self._attempts.cancel(also_once=True))

    def _release(self, at: int, batch: list[Entry]) -> None:
        """Say in the log that the run is let go in order, when nothing is in flight any more."""
        if self._released or self.state.final or self.state.open or not (self._waits_for_person() or self.interrupted):
            return
        self._released = True
        self._apply(Released(), at, batch)

    def _waits_for_person(self) -> bool:
        return self.state.label in WAITS and self.state.hold != USER and not self._patient

    def _is_over(self) -> bool:
        return self.state.final or self._released

    def _set_alarm(self) -> None:
        """Wake up when the next retry is due, or find out that nothing ever will."""
        due = next_moment(self.state)
        if self.state.slots.wanted:
            due = min(due or sys.maxsize, self._clock() + ASK_AGAIN)
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None
        if due is not None and not self.state.hold:
            self._alarm = self._loop.call_later(max(0, due - self._clock()) / 1e9, self._call)
        if self._library.waits and self._glance is None:
            self._glance = self._loop.call_later(self._glances, self._glance_around)
        if next_due(self.state) is None and not (
            self.state.open
            or self._unwritten
            or self._inbox
            or self.state.hold
            or self._patient
            or self.state.slots.wanted
            or self._library.waits
            or self._called
        ):
            raise EngineBugError("a run has nothing left to do and has not ended")


def _stops(entry: Entry) -> bool:
    return entry.type in STOPS or "enough" in entry.data


STOPS = frozenset({CANCEL_REQUESTED, REGION_OVERDUE, RUN_OVERDUE})
"""Entries after which attempts in flight may have to be stopped."""

VERDICTS = frozenset({COMMAND_APPLIED, COMMAND_REJECTED})

NOT_BEGUN = Failure("cancelled", "it was stopped before it began", before_effect=True)
