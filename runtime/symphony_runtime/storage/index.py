"""The summary of every run in one small database, shared by all runs of a store.

It is a convenience: what it says can be read from the logs again, so nothing waits for it and nothing fails by it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import astuple
from pathlib import Path

from symphony_dsl.base.frozen import frozen
from symphony_runtime.storage.failpoints import reach

SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    execution_id TEXT PRIMARY KEY, workflow TEXT NOT NULL, state TEXT NOT NULL, started_at TEXT, completed_at TEXT
)
"""

PATIENCE = 2.0
"""Seconds to wait for another run that writes the index."""


@frozen
class RunSummary:
    """Times are RFC 3339. `completed_at` is given for a run in a final state."""

    execution_id: str
    workflow: str
    state: str
    started_at: str | None = None
    completed_at: str | None = None


@frozen
class Index:
    path: Path

    def put(self, summary: RunSummary) -> bool:
        """Whether it could be written. What is no index any more gives way to a new one."""
        try:
            self._put(summary)
        except sqlite3.OperationalError:
            return False
        except sqlite3.DatabaseError:
            return self._put_anew(summary)
        return True

    def _put_anew(self, summary: RunSummary) -> bool:
        try:
            self.path.unlink(missing_ok=True)
            self._put(summary)
        except (sqlite3.Error, OSError):
            return False
        return True

    def _put(self, summary: RunSummary) -> None:
        with closing(sqlite3.connect(self.path, timeout=PATIENCE)) as connection, connection:
            connection.execute("PRAGMA synchronous = OFF")  # what a power cut spoils is read from the logs again
            connection.execute(SCHEMA)
            connection.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?)", astuple(summary))
        reach("index.noted")

    def summaries(self) -> dict[str, RunSummary]:
        """By id; empty where there is no index or it cannot be read."""
        if not self.path.is_file():
            return {}
        try:
            with closing(sqlite3.connect(self.path, timeout=PATIENCE)) as connection:
                rows = connection.execute(
                    "SELECT execution_id, workflow, state, started_at, completed_at FROM runs"
                ).fetchall()
        except sqlite3.Error:
            return {}
        return {row[0]: RunSummary(*row) for row in rows}
