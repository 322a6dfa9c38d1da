"""The audit as one SQLite file, which answers questions about a million entries by its indexes."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from symphony_runtime.audit.entry import EPOCH, FIRST, AuditEntry, AuditError, AuditQuery, chained, sealed
from symphony_runtime.plans.places import BELOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    execution_id TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, event_type TEXT NOT NULL, actor TEXT, node TEXT,
    attempt INTEGER, details TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (execution_id, seq)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_time ON entries (at, execution_id, seq);
CREATE INDEX IF NOT EXISTS by_type ON entries (event_type, at, execution_id, seq);
CREATE INDEX IF NOT EXISTS by_actor ON entries (actor, at, execution_id, seq);
CREATE INDEX IF NOT EXISTS by_node ON entries (node, at, execution_id, seq) WHERE node IS NOT NULL;
"""
"""`at` is in microseconds since 1970."""

COLUMNS = "execution_id, seq, at, event_type, actor, node, attempt, details, hash"
SELECT = f"SELECT {COLUMNS} FROM entries "  # noqa: S608 - constants of ours
FOUND = f"""
{SELECT}JOIN (
    SELECT execution_id AS run, seq AS number FROM entries {{where}}ORDER BY at, execution_id, seq LIMIT ? OFFSET ?
) ON execution_id = run AND seq = number ORDER BY at, execution_id, seq
"""  # noqa: S608 - constants of ours
"""What is passed over is found in an index alone: only what is given is read."""

INSERT = f"INSERT INTO entries ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - as above

PATIENCE = 10.0
"""Seconds to wait for another process that appends."""


class SqliteAuditStorage:
    """Implements `AuditStorage`. The file is made where there is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._refusing():
            self._db = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA secure_delete = ON")  # what is to be forgotten is overwritten
            self._db.executescript(SCHEMA)

    def append(self, entries: Iterable[AuditEntry]) -> int:
        with self._refusing(), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            kept = chained(entries, self.head)
            self._db.executemany(INSERT, [_row(entry) for entry in kept])
        return len(kept)

    def query(self, query: AuditQuery) -> Sequence[AuditEntry]:
        wanted = _conditions(query)
        where = "WHERE " + " AND ".join(sql for sql, _ in wanted) + " " if wanted else ""
        sql = FOUND.format(where=where)
        values = [value for _, values in wanted for value in values]
        return self._read(sql, *values, query.limit, query.offset)

    def get_by_execution(self, execution_id: str) -> Iterable[AuditEntry]:
        seq = -1
        while page := self._read(
            f"{SELECT}WHERE execution_id = ? AND seq > ? ORDER BY seq LIMIT ?", execution_id, seq, PAGE
        ):
            yield from page
            seq = page[-1].seq

    def executions(self) -> Sequence[str]:
        with self._refusing():
            return [row[0] for row in self._db.execute("SELECT DISTINCT execution_id FROM entries ORDER BY 1")]

    def head(self, execution_id: str) -> AuditEntry | None:
        found = self._read(f"{SELECT}WHERE execution_id = ? ORDER BY seq DESC LIMIT 1", execution_id)
        return found[0] if found else None

    def forget(self, execution_id: str, instead: AuditEntry) -> None:
        with self._refusing(), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("DELETE FROM entries WHERE execution_id = ?", [execution_id])
            self._db.execute(INSERT, _row(sealed(instead, FIRST)))

    def close(self) -> None:
        self._db.close()

    def _read(self, sql: str, *values: object) -> list[AuditEntry]:
        with self._refusing():
            return [_entry(row) for row in self._db.execute(sql, values).fetchall()]

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError) as problem:
            raise AuditError(f"the audit cannot be used: {problem}", place=str(self._path)) from problem


PAGE = 1000


def _conditions(query: AuditQuery) -> list[tuple[str, list[object]]]:
    found: list[tuple[str, list[object]]] = []
    if query.execution_id is not None:
        found.append(("execution_id = ?", [query.execution_id]))
    if query.event_types is not None:
        marks = ", ".join("?" for _ in query.event_types)
        found.append((f"event_type IN ({marks})", list(query.event_types)))
    if query.start_time is not None:
        found.append(("at >= ?", [_micros(query.start_time)]))
    if query.end_time is not None:
        found.append(("at < ?", [_micros(query.end_time)]))
    if query.node is not None:
        found.append(_below(query.node))
    if query.actor is not None:
        found.append(("actor = ?", [query.actor]))
    return found


def _below(node: str) -> tuple[str, list[object]]:
    """The address itself, or one that goes on behind it: a range of text for each character that may follow."""
    ranges = " OR ".join(["node = ?", *["node >= ? AND node < ?"] * len(BELOW)])
    bounds = [bound for mark in BELOW for bound in (node + mark, node + chr(ord(mark) + 1))]
    return f"node IS NOT NULL AND ({ranges})", [node, *bounds]


def _row(entry: AuditEntry) -> tuple[Any, ...]:
    details = json.dumps(entry.details, separators=(",", ":"))
    at = _micros(entry.timestamp)
    return (
        entry.execution_id,
        entry.seq,
        at,
        entry.event_type,
        entry.actor,
        entry.node,
        entry.attempt,
        details,
        entry.hash,
    )


def _entry(row: tuple[Any, ...]) -> AuditEntry:
    execution_id, seq, at, event_type, actor, node, attempt, details, digest = row
    moment = EPOCH + timedelta(microseconds=at)
    return AuditEntry(execution_id, seq, moment, event_type, json.loads(details), actor, node, attempt, digest)


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
