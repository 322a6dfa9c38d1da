"""Operators that do what the seed says: end well, fail in every way, hang, run into their time, report late, or leave slowly.

What an attempt does depends on the seed, its address and its number alone, and a result on the inputs alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING
from zlib import crc32

from symphony_model.nodes import Effect, InstrumentNode
from symphony_runtime.task import (
    Begun,
    Calls,
    Failure,
    LogLine,
    Notice,
    Outcome,
    ProgressNote,
    Success,
    Task,
    ToolCall,
    Waiting,
)

if TYPE_CHECKING:
    from tests.simulation.story import Story

KINDS = (
    "timeout", "connection", "rate_limited", "provider_unavailable", "crashed", "error", "invalid_output", "boom",
    "binding", "conversion", "check", "failed", "secret_leak", "payload_missing", "secret_unavailable", "cancelled",
    "input_changed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mood:
    """Of a hundred attempts, how many fail, hang and take their time. `only` are the kinds of failure."""

    failing: int = 0
    hanging: int = 0
    slow: int = 20
    only: tuple[str, ...] = KINDS
    most: int = 99  # attempts of a step that fail


CALM = Mood()
CRASHING = Mood(failing=25, only=("crashed",), most=1)
MIXED = Mood(failing=15, hanging=4)
BAD = Mood(failing=45, hanging=8, slow=50)


@dataclass
class Operators:
    """The executor of one engine; it stops having effects when that is `dead`."""

    seed: int
    mood: Mood
    story: Story
    kept: Callable[[str, int], bool]  # whether the log has the beginning of this attempt
    effects: set[str]  # of `once` steps, that may not be had again unless a person says so
    dead: bool = False
    now: set[str] = field(default_factory=set)

    async def run(self, task: Task, report: Callable[[Notice], None]) -> Outcome:
        assert self.kept(task.address, task.attempt), f"{task.address} begins before the log has it"
        assert task.address not in self.now, f"{task.address} runs twice at the same time"
        assert task.address not in self.effects, f"{task.address} takes effect twice"
        self.now.add(task.address)
        if task.node.config.effect is Effect.ONCE:
            self.effects.add(task.address)
        try:
            outcome = await self._run(task, report)
        finally:
            self.now.discard(task.address)
        if isinstance(outcome, Failure) and outcome.before_effect:
            self.effects.discard(task.address)
        return outcome

    async def _run(self, task: Task, report: Callable[[Notice], None]) -> Outcome:
        whim = Random(crc32(f"{self.seed} {task.address} {task.attempt}".encode()))
        self._say("begins", task)
        outcome = self._outcome(whim, task)
        try:
            await self._work(whim, report)
        except asyncio.CancelledError:
            self._say("is stopped", task)
            if self.dead:
                raise
            return await self._leave(whim, outcome)
        self._say("ends", task)
        return outcome

    def _outcome(self, whim: Random, task: Task) -> Outcome:
        if whim.randrange(100) < self.mood.failing and task.attempt <= self.mood.most:
            code, sure = whim.choice(self.mood.only), whim.random() < 0.3
            return Failure(code, f"it is {code}", before_effect=sure)
        if isinstance(task.node, InstrumentNode) and (calls := self._calls(task)):
            return Calls(calls)
        total = sum(value for value in task.inputs.values() if isinstance(value, int))
        return Success({"result": (total * 7 + crc32(task.node.base.path.encode()) % 100) % 1000})

    def _calls(self, task: Task) -> tuple[ToolCall, ...]:
        """Which tools a model wants in this turn, whatever the attempt; now and then one that it cannot call so."""
        whim = Random(crc32(f"{self.seed} {task.address}".encode()))
        names = ("do", "twofold", "once", "ask", "nobody") if len(task.node.config.tools) > 2 else ("do", "twofold")
        wanted = whim.choices(names, k=0 if len(task.turns) > 1 else whim.choice((0, 1, 1, 2, 3)))
        arguments = {"ask": '{"prompt": "really?"}', "do": '{"x": 5}', "once": '{"x": 4}', "twofold": '{"x": 6}'}
        return tuple(ToolCall(f"c{at}", name, arguments.get(name, "[]")) for at, name in enumerate(wanted))

    async def _work(self, whim: Random, report: Callable[[Notice], None]) -> None:
        if whim.random() < 0.1:
            report(Waiting())
            await asyncio.sleep(whim.random() * 3)
            report(Begun())
        for at in range(whim.choice((*(0,) * 30, 1, 3, 120))):
            report(LogLine("info", f"line {at}"))
        report(ProgressNote(0.5))
        await asyncio.sleep(self._time(whim))

    def _time(self, whim: Random) -> float:
        pick = whim.randrange(100)
        if pick < self.mood.hanging:
            return 100 + 500 * whim.random()
        if pick < self.mood.hanging + self.mood.slow:
            return 15 * whim.random()
        return whim.choice((0.0, 0.0, 0.01, 0.3, 1.0))

    async def _leave(self, whim: Random, outcome: Outcome) -> Outcome:
        """What is stopped may take its time, or end by itself all the same."""
        pick = whim.random()
        if pick < 0.2:
            await asyncio.sleep(12 * whim.random())
        if pick < 0.3:
            return outcome
        if pick < 0.35:
            return Failure("connection", "it was cut off")
        raise asyncio.CancelledError

    def _say(self, what: str, task: Task) -> None:
        if not self.dead:
            once = " once" if task.node.config.effect is Effect.ONCE else ""
            self.story.tell(f"{task.address} attempt {task.attempt}{once} {what}")

    async def close(self) -> None:
        """Nothing is kept warm."""
