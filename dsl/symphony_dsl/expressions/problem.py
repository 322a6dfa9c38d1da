"""What is wrong with a text, before anyone knows which file it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.base.diagnostic import Fix, TextEdit
from symphony_dsl.base.frozen import frozen

if TYPE_CHECKING:
    from symphony_dsl.base.diagnostic import Reporter
    from symphony_dsl.base.span import Span


@frozen
class Mend:
    """An edit that an editor may offer: replace each span by its text."""

    title: str
    edits: tuple[tuple[Span, str], ...]


@frozen
class Problem:
    """A mistake, its place, a related place with what it has to do with it, and the mend where one is known."""

    code: str
    span: Span
    message: str
    related: tuple[Span, str] | None = None
    mend: Mend | None = None


class ProblemError(Exception):
    """A mistake after which nothing can be made of the text that it stands in."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class TooLongError(ProblemError):
    """An expression that is longer than any may be; `limit` says in words how long that is."""

    def __init__(self, span: Span, limit: str) -> None:
        message = f"an expression has at most {limit}; give parts of it a name of their own"
        super().__init__(Problem("WF0101", span, message))
        self.limit = limit


def mend(title: str, span: Span, text: str) -> Mend:
    return Mend(title, ((span, text),))


def report(reporter: Reporter, problem: Problem) -> None:
    """Say it of the text that a reporter is for."""
    labels = [reporter.label(*problem.related)] if problem.related else []
    fixes = [_fix(reporter, problem.mend)] if problem.mend else []
    reporter.report(problem.code, problem.span, problem.message, labels=labels, fixes=fixes)


def _fix(reporter: Reporter, mend: Mend) -> Fix:
    return Fix(mend.title, tuple(TextEdit(reporter.location(span), text) for span, text in mend.edits))
