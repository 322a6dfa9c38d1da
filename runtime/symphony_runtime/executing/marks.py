"""Finding whatever a process of ours started, wherever it went: by a variable of the environment that all below it inherit.

A group does not hold what starts a session of its own, and a tree not what has lost its parent. So each process that an
engine starts has a mark: that of the engine, and a number behind it. Only what was started with another environment, and has
lost its parent, is not found. Where there is no `/proc`, groups are all there is.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

VARIABLE = "SYMPHONY_LEASH"
ROUNDS = 20
"""So often what has been started meanwhile is looked for."""

YOUNG_SECONDS = 60.0
"""So long the numbers of new processes are those behind that of the first: they do not come round so fast."""

_PROC = Path("/proc")


def own_mark(pid: int) -> str | None:
    """What mark a process has."""
    with contextlib.suppress(OSError):
        found = (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
        return next(
            (each.partition(b"=")[2].decode() for each in found if each.startswith(f"{VARIABLE}=".encode())), None
        )
    return None


def below(mark: str, first: int = 0) -> list[int]:
    """Processes that have a mark, or one that begins with it and a slash; only of numbers from `first` on."""
    try:
        pids = [int(name) for name in os.listdir(_PROC) if name.isdigit()]
    except OSError:
        return []
    return [pid for pid in pids if pid >= first and f"{own_mark(pid) or ''}/".startswith(f"{mark}/")]


def tree(pid: int) -> list[int]:
    """A process and all that it started, as far as they live, have their parents, and the system tells."""
    found, rest = [], [pid]
    while rest:
        each = rest.pop()
        found.append(each)
        with contextlib.suppress(OSError):
            for task in (_PROC / str(each) / "task").iterdir():
                rest += map(int, (task / "children").read_text().split())
    return found


def kill_marked(mark: str, first: int = 0) -> None:
    """What has the mark, and what that has started meanwhile."""
    for _ in range(ROUNDS):
        found = [pid for pid in below(mark, first) if pid != os.getpid()]
        if not found:
            return
        for pid in found:
            kill(pid)


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


@dataclass(slots=True)
class Family:
    """A process that leads a group, and all that came of it. `mark` is in its environment."""

    pid: int
    mark: str
    since: float = field(default_factory=time.monotonic)

    def kill(self, *, leads: bool) -> None:
        """All of it, in whatever group, session or tree it is. A process that has ended `leads` no tree: its number may be another's."""
        others = tree(self.pid)[1:] if leads else []
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        for pid in others:
            kill(pid)
        kill_marked(self.mark, self._first())

    def _first(self) -> int:
        """The least number that a process of it can have."""
        if time.monotonic() - self.since > YOUNG_SECONDS:
            return 0
        with contextlib.suppress(OSError, ValueError, IndexError):
            last = int((_PROC / "loadavg").read_text().split()[-1])
            return self.pid if last >= self.pid else 0
        return 0
