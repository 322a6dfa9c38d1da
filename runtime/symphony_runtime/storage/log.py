"""The log of a run: one SQLite file, written by exactly one driver, read by anybody.

Durability `power`: a thread commits, all that has gathered in one transaction, and an entry counts when the disk has it.
Durability `process`: a commit on the caller's thread that survives the end of the process, not that of the machine.
Either way entries are in the file all or none, in order, and each carries the hash of the one before and itself.
"""

from __future__ import annotations

import sqlite3
import threading
from hashlib import sha256
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from symphony_dsl.base.errors import UserError
from symphony_runtime.entries import TABLE
from symphony_runtime.storage.codec import encode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from symphony_runtime.entries import Entry
    from symphony_runtime.storage.blobs import Blobs

POWER = "power"
PROCESS = "process"

LARGE = 16 * 1024
"""Data of an entry longer than this is kept beside the log."""

SCHEMA = """
CREATE TABLE events (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, epoch INTEGER NOT NULL, type TEXT NOT NULL, v INTEGER NOT NULL,
    class TEXT NOT NULL, cause INTEGER, actor TEXT NOT NULL, address TEXT, attempt INTEGER, data TEXT NOT NULL,
    hash BLOB NOT NULL
);
CREATE INDEX labels ON events (seq) WHERE type IN ('run.created', 'run.state');
CREATE TRIGGER stays BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'a log only grows'); END;
CREATE TRIGGER remains BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'a log only grows'); END;
"""

ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
FEW = 8
INSERTS = ["INSERT INTO events VALUES " + ", ".join([ROW] * count) for count in range(1, FEW + 1)]  # noqa: S608 - ours
"""A statement for each small number of rows: a statement alone is a transaction, and costs half of three."""
SYNCHRONOUS = {POWER: "FULL", PROCESS: "OFF"}


class LogRefusedError(UserError):
    """Entries could not be written; none of them is in the log."""


Done: TypeAlias = "Callable[[Exception | None], None]"


class Log(Protocol):
    """`append` answers through `done`, in order: with None, or with what went wrong. Nothing follows a refusal."""

    def append(self, batch: list[Entry], done: Done) -> None: ...

    def close(self) -> None: ...


class SqliteLog:
    """Opened by whoever holds the run's lock. Opening it for a run that has no log yet makes one."""

    def __init__(self, path: Path, blobs: Blobs, durability: str = POWER) -> None:
        self._path = path
        self._blobs = blobs
        self._db = _open(path, durability)
        self._hash = _last_hash(self._db)
        self._queue: SimpleQueue[tuple[list[Entry], Done] | None] = SimpleQueue()
        self._writer: threading.Thread | None = None
        if durability == POWER:
            self._writer = threading.Thread(target=self._write, name="log writer", daemon=True)
            self._writer.start()

    def append(self, batch: list[Entry], done: Done) -> None:
        """With durability `power`, `done` is called on the writer's thread."""
        if self._writer:
            self._queue.put((batch, done))
        else:
            done(self.commit(batch))

    def close(self) -> None:
        """What was appended is written first."""
        if self._writer:
            self._queue.put(None)
            self._writer.join()
        self._db.close()

    def commit(self, entries: list[Entry]) -> LogRefusedError | None:
        """One transaction: all entries, or none and the reason."""
        previous = self._hash
        try:
            rows = [self._row(entry) for entry in entries]
            _insert(self._db, rows)
        except (sqlite3.Error, OSError) as problem:
            self._hash = previous
            return _refused(self._path, problem)
        return None

    def _write(self) -> None:
        problem: Exception | None = None
        while waiting := self._gather():
            batches = [batch for batch in waiting if batch]
            problem = problem or self._try([entry for batch, _ in batches for entry in batch])
            for _, done in batches:
                done(problem)
            if None in waiting:
                return

    def _try(self, entries: list[Entry]) -> Exception | None:
        """A bug must not end the thread unheard."""
        try:
            return self.commit(entries)
        except Exception as bug:  # noqa: BLE001 - whoever waits for the entries raises it
            return bug

    def _gather(self) -> list[tuple[list[Entry], Done] | None]:
        """All that waits to be written, at least one thing; None is the wish to end."""
        waiting = [self._queue.get()]
        while True:
            try:
                waiting.append(self._queue.get_nowait())
            except Empty:
                return waiting

    def _row(self, entry: Entry) -> tuple[Any, ...]:
        of = TABLE[entry.type]
        data = encode(entry.data)
        if len(data) > LARGE:
            data = encode({"blob": self._blobs.put(data.encode("ascii"))})
            # a stored `blob` alone is the place of the data; no type of entry has a field of this name
        row = (
            entry.seq, entry.at, entry.epoch, entry.type, of.v, of.group,
            entry.cause, entry.actor, entry.address, entry.attempt, data,
        )  # fmt: skip
        self._hash = chained(self._hash, row)
        return (*row, self._hash)


def _insert(db: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> None:
    if len(rows) <= FEW:
        db.execute(INSERTS[len(rows) - 1], [value for row in rows for value in row])
        return
    with db:
        db.execute("BEGIN IMMEDIATE")
        db.executemany(INSERTS[0], rows)


def chained(previous: bytes, row: tuple[Any, ...]) -> bytes:
    """The hash of an entry: of the one before, and of its columns, each on a line (no column holds a line break)."""
    return sha256(previous + "\n".join(map(str, row)).encode("utf-8")).digest()


def _open(path: Path, durability: str) -> sqlite3.Connection:
    try:
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA fullfsync = ON")  # counts on macOS only, where fsync alone does not reach the disk
        db.execute(f"PRAGMA synchronous = {SYNCHRONOUS[durability]}")
        if not db.execute("PRAGMA user_version").fetchone()[0]:
            db.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = 1; COMMIT;")
    except sqlite3.Error as problem:
        raise _refused(path, problem) from problem
    return db


def _last_hash(db: sqlite3.Connection) -> bytes:
    row = db.execute("SELECT hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    return row[0] if row else b""


def _refused(path: Path, problem: Exception) -> LogRefusedError:
    if isinstance(problem, sqlite3.IntegrityError):
        return LogRefusedError("another process took this run over", place=str(path))
    reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
    return LogRefusedError(
        f"the run's log cannot be written: {reason}",
        place=str(path),
        hint="nothing is lost: make room, then resume the run",
    )
