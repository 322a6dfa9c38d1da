"""What this machine has, and room on it for attempts that say by `resources` what they need.

Such attempts run at once as long as there is enough of all that they ask for, in the order in which they came; others take
no room. The room is that of one engine: what else runs on the machine is not looked at.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from symphony_model.settings import Resources

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

UNITS = ((1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))
CONTAINER = Path("/sys/fs/cgroup/memory.max")


def in_words(size: int) -> str:
    """`256 MiB`, in the largest unit of which it is at least one, and a plain number below."""
    unit, name = next(((unit, name) for unit, name in UNITS if size >= unit), (1, "bytes"))
    return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"


def cores() -> list[int]:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def memory() -> int | None:
    """The machine's, or what its container leaves of it; None where the platform does not tell."""
    found: list[int] = []
    with suppress(ValueError, OSError, AttributeError):
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    with suppress(ValueError, OSError):
        found.append(int(CONTAINER.read_text()))
    return min(found, default=None)


@dataclass(slots=True)
class Machine:
    """`loads` says how much of each processor is taken."""

    cpus: float
    memory: int | None
    loads: dict[int, float]
    used_cpus: float = 0.0
    used_memory: int = 0
    waiting: deque[tuple[Resources, asyncio.Future[None]]] = field(default_factory=deque)

    def lacks(self, wanted: Resources) -> str | None:
        """What it has not enough of, whatever else runs: `4 cpus, and this machine has 2`."""
        if wanted.cpus is not None and wanted.cpus > self.cpus:
            return f"{wanted.cpus:g} cpus, and this machine has {self.cpus:g}"
        if wanted.memory is not None and self.memory is not None and wanted.memory > self.memory:
            return f"{in_words(wanted.memory)} of memory, and this machine has {in_words(self.memory)}"
        return None

    @asynccontextmanager
    async def room(self, wanted: Resources) -> AsyncIterator[list[int]]:
        """Wait until there is enough for it, and hold it; gives the processors to run on, none for any."""
        await self._wait(wanted)
        chosen = self._take(wanted)
        try:
            yield chosen
        finally:
            self._give(wanted, chosen)

    async def _wait(self, wanted: Resources) -> None:
        if not self.waiting and self._fits(wanted):
            return
        turn = asyncio.get_running_loop().create_future()
        self.waiting.append((wanted, turn))
        try:
            await turn
        except asyncio.CancelledError:
            self.waiting = deque(each for each in self.waiting if each[1] is not turn)
            if turn.done() and not turn.cancelled():  # its room was set aside a moment ago
                self._add(wanted, -1)
            self._let_in()
            raise
        self._add(wanted, -1)

    def _fits(self, wanted: Resources) -> bool:
        enough = self.memory is None or self.used_memory + (wanted.memory or 0) <= self.memory
        return enough and self.used_cpus + (wanted.cpus or 0) <= self.cpus

    def _add(self, wanted: Resources, sign: int) -> None:
        self.used_cpus += sign * (wanted.cpus or 0)
        self.used_memory += sign * (wanted.memory or 0)

    def _take(self, wanted: Resources) -> list[int]:
        self._add(wanted, 1)
        if wanted.cpus is None:
            return []
        chosen = sorted(self.loads, key=lambda core: (self.loads[core], core))[: ceil(wanted.cpus)]
        for core in chosen:
            self.loads[core] += wanted.cpus / len(chosen)
        return chosen

    def _give(self, wanted: Resources, chosen: list[int]) -> None:
        self._add(wanted, -1)
        for core in chosen:
            self.loads[core] -= (wanted.cpus or 0) / len(chosen)
        self._let_in()

    def _let_in(self) -> None:
        """Set room aside for those who wait, the first one first."""
        while self.waiting and self._fits(self.waiting[0][0]):
            wanted, turn = self.waiting.popleft()
            if not turn.done():
                self._add(wanted, 1)
                turn.set_result(None)


def this_machine() -> Machine:
    found = cores()
    return Machine(len(found), memory(), dict.fromkeys(found, 0.0))
