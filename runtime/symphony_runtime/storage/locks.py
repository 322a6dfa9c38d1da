"""A lock of the operating system on a file: held as long as its process lives, whatever happens to it."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_runtime.storage.failpoints import reach

if TYPE_CHECKING:
    from pathlib import Path

    from symphony_runtime.storage.contract import Lock, Run


MOMENT = 0.2
"""Seconds for which a lock is waited for: who wants to know whether a run is driven has it for a moment."""


class Claims:
    """Claiming a run for whoever cannot go on without it."""

    __slots__ = ()

    def claim(self: Run) -> Lock:
        until = time.monotonic() + MOMENT
        while (lock := self.try_claim()) is None:
            if time.monotonic() > until:
                raise UserError(
                    "another process drives this run",
                    place=f"run {self.execution_id}",
                    hint="wait until it ends, or stop that process first",
                )
            time.sleep(MOMENT / 40)
        return lock


@dataclass(slots=True)
class FileLock:
    """Taken once, let go once. A lock that somebody else holds is not waited for."""

    descriptor: int

    @classmethod
    def take(cls, path: Path) -> FileLock | None:
        """The lock, or None while another process (or another holder in this one) has it."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            return None
        reach("lock.taken")
        return cls(descriptor)

    def let_go(self) -> None:
        os.close(self.descriptor)
        reach("lock.released")


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
