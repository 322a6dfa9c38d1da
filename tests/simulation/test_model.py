"""A run and the reference model: whatever is said to both, and whatever happens to both, they stand alike.

Commands take the way that commands of people take: through the inbox of whoever drives the run, or, where nobody does, by taking its lock.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.runtime.engine_texts import Text
from tests.simulation.disk import Disk, FaultyLog
from tests.simulation.model import BODY, LAST, MORE, OF_STEP, STEPS, Model
from tests.simulation.story import Story
from tests.simulation.virtual_time import Clock, VirtualLoop

from symphony_runtime import engine, sending
from symphony_runtime.commands import Command, Kind
from symphony_runtime.driver import Desk, Driver, Nature
from symphony_runtime.rules.state import Phase, RunState
from symphony_runtime.storage.store import MEMORY, Store
from symphony_runtime.task import Failure, Outcome, Success, Task

ARTIFACT = Text(BODY, MORE).seal()
FEW = 8
"""So many engines may be killed in a row, and no step is thought to be the reason."""
VALUES = {"q": {"n": 4}}


class Puppets:
    """Attempts end when the test says so, or when they are stopped."""

    def __init__(self) -> None:
        self.now: dict[str, asyncio.Future[Outcome]] = {}

    async def run(self, task: Task, report: object) -> Outcome:
        ends = self.now[task.address] = asyncio.get_running_loop().create_future()
        return await ends

    async def close(self) -> None:
        """Nothing is kept."""


class Stage:
    """One run in memory, its engine, and time that passes when told."""

    def __init__(self) -> None:
        self.loop = VirtualLoop()
        self.clock = Clock(self.loop)
        self.clock.offset = time.time_ns()  # a run is made by the clock on the wall
        self.store = Store(Path("memory"), MEMORY)
        self.run = engine.create(self.store, ARTIFACT, {}, Path(), durability="process")
        self.puppets = Puppets()
        self.log: FaultyLog | None = None
        self.task: asyncio.Task[None] | None = None

    def drive(self) -> None:
        run, state = self.store.run(self.run), self.state
        lock = run.claim()
        disk = Disk(self.loop, Story(self.loop), Random(0), lambda: None)
        log = self.log = FaultyLog(run.log.open(self.store.blobs, "process"), "process", disk, lambda batch: None)

        async def driven() -> None:
            driver = Driver(
                state,
                log,
                self.puppets,
                desk=Desk(run.inbox, patient=True),
                nature=Nature(self.clock, Random(0).random),
            )
            try:
                await driver.run()
            finally:
                lock.let_go()

        self.task = self.loop.create_task(driven())
        self.wait()

    def kill(self) -> None:
        assert self.log is not None
        assert self.task is not None
        self.log.dead = True
        self.task.cancel()
        self.task = None
        self.wait()

    def wait(self, seconds: float = 0.2) -> None:
        self.loop.run_until_complete(asyncio.sleep(seconds))
        if self.task and self.task.done():
            self.task.result()
            self.task = None

    def say(self, command: Command) -> str:
        if self.task is None:
            verdict = sending.send(self.store, self.run, command, self.clock)
        else:
            self.store.run(self.run).inbox.put(command)
            self.wait()
            found = sending.Verdicts(self.store, self.run, command).find()
            assert found is not None
            verdict = found
        return "ok" if verdict.done else str(verdict.why)

    @property
    def state(self) -> RunState:
        return engine.recover(self.store, self.run)


class Commanded(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.stage, self.model = Stage(), Model()
        self.said: list[tuple[Command, str]] = []
        self.kills = 0

    def teardown(self) -> None:
        if hasattr(self, "stage"):
            if self.stage.task:
                self.stage.kill()
            self.stage.loop.close()

    def say(
        self, kind: str, step: str | None = None, value: object = None, *, fits: bool = True, force: bool = False
    ) -> None:
        made = Command(f"{len(self.said):08}-0", Kind(kind), step, value, value is not None, force=force)
        verdict = self.stage.say(made)
        assert verdict == self.model.said(kind, step, fits=fits, force=force)
        self.said.append((made, verdict))

    @precondition(lambda self: not self.model.driven and not self.model.final)
    @rule()
    def drive(self) -> None:
        self.stage.drive()
        self.model.drive()

    @precondition(lambda self: self.model.driven and self.kills < FEW)
    @rule()
    def kill(self) -> None:
        self.kills += 1
        self.stage.kill()
        self.model.kill()

    @precondition(lambda self: self.model.driven and self.model.those("running"))
    @rule(data=st.data(), how=st.sampled_from(["ok", "ok", "error", "crashed"]))
    def ends(self, data: st.DataObject, how: str) -> None:
        """A failure under a user's hold is left out: when it is passed on is said elsewhere."""
        step = data.draw(st.sampled_from(self.model.those("running")))
        how = "ok" if self.model.held else how
        self.stage.puppets.now[step].set_result(Success({"result": 1}) if how == "ok" else Failure(how, "no"))
        self.stage.wait()
        self.model.ended(step, how)

    @rule()
    def time_passes(self) -> None:
        self.stage.wait(20)
        self.model.later()

    @rule(kind=st.sampled_from(["start", "pause", "resume", "pause", "resume"]))
    def says(self, kind: str) -> None:
        self.say(kind)

    @rule(force=st.booleans(), sure=st.integers(0, 3))
    def cancels(self, force: bool, sure: int) -> None:
        if sure == 0:
            self.say("cancel", force=force)

    @rule(kind=st.sampled_from(list(OF_STEP)), step=st.sampled_from([*STEPS, LAST]), fits=st.integers(0, 3))
    def says_of_a_step(self, kind: str, step: str, fits: int) -> None:
        if kind == "fail-node" and self.model.held:
            return
        takes = kind in ("skip-node", "provide-input")
        value = VALUES.get(step, 5) if fits else "nonsense"
        self.say(kind, step, value if takes else None, fits=bool(fits) or not takes)

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def says_it_again(self, data: st.DataObject) -> None:
        """Which changes nothing, and is answered as before."""
        command, verdict = data.draw(st.sampled_from(self.said))
        assert self.stage.say(command) == verdict

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def says_something_else_by_an_id_that_was_used(self, data: st.DataObject) -> None:
        command, _ = data.draw(st.sampled_from(self.said))
        assert self.stage.say(Command(command.id, Kind.CANCEL, reason="another")) == "id_reused"

    @invariant()
    def they_stand_alike(self) -> None:
        if not hasattr(self, "stage"):
            return
        state = self.stage.state
        assert state.label == self.model.label
        if state.top:
            assert {step: phase(state, step) for step in self.model.phases} == self.model.phases


def phase(state: RunState, step: str) -> str:
    """As the model calls it. A `finally` that has not been opened has no steps yet."""
    instance = state.instances.get(step)
    if instance is None:
        return "skipped" if state.forced else "pending"
    if instance.phase is Phase.WAITING:
        return "asking" if step == "q" else "delayed"
    return "pending" if state.label == "pending" else instance.phase.value


TestCommanded = Commanded.TestCase
TestCommanded.settings = settings(stateful_step_count=25)
