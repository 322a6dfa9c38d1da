"""Reads one island: a declaration with its documentation, annotations and comments."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from symphony_dsl.base.diagnostic import Diagnostic, Reporter
from symphony_dsl.expressions.lr import Parser, Token, TooDeepError, UnexpectedError, tokenize
from symphony_dsl.expressions.problem import ProblemError, report
from symphony_dsl.expressions.tables import load
from symphony_dsl.syntax.builder import DEEPENING, Builder
from symphony_dsl.syntax.recovery import Recovery, begins_another, without_open_block
from symphony_dsl.syntax.tree import Comment, Island

if TYPE_CHECKING:
    from symphony_dsl.syntax.tree import Declaration


@cache
def file_parser() -> Parser:
    return Parser(load("symphony_dsl.syntax"), Builder, DEEPENING)


def read_island(path: str, text: str, start: int) -> list[Island]:
    """The island that starts there; more than one where more than one declaration stands in it."""
    islands = []
    while True:
        island, end = _read(path, text, start)
        islands.append(island)
        if end >= len(text):
            return islands
        text, start = text[end:], start + end


def _read(path: str, text: str, start: int) -> tuple[Island, int]:
    """The first declaration of a text as an island, and where it ends."""
    parser = file_parser()
    builder = Builder(parser, text)
    tokens, comments = tokenize(parser.tables, text)
    tokens = without_open_block(builder, tokens)
    builder.docs = documentation(tokens, comments)
    if len(tokens) == 1:
        return _island(path, text, start, builder, comments, None), len(text)
    declaration, rest, lost = _declaration(builder, tokens)
    end = _end(text, tokens, rest) if rest else 0
    if 0 < end < len(text):
        return _read(path, text[:end], start)[0], end
    return replace(_island(path, text, start, builder, comments, declaration), lost=lost), len(text)


def _declaration(builder: Builder, tokens: list[Token]) -> tuple[Declaration | None, Token | None, frozenset[str]]:
    """The declaration at the start, a token behind it that is none of it, and the names that were lost."""
    try:
        return builder.parser.parse("decl", tokens, builder), None, frozenset()
    except UnexpectedError as unexpected:
        if begins_another(builder.text, unexpected):
            return None, unexpected.token, frozenset()
    except (ProblemError, TooDeepError):
        pass  # the recovery meets it again, and reports it
    recovery = Recovery(builder)
    declaration = recovery.declaration(tokens)
    return declaration, recovery.rest, frozenset(recovery.lost)


def _end(text: str, tokens: list[Token], rest: Token) -> int:
    """Where a declaration ends that something else follows: with its last line, if they share none."""
    last = max((token.end for token in tokens if token.end <= rest.start), default=0)
    return text.find("\n", last, rest.start) + 1 or rest.start


def documentation(tokens: list[Token], comments: list[Token]) -> dict[int, list[Token]]:
    """The lines of documentation by the start of the token behind them."""
    docs: dict[int, list[Token]] = {}
    for comment in comments:
        if comment.kind == "DOC":
            following = bisect_left(tokens, comment.start, key=_start)
            docs.setdefault(tokens[following].start, []).append(comment)
    return docs


def _start(token: Token) -> int:
    return token.start


def _island(
    path: str, text: str, start: int, builder: Builder, comments: list[Token], declaration: Declaration | None
) -> Island:
    builder.check_docs()
    found: list[Diagnostic] = []
    reporter = Reporter(path, start, found)
    first = {
        problem.span: problem for problem in reversed(builder.problems)
    }  # what is said again of a place is a consequence
    for _, problem in sorted(first.items()):
        report(reporter, problem)
    plain = [token for token in comments if token.kind == "COMMENT"]
    kept = sorted({*plain, *builder.comments}, key=_start)
    return Island(start, text, declaration, tuple(Comment(token.span, token.text) for token in kept), tuple(found))
