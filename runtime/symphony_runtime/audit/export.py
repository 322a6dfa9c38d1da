"""Entries of an audit for other programs: a JSON array, or CSV with a header (RFC 4180)."""

from __future__ import annotations

import csv
import io
import json
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from symphony_runtime.audit.entry import AuditEntry

COLUMNS = ("timestamp", "execution_id", "seq", "event_type", "actor", "node", "attempt", "details", "hash")


class ExportFormat(StrEnum):
    JSON = "json"
    CSV = "csv"


def exported(entries: Iterable[AuditEntry], form: ExportFormat) -> Iterator[str]:
    """The text, in pieces: an export may be larger than memory."""
    return WRITE[form](entries)


def _json(entries: Iterable[AuditEntry]) -> Iterator[str]:
    before = "[\n"
    for entry in entries:
        yield before + json.dumps(entry.to_json(), ensure_ascii=True)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _csv(entries: Iterable[AuditEntry]) -> Iterator[str]:
    yield _line(COLUMNS)
    for entry in entries:
        told = entry.to_json() | {"details": json.dumps(entry.details, sort_keys=True)}
        yield _line([_cell(told[column]) for column in COLUMNS])


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _cell(value: object) -> str:
    """A text that a spreadsheet would take for a formula is marked as text, as spreadsheets do it."""
    shown = "" if value is None else str(value)
    return "'" + shown if shown.startswith(FORMULA) else shown


FORMULA = ("=", "+", "-", "@", "\t", "\r")

WRITE: dict[ExportFormat, Callable[[Iterable[AuditEntry]], Iterator[str]]] = {
    ExportFormat.JSON: _json,
    ExportFormat.CSV: _csv,
}
