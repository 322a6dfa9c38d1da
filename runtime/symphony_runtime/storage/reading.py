"""A run's log, read page by page by anybody, also while it is written."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from symphony_dsl.base.errors import UserError
from symphony_runtime.entries import RUN_CREATED, RUN_STATE, TABLE, Entry, rfc3339
from symphony_runtime.storage.codec import decode
from symphony_runtime.storage.index import RunSummary
from symphony_runtime.storage.log import chained

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from symphony_runtime.storage.blobs import Blobs

PAGE = 1000
FINAL = frozenset({"completed", "failed", "cancelled"})

COLUMNS = "seq, at, epoch, type, v, class, cause, actor, address, attempt, data, hash"
PAGES = f"SELECT {COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT {PAGE}"  # noqa: S608 - constants of ours
LABELS = "SELECT type, at, data FROM events WHERE type IN ('run.created', 'run.state') ORDER BY seq"


def read(path: Path, blobs: Blobs, after: int = 0) -> Iterator[Entry]:
    """Entries behind number `after`. No transaction outlives a page."""
    while rows := _rows(path, PAGES, after):
        for row in rows:
            yield _entry(row, blobs)
        after = rows[-1][0]


def first_bad(path: Path) -> int | None:
    """The number of the first entry whose hash is not what follows from it and those before; None where all are right."""
    after, previous = 0, b""
    while rows := _rows(path, PAGES, after):
        for row in rows:
            previous = chained(previous, row[:-1])
            if previous != row[-1]:
                return int(row[0])
        after = rows[-1][0]
    return None


def read_summary(path: Path, blobs: Blobs, execution_id: str) -> RunSummary | None:
    """How a run stands; None where its making was not finished."""
    try:
        rows = [(kind, at, _data(text, blobs)) for kind, at, text in _rows(path, LABELS)]
    except UserError:
        return RunSummary(execution_id, "?", "unreadable")
    if not rows or rows[0][0] != RUN_CREATED:
        return None
    workflow = str(rows[0][2]["workflow"])
    labels = [(at, str(data["to"])) for kind, at, data in rows if kind == RUN_STATE]
    if not labels:
        return RunSummary(execution_id, workflow, "pending")
    ended, state = labels[-1]
    return RunSummary(execution_id, workflow, state, rfc3339(labels[0][0]), rfc3339(ended) if state in FINAL else None)


def _rows(path: Path, query: str, *parameters: int) -> list[tuple[Any, ...]]:
    try:
        with closing(sqlite3.connect(_address(path), timeout=5, uri=True)) as db:
            return db.execute(query, parameters).fetchall()
    except sqlite3.Error as problem:
        raise UserError(f"the run's log cannot be read: {problem}", place=str(path)) from problem


def _address(path: Path) -> str:
    """A log in a folder that cannot be written is read as it stands: SQLite would want to put a file beside it."""
    still = "?immutable=1" if not os.access(path.parent, os.W_OK) and not path.with_name("log.db-wal").exists() else ""
    return path.absolute().as_uri() + still


def _entry(row: tuple[Any, ...], blobs: Blobs) -> Entry:
    seq, at, epoch, kind, version, group, cause, actor, address, attempt, text, _ = row
    known = TABLE.get(kind)
    if group == "state" and (known is None or version > known.v):
        raise UserError(
            f"the log has entries of a newer version ({kind})", hint="use the version that wrote it, or a newer one"
        )
    return Entry(kind, _data(text, blobs), address, attempt, 0, seq, at, epoch, cause, actor)


def _data(text: str, blobs: Blobs) -> dict[str, Any]:
    """The data of an entry; where it is large, it is kept beside the log."""
    try:
        data = decode(text)
        if len(data) == 1 and "blob" in data:
            return decode(blobs.get(data["blob"]).decode("ascii"))
    except (ValueError, TypeError) as problem:
        raise UserError(f"the run's log holds what no version has written: {problem}") from problem
    return data
