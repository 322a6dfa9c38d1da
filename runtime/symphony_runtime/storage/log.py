"""Writing the log of a run: entries become rows, each with the hash of the one before and itself.

Durability `power`: a thread commits, all that has gathered in one transaction, and an entry counts when the disk has it.
Durability `process`: a commit on the caller's thread that survives the end of the process, not that of the machine.
Either way entries are in the log all or none, in order, and behind what the writer knows of.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from hashlib import sha256
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple

from symphony_runtime.entries import TABLE
from symphony_runtime.storage.codec import encode
from symphony_runtime.storage.contract import LogRefusedError
from symphony_runtime.storage.failpoints import reach

if TYPE_CHECKING:
    from symphony_runtime.entries import Entry
    from symphony_runtime.storage.contract import Blobs, Done, Row

POWER = "power"
PROCESS = "process"

LARGE = 16 * 1024
"""Data of an entry longer than this is kept beside the log."""


class FencedError(Exception):
    """Somebody else has written behind what this writer knows of."""


class Head(NamedTuple):
    """The last entry of a log."""

    seq: int = 0
    epoch: int = 0
    hash: bytes = b""


class ChainedLog(ABC):
    """Opened by whoever holds the run's lock; `place` is what a message calls it."""

    refusals: tuple[type[Exception], ...] = (FencedError, OSError)
    """What is raised where nothing can be written."""

    def __init__(self, place: str, blobs: Blobs, durability: str) -> None:
        self._place = place
        self._blobs = blobs
        self.head = self._find_head()
        self._queue: SimpleQueue[tuple[list[Entry], Done] | None] = SimpleQueue()
        self._writer: threading.Thread | None = None
        if durability == POWER:
            self._writer = threading.Thread(target=self._write, name="log writer", daemon=True)
            self._writer.start()

    @abstractmethod
    def _find_head(self) -> Head: ...

    @abstractmethod
    def _keep(self, rows: list[Row]) -> None:
        """Keep all rows or none. Raises FencedError where the head is another one by now, or what else went wrong."""

    @abstractmethod
    def _end(self) -> None: ...

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
        self._end()

    def commit(self, entries: list[Entry]) -> LogRefusedError | None:
        """One transaction: all entries, or none and the reason."""
        if not entries:
            return None
        try:
            rows, head = self._rows(entries)
            reach("log.appending")
            self._keep(rows)
            reach("log.appended")
        except self.refusals as problem:
            return refused(self._place, problem)
        self.head = head
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

    def _rows(self, entries: list[Entry]) -> tuple[list[Row], Head]:
        seq, epoch, digest = self.head.seq, self.head.epoch, self.head.hash
        rows: list[Row] = []
        for entry in entries:
            if entry.seq <= seq or entry.epoch < epoch:
                raise FencedError
            row = self._row(entry)
            seq, epoch, digest = entry.seq, entry.epoch, chained(digest, row)
            rows.append((*row, digest))
        return rows, Head(seq, epoch, digest)

    def _row(self, entry: Entry) -> tuple[Any, ...]:
        of = TABLE[entry.type]
        data = encode(entry.data)
        if len(data) > LARGE:
            data = encode({"blob": self._blobs.put(data.encode("ascii"))})
            # a stored `blob` alone is the place of the data; no type of entry has a field of this name
        return (
            entry.seq, entry.at, entry.epoch, entry.type, of.v, of.group,
            entry.cause, entry.actor, entry.address, entry.attempt, data,
        )  # fmt: skip


def chained(previous: bytes, row: tuple[Any, ...]) -> bytes:
    """The hash of an entry: of the one before, and of its columns, each on a line (no column holds a line break)."""
    return sha256(previous + "\n".join(map(str, row)).encode("utf-8")).digest()


def refused(place: str, problem: Exception) -> LogRefusedError:
    if isinstance(problem, FencedError):
        return LogRefusedError("another process took this run over", place=place)
    reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
    return LogRefusedError(
        f"the run's log cannot be written: {reason}",
        place=place,
        hint="nothing is lost: make room, then resume the run",
    )
