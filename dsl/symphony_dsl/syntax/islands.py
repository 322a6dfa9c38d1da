"""Reads one island: a declaration with its documentation, annotations and comments."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from symphony_dsl.base.diagnostic import Diagnostic, Reporter
from symphony_dsl.expressions.builder import word
from symphony_dsl.expressions.lr import Parser, Token, TooDeepError, UnexpectedError, tokenize
from symphony_dsl.expressions.problem import ProblemError, report
from symphony_dsl.expressions.tables import load
from symphony_dsl.syntax.builder import DEEPENING, Builder
from symphony_dsl.syntax.recovery import Recovery, begins_another, without_open_block
from symphony_dsl.syntax.tree import Comment, Island

if TYPE_CHECKING:
    from symphony_dsl.syntax.tree import Declaration

FIRST_SIZE = 256
"""So many characters are read first to find the end of a declaration that shares its line with the one before it."""
MOST_READ_ON = 20
"""So often all that stands behind a declaration is read with it, for it is broken, or the last one."""


@cache
def file_parser() -> Parser:
    return Parser(load("symphony_dsl.syntax"), Builder, DEEPENING)


def read_island(path: str, text: str, start: int) -> list[Island]:
    """The island that starts there; more than one where more than one declaration stands in it."""
    islands: list[Island] = []
    begin = read_on = 0
    while begin < len(text) and read_on < MOST_READ_ON:
        end = _sound_end(text, begin) if islands else None
        read_on += end is None
        island, length = _read(path, text[begin:end], start + begin)
        islands.append(island)
        begin += length
    return islands if begin == len(text) else [*islands, _unread(text[begin:], start + begin)]


def _sound_end(text: str, begin: int) -> int | None:
    """Where a sound declaration ends that another one follows, found without reading much of what is behind it."""
    parser = file_parser()
    part, size = "", FIRST_SIZE
    while begin + len(part) < len(text):
        part = text[begin : begin + size]
        tokens, _ = tokenize(parser.tables, part)
        try:
            parser.parse("decl", tokens, Builder(parser, part))
        except UnexpectedError as unexpected:
            whole = unexpected.token.end < len(part) or begin + len(part) == len(text)
            if whole and begins_another(part, unexpected):
                return begin + _end(part, tokens, unexpected.token)
        except (ProblemError, TooDeepError):
            return None
        size *= 2
    return None


def _unread(text: str, start: int) -> Island:
    """What stands behind too many mistakes: it may define any name that is in it."""
    tokens, comments = tokenize(file_parser().tables, text)
    lost = frozenset(word(token) for token in tokens if token.kind in ("NAME", "QNAME"))
    return Island(start, text, None, tuple(Comment(token.span, token.text) for token in comments), (), lost)


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
