"""The audit as a file of JSON lines, which any tool reads; every question reads it whole.

Who appends holds a lock of the operating system on the file. A last line without its end was cut off while it was
written: it is not there, and the next to append removes it.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, TYPE_CHECKING

from symphony_runtime.audit.entry import FIRST, AuditEntry, AuditError, AuditQuery, answers, chained, order, sealed
from symphony_runtime.storage.locks import FileLock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

PATIENCE = 10.0
"""Seconds to wait for another process that appends."""

PAUSE = 0.005


@dataclass(slots=True)
class FileAuditStorage:
    """Implements `AuditStorage`. The file is made when the first entry is kept."""

    path: Path
    _heads: dict[str, AuditEntry] = field(default_factory=dict)
    _read: int = 0  # bytes that the heads are of

    def append(self, entries: Iterable[AuditEntry]) -> int:
        with self._locked(), self._file("ab") as file:
            file.truncate(self._look())
            kept = chained(entries, self._heads.get)
            file.write(b"".join(_line(entry) for entry in kept))
            file.flush()
            os.fsync(file.fileno())
        return len(kept)

    def query(self, query: AuditQuery) -> Sequence[AuditEntry]:
        found = sorted((entry for entry in self._entries() if answers(entry, query)), key=order)
        return list(islice(found, query.offset, query.offset + query.limit))

    def get_by_execution(self, execution_id: str) -> Iterable[AuditEntry]:
        return (entry for entry in self._entries() if entry.execution_id == execution_id)

    def executions(self) -> Sequence[str]:
        self._look()
        return sorted(self._heads)

    def head(self, execution_id: str) -> AuditEntry | None:
        self._look()
        return self._heads.get(execution_id)

    def forget(self, execution_id: str, instead: AuditEntry) -> None:
        """The file is written anew beside itself, then renamed."""
        with self._locked():
            beside = self.path.with_name(self.path.name + ".new")
            with self._file("wb", beside) as file:
                file.writelines(_line(entry) for entry in self._entries() if entry.execution_id != execution_id)
                file.write(_line(sealed(instead, FIRST)))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
            self._heads, self._read = {}, 0

    def close(self) -> None:
        return

    def _look(self) -> int:
        """Learn what others have appended; where the last whole line ends."""
        for entry, end in self._lines(self._read):
            self._heads[entry.execution_id], self._read = entry, end
        return self._read

    def _entries(self) -> Iterator[AuditEntry]:
        return (entry for entry, _ in self._lines(0))

    def _lines(self, start: int) -> Iterator[tuple[AuditEntry, int]]:
        """Each entry from that byte on, and where its line ends."""
        if not self.path.exists():
            return
        with self._file("rb") as file:
            file.seek(start)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                start += len(line)
                yield self._parsed(line, start), start

    def _parsed(self, line: bytes, end: int) -> AuditEntry:
        try:
            return AuditEntry.from_json(json.loads(line))
        except (ValueError, KeyError, TypeError, RecursionError) as problem:
            raise AuditError(
                f"the line that ends at byte {end} is no entry of an audit", place=str(self.path)
            ) from problem

    @contextmanager
    def _file(self, mode: str, path: Path | None = None) -> Iterator[IO[bytes]]:
        try:
            with (path or self.path).open(mode) as file:
                yield file
        except OSError as problem:
            raise AuditError(f"the audit cannot be used: {problem.strerror}", place=str(self.path)) from problem

    @contextmanager
    def _locked(self) -> Iterator[None]:
        beside = self.path.with_name(self.path.name + ".lock")
        until = time.monotonic() + PATIENCE
        while (lock := FileLock.take(beside)) is None:
            if time.monotonic() > until:
                raise AuditError("another process keeps the audit locked", place=str(self.path))
            time.sleep(PAUSE)
        try:
            yield
        finally:
            lock.let_go()


def _line(entry: AuditEntry) -> bytes:
    return json.dumps(entry.to_json(), separators=(",", ":")).encode("ascii") + b"\n"
