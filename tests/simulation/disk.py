"""The disk under a run's log: commits are refused, cut short by a kill, or lost when the power goes.

With durability `power` commits happen a moment later, all that has gathered at once, and are told from another thread, as the
real one does; that thread is waited for, so that the order is always the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from symphony_runtime.entries import NODE_QUEUED, NODE_STARTED
from symphony_runtime.storage.contract import LogRefusedError
from symphony_runtime.storage.log import POWER
from symphony_runtime.storage.memory import MemoryRun

if TYPE_CHECKING:
    from random import Random

    from tests.simulation.story import Story
    from tests.simulation.virtual_time import VirtualLoop

    from symphony_runtime.entries import Entry
    from symphony_runtime.storage.contract import Done, Log, Run


class Fault(Enum):
    """What goes wrong around a commit."""

    KILL_BEFORE = "killed before the commit"
    KILL_AFTER = "killed after the commit"
    REFUSE = "the disk refuses the commit"
    POWER = "the power goes at the commit"


@dataclass
class Disk:
    """What all logs of a simulation share. `kill` ends the engine there and then; `ends` are where commits ended."""

    loop: VirtualLoop
    story: Story
    chance: Random
    kill: Callable[[], None]
    faults: dict[int, Fault] = field(default_factory=dict)
    commits: int = 0
    refusing: int = 0
    begun: set[tuple[str | None, int | None]] = field(default_factory=set)
    ends: list[int] = field(default_factory=list)
    effects: set[str] = field(default_factory=set)  # of `once` steps, so far
    unsafe: bool = False  # the power is off: what counted as written may be gone

    def next_fault(self) -> Fault | None:
        self.commits += 1
        if self.refusing:
            self.refusing -= 1
            return Fault.REFUSE
        fault = self.faults.pop(self.commits, None)
        if fault is Fault.REFUSE:
            self.refusing = self.chance.choice((0, 0, 3))
        if fault:
            self.story.tell(fault.value)
        return fault

    def has_begun(self, address: str, attempt: int) -> bool:
        return (address, attempt) in self.begun

    def wrote(self, entries: list[Entry]) -> None:
        self.story.kept(entries)
        self.ends.append(entries[-1].seq)
        self.begun |= {(entry.address, entry.attempt) for entry in entries if entry.type == NODE_STARTED}
        self.effects -= {entry.address for entry in entries if entry.type == NODE_QUEUED}


class FaultyLog:
    """Stands before the log of a store. `dead` when its engine is: then nothing of it reaches the disk, or anybody."""

    def __init__(self, log: Log, durability: str, disk: Disk, decided: Callable[[list[Entry]], None]) -> None:
        self.log = log
        self.disk = disk
        self.dead = False
        self._later = durability == POWER
        self._decided = decided
        self._problem: Exception | None = None  # what is gathered behind a refusal is refused
        self._gathered: list[tuple[list[Entry], Done]] = []

    def append(self, batch: list[Entry], done: Done) -> None:
        if self.dead:
            return
        self._decided(batch)
        if not self._later:
            self._write_now([(batch, done)])
            return
        if not self._gathered:
            self.disk.loop.call_later(self.disk.chance.choice((0.0, 0.001, 0.03)), self._write_gathered)
        self._gathered.append((batch, done))

    def close(self) -> None:
        if not self.dead:
            self._write_gathered()
        self.log.close()

    def _write_gathered(self) -> None:
        gathered, self._gathered = self._gathered, []
        if gathered and not self.dead:
            teller = threading.Thread(target=self._write_now, args=(gathered,))
            teller.start()
            teller.join()

    def _write_now(self, gathered: list[tuple[list[Entry], Done]]) -> None:
        entries = [entry for batch, _ in gathered for entry in batch]
        problem = self._problem or self.commit(entries)
        self._problem = problem if self._later else None
        for _, done in gathered:
            if not self.dead:
                done(problem)

    def commit(self, entries: list[Entry]) -> LogRefusedError | None:
        fault = self.disk.next_fault()
        if fault is Fault.REFUSE:
            return LogRefusedError("the run's log cannot be written: database or disk is full")
        if fault is Fault.KILL_BEFORE:
            self._die()
            return None
        problem = self.log.commit(entries)
        assert problem is None, problem
        self.disk.wrote(entries)
        if fault:
            self.disk.unsafe = fault is Fault.POWER
            self._die()
        return None

    def _die(self) -> None:
        self.dead = True
        self.disk.kill()


def lose_power(run: Run, disk: Disk, durability: str) -> bool:
    """What durability `process` wrote goes as far back as bad luck wants; the run itself was made to last. Whether any did."""
    if durability == POWER or not isinstance(run, MemoryRun) or not disk.ends:
        return False
    kept = disk.chance.choice([1, *disk.ends[-4:]])
    run.log.kept[:] = [row for row in run.log.kept if row[0] <= kept]
    disk.begun = {(row[8], row[9]) for row in run.log.kept if row[3] == NODE_STARTED}
    disk.effects.clear()
    disk.ends = [end for end in disk.ends if end <= kept]
    disk.story.tell(f"the power was off: the log ends at {kept}")
    return True
