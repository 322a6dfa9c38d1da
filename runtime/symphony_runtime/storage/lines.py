"""A run's log as a file of lines: each is a transaction, a JSON list of its entries. People and other programs read it.

A line without its end was never acknowledged: readers pass over it, and the next writer cuts it off. A line that was
changed does not fit the hashes.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, BinaryIO

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.frozen import frozen
from symphony_runtime.entries import RUN_CREATED, RUN_STATE
from symphony_runtime.storage.contract import PAGE, Row
from symphony_runtime.storage.disk import keep_names
from symphony_runtime.storage.failpoints import reach
from symphony_runtime.storage.log import POWER, ChainedLog, FencedError, Head, refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO
    from pathlib import Path

    from symphony_runtime.storage.contract import Blobs

NAMES = ("seq", "at", "epoch", "type", "v", "class", "cause", "actor", "address", "attempt")


@frozen
class LinesJournal:
    path: Path

    def rows(self, after: int = 0, limit: int = PAGE) -> list[Row]:
        found: list[Row] = []
        for row in self._from(after):
            if row[0] > after:
                found.append(row)
            if len(found) == limit:
                break
        return found

    def labels(self) -> list[Row]:
        return [row for row in self._from(0) if row[3] in (RUN_CREATED, RUN_STATE)]

    def check(self) -> None:
        """Lines hide nothing."""

    def open(self, blobs: Blobs, durability: str) -> LinesLog:
        return LinesLog(self.path, blobs, durability)

    def _from(self, after: int) -> Iterator[Row]:
        """From the line on that holds what follows number `after`."""
        try:
            with self.path.open("rb") as file:
                file.seek(_find(file, after))
                for line in file:
                    if line.endswith(b"\n"):
                        yield from _rows(line)
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as problem:
            raise UserError(f"the run's log cannot be read: {problem}", place=str(self.path)) from problem


class LinesLog(ChainedLog):
    """Opening it for a run that has no log yet makes one."""

    def __init__(self, path: Path, blobs: Blobs, durability: str = POWER) -> None:
        self._is_kept = durability == POWER
        try:
            self._file: FileIO = path.open("a+b", buffering=0)
            self._size = _line_start(self._file, self._length())
            self._file.truncate(self._size)
            if self._is_kept:
                keep_names(path.parent)
            reach("log.opened")
            super().__init__(str(path), blobs, durability)
        except OSError as problem:
            raise refused(str(path), problem) from problem
        except (ValueError, KeyError, TypeError) as problem:
            raise UserError(f"the run's log cannot be read: {problem}", place=str(path)) from problem

    def _find_head(self) -> Head:
        if not self._size:
            return Head()
        last = _rows(_line_at(self._file, _line_start(self._file, self._size - 1)))[-1]
        return Head(last[0], last[2], last[-1])

    def _keep(self, rows: list[Row]) -> None:
        if self._length() != self._size:
            raise FencedError
        line = _line(rows)
        try:
            _write(self._file, line)
            reach("log.writing")
            if self._is_kept:
                os.fsync(self._file.fileno())
        except OSError:
            self._file.truncate(self._size)
            raise
        self._size += len(line)

    def _length(self) -> int:
        return os.fstat(self._file.fileno()).st_size

    def _end(self) -> None:
        self._file.close()


def _write(file: FileIO, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]


BLOCK = 64 * 1024


def _line_start(file: BinaryIO | FileIO, position: int) -> int:
    """Where the line begins that a position is in; behind the last end of a line, for the end of a file."""
    while position:
        at = max(0, position - BLOCK)
        file.seek(at)
        found = file.read(position - at).rfind(b"\n")
        if found >= 0:
            return at + found + 1
        position = at
    return 0


def _line_at(file: BinaryIO | FileIO, position: int) -> bytes:
    file.seek(position)
    return file.readline()


def _find(file: BinaryIO, after: int) -> int:
    """The last line that begins with a number up to `after`: what follows is in it, or behind it."""
    low, high = 0, _line_start(file, file.seek(0, os.SEEK_END))
    while low < high:
        middle = _line_start(file, (low + high) // 2)
        line = _line_at(file, middle)
        if _rows(line)[0][0] > after:
            high = middle
        elif middle + len(line) >= high or _rows(_line_at(file, middle + len(line)))[0][0] > after:
            return middle
        else:
            low = middle + len(line)
    return low


def _line(rows: list[Row]) -> bytes:
    return f"[{','.join(map(_entry, rows))}]\n".encode("ascii")


def _entry(row: Row) -> str:
    """What is kept of data is the text of JSON already, on one line, and goes in as it is."""
    head = json.dumps(dict(zip(NAMES, row[:-2], strict=True)), separators=(",", ":"))
    return f'{head[:-1]},"data":{row[-2]},"hash":"{row[-1].hex()}"}}'


def _rows(line: bytes) -> list[Row]:
    return [_row(found) for found in json.loads(line)]


def _row(found: dict[str, Any]) -> Row:
    data = json.dumps(found["data"], separators=(",", ":"))
    return (*(found[name] for name in NAMES), data, bytes.fromhex(found["hash"]))
