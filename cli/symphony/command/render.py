"""Diagnostics as text: the sentence, its place, the line with carets below what is meant.

error[WF0301]: a string does not fit into a float
   --> desk.wf:12:20
    |
 12 |   step x: float = name
    |                   ^^^^
    = fix: write float(name)
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from symphony.command.say import Painter, visible
from symphony_dsl.base.diagnostic import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from symphony_dsl.base.diagnostic import Diagnostic, Fix, Location
    from symphony_dsl.base.span import Position, SourceText

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.HINT: "cyan"}
WIDTH = 120
"""So much of a source line is shown at most."""


def render(diagnostic: Diagnostic, source: Callable[[str], SourceText], paint: Painter) -> str:
    colour = COLOURS[diagnostic.severity]
    places = [diagnostic.location, *(label.location for label in diagnostic.labels)]
    margin = " " * max(len(str(source(place.path).position(place.span.start).line)) for place in places)
    mark = f"{margin}  {paint('=', 'blue')}"
    title = paint(f"{diagnostic.severity.value}[{diagnostic.code}]", colour)
    lines = [f"{title}: {visible(diagnostic.message)}", *_place(diagnostic.location, source, paint, colour, margin)]
    for label in diagnostic.labels:
        lines += [f"{mark} {visible(label.text)}:", *_place(label.location, source, paint, "blue", margin)]
    lines += [f"{mark} note: {visible(note)}" for note in diagnostic.notes]
    lines += [f"{mark} fix: {_fix(fix)}" for fix in diagnostic.fixes]
    return "\n".join(lines) + "\n"


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`."""
    found = list(diagnostics)
    counts = [(severity, sum(d.severity is severity for d in found)) for severity in Severity]
    return ", ".join(plural(count, severity.value) for severity, count in counts if count)


def plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _fix(fix: Fix) -> str:
    """The title, and the text that would be put in where it is one short line."""
    replacement = fix.edits[0].replacement if len(fix.edits) == 1 else ""
    shown = replacement.strip()
    if not shown or "\n" in shown or len(shown) > 60 or shown in fix.title:
        return visible(fix.title)
    return visible(f"{fix.title}: {shown}")


def _place(
    location: Location, source: Callable[[str], SourceText], paint: Painter, colour: str, margin: str
) -> Iterator[str]:
    text = source(location.path)
    start, end = text.position(location.span.start), text.position(location.span.end)
    yield f"{margin} {paint('-->', 'blue')} {visible(text.path)}:{start.line}:{start.column}"
    if not text.text:
        return
    line, before, carets = _excerpt(text.line(start.line), start, end)
    bar = paint("|", "blue")
    yield f"{margin}  {bar}"
    yield f" {paint(str(start.line).rjust(len(margin)), 'blue')} {bar} {line}".rstrip()
    yield f"{margin}  {bar} {' ' * before}{paint('^' * carets, colour)}"


def _excerpt(line: str, start: Position, end: Position) -> tuple[str, int, int]:
    """What is shown of a line, how many columns stand before the carets, and how many carets there are."""
    first = start.column - 1
    last = end.column - 1 if end.line == start.line else len(line)
    cut = max(0, first - WIDTH // 2) if len(line) > WIDTH else 0
    before = columns(line[cut:first])
    carets = columns(line[first : max(last, first + 1)])
    return _on_screen(line[cut : cut + WIDTH]), before, max(1, min(carets, WIDTH - before))


def _on_screen(text: str) -> str:
    return "".join("    " if c == "\t" else c if c.isprintable() else "\ufffd" for c in text)


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_columns_of(character) for character in text)


def _columns_of(character: str) -> int:
    if character == "\t":
        return 4
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
