"""A run's log as one SQLite file, written by exactly one driver, read page by page by anybody."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.frozen import frozen
from symphony_runtime.storage.contract import PAGE, Row
from symphony_runtime.storage.failpoints import reach
from symphony_runtime.storage.log import POWER, PROCESS, ChainedLog, FencedError, Head, refused

if TYPE_CHECKING:
    from pathlib import Path

    from symphony_runtime.storage.contract import Blobs

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
FENCED = "(?, CASE WHEN (SELECT max(seq) FROM events) IS ? THEN ? END, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
"""The first row of a transaction: it has no `at`, which refuses all, where the log has another end than the one given."""
FEW = 8
INSERT = f"INSERT INTO events VALUES {ROW}"  # noqa: S608 - constants of ours
INSERTS = [", ".join([f"INSERT INTO events VALUES {FENCED}", *[ROW] * more]) for more in range(FEW)]  # noqa: S608 - as above
"""A statement for each small number of rows: a statement alone is a transaction, and costs half of three."""
SYNCHRONOUS = {POWER: "FULL", PROCESS: "OFF"}

COLUMNS = "seq, at, epoch, type, v, class, cause, actor, address, attempt, data, hash"
ROWS = f"SELECT {COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608 - constants of ours
LABELS = f"SELECT {COLUMNS} FROM events WHERE type IN ('run.created', 'run.state') ORDER BY seq"  # noqa: S608 - as above


WAY_OUT = "take the run from a copy of the store, or start it anew"


@frozen
class SqliteJournal:
    path: Path

    def rows(self, after: int = 0, limit: int = PAGE) -> list[Row]:
        return self._read(ROWS, after, limit)

    def labels(self) -> list[Row]:
        return self._read(LABELS)

    def check(self) -> None:
        """A page that was spoilt may hide rows, which no hash would miss at the end of a log."""
        ((found,),) = self._read("PRAGMA integrity_check(1)")
        if found != "ok":
            reason = found.splitlines()[-1]
            raise UserError(f"the run's log is spoilt: {reason}", place=str(self.path), hint=WAY_OUT)

    def open(self, blobs: Blobs, durability: str) -> SqliteLog:
        return SqliteLog(self.path, blobs, durability)

    def _read(self, query: str, *parameters: int) -> list[Row]:
        try:
            with closing(sqlite3.connect(_address(self.path), timeout=5, uri=True)) as db:
                return db.execute(query, parameters).fetchall()
        except (sqlite3.Error, ValueError) as problem:  # ValueError: text that is none, where the file was spoilt
            raise UserError(f"the run's log cannot be read: {problem}", place=str(self.path)) from problem


def _address(path: Path) -> str:
    """A log in a folder that cannot be written is read as it stands: SQLite would want to put a file beside it."""
    still = "?immutable=1" if not os.access(path.parent, os.W_OK) and not path.with_name("log.db-wal").exists() else ""
    return path.absolute().as_uri() + still


class SqliteLog(ChainedLog):
    """Opening it for a run that has no log yet makes one."""

    refusals = (FencedError, OSError, sqlite3.Error)

    def __init__(self, path: Path, blobs: Blobs, durability: str = POWER) -> None:
        try:
            self._db = _open(path, durability)
            super().__init__(str(path), blobs, durability)
        except sqlite3.Error as problem:
            raise refused(str(path), problem) from problem

    def _find_head(self) -> Head:
        row = self._db.execute("SELECT seq, epoch, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        return Head(*row) if row else Head()

    def _keep(self, rows: list[Row]) -> None:
        try:
            if len(rows) <= FEW:
                self._insert(rows)
                return
            with self._db:
                self._db.execute("BEGIN IMMEDIATE")
                self._insert(rows[:1])
                reach("log.writing")
                self._db.executemany(INSERT, rows[1:])
        except sqlite3.IntegrityError as problem:
            raise FencedError from problem

    def _insert(self, rows: list[Row]) -> None:
        """Behind the head, or not at all."""
        given = [value for row in rows for value in row]
        given.insert(1, self.head.seq or None)
        self._db.execute(INSERTS[len(rows) - 1], given)

    def _end(self) -> None:
        self._db.close()


def _open(path: Path, durability: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA fullfsync = ON")  # counts on macOS only, where fsync alone does not reach the disk
    db.execute(f"PRAGMA synchronous = {SYNCHRONOUS[durability]}")
    if not db.execute("PRAGMA user_version").fetchone()[0]:
        db.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = 1; COMMIT;")
    reach("log.opened")
    return db
