"""Which braces belong together, also where some are missing.

Where they do not balance, the indentation tells what the writer meant: a brace is closed before the next line that is
indented no further than the line it stands on, unless that line starts with a closing brace. A closing brace that is
indented further than the innermost open one was opened on the last line that is indented like it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.expressions.lr import Token
from symphony_dsl.expressions.messages import BRACKETS
from symphony_dsl.expressions.problem import Problem
from symphony_dsl.syntax.lines import opened_in_line, unopened

if TYPE_CHECKING:
    from collections.abc import Iterator

OPEN, CLOSE = "LBRACE", "RBRACE"


def pairs(tokens: list[Token]) -> dict[int, int]:
    """The closing brace of each opening one, by their numbers; those without a partner are left out."""
    partners: dict[int, int] = {}
    opened: list[int] = []
    for number, token in enumerate(tokens):
        if token.kind == OPEN:
            opened.append(number)
        elif token.kind == CLOSE and opened:
            partners[opened.pop()] = number
    return partners


def closers(tokens: list[Token], end: int) -> list[Token]:
    """What closes the brackets that are open behind tokens."""
    open_: list[str] = []
    for token in tokens:
        if token.kind in BRACKETS:
            open_.append(BRACKETS[token.kind])
        elif open_ and token.kind == open_[-1]:
            open_.pop()
    return [Token(kind, "", end, end) for kind in reversed(open_)]


def balanced(tokens: list[Token], text: str) -> tuple[list[Token], list[Problem]]:
    """The tokens with the braces that are missing, and a problem for each of them."""
    opening = sum(token.kind == OPEN for token in tokens)
    closing = sum(token.kind == CLOSE for token in tokens)
    if closing > opening:
        tokens, inside = opened_in_line(tokens, text)
        tokens, rest = _opened(tokens, text) if closing > opening + len(inside) else (tokens, [])
        return tokens, [*inside, *rest]
    if opening <= len(pairs(tokens)):
        return tokens, []
    made: list[Token] = []
    problems: list[Problem] = []
    opened: list[tuple[Token, int]] = []
    for token, column in _columns(tokens, text):
        while opened and column is not None and _ends_before(token, column, opened[-1][1]):
            problems.append(_unclosed(opened.pop()[0]))
            made.append(Token(CLOSE, "", token.start, token.start))
        made.append(token)
        if token.kind == OPEN:
            opened.append((token, indent(text, token.start)))
        elif token.kind == CLOSE and opened:
            opened.pop()
    return made, problems


def _opened(tokens: list[Token], text: str) -> tuple[list[Token], list[Problem]]:
    """The tokens with an opening brace at the end of each line that lacks it: what closes it is indented like the line."""
    made: list[Token] = []
    problems: list[Problem] = []
    opened: list[int] = []  # how far the lines of the open braces are indented
    ends: dict[int, int] = {}  # where the last line ends that is indented so far
    indent = 0
    for token, column in _columns(tokens, text):
        if column is not None and column >= 0:
            if token.kind == CLOSE and column > (opened[-1] if opened else -1) and _may_open(made, ends.get(column)):
                at = ends[column]
                behind = made[at - 1].end
                made.insert(at, Token(OPEN, "", behind, behind))
                problems.append(unopened(made[at - 1]))
                opened.append(column)
            indent = column
            ends = {each: end for each, end in ends.items() if each <= column}
        made.append(token)
        ends[indent] = len(made)
        if token.kind == OPEN:
            opened.append(indent)
        elif token.kind == CLOSE and opened:
            opened.pop()
    return made, problems


def _may_open(tokens: list[Token], end: int | None) -> bool:
    """Whether a line that ends there may lack a brace; one that ends with a brace lacks none."""
    return end is not None and tokens[end - 1].kind not in (OPEN, CLOSE)


def _columns(tokens: list[Token], text: str) -> Iterator[tuple[Token, int | None]]:
    """Each token, with its column where it is the first of its line; the end of the text stands left of all."""
    for token in tokens[:-1]:
        line = text.rfind("\n", 0, token.start) + 1
        yield token, token.start - line if not text[line : token.start].strip() else None
    yield tokens[-1], -1


def _ends_before(token: Token, column: int, indent: int) -> bool:
    return column < indent or (column == indent and token.kind != CLOSE) if column >= 0 else True


def indent(text: str, offset: int) -> int:
    """How far the line of a place is indented."""
    line = text.rfind("\n", 0, offset) + 1
    return len(text[line:]) - len(text[line:].lstrip(" \t"))


def _unclosed(token: Token) -> Problem:
    return Problem("WF0102", token.span, "this `{` is not closed")


def innermost(tokens: list[Token], at: int) -> list[tuple[int, int]]:
    """The pairs of braces around a token, a closing one included, the innermost first."""
    around = [(start, end) for start, end in pairs(tokens).items() if start < at <= end]
    return sorted(around, reverse=True)
