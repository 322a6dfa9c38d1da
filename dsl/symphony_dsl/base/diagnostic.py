"""What the front end says to a writer: one sentence, its place, and, where one is known, the way out."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING

from symphony_dsl.base.codes import CODES
from symphony_dsl.base.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from symphony_dsl.base.codes import Code
    from symphony_dsl.base.span import Span


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@frozen
class Location:
    """A range in a file; the span is absolute."""

    path: str
    span: Span


@frozen
class Label:
    """A related place and what it has to do with the message ("declared here")."""

    location: Location
    text: str


@frozen
class TextEdit:
    location: Location
    replacement: str


@frozen
class Fix:
    """A mend that an editor may offer as it stands."""

    title: str
    edits: tuple[TextEdit, ...]


@frozen
class Diagnostic:
    """One message about one place."""

    code: Code
    severity: Severity
    message: str
    location: Location
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()


@dataclass(slots=True)
class Reporter:
    """Collects the diagnostics of one island of one file.

    Passes speak in spans relative to their island; `base` is where the island starts in the file. Nothing is said of what
    holds or touches an `unreadable` part: that has a mistake of syntax, and was read as it may not be meant.
    """

    path: str
    base: int
    found: list[Diagnostic]
    unreadable: tuple[Span, ...] = ()

    def reads(self, span: Span) -> bool:
        """Whether a part of the text could be read as it stands."""
        return not any(each.start <= span.end and span.start <= each.end for each in self.unreadable)

    def location(self, span: Span) -> Location:
        return Location(self.path, span.shifted(self.base))

    def report(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        labels: Iterable[Label] = (),
        notes: Iterable[str] = (),
        fixes: Iterable[Fix] = (),
    ) -> None:
        """Add a diagnostic; its severity is the one that the table of codes gives.

        Raises KeyError for a code that is not in the table: that is a bug of ours.
        """
        entry = CODES[code]
        if not self.reads(span):
            return
        severity = Severity(entry.severity)
        where = self.location(span)
        self.found.append(Diagnostic(entry, severity, message, where, tuple(labels), tuple(notes), tuple(fixes)))

    def label(self, span: Span, text: str) -> Label:
        return Label(self.location(span), text)

    def replacement(self, title: str, span: Span, text: str) -> Fix:
        return Fix(title, (TextEdit(self.location(span), text),))


MAX_SUGGESTIONS = 50
"""How many unknown names of a file or a graph get a "did you mean": looking for near names takes time."""


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """The known name that a writer most probably meant, if one is near."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return near[0] if near and near[0] != name else None
