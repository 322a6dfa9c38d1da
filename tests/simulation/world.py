"""One simulation: engines that drive a run one after the other, with mishaps, while people say things.

Everything but time, chance, the operators and the disk's mishaps is the real thing: the store in a folder, its logs, locks
and inboxes, the driver, and all rules.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.simulation.disk import Disk, FaultyLog, lose_power
from tests.simulation.laws import Watch
from tests.simulation.operators import Operators
from tests.simulation.people import People
from tests.simulation.story import Story
from tests.simulation.virtual_time import Clock, VirtualLoop

from symphony_runtime import engine, sending
from symphony_runtime.commands import Command, Kind
from symphony_runtime.driver import Desk, Driver, Nature
from symphony_runtime.entries import RUN_CREATED, Entry
from symphony_runtime.plans.places import Places
from symphony_runtime.plans.planning import Plans
from symphony_runtime.rules.state import RunState
from symphony_runtime.sharing.shelf import shelf_of
from symphony_runtime.storage.contract import LogRefusedError
from symphony_runtime.storage.log import PROCESS
from symphony_runtime.storage.reading import read
from symphony_runtime.watching.events import View

if TYPE_CHECKING:
    from tests.simulation.plan import Plan

    from symphony_runtime.storage.contract import Log
    from symphony_runtime.storage.store import Store

RUN = "00000000-0000-7000-8000-000000000000"
HOME = "/home/of/it"
POLL = 0.5
"""Seconds between two looks for commands: seldom, since hours pass here in no time."""


@dataclass
class Engine:
    """One that drives the run: what of it a kill ends, and what stops it in order."""

    driver: Driver
    log: FaultyLog
    operators: Operators
    task: asyncio.Task[None]
    stop: asyncio.Event
    patient: bool

    def kill(self) -> None:
        """Nothing that it does from here on has any effect."""
        self.operators.dead = self.log.dead = True
        self.task.cancel()


class World:
    def __init__(self, plan: Plan, store: Store, loop: VirtualLoop) -> None:
        self.plan = plan
        self.store = store
        self.loop = loop
        self.story = Story(loop)
        self.clock = Clock(loop)
        self.chance = Random(plan.seed + 3)
        self.people = People(plan.seed)
        self.disk = Disk(loop, self.story, Random(plan.seed + 1), self.kill, dict(plan.faults))
        self.engine: Engine | None = None
        self.engines = 0
        self.artifact = ""
        self.state = RunState(RUN, Plans(plan.program.seal()), Path(HOME))  # at the end of an engine
        self.trouble = False  # whether something ended it
        self.passed = 0.0

    def create(self) -> None:
        self.artifact = self.store.keep(self.state.plans)
        data = {
            "workflow": "main", "artifact": self.artifact, "inputs": {"x": 3}, "home": HOME,
            "durability": self.plan.durability,
        }  # fmt: skip
        with self.store.making(RUN) as run:
            log = run.log.open(self.store.blobs, PROCESS)
            assert log.commit([Entry(RUN_CREATED, data, seq=1, at=self.clock(), actor="user")]) is None
            log.close()

    def recovered(self) -> RunState:
        return engine.recover(self.store, RUN)

    def kill(self) -> None:
        if self.engine:
            self.engine.kill()

    async def drive(self, *, patient: bool = False) -> None:
        """One engine, until the run ends, waits, or is let go, or the engine is killed."""
        run = self.store.run(RUN)
        lock = run.claim()
        state = self.recovered()
        if state.final:
            lock.let_go()
            return
        self.engines += 1
        self.story.tell(f"engine {self.engines} begins{', patiently' if patient else ''}")
        kept = run.log.open(self.store.blobs, PROCESS)  # what lasts is the simulation's to say
        with shelf_of(self.store, state, {}) as shelf:
            desk = Desk(run.inbox, patient, POLL, run.slots, shelf)
            made = self.engine = self._engine(state, kept, desk)
            await asyncio.wait([made.task])
        self.engine = None
        made.log.close()
        lock.let_go()
        self.story.tell(f"engine {self.engines} ends, the run is {state.label}")
        self._ended(made.task, dead=made.log.dead)

    def _engine(self, state: RunState, kept: Log, desk: Desk) -> Engine:
        watch, disk, told = self.watch(), self.disk, Told(View(RUN, Places(state.plans)))
        log = FaultyLog(kept, self.plan.durability, disk, lambda batch: watch.saw(batch, state))
        operators = Operators(self.plan.seed, self.plan.mood, self.story, disk.has_begun, disk.effects)
        nature = Nature(self.clock, disk.chance.random, self._stopwatch)
        driver = Driver(state, log, operators, told, desk=desk, width=self.plan.width, nature=nature)
        stop = asyncio.Event()
        return Engine(driver, log, operators, self.loop.create_task(driver.run(stop)), stop, desk.patient)

    def _ended(self, task: asyncio.Task[None], *, dead: bool) -> None:
        problem = None if task.cancelled() else task.exception()
        self.trouble = dead or problem is not None
        if isinstance(problem, LogRefusedError):
            self.story.tell(f"let go: {problem.message}")
        elif problem and not dead:
            raise problem
        if self.disk.unsafe:
            self.disk.unsafe = False
            if lose_power(self.store.run(RUN), self.disk, self.plan.durability):
                self.people.said.clear()  # the verdicts may be gone as well

    def watch(self) -> Watch:
        """Holds what is written to the laws from the beginning, whoever wrote it."""
        watch = Watch(RunState(RUN, self.store.plans(self.artifact), Path(HOME)))
        for entry in self.entries():
            watch.read(entry)
        return watch

    def entries(self) -> list[Entry]:
        return list(read(self.store.run(RUN).log, self.store.blobs))

    def say(self, command: Command) -> None:
        """To whoever drives the run, or, where nobody does, to its log."""
        self.story.tell(f"somebody says {command.to_json()}")
        if self.engine:
            self.store.run(RUN).inbox.put(command)
            return
        verdict = sending.send(self.store, RUN, command, self.clock)
        self.story.tell(f"it is {'done' if verdict.done else verdict.why} {' '.join(verdict.nodes)}")
        self.disk.ends.append(self.entries()[-1].seq)
        if verdict.done and command.kind is Kind.RETRY_NODE:
            self.disk.effects.difference_update(verdict.nodes)

    def power_off(self) -> None:
        if self.engine:
            self.story.tell("the power goes")
            self.disk.unsafe = True
            self.kill()

    def _stopwatch(self) -> float:
        """Now and then a slice takes as long as it may."""
        self.passed += 0.01 if self.disk.chance.random() < 0.02 else 0.0
        return self.passed


@dataclass
class Told:
    """What the outside sees of entries, once they are written."""

    view: View
    last: int = 0

    def __call__(self, batch: list[Entry]) -> None:
        for entry in batch:
            for event in self.view.events(entry):
                assert event.seq > self.last, f"event {event.seq} {event.type} of {entry.type} after {self.last}"
                self.last = event.seq
