"""Diagnostics for machines: one JSON array, and annotations of GitHub's workflow commands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from symphony_dsl.base.diagnostic import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from symphony_dsl.base.diagnostic import Diagnostic, Fix, Label, Location
    from symphony_dsl.base.span import Position, SourceText

    Sources = Callable[[str], SourceText]

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}
"""What GitHub calls a severity."""


def as_json(diagnostics: Iterable[tuple[Diagnostic, Sources]]) -> str:
    """Lines and columns count from 1 in code points; an end is the place behind the last character."""
    return json.dumps([_diagnostic(d, source) for d, source in diagnostics], ensure_ascii=False, indent=2) + "\n"


def _diagnostic(diagnostic: Diagnostic, source: Sources) -> dict[str, object]:
    return {
        "code": str(diagnostic.code),
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        **_location(diagnostic.location, source),
        "labels": [_label(label, source) for label in diagnostic.labels],
        "fixes": [_fix(fix, source) for fix in diagnostic.fixes],
    }


def _location(location: Location, source: Sources) -> dict[str, object]:
    text = source(location.path)
    start, end = text.position(location.span.start), text.position(location.span.end)
    return {"file": text.path, "start": _position(start), "end": _position(end)}


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column}


def _label(label: Label, source: Sources) -> dict[str, object]:
    return {"message": label.text, **_location(label.location, source)}


def _fix(fix: Fix, source: Sources) -> dict[str, object]:
    edits = [{**_location(edit.location, source), "replacement": edit.replacement} for edit in fix.edits]
    return {"title": fix.title, "edits": edits}


def as_github(diagnostics: Iterable[tuple[Diagnostic, Sources]]) -> str:
    return "".join(f"{line}\n" for d, source in diagnostics for line in _annotation(d, source))


def _annotation(diagnostic: Diagnostic, source: Sources) -> Iterator[str]:
    text = source(diagnostic.location.path)
    span = diagnostic.location.span
    start, end = text.position(span.start), text.position(span.end)
    places = {"file": text.path, "line": start.line, "endLine": end.line}
    if start.line == end.line:  # columns are shown for a single line only
        places |= {"col": start.column, "endColumn": end.column}
    places |= {"title": str(diagnostic.code)}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in places.items())
    message = "\n".join([diagnostic.message, *diagnostic.notes, *(fix.title for fix in diagnostic.fixes)])
    yield f"::{LEVELS[diagnostic.severity]} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
