"""Reads a file: its edition, then its islands, each by itself with offsets of its own."""

from __future__ import annotations

import re

from symphony_dsl.base.collector import paused
from symphony_dsl.base.diagnostic import Diagnostic, Reporter
from symphony_dsl.base.span import Span
from symphony_dsl.syntax.islands import read_island
from symphony_dsl.syntax.scanner import scan
from symphony_dsl.syntax.tree import File, Island, Pragma

EDITION = "1.0"
PRAGMA = re.compile(r"(?:\s|//[^\n]*(?:\n|\Z))*(wf[ \t]+([^\s{]+))")
UNFINISHED = re.compile(r"(?:\s|//[^\n]*(?:\n|\Z))*(wf)[ \t]*(?=\n|\Z)")


def parse_file(path: str, text: str) -> File:
    """The tree of a file and all that is wrong with it; no text makes it raise."""
    with paused():
        return _parse(path, text)


def _parse(path: str, text: str) -> File:
    diagnostics: list[Diagnostic] = []
    pragma, begin = _edition(text, Reporter(path, 0, diagnostics))
    islands: list[Island] = []
    for span in scan(text, begin):
        islands += read_island(path, text[span.start : span.end], span.start)
    return File(path, text, pragma, tuple(islands), tuple(diagnostics))


def _edition(text: str, reporter: Reporter) -> tuple[Pragma | None, int]:
    """The edition that the first line names, and where the declarations begin."""
    found = PRAGMA.match(text)
    if found is None:
        return None, _missing(text, reporter)
    span = Span(*found.span(1))
    edition = found.group(2)
    if edition != EDITION:
        message = f"this version reads edition {EDITION} of the language, not `{edition}`"
        fix = reporter.replacement(f"write `wf {EDITION}`", span, f"wf {EDITION}")
        reporter.report("WF0004", Span(*found.span(2)), message, fixes=[fix])
    line = text.find("\n", span.end) + 1
    return Pragma(span, edition), line if line and not text[span.end : line].strip() else span.end


def _missing(text: str, reporter: Reporter) -> int:
    unfinished = UNFINISHED.match(text)
    span = Span(*unfinished.span(1)) if unfinished else Span(0, 0)
    line = f"wf {EDITION}" if unfinished else f"wf {EDITION}\n\n"
    fix = reporter.replacement(f"start with `wf {EDITION}`", span, line)
    reporter.report("WF0003", span, f"a file starts with its edition, `wf {EDITION}`, on the first line", fixes=[fix])
    return span.end
