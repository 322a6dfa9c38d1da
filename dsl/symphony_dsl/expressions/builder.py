"""Makes the tree of expressions: one method for each rule of the grammar that means something."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from symphony_dsl.base.span import Span
from symphony_dsl.base.times import UNITS, Duration
from symphony_dsl.expressions.hints import HINTS
from symphony_dsl.expressions.literals import INT_LIMIT, floating, magnitude, too_large, unsigned
from symphony_dsl.expressions.lr import Parser, TooDeepError, UnexpectedError
from symphony_dsl.expressions.messages import explain, too_deep
from symphony_dsl.expressions.problem import Problem, ProblemError, TooLongError, mend
from symphony_dsl.expressions.texts import read_string
from symphony_dsl.expressions.tree import (
    Argument,
    Binary,
    Brace,
    Call,
    Conditional,
    Element,
    Entry,
    Index,
    ListLiteral,
    Literal,
    Name,
    Select,
    Unary,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_dsl.expressions.lr import Made, Token
    from symphony_dsl.expressions.tree import Expr, Text

LETTERS = re.compile(r"[a-z]+")

NEGATIVE: dict[str, Callable[[Any], Any]] = {
    "int": lambda value: -value,
    "float": lambda value: -value,
    "duration": lambda value: Duration(-value.ns),
}
"""The literals that a minus in front becomes part of."""


class ExpressionBuilder:
    """The actions of the grammar over one text. What is wrong but harms nothing else is collected in `problems`."""

    def __init__(self, parser: Parser, text: str, most: int | None = None) -> None:
        self.parser = parser
        self.text = text
        self._most = most  # how many tokens it may have, those inside strings included
        self._read = 0
        self.problems: list[Problem] = []
        self.comments: list[Token] = []  # those inside interpolations

    def report(self, problem: Problem) -> None:
        self.problems.append(problem)

    def explain(self, unexpected: UnexpectedError) -> Problem:
        return explain(unexpected, self.text, HINTS)

    def parse_tokens(self, start: str, tokens: list[Token]) -> Made:
        """The tree of a part of the text. Raises ProblemError."""
        self._read += len(tokens)
        if self._most is not None and self._read > self._most:
            raise TooLongError(Span(0, len(self.text)), f"{self._most:,} words and signs")
        try:
            return self.parser.parse(start, tokens, self)
        except UnexpectedError as unexpected:
            raise ProblemError(self.explain(unexpected)) from None
        except TooDeepError as found:
            raise ProblemError(too_deep(found.span)) from None

    # ---- operators ----

    def conditional(self, span: Span, condition: Expr, then: Expr, otherwise: Expr) -> Expr:
        return Conditional(span, condition, then, otherwise)

    def binary(self, span: Span, left: Expr, operator: Token, right: Expr) -> Expr:
        return Binary(span, operator.text, operator.span, left, right)

    def unary(self, span: Span, operator: Token, operand: Expr) -> Expr:
        if isinstance(operand, Literal) and operand.kind in NEGATIVE and self._is_sign(operator, operand):
            if operand.value == INT_LIMIT and operand.kind == "int":
                self.problems.pop()  # what `int_` has just said of the number without its sign
            return Literal(span, operand.kind, NEGATIVE[operand.kind](operand.value))
        return Unary(span, operator.text, operand)

    def _is_sign(self, operator: Token, operand: Literal) -> bool:
        """Whether a minus is the sign of the number behind it: `-5`, but neither `-(5)` nor the first of `--5`."""
        between = self.text[operator.end : operand.span.start]
        return operator.text == "-" and not between.strip() and self.text[operand.span.start] != "-"

    # ---- paths and calls ----

    def ident(self, span: Span, token: Token) -> Expr:
        return Name(span, word(token))

    def absolute(self, span: Span, token: Token) -> Expr:
        return Name(span, word(token), absolute=True)

    def select(self, span: Span, operand: Expr, token: Token) -> Expr:
        return Select(span, operand, word(token), token.span)

    def optional_select(self, span: Span, operand: Expr, token: Token) -> Expr:
        return Select(span, operand, word(token), token.span, optional=True)

    def index(self, span: Span, operand: Expr, index: Expr) -> Expr:
        return Index(span, operand, index)

    def optional_index(self, span: Span, operand: Expr, index: Expr) -> Expr:
        return Index(span, operand, index, optional=True)

    def call(self, span: Span, token: Token, arguments: tuple[Argument, ...]) -> Expr:
        return Call(span, None, word(token), token.span, arguments)

    def absolute_call(self, span: Span, token: Token, arguments: tuple[Argument, ...]) -> Expr:
        """`.f(x)`: nothing hides a function, so that the dot says nothing."""
        return Call(span, None, word(token), token.span, arguments)

    def method_call(self, span: Span, target: Expr, token: Token, arguments: tuple[Argument, ...]) -> Expr:
        return Call(span, target, word(token), token.span, arguments)

    def args(self, _span: Span, *arguments: Argument) -> tuple[Argument, ...]:
        return arguments

    def named(self, span: Span, token: Token, value: Expr) -> Argument:
        return Argument(span, word(token), value)

    def positional(self, span: Span, value: Expr) -> Argument:
        return Argument(span, None, value)

    # ---- lists, records and maps ----

    def list_(self, span: Span, *elements: Element) -> Expr:
        return ListLiteral(span, elements)

    def element(self, _span: Span, value: Expr) -> Element:
        return Element(value)

    def optional_element(self, _span: Span, value: Expr) -> Element:
        return Element(value, optional=True)

    def brace(self, span: Span, *entries: Entry) -> Expr:
        for entry in entries[1:]:
            if isinstance(entry.key, str) != isinstance(entries[0].key, str):
                self.report(_mixed(entry, entries[0]))
                break
        return Brace(span, entries)

    def cel_map(self, span: Span, _brace: Token, *entries: Entry) -> Expr:
        return Brace(span, entries)

    def shorthand(self, span: Span, token: Token) -> Entry:
        return Entry(span, word(token), token.span, Name(token.span, word(token)), shorthand=True)

    def field(self, span: Span, token: Token, value: Expr) -> Entry:
        return Entry(span, word(token), token.span, value)

    def optional_field(self, span: Span, token: Token, value: Expr) -> Entry:
        return Entry(span, word(token), token.span, value, optional=True)

    def pair(self, span: Span, key: Expr, value: Expr) -> Entry:
        return Entry(span, key, key.span, value)

    def optional_pair(self, span: Span, key: Expr, value: Expr) -> Entry:
        return Entry(span, key, key.span, value, optional=True)

    # ---- literals ----

    def string_(self, _span: Span, token: Token) -> Literal | Text:
        return read_string(self, token)

    def int_(self, span: Span, token: Token) -> Literal:
        value = magnitude(token)
        if value == INT_LIMIT:
            self.report(too_large(token))
        return Literal(span, "int", value)

    def minus_int(self, span: Span, _minus: Token, token: Token) -> Literal:
        return Literal(span, "int", -magnitude(token))

    def uint_(self, span: Span, token: Token) -> Literal:
        return Literal(span, "uint", unsigned(token))

    def float_(self, span: Span, token: Token) -> Literal:
        return Literal(span, "float", floating(token))

    def duration_(self, span: Span, token: Token) -> Literal:
        try:
            value = Duration.parse(token.text)
        except ValueError as problem:
            raise ProblemError(Problem("WF0103", span, f"`{token.text}` is no duration: {problem}")) from None
        units = [list(UNITS).index(unit) for unit in LETTERS.findall(token.text)]
        if units != sorted(set(units)):
            message = f"the units of a duration stand from the longest to the shortest, each once: `{value}`"
            self.report(Problem("WF0103", span, message, mend=mend(f"write `{value}`", span, str(value))))
        return Literal(span, "duration", value)

    def bool_(self, span: Span, token: Token) -> Literal:
        return Literal(span, "bool", token.text == "true")

    def null_(self, span: Span, _token: Token) -> Literal:
        return Literal(span, "null", None)


def word(token: Token) -> str:
    return token.text.strip("`")


def _mixed(entry: Entry, first: Entry) -> Problem:
    message = "braces hold either fields, whose keys are words, or map entries, whose keys are strings: not both"
    return Problem("WF0101", entry.key_span, message, (first.key_span, "the first key is of the other kind"))
