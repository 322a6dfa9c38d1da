"""Limits of `resources` on the processes of an attempt.

On Linux each process may have so much memory of its own (`RLIMIT_DATA`: what a process allocates; a larger request is
refused), all of an attempt together may not hold more (looked at twice a second), and they run on so many processors.
Elsewhere nothing of this is enforced, which the first attempt that asks for it says.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from symphony_dsl.base.frozen import frozen
from symphony_runtime.executing.machine import in_words
from symphony_runtime.executing.marks import tree

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

ENFORCED = sys.platform == "linux"
NOT_ENFORCED = "this platform limits neither memory nor processors: `resources` only decide what runs at the same time"
LOOK_SECONDS = 0.5
CODE = "resources"


@frozen
class Limits:
    """`memory` in bytes; `cores` to run on, none for any."""

    memory: int | None = None
    cores: tuple[int, ...] = ()

    @property
    def breach(self) -> str:
        return f"it needs more memory than its limit of {in_words(self.memory or 0)} (`resources`)"


NO_LIMITS = Limits()


def hold_to(limits: Limits, pid: int) -> None:
    """Limit a process, and what it starts from now on. One that has ended needs no limits."""
    if sys.platform != "linux":
        return
    import resource

    with suppress(OSError):
        if limits.memory is not None:
            _, hard = resource.prlimit(pid, resource.RLIMIT_DATA)
            soft = limits.memory if hard == resource.RLIM_INFINITY else min(limits.memory, hard)
            resource.prlimit(pid, resource.RLIMIT_DATA, (soft, hard))
        if limits.cores:
            os.sched_setaffinity(pid, limits.cores)


def set_free(pid: int, cores: list[int]) -> None:
    """Let a process that goes on run on all of these again."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.sched_setaffinity(pid, cores)


@dataclass(slots=True)
class Watched:
    """Whether an attempt held more memory than it may."""

    broke: bool = False


@asynccontextmanager
async def watched(limits: Limits, pid: int, kill: Callable[[], None]) -> AsyncIterator[Watched]:
    """While a process works, end it when it holds too much together with all that it started."""
    found = Watched()
    if limits.memory is None or not ENFORCED:
        yield found
        return
    work = asyncio.get_running_loop().create_task(_watch(limits.memory, pid, kill, found))
    try:
        yield found
    finally:
        work.cancel()


async def _watch(limit: int, pid: int, kill: Callable[[], None], found: Watched) -> None:
    while not found.broke:
        await asyncio.sleep(LOOK_SECONDS)
        if held(pid) > limit:
            found.broke = True
            kill()


def held(pid: int) -> int:
    """Bytes of memory that a process and all below it have for themselves."""
    return sum(_own(each) for each in tree(pid))


def _own(pid: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        pages = Path(f"/proc/{pid}/statm").read_text().split()
        return (int(pages[1]) - int(pages[2])) * os.sysconf("SC_PAGE_SIZE")
    return 0
