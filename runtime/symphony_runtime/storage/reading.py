"""A run's log, read page by page by anybody, also while it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symphony_dsl.base.errors import UserError
from symphony_runtime.entries import RUN_CREATED, RUN_STATE, TABLE, Entry, rfc3339
from symphony_runtime.storage.codec import decode
from symphony_runtime.storage.index import RunSummary
from symphony_runtime.storage.log import chained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from symphony_runtime.storage.contract import Blobs, Journal, Row

FINAL = frozenset({"completed", "failed", "cancelled"})


def read(log: Journal, blobs: Blobs, after: int = 0) -> Iterator[Entry]:
    """Entries behind number `after`. Nothing is held between two pages."""
    for row in _rows(log, after):
        yield _entry(row, blobs)


def texts(log: Journal) -> Iterator[str]:
    """The data of all entries as it is kept, whatever it says."""
    return (row[-2] for row in _rows(log))


def first_bad(log: Journal) -> int | None:
    """The number of the first entry whose hash is not what follows from it and those before; None where all are right.

    Raises UserError where the log cannot be read, or is spoilt so that entries may be missing.
    """
    log.check()
    previous = b""
    for row in _rows(log):
        previous = chained(previous, row[:-1])
        if previous != row[-1]:
            return int(row[0])
    return None


def read_summary(log: Journal, blobs: Blobs, execution_id: str) -> RunSummary | None:
    """How a run stands; None where its making was not finished."""
    try:
        rows = [(row[3], row[1], _data(row[-2], blobs)) for row in log.labels()]
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


def _rows(log: Journal, after: int = 0) -> Iterator[Row]:
    while page := log.rows(after):
        yield from page
        if page[-1][0] <= after:
            raise UserError("the run's log cannot be read: its entries are in no order")
        after = page[-1][0]


def _entry(row: Row, blobs: Blobs) -> Entry:
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
