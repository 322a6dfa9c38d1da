"""Reads the text of one expression: as files write it, or in plain CEL.

Whatever the text, the work is bounded: its length is looked at before anything else, its tokens are counted before they
are parsed, those inside strings when they are met, and brackets are counted before they nest.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, cast

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.builder import ExpressionBuilder
from symphony_dsl.expressions.cel_syntax import CelBuilder, cel_tables
from symphony_dsl.expressions.lr import Parser, readable
from symphony_dsl.expressions.problem import Problem, ProblemError, TooLongError
from symphony_dsl.expressions.tables import load

if TYPE_CHECKING:
    from symphony_dsl.expressions.tree import Expr

MAX_LENGTH = 16 * 1024
MAX_TOKENS = 2_000
SURROGATE = re.compile("[\ud800-\udfff]")


class ExpressionSyntaxError(Exception):
    """An expression that cannot be read: the code of the mistake, its place in the text, and one sentence.

    `problem` has all that is known of it.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.code = problem.code
        self.span = problem.span
        self.message = problem.message


def parse_expression(text: str) -> Expr:
    """The tree of an expression as files write it. Raises ExpressionSyntaxError."""
    return _tree(text, _parser(), ExpressionBuilder)


def parse_cel(text: str) -> Expr:
    """The tree of a program of plain CEL. Raises ExpressionSyntaxError.

    It is a tree like any other, and `unparse` writes it as files would.
    """
    return _tree(text, _cel_parser(), CelBuilder)


def limit_passed(text: str) -> str | None:
    """The limit that the text of an expression passes, in words; None where it is no longer than one may be."""
    if len(text) < MAX_TOKENS:  # no token is shorter than a character
        return None
    try:
        _read(text, _parser(), ExpressionBuilder)
    except TooLongError as found:
        return found.limit
    return None


def _tree(text: str, parser: Parser, builder: type[ExpressionBuilder]) -> Expr:
    try:
        return _read(text, parser, builder)
    except ProblemError as found:
        raise ExpressionSyntaxError(found.problem) from None


def _read(text: str, parser: Parser, builder_of: type[ExpressionBuilder]) -> Expr:
    if len(text) > MAX_LENGTH:
        raise TooLongError(Span(0, len(text)), f"{MAX_LENGTH:,} characters")
    if not text.isascii():
        _check_characters(text)
    builder = builder_of(parser, text, MAX_TOKENS)
    tree = cast("Expr", builder.parse_tokens("expr", readable(parser.tables, text)))
    if builder.problems:
        raise ProblemError(builder.problems[0])
    return tree


def _check_characters(text: str) -> None:
    """Half a character may come out of JSON; no text that is written anywhere can hold it."""
    half = SURROGATE.search(text)
    if half is not None:
        code = f"U+{ord(half.group()):04X}"
        raise ProblemError(Problem("WF0103", Span(*half.span()), f"{code} is half a character and stands nowhere"))


@cache
def _parser() -> Parser:
    return Parser(load("symphony_dsl.expressions"), ExpressionBuilder)


@cache
def _cel_parser() -> Parser:
    return Parser(cel_tables(_parser().tables), CelBuilder)
