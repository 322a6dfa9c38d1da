"""Lines out of the pieces that a pipe gives."""

from __future__ import annotations

from collections.abc import Callable

MAX_LINE = 16 * 1024
"""A longer line is cut into pieces: somebody may write without ever ending one."""


class Lines:
    """Feed it bytes, it gives text line by line; what is no UTF-8 is replaced, empty lines are left out."""

    def __init__(self, give: Callable[[str], None]) -> None:
        self._give = give
        self._rest = b""
        self._held = b""

    def split_at(self, data: bytes, mark: bytes) -> tuple[bytes, bytes, bytes]:
        """`data`, with what was held back before, cut at a mark that may arrive in two pieces."""
        data = self._held + data
        before, found, after = data.partition(mark)
        self._held = b"" if found else _beginning(data, mark)
        return (before if found else data[: len(data) - len(self._held)]), found, after

    def feed(self, data: bytes) -> None:
        *whole, self._rest = (self._rest + data).split(b"\n")
        for line in whole:
            self._say(line)
        while len(self._rest) > MAX_LINE:
            self._say(self._rest[:MAX_LINE])
            self._rest = self._rest[MAX_LINE:]

    def close(self) -> None:
        """Give the last line, which nothing ended."""
        rest, self._rest, self._held = self._rest + self._held, b"", b""
        self._say(rest)

    def _say(self, line: bytes) -> None:
        text = line.rstrip(b"\r").decode("utf-8", "replace")
        for start in range(0, len(text), MAX_LINE):
            self._give(text[start : start + MAX_LINE])


def _beginning(data: bytes, mark: bytes) -> bytes:
    """The longest end of `data` that a mark may begin with."""
    for length in range(min(len(data), len(mark) - 1), 0, -1):
        if data.endswith(mark[:length]):
            return mark[:length]
    return b""
