"""What to say about a token that the grammar does not allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.expressions.lr import END, MAX_DEPTH
from symphony_dsl.expressions.problem import Problem

if TYPE_CHECKING:
    from symphony_dsl.base.span import Span
    from symphony_dsl.expressions.lr import UnexpectedError


def explain(unexpected: UnexpectedError) -> Problem:
    token = unexpected.token
    found = "the end" if token.kind == END else f"`{token.text}`"
    return Problem("WF0101", token.span, f"Unexpected {found}.")


def too_deep(span: Span) -> Problem:
    message = f"This is nested more than {MAX_DEPTH} levels deep; give parts of it a name of their own."
    return Problem("WF0101", span, message)
