"""Results that others may take as one SQLite file, written by all runs of a store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from symphony_dsl.base.errors import UserError
from symphony_runtime.storage.codec import decode, encode
from symphony_runtime.storage.failpoints import reach
from symphony_runtime.storage.log import LARGE
from symphony_runtime.storage.records import Holder, Record

if TYPE_CHECKING:
    from pathlib import Path

    from symphony_runtime.storage.contract import Blobs

T = TypeVar("T")

SCHEMA = """
CREATE TABLE IF NOT EXISTS results (
    name TEXT PRIMARY KEY, step TEXT NOT NULL, run TEXT NOT NULL, address TEXT NOT NULL, at INTEGER NOT NULL,
    parts TEXT NOT NULL, data TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS steps ON results (step, at);
CREATE TABLE IF NOT EXISTS holders (name TEXT PRIMARY KEY, run TEXT NOT NULL, address TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS runs ON holders (run);
"""

PATIENCE = 2.0
"""Seconds to wait for another run that writes at the moment."""

RECORD = "step, run, address, at, parts, data"


@dataclass(slots=True)
class SqliteRecords:
    """`lasting`: each holder is on the disk before its effect begins, and an error is told. Opened when it is first asked."""

    path: Path
    blobs: Blobs
    lasting: bool
    _open: sqlite3.Connection | None = None

    def find(self, name: str) -> Record | None:
        row = self._one(f"SELECT {RECORD} FROM results WHERE name = ?", name)  # noqa: S608 - constants of ours
        return self._record(row) if row else None

    def holder(self, name: str) -> Holder | None:
        row = self._one("SELECT run, address FROM holders WHERE name = ?", name)
        return Holder(*row) if row else None

    def hold(self, name: str, holder: Holder, instead_of: Holder | None) -> bool:
        def change(db: sqlite3.Connection) -> bool:
            held = _hold(db, name, holder, instead_of)
            reach("record.held")
            return held

        return self._do(change, otherwise=True)

    def keep(self, name: str, record: Record) -> None:
        data = encode(record.data)
        if len(data) > LARGE:
            data = encode({"blob": self.blobs.put(data.encode("ascii"))})
        values = (name, record.step, record.run, record.address, record.at, json.dumps(record.parts), data)

        def change(db: sqlite3.Connection) -> None:
            with db:
                db.execute("BEGIN IMMEDIATE")
                db.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?)", values)
                db.execute("DELETE FROM holders WHERE name = ?", (name,))
            reach("record.kept")

        self._do(change, otherwise=None)

    def free(self, name: str, holder: Holder) -> None:
        def change(db: sqlite3.Connection) -> None:
            given = (name, holder.run, holder.address)
            db.execute("DELETE FROM holders WHERE name = ? AND run = ? AND address = ?", given)
            reach("record.freed")

        self._do(change, otherwise=None)

    def held_by(self, run: str) -> dict[str, str]:
        return dict(self._all("SELECT name, address FROM holders WHERE run = ?", run))

    def of_step(self, step: str, limit: int) -> list[Record]:
        query = f"SELECT {RECORD} FROM results WHERE step = ? ORDER BY at DESC LIMIT ?"  # noqa: S608 - as above
        return [record for row in self._all(query, step, limit) if (record := self._record(row))]

    def texts(self) -> Iterator[str]:
        return (row[0] for row in self._all("SELECT data FROM results"))

    def clear(self) -> int:
        def change(db: sqlite3.Connection) -> int:
            count = db.execute("DELETE FROM results").rowcount
            reach("records.cleared")
            return count

        return self._do(change, otherwise=0) if self.path.is_file() else 0

    def close(self) -> None:
        if self._open:
            self._open.close()
            self._open = None

    def _one(self, query: str, *given: object) -> tuple[Any, ...] | None:
        return next(iter(self._all(query, *given)), None)

    def _all(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        if self._open is None and not self.path.is_file():
            return []
        return self._do(lambda db: db.execute(query, given).fetchall(), otherwise=[])

    def _record(self, row: tuple[Any, ...]) -> Record | None:
        """None where its content is gone, or is none that a version has written."""
        step, run, address, at, parts, text = row
        try:
            data = decode(text)
            if data.keys() == {"blob"}:
                data = decode(self.blobs.get(data["blob"]).decode("ascii"))
            return Record(step, run, address, at, json.loads(parts), data)
        except (UserError, ValueError, TypeError):
            return None

    def _do(self, what: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        try:
            self._open = self._open or _opened(self.path, lasting=self.lasting)
            return what(self._open)
        except (sqlite3.Error, OSError) as problem:
            if self.lasting:
                message = f"the keys of this store cannot be used: {problem}"
                raise UserError(message, place=str(self.path)) from problem
            if isinstance(problem, sqlite3.DatabaseError) and not isinstance(problem, sqlite3.OperationalError):
                self._begin_anew()
            return otherwise

    def _begin_anew(self) -> None:
        """What is no cache any more gives way to a new one."""
        self.close()
        self.path.unlink(missing_ok=True)
        reach("records.cleared")


def _hold(db: sqlite3.Connection, name: str, holder: Holder, instead_of: Holder | None) -> bool:
    given = (holder.run, holder.address, name)
    if instead_of is None:
        query = "INSERT INTO holders (run, address, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        return db.execute(query, given).rowcount == 1
    query = "UPDATE holders SET run = ?, address = ? WHERE name = ? AND run = ? AND address = ?"
    return db.execute(query, (*given, instead_of.run, instead_of.address)).rowcount == 1


def _opened(path: Path, *, lasting: bool) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA fullfsync = ON")
        db.execute(f"PRAGMA synchronous = {'FULL' if lasting else 'OFF'}")
        db.executescript(SCHEMA)
        reach("records.opened")
    except sqlite3.Error:
        db.close()
        raise
    return db
