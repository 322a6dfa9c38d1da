"""Places in a text: offsets, lines and columns.

Every offset counts code points, never bytes or UTF-16 units. A `Span` is half open, `[start, end)`.
Lines and columns count from 1. Spans inside a syntax tree are relative to their island (the top-level
declaration they stand in), so that moving a declaration changes none of them; `Span.shifted` makes them absolute.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import field
from typing import NamedTuple

from symphony_dsl.base.frozen import frozen


class Span(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int

    def shifted(self, delta: int) -> Span:
        return Span(self.start + delta, self.end + delta)

    def to(self, other: Span) -> Span:
        """The range from the start of this one to the end of the other."""
        return Span(self.start, other.end)


class Position(NamedTuple):
    """A line and a column, both counted from 1, the column in code points."""

    line: int
    column: int


@frozen
class SourceText:
    """A file's name and its text, with line breaks already normalised to LF and without a byte order mark."""

    path: str
    text: str
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        object.__setattr__(self, "_starts", tuple(starts))

    def position(self, offset: int) -> Position:
        """The place of an offset; offsets beyond the end count as the end."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its line break."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end]
