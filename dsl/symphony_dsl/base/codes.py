"""The one table of diagnostic codes. A code never changes its meaning and is never used again for another.

WF00xx text and files · WF01xx syntax · WF02xx names and modules · WF03xx types and expressions · WF04xx nodes, bodies
and control · WF05xx settings and implementations · WF06xx graphs · WF09xx what this edition does not have.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    code: str
    name: str
    severity: str  # error, warning or hint
    what: str  # one sentence: what the code stands for

    def __str__(self) -> str:
        return self.code


def _error(code: str, name: str, what: str) -> Code:
    return Code(code, name, "error", what)


def _warning(code: str, name: str, what: str) -> Code:
    return Code(code, name, "warning", what)


def _hint(code: str, name: str, what: str) -> Code:
    return Code(code, name, "hint", what)


FILES = (
    _error("WF0001", "file-missing", "A file that was named does not exist."),
    _error("WF0002", "file-not-utf8", "A file is not UTF-8 text."),
    _error("WF0003", "edition-missing", "The first line does not name the edition."),
    _error("WF0004", "edition-unknown", "The edition is not one that this version reads."),
)

SYNTAX = (
    _error("WF0101", "syntax", "The text is not what the grammar expects here."),
    _error("WF0102", "unclosed", "A bracket, a string or an interpolation is not closed."),
    _error("WF0103", "bad-literal", "A number, duration, version or string is not well formed."),
)

NAMES = (_error("WF0201", "unknown-name", "A name is used that is not defined above."),)

EXPRESSIONS = (_error("WF0301", "type-mismatch", "A value has a type that does not fit where it is used."),)

NODES = (_error("WF0401", "call-too-deep", "A callable is called where its value is no node's value."),)

SETTINGS = (_error("WF0501", "unknown-setting", "A setting is not known here."),)

GRAPHS = (_error("WF0601", "cycle", "The nodes of a graph wait for each other."),)

EDITION = (_error("WF0901", "not-in-this-version", "The text is right, but this version cannot run it yet."),)

TABLE = (*FILES, *SYNTAX, *NAMES, *EXPRESSIONS, *NODES, *SETTINGS, *GRAPHS, *EDITION)

CODES: dict[str, Code] = {entry.code: entry for entry in TABLE}
