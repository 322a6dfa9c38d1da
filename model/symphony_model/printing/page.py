"""Lines for a terminal: indented, cut or wrapped at a width, in colour or without, and with nothing in them that a terminal obeys.

A line is made of parts, each a text with a style. With the colours taken away it is the plain line, character for character.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from symphony_dsl.base.frozen import frozen
from symphony_model.printing.config import PrettyConfig

STYLES = {
    "name": "1",
    "word": "34;1",
    "type": "36",
    "value": "32",
    "quiet": "2",
    "wrong": "31;1",
}
"""The codes that turn a style on (ECMA-48, SGR). A style that is not here is that of the terminal."""

DEEPEST = 40
"""So many steps lines are indented at most, so that blocks of any depth make a text that is as long as what it says."""


class Part(NamedTuple):
    text: str
    style: str = ""


@frozen
class Line:
    """What is too long is cut, and ends with `…`; where the line `wraps`, its last part goes on below instead."""

    depth: int
    parts: tuple[Part, ...]
    wraps: bool = False


def page(lines: Iterable[Line], config: PrettyConfig) -> str:
    """The text of the lines. A line without parts is empty."""
    return "\n".join(row for line in lines for row in _rows(line, config))


def one_line(parts: Iterable[Part], config: PrettyConfig) -> str:
    return next(_rows(Line(0, tuple(parts)), config))


def _rows(line: Line, config: PrettyConfig) -> Iterator[str]:
    indent = config.indent_size * min(line.depth, DEEPEST)
    indent = indent if config.width is None else min(indent, config.width // 2)
    room = None if config.width is None else config.width - indent
    parts = [Part(visible(part.text), part.style) for part in line.parts]
    rows = _wrapped(parts, room) if line.wraps and room else [_cut(parts, room)]
    for row in rows:
        text = "".join(_painted(part, config.use_colors) for part in row)
        yield " " * indent + text if text else ""


def _painted(part: Part, colours: bool) -> str:
    code = STYLES.get(part.style)
    return f"\x1b[{code}m{part.text}\x1b[0m" if colours and code and part.text else part.text


# ---- width ----


def _cut(parts: list[Part], room: int | None) -> list[Part]:
    if room is None or sum(cells(part.text) for part in parts) <= room:
        return parts
    kept, left = [], room - 1
    for part in parts:
        text = head(part.text, left)
        kept.append(Part(text, part.style))
        left -= cells(text)
        if len(text) < len(part.text):
            break
    return [*kept, Part("…", "quiet")]


def _wrapped(parts: list[Part], room: int) -> Iterator[list[Part]]:
    """The last part goes on below where it began, or below the line's beginning where that leaves too little room."""
    *lead, last = parts
    before = sum(cells(part.text) for part in lead)
    if before > room // 2:
        yield _cut(lead, room)
        lead, before = [Part("  ")], 2
    for row in _broken(last.text, room - before):
        yield [*lead, Part(row, last.style)]
        lead = [Part(" " * before)]


def _broken(text: str, room: int) -> Iterator[str]:
    """Rows of a text, broken at blanks where there are some."""
    start = 0
    while True:
        window = text[start : start + 2 * room + 1]
        row = head(window, room) or window[:1]
        end = start + len(row)
        if end >= len(text):
            yield row
            return
        blank = row.rfind(" ")
        if text[end] != " " and blank > 0:
            end = start + blank + 1
        yield text[start:end].rstrip(" ")
        start = end + (text[end] == " ")


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def _cell(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def head(text: str, room: int) -> str:
    """As much of a text's beginning as there is room for."""
    if text.isascii():
        return text[: max(room, 0)]
    for at, char in enumerate(text):
        room -= _cell(char)
        if room < 0:
            return text[:at]
    return text


def padded(text: str, width: int) -> str:
    return text + " " * (width - cells(text))


# ---- what a terminal would obey ----


def visible(text: str) -> str:
    """The text with its control characters, and whatever else cannot be seen, as escapes."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
