"""Slots that all runs of a store share: how many attempts of a policy run at once, and how many begin within a time.

One small database that nothing has to survive: who holds a slot shows that it lives by a lock on `slots` in the folder of its
run, so what a killed engine held is free at once. A run that takes no policy with a limit never opens it.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symphony_runtime.storage.failpoints import reach
from symphony_runtime.storage.locks import FileLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from symphony_model.settings import RateLimit, Settings

SCHEMA = """
CREATE TABLE IF NOT EXISTS held (bucket TEXT, run TEXT, address TEXT, PRIMARY KEY (bucket, run, address)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS begun (bucket TEXT, at INTEGER, run TEXT, address TEXT);
CREATE INDEX IF NOT EXISTS begun_by_time ON begun (bucket, at);
"""

PATIENCE = 2.0
"""Seconds to wait for another run that takes or gives a slot, before a slot is not given back."""

HASTE = 0.05
"""Seconds to wait for one before a slot is not taken: it is asked for again soon."""

LOCK = "slots"
TRIES = 1000
"""Milliseconds to wait for somebody who looks whether this run lives."""


@dataclass(slots=True)
class FileSlots:
    """Those of one run, from when it first asks for one."""

    path: Path
    runs: Path
    execution_id: str
    lock: FileLock | None = field(default=None, repr=False)

    def take(self, address: str, settings: Settings, at: int) -> bool:
        """Whether an attempt may begin. Nobody is waited for, and where the database cannot be written it may not."""
        try:
            return self._take(address, settings, at)
        except sqlite3.OperationalError:
            return False
        except sqlite3.DatabaseError:  # what is none any more gives way to a new one
            with suppress(OSError):
                self.path.unlink(missing_ok=True)
            reach("slot.taken")
            return False

    def _take(self, address: str, settings: Settings, at: int) -> bool:
        self._live()
        limit, rate = settings.concurrency, settings.rate_limit
        with self._changing(HASTE) as connection:
            if limit and limit.bucket and not self._has_room(connection, limit.bucket, limit.count):
                return False
            if rate and rate.bucket and not _may_begin(connection, rate, at):
                return False
            if limit and limit.bucket:
                connection.execute(
                    "INSERT OR REPLACE INTO held VALUES (?, ?, ?)", (limit.bucket, self.execution_id, address)
                )
            if rate and rate.bucket:
                row = (rate.bucket, at, self.execution_id, address)
                connection.execute("INSERT INTO begun VALUES (?, ?, ?, ?)", row)
        reach("slot.taken")
        return True

    def give(self, address: str, *, unused: bool = False) -> None:
        """One that is not given back because the disk refuses is free when the run lets go."""
        of = (self.execution_id, address)
        with suppress(sqlite3.Error), self._changing() as connection:
            connection.execute("DELETE FROM held WHERE run = ? AND address = ?", of)
            if unused:
                connection.execute("DELETE FROM begun WHERE run = ? AND address = ?", of)
        reach("slot.given")

    def close(self) -> None:
        if self.lock is None:
            return
        with suppress(sqlite3.Error), self._changing() as connection:
            connection.execute("DELETE FROM held WHERE run = ?", (self.execution_id,))
        reach("slot.given")
        self.lock.let_go()
        self.lock = None

    def _live(self) -> None:
        """Show that this run lives; what a predecessor held is free."""
        if self.lock is not None:
            return
        for _ in range(TRIES):
            self.lock = FileLock.take(self.runs / self.execution_id / LOCK)
            if self.lock is not None:
                break
            time.sleep(0.001)
        with self._changing() as connection:
            connection.execute("DELETE FROM held WHERE run = ?", (self.execution_id,))
        reach("slot.given")

    @contextmanager
    def _changing(self, patience: float = PATIENCE) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=patience, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")  # what a power cut spoils held nothing any more
            connection.executescript(SCHEMA)
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise

    def _has_room(self, connection: sqlite3.Connection, bucket: str, count: int) -> bool:
        if _held(connection, bucket) < count:
            return True
        others = connection.execute("SELECT DISTINCT run FROM held WHERE bucket = ?", (bucket,)).fetchall()
        for (run,) in others:
            if run != self.execution_id and not self._lives(run):
                connection.execute("DELETE FROM held WHERE run = ?", (run,))
        return _held(connection, bucket) < count

    def _lives(self, run: str) -> bool:
        path = self.runs / run / LOCK
        if not path.exists():
            return False
        lock = FileLock.take(path)
        if lock is None:
            return True
        lock.let_go()
        return False


def _held(connection: sqlite3.Connection, bucket: str) -> int:
    found: int = connection.execute("SELECT count(*) FROM held WHERE bucket = ?", (bucket,)).fetchone()[0]
    return found


def _may_begin(connection: sqlite3.Connection, rate: RateLimit, at: int) -> bool:
    connection.execute("DELETE FROM begun WHERE bucket = ? AND at <= ?", (rate.bucket, at - rate.per))
    found: int = connection.execute("SELECT count(*) FROM begun WHERE bucket = ?", (rate.bucket,)).fetchone()[0]
    return found < rate.count


@dataclass(slots=True)
class MemorySlots:
    """Those of one run in a store that is kept in memory: `held` and `begun` are those of all its runs."""

    held: dict[tuple[str, str], str]
    begun: list[tuple[str, int, str, str]]
    execution_id: str

    def take(self, address: str, settings: Settings, at: int) -> bool:
        limit, rate = settings.concurrency, settings.rate_limit
        if limit and limit.bucket and list(self.held.values()).count(limit.bucket) >= limit.count:
            return False
        if rate and rate.bucket:
            recent = [each for each in self.begun if each[0] == rate.bucket and each[1] > at - rate.per]
            if len(recent) >= rate.count:
                return False
            self.begun[:] = [each for each in self.begun if each[0] != rate.bucket] + recent
            self.begun.append((rate.bucket, at, self.execution_id, address))
        if limit and limit.bucket:
            self.held[self.execution_id, address] = limit.bucket
        return True

    def give(self, address: str, *, unused: bool = False) -> None:
        self.held.pop((self.execution_id, address), None)
        if unused:
            self.begun[:] = [each for each in self.begun if each[2:] != (self.execution_id, address)]

    def close(self) -> None:
        for run, address in list(self.held):
            if run == self.execution_id:
                del self.held[run, address]
