"""Reads the text of one expression."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.builder import ExpressionBuilder
from symphony_dsl.expressions.lr import Parser, tokenize
from symphony_dsl.expressions.problem import Problem, ProblemError
from symphony_dsl.expressions.tables import load

if TYPE_CHECKING:
    from symphony_dsl.expressions.tree import Expr

MAX_LENGTH = 16 * 1024
MAX_TOKENS = 2_000
LENGTH, TOKENS = f"{MAX_LENGTH:,} characters", f"{MAX_TOKENS:,} words and signs"


class ExpressionSyntaxError(Exception):
    """An expression that cannot be read: the code of the mistake, its place in the text, and one sentence."""

    def __init__(self, code: str, span: Span, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.span = span
        self.message = message


def parse_expression(text: str) -> Expr:
    """The tree of an expression. Raises ExpressionSyntaxError."""
    try:
        return _parse(text)
    except ProblemError as found:
        problem = found.problem
        raise ExpressionSyntaxError(problem.code, problem.span, problem.message) from None


def limit_passed(text: str) -> str | None:
    """The limit that a text passes, in words; None where it is no longer than an expression may be."""
    if len(text) > MAX_LENGTH:
        return LENGTH
    if len(text) < MAX_TOKENS:  # no token is shorter than a character
        return None
    tokens, _ = tokenize(_parser().tables, text)
    return TOKENS if len(tokens) > MAX_TOKENS else None


def _parse(text: str) -> Expr:
    if len(text) > MAX_LENGTH:
        raise _too_long(text, LENGTH)
    builder = ExpressionBuilder(_parser(), text)
    tokens, _ = tokenize(builder.parser.tables, text)
    if len(tokens) > MAX_TOKENS:
        raise _too_long(text, TOKENS)
    tree = cast("Expr", builder.parse_tokens("expr", tokens))
    if builder.problems:
        raise ProblemError(builder.problems[0])
    return tree


def _too_long(text: str, limit: str) -> ProblemError:
    return ProblemError(Problem("WF0101", Span(0, len(text)), f"an expression has at most {limit}"))


@cache
def _parser() -> Parser:
    return Parser(load("symphony_dsl.expressions"), ExpressionBuilder)
