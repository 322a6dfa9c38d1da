"""Attempts in flight: each an asyncio task around the executor that ends as an input for the driver."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from symphony_dsl.base.times import Duration
from symphony_model.nodes import Effect, InstrumentNode, OperatorNode
from symphony_runtime.executing.reports import Reporter
from symphony_runtime.rules.effective import configured, plain_inputs
from symphony_runtime.rules.inputs import Ended
from symphony_runtime.rules.turns import past_turns
from symphony_runtime.sharing.wishes import key_name
from symphony_runtime.storage.failpoints import reach
from symphony_runtime.task import Begun, Failure, Task, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_runtime.rules.inputs import Input
    from symphony_runtime.rules.state import Instance, RunState
    from symphony_runtime.task import Executor, Notice, Outcome


@dataclass(slots=True)
class Attempts:
    """`send` takes what an attempt says and how it ends; `fault` takes what only a bug of ours can raise."""

    state: RunState
    executor: Executor
    send: Callable[[Input], None]
    fault: Callable[[BaseException], None]
    clock: Callable[[], int]
    chance: Callable[[], float]
    running: dict[str, tuple[asyncio.Task[None], Instance]] = field(default_factory=dict)

    def start(self, instance: Instance) -> None:
        what = self._task(instance)
        report = Reporter(what.address, what.attempt, self.send, self.clock)
        work = asyncio.get_running_loop().create_task(self._work(what, report, self._limit(instance)))
        self.running[instance.address] = (work, instance)
        work.add_done_callback(lambda ended: self._otherwise(what, report, ended))
        reach("attempt.begun")

    def cancel(self, *, also_once: bool) -> None:
        """Stop what may be stopped; a `once` step in the middle is stopped only when nothing else is left to do."""
        for task, instance in self.running.values():
            if also_once or instance.plan.effect is not Effect.ONCE:
                task.cancel()

    def stop(self, instances: list[Instance]) -> None:
        """Stop attempts that nobody waits for any more; in a cancel by force without the time that they would get."""
        for instance in instances:
            found = self.running.get(instance.address)
            if found:
                found[0].cancel()
                if self.state.forced:
                    _again(found[0])

    async def end(self) -> None:
        """Stop everything at once and wait until it has stopped."""
        self.cancel(also_once=True)
        for task, _ in self.running.values():
            _again(task)
        await asyncio.gather(*(task for task, _ in self.running.values()), return_exceptions=True)

    def _limit(self, instance: Instance) -> int | None:
        """Nanoseconds that the attempt may take: its timeout, or what is left of the step's deadline."""
        settings = instance.settings or instance.plan.settings
        if settings.deadline is None:
            return settings.timeout
        left = max(0, instance.began + settings.deadline - self.clock())
        return left if settings.timeout is None else min(left, settings.timeout)

    def _task(self, instance: Instance) -> Task:
        node = instance.plan.node
        assert isinstance(node, InstrumentNode | OperatorNode), "only these are tasks"
        bound = instance.inputs or {}
        inputs = plain_inputs(bound) if instance.plan.computes else bound
        if isinstance(node, InstrumentNode) and instance.plan.computes:
            node = configured(node, bound)
        run, settings = self.state, instance.settings or instance.plan.settings
        given = settings.key if instance.settings else None
        key = (
            key_name(instance.plan, given)
            if given
            else sha256(f"{run.execution_id}/{instance.address}".encode()).hexdigest()
        )
        return Task(
            run.execution_id,
            instance.address,
            instance.attempt,
            node,
            inputs,
            run.home,
            key[:32],
            run.started,
            past_turns(instance),
            settings.resources,
            settings.executor,
        )

    async def _work(self, task: Task, report: Reporter, limit: int | None) -> None:
        """It says itself how it ended: a callback would come a turn of the loop later."""
        try:
            outcome = await self._outcome(task, report, limit)
        except asyncio.CancelledError:
            outcome = STOPPED
        self._ended(task, report, outcome)

    def _ended(self, task: Task, report: Reporter, outcome: Outcome) -> None:
        del self.running[task.address]
        report.close()
        reach("attempt.ended")
        self.send(Ended(self.clock(), task.address, task.attempt, outcome, self.chance() * 2 - 1))

    def _otherwise(self, task: Task, report: Reporter, work: asyncio.Task[None]) -> None:
        """Of an attempt that was stopped before it began, or that a bug ended: then the run has to be let go in order first."""
        if work.cancelled():
            self._ended(task, report, STOPPED)
        elif bug := work.exception():
            del self.running[task.address]
            self.fault(bug)

    async def _outcome(self, task: Task, report: Reporter, limit: int | None) -> Outcome:
        if limit is None:
            return await self.executor.run(task, report)
        clock = asyncio.timeout(limit / 1e9)
        try:
            async with clock:
                return await self.executor.run(task, _timed(report, clock, limit / 1e9))
        except TimeoutError:
            if not clock.expired():
                raise
            return Failure("timeout", f"no result within {Duration(limit)}")


STOPPED = Failure("cancelled", "it was stopped")

SOON = 0.01
"""Seconds after which what was stopped has heard of it."""


def _again(task: asyncio.Task[None]) -> None:
    """Who is stopped a second time takes no time to end."""
    asyncio.get_running_loop().call_later(SOON, task.cancel)


def _timed(report: Reporter, clock: asyncio.Timeout, seconds: float) -> Callable[[Notice], None]:
    """The timeout is of the work, not of the wait for a place to do it."""
    loop = asyncio.get_running_loop()

    def told(said: Notice) -> None:
        if isinstance(said, Waiting):
            clock.reschedule(None)
        elif isinstance(said, Begun):
            clock.reschedule(loop.time() + seconds)
        else:
            report(said)

    return told
