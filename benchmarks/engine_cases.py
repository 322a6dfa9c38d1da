"""What `benchmarks.engine` lets run: generated workflows under the engine, and the same graphs under bare asyncio loops.

A bare loop has one task a step that waits for the tasks it reads. It has no events, retries, types, slots or resume: it is what
anybody's engine costs on top of.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue

from benchmarks.workloads import MODULE, sources, workflow_text
from symphony_compiler.workspace import Workspace
from symphony_model.artifact import Artifact
from symphony_runtime.driver import Driver
from symphony_runtime.engine import create, drive, recover
from symphony_runtime.entries import Entry
from symphony_runtime.plans.places import Places
from symphony_runtime.storage.contract import Done
from symphony_runtime.storage.store import Store
from symphony_runtime.task import Outcome, Report, Success, Task
from symphony_runtime.watching.events import View

NOTHING = Success({"result": 0})


class NoOp:
    """An executor whose every attempt is done at once."""

    async def run(self, _task: Task, _report: Callable[[Report], None]) -> Outcome:
        return NOTHING

    async def close(self) -> None:
        return


@dataclass(frozen=True)
class Case:
    """A generated workflow: its shape and how many steps it has."""

    shape: str
    steps: int

    @property
    def name(self) -> str:
        return f"{self.shape} of {self.steps:,}"


@cache
def compiled(case: Case) -> Artifact:
    workspace = Workspace()
    workspace.update("scale.wf", workflow_text(case.shape, case.steps))
    workspace.update_module("sums", MODULE)
    artifact = workspace.artifact("scale.wf", "scale")
    assert artifact is not None, workspace.diagnostics("scale.wf")[:1]
    return artifact


@dataclass(frozen=True)
class Kept:
    """Runs in a folder: each in a store of its own, so that none finds what another left."""

    folder: Path
    numbers: Iterator[int]

    @classmethod
    def in_folder(cls, folder: Path) -> Kept:
        return cls(folder, count())

    def made(self, case: Case, durability: str) -> tuple[Store, str]:
        store = Store(self.folder / f"store{next(self.numbers)}")
        return store, create(store, compiled(case), {}, self.folder, durability=durability)

    def run(self, case: Case, durability: str) -> Callable[[], None]:
        store, run = self.made(case, durability)
        return lambda: _ended(asyncio.run(drive(store, run, executor=NoOp(), on_event=_seen)).state)

    def unkept(self, case: Case) -> Callable[[], None]:
        """A run whose entries go nowhere: what deciding, events and the loop cost alone."""
        store, run = self.made(case, "process")
        return lambda: asyncio.run(_unkept(store, run))


async def _unkept(store: Store, run: str) -> None:
    state = recover(store, run)
    view = View(run, Places(state.plans))

    def deliver(batch: list[Entry]) -> None:
        for entry in batch:
            for event in view.events(entry):
                _seen(event)

    await Driver(state, NoLog(), NoOp(), deliver).run()
    _ended(state.label)


class NoLog:
    """Keeps nothing, and says so at once."""

    def append(self, _batch: list[Entry], done: Done) -> None:
        done(None)

    def close(self) -> None:
        return


def _seen(_event: object) -> None:
    """A subscriber that does nothing."""


def _ended(state: str) -> None:
    assert state == "completed", state


Row = Callable[[str, int], None]


def bare(case: Case, keep: Row = lambda step, result: None) -> None:
    asyncio.run(_bare_loop(case, keep))


async def _bare_loop(case: Case, keep: Row) -> None:
    tasks: dict[str, asyncio.Task[int]] = {}

    async def step(name: str, needs: list[asyncio.Task[int]]) -> int:
        for needed in needs:
            await needed
        result = await _nothing()
        keep(name, result)
        return result

    for n, reads in enumerate(sources(case.shape, case.steps)):
        needs = [tasks[name] for name in reads if name in tasks]
        tasks[f"s{n}"] = asyncio.create_task(step(f"s{n}", needs))
    await asyncio.gather(*tasks.values())


async def _nothing() -> int:
    return 0


def bare_with_rows(case: Case, path: Path, synchronous: str = "NORMAL") -> None:
    """A row is committed when a step is done: it survives the end of the process, or with `FULL` that of the machine."""
    log = _rows(path, synchronous)

    def keep(step: str, result: int) -> None:
        log.execute("INSERT INTO log VALUES (?, ?)", (step, result))
        log.commit()

    bare(case, keep)
    log.close()


def grouped_rows(case: Case, path: Path) -> None:
    """As many rows as there are steps, by a thread that commits all that has gathered, each time to the disk."""
    queue: SimpleQueue[tuple[str, int] | None] = SimpleQueue()
    writer = threading.Thread(target=_write, args=(queue, path))
    writer.start()
    for n in range(case.steps):
        queue.put((f"s{n}", 0))
    queue.put(None)
    writer.join()


def _write(queue: SimpleQueue[tuple[str, int] | None], path: Path) -> None:
    log = _rows(path, "FULL")
    while True:
        rows = [queue.get()]
        try:
            while len(rows) < GROUP:
                rows.append(queue.get_nowait())
        except Empty:
            pass
        log.executemany("INSERT INTO log VALUES (?, ?)", [row for row in rows if row])
        log.commit()
        if None in rows:
            log.close()
            return


GROUP = 500


def _rows(path: Path, synchronous: str) -> sqlite3.Connection:
    path.unlink(missing_ok=True)
    log = sqlite3.connect(path)
    log.execute("PRAGMA journal_mode = WAL")
    log.execute(f"PRAGMA synchronous = {synchronous}")
    log.execute("CREATE TABLE log (step TEXT, result INTEGER)")
    return log


def wall(work: Callable[[], object]) -> float:
    """Milliseconds that pass: where the disk is what counts."""
    before = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - before)
