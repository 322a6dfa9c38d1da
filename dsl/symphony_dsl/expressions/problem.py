"""What is wrong with a text, before anyone knows which file it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symphony_dsl.base.span import Span


@dataclass(frozen=True, slots=True)
class Mend:
    """An edit that an editor may offer: replace each span by its text."""

    title: str
    edits: tuple[tuple[Span, str], ...]


@dataclass(frozen=True, slots=True)
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


def mend(title: str, span: Span, text: str) -> Mend:
    return Mend(title, ((span, text),))
