"""What the system says about processes."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from pathlib import Path


async def pids_in(file: Path) -> list[int]:
    """The two numbers that a task writes when it is in the middle of its work."""
    return await asyncio.to_thread(_pids_in, file)


def _pids_in(file: Path) -> list[int]:
    _wait(lambda: file.exists() and " " in file.read_text(), f"nothing was written to {file.name}")
    return [int(pid) for pid in file.read_text().split()]


def _wait(until: Callable[[], bool], otherwise: str) -> None:
    """Gives up only when something is wrong."""
    for _ in range(3000):
        if until():
            return
        time.sleep(0.01)
    raise AssertionError(otherwise)


async def until_gone(*pids: int) -> None:
    await asyncio.to_thread(_until_gone, pids)


def _until_gone(pids: tuple[int, ...]) -> None:
    _wait(lambda: not any(map(lives, pids)), f"one of {pids} lives")


def lives(pid: int) -> bool:
    """A zombie is dead: only its parent has not looked yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children_of(pid: int) -> set[int]:
    """The processes whose parent is `pid`: the workers, the commands and the guardian of an engine."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.add(int(stat.parent.name))
    return found
