"""Where a quote is missing on a line: put in so that the line can be read, and as much of it as can be is text.

Needs a line whose quotes do not pair up. Before: `step a = f("abc)`; after: `step a = f("abc")`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.expressions.lr import Token, scan
from symphony_dsl.expressions.problem import Problem, mend
from symphony_dsl.syntax.repair import Repaired

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_dsl.expressions.lr import Parser, UnexpectedError

AHEAD = 4
LONGEST = 400
"""A line of more characters is left alone: each place on it is tried."""
KEPT = frozenset({"COMMA", "EQUAL", "COLON", "LBRACE", "RBRACE", "LPAR", "RPAR", "LSQB", "RSQB"})
"""A quote closes before these rather than behind them."""
PIECE = re.compile(r"[\w#.:/-]+|\S")


@frozen
class _Line:
    """The tokens of a line, and the first of its quotes that nothing closes."""

    first: int
    last: int
    tokens: list[Token]
    quote: Token

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    def places(self, text: str) -> list[int]:
        """Where a quote may be missing, from the end of the line."""
        return sorted(
            {edge for found in PIECE.finditer(text, self.start, self.end) for edge in found.span()}, reverse=True
        )


def quoted(
    parser: Parser, start: str, unexpected: UnexpectedError, text: str, ends_before: Callable[[Token], bool]
) -> Repaired | None:
    tokens = unexpected.tokens
    line = _line(tokens, unexpected.at, text) or (_line(tokens, unexpected.at - 1, text) if unexpected.at else None)
    if line is None or line.first > unexpected.at or line.end - line.start > LONGEST:
        return None
    stack = parser.stack_before(start, tokens[: line.first])
    behind = tokens[line.last : line.last + AHEAD]
    best: tuple[int, list[Token], tuple[int, int]] | None = None
    for place in line.places(text):
        made = _with_quote(parser, text, line, place)
        worth = (sum(token.kind in KEPT for token in made), -len(made))
        if (best is None or worth > best[2]) and parser.reach(start, list(stack), [*made, *behind], ends_before) == len(
            made
        ) + len(behind):
            best = place, made, worth
    if best is None:
        return None
    return Repaired([*tokens[: line.first], *best[1], *tokens[line.last :]], _problem(line, best[0]))


def _line(tokens: list[Token], at: int, text: str) -> _Line | None:
    """The line of a token, if a quote stands on it that nothing closes."""
    place = tokens[at].start
    first = last = at
    while first and "\n" not in text[tokens[first - 1].end : place]:
        first -= 1
    while last < len(tokens) - 1 and "\n" not in text[place : tokens[last].start]:
        last += 1
    line = tokens[first:last]
    quote = next((token for token in line if token.kind == "UNCLOSED" and len(token.text) == 1), None)
    return _Line(first, last, line, quote) if quote else None


def _with_quote(parser: Parser, text: str, line: _Line, place: int) -> list[Token]:
    """The tokens of a line that has one quote more, at their places in the line as it is."""
    start = line.start
    spoilt = f"{text[start:place]}{line.quote.text}{text[place : line.end]}"
    made = []
    for token in scan(parser.tables, spoilt, 0, len(spoilt)):
        if token.kind not in parser.tables.trivia:
            begin, end = (offset + start - (offset + start > place) for offset in token.span)
            made.append(Token(token.kind, token.text, begin, end))
    return made


def _problem(line: _Line, place: int) -> Problem:
    open_ = line.quote
    fix = mend(f"write `{open_.text}`", Span(place, place), open_.text)
    if place > open_.start:
        what = "name in back-quotes" if open_.text == "`" else "string"
        return Problem("WF0102", open_.span, f"this {what} is not closed", mend=fix)
    behind = next(token for token in line.tokens if token.end > place)
    message = f"a `{open_.text}` is missing here"
    return Problem("WF0102", Span(place, max(place + 1, min(behind.end, line.end))), message, mend=fix)
