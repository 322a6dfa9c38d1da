"""A store that is gone with its process: for tests, and for programs that run workflows and keep nothing."""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_runtime.entries import RUN_CREATED, RUN_STATE
from symphony_runtime.storage.contract import PAGE, Row
from symphony_runtime.storage.locks import Claims
from symphony_runtime.storage.log import PROCESS, ChainedLog, FencedError, Head
from symphony_runtime.storage.records import MemoryRecords
from symphony_runtime.storage.slots import MemorySlots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from symphony_runtime.commands import Command
    from symphony_runtime.storage.contract import Blobs
    from symphony_runtime.storage.index import RunSummary


@dataclass(slots=True)
class MemoryJournal:
    kept: list[Row] = field(default_factory=list)

    def rows(self, after: int = 0, limit: int = PAGE) -> list[Row]:
        start = bisect_right(self.kept, after, key=lambda row: row[0])
        return self.kept[start : start + limit]

    def labels(self) -> list[Row]:
        return [row for row in self.kept if row[3] in (RUN_CREATED, RUN_STATE)]

    def check(self) -> None:
        """Nothing gets at it."""

    def open(self, blobs: Blobs, durability: str) -> MemoryLog:
        return MemoryLog(self.kept, blobs)


class MemoryLog(ChainedLog):
    def __init__(self, kept: list[Row], blobs: Blobs) -> None:
        self._kept = kept
        super().__init__("memory", blobs, PROCESS)

    def _find_head(self) -> Head:
        return Head(self._kept[-1][0], self._kept[-1][2], self._kept[-1][-1]) if self._kept else Head()

    def _keep(self, rows: list[Row]) -> None:
        if self._find_head() != self.head:
            raise FencedError
        self._kept += rows

    def _end(self) -> None:
        """Nothing is open."""


@dataclass(slots=True)
class MemoryBlobs:
    kept: dict[str, tuple[bytes, float]] = field(default_factory=dict)

    def put(self, content: bytes) -> str:
        digest = sha256(content).hexdigest()
        self.kept[digest] = (content, time.time())
        return digest

    def get(self, digest: str) -> bytes:
        if digest not in self.kept:
            raise UserError("a content that the run needs is missing", place=digest)
        return self.kept[digest][0]

    def ages(self, now: float) -> dict[str, float]:
        return {digest: now - put for digest, (_, put) in self.kept.items()}

    def drop(self, digest: str, before: float) -> bool:
        if digest not in self.kept or self.kept[digest][1] >= before:
            return False
        del self.kept[digest]
        return True


@dataclass(slots=True)
class MemoryInbox:
    """Commands may come from any thread."""

    kept: dict[str, Command] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)

    def put(self, command: Command) -> None:
        self.kept.setdefault(command.id, command)

    def arrived(self) -> list[Command]:
        found = [command for name, command in sorted(self.kept.copy().items()) if name not in self.given]
        self.given.update(command.id for command in found)
        return found

    def forget(self, done: Iterable[str]) -> None:
        for name in done:
            self.kept.pop(name, None)
            self.given.discard(name)


@dataclass(slots=True)
class MemoryLock:
    held: threading.Lock

    def let_go(self) -> None:
        self.held.release()


@dataclass(slots=True)
class MemoryRun(Claims):
    execution_id: str
    runs: dict[str, MemoryRun]
    slots: MemorySlots
    log: MemoryJournal = field(default_factory=MemoryJournal)
    waiting: dict[str, Command] = field(default_factory=dict)
    held: threading.Lock = field(default_factory=threading.Lock)

    @property
    def inbox(self) -> MemoryInbox:
        return MemoryInbox(self.waiting)

    def try_claim(self) -> MemoryLock | None:
        return MemoryLock(self.held) if self.held.acquire(blocking=False) else None

    def leash(self) -> None:
        """Whoever could have left something behind has taken the run along."""

    def note_leash(self, leash: str | None) -> None:
        """It is never looked for."""

    def remove(self) -> None:
        del self.runs[self.execution_id]


@dataclass(slots=True)
class Memory:
    runs: dict[str, MemoryRun] = field(default_factory=dict)
    summaries: dict[str, RunSummary] = field(default_factory=dict)
    held: dict[tuple[str, str], str] = field(default_factory=dict)
    begun: list[tuple[str, int, str, str]] = field(default_factory=list)
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    results: MemoryRecords = field(default_factory=MemoryRecords)
    effects: MemoryRecords = field(default_factory=MemoryRecords)
    hidden: bytes = field(default_factory=lambda: token_bytes(32))

    def cache(self) -> MemoryRecords:
        return self.results

    def keys(self) -> MemoryRecords:
        return self.effects

    def salt(self) -> bytes:
        return self.hidden

    def names(self) -> list[str]:
        return sorted(self.runs)

    def find(self, execution_id: str) -> MemoryRun | None:
        return self.runs.get(execution_id)

    @contextmanager
    def making(self, execution_id: str) -> Iterator[MemoryRun]:
        made = MemoryRun(execution_id, self.runs, MemorySlots(self.held, self.begun, execution_id))
        yield made
        self.runs[execution_id] = made

    def note(self, summary: RunSummary) -> None:
        self.summaries[summary.execution_id] = summary

    def noted(self) -> dict[str, RunSummary]:
        return self.summaries

    def tidy(self, now: float, grace: float) -> None:
        """Nothing outlives a killed process."""
