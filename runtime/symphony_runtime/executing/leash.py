"""Whether anything lives on that an engine started: a lock that its processes hold with it, and keep when it is gone.

An engine that is killed takes its processes along by pipes and by a guardian, a moment later and unless those are lost, too.
Whoever drives its run next has to be sure before anything begins again. So all processes that an executor starts inherit
one open file with a lock of the operating system on it, and the run notes which file that is while it is driven. Where the
note is still there, the driver has not let go in order: what holds the lock then is what that engine left behind, and
is killed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Protocol, runtime_checkable

from symphony_dsl.base.errors import UserError
from symphony_runtime.executing.marks import below
from symphony_runtime.storage.locks import FileLock

YIELD_SECONDS = 1.0
"""What an engine left behind gets so long to end by itself, then it is killed."""

PATIENCE = 10.0
"""Seconds until a process that was killed has to be gone."""

PAUSE = 0.01


@runtime_checkable
class Leashed(Protocol):
    """An executor that starts processes."""

    @property
    def leash(self) -> Leash: ...


@dataclass(slots=True)
class Leash:
    """The file is made with the first process."""

    path: Path = field(default_factory=lambda: Path(tempfile.gettempdir(), f"symphony-{uuid.uuid4().hex}.leash"))
    _lock: FileLock | None = None
    _own: FileLock | None = None
    _marks: Iterator[int] = field(default_factory=count)

    def descriptor(self) -> int:
        """What a new process is to inherit. Raises OSError."""
        self._own = self._own or FileLock.take(engine_of(self.path))
        self._lock = self._lock or FileLock.take(self.path)
        if self._lock is None:
            raise OSError(f"{self.path} is locked by somebody else")
        return self._lock.descriptor

    def next_mark(self) -> str:
        """For a new process, by which all that comes of it is found."""
        return f"{mark_of(self.path)}/{next(self._marks)}"

    def close(self) -> None:
        """All processes have ended."""
        if self._lock is not None:
            self._lock.let_go()
            self._lock = None
            self.path.unlink(missing_ok=True)
        if self._own is not None:
            self._own.let_go()
            self._own = None
            engine_of(self.path).unlink(missing_ok=True)


def engine_of(leash: Path) -> Path:
    """What only the engine itself holds: its processes do not inherit it."""
    return leash.with_suffix(".engine")


def expel(leash: Path) -> None:
    """Make sure that nothing lives any more that a killed engine started. Waits; raises UserError where that cannot be ended.

    An engine that lives has let the run go, whatever it could not take back: it may drive others.
    """
    if not _is_free(engine_of(leash)):
        return
    start = time.monotonic()
    while below(mark_of(leash)) or not _is_free(leash):
        waited = time.monotonic() - start
        if waited > PATIENCE:
            raise UserError(
                "a process that the run's last driver started cannot be ended",
                place=f"process {', '.join(map(str, _holders(leash))) or 'unknown'}",
                hint="end it, then resume the run",
            )
        if waited > YIELD_SECONDS:
            for pid in _holders(leash):
                _kill(pid)
        time.sleep(PAUSE)


def _is_free(file: Path) -> bool:
    """Whether nobody holds a file; then it is gone."""
    if not file.exists():
        return True
    lock = FileLock.take(file)
    if lock is None:
        return False
    file.unlink(missing_ok=True)
    lock.let_go()
    return True


def mark_of(leash: Path) -> str:
    return leash.stem


def _holders(leash: Path) -> list[int]:
    """Processes that have it open, or are of those by their mark, as far as the system tells."""
    opened = [int(process.name) for process in Path("/proc").glob("[0-9]*") if _has_open(process, leash)]
    return sorted({*opened, *below(mark_of(leash))})


def _has_open(process: Path, file: Path) -> bool:
    with contextlib.suppress(OSError):
        return any(Path(link).readlink() == file for link in (process / "fd").iterdir())
    return False


def _kill(pid: int) -> None:
    """It and its group, unless that is our own."""
    with contextlib.suppress(OSError):
        group = os.getpgid(pid)
        if group != os.getpgid(0):
            os.killpg(group, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
