"""What a writer probably meant where a token is not allowed: the text is read on as if it stood there.

Needs the tokens up to the one that is not allowed, which are. A repair puts in a token or two, takes one out, or does what
the message offers as its fix; it counts only if what follows can be read then. Nothing is reported here: the mistake has been.
Before: `step a f(x)`; after: `step a = f(x)`, so that a mistake in `f(x)` is found in the same run.
A name that is put in is HOLE, which nobody can write: it stands for anything, and its use is no second mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.expressions.lr import END, Token, tokenize
from symphony_dsl.expressions.messages import found
from symphony_dsl.expressions.problem import Problem, mend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from symphony_dsl.expressions.lr import Parser, UnexpectedError
    from symphony_dsl.expressions.problem import Mend

HOLE = ""
SIGNS = {
    "COLON": ":", "COMMA": ",", "EQUAL": "=", "RPAR": ")", "RSQB": "]", "RBRACE": "}", "LPAR": "(", "LBRACE": "{",
    "LSQB": "[", "ARROW": "=>", "RETURNS": "->", "GT": ">", "LT": "<",
}  # fmt: skip
WORDS = (
    "STEP", "INPUT", "OUTPUT", "YIELD", "RECORD", "ENUM", "OPERATOR", "WORKFLOW", "CONST", "TYPE", "INSTRUMENT",
    "POLICY", "TEMPLATE", "IMPORT", "TEST", "IN", "ELSE", "IF", "MATCH", "FOR", "TRY", "CATCH", "LOOP", "PARALLEL", "ALL", "AS",
    "REQUIRE", "UNTIL", "NEXT", "FAIL", "WITH", "AFTER", "MAX", "EVERY", "FINALLY", "DEFAULTS", "SETTINGS", "LAYOUT",
)  # fmt: skip
"""In the order in which they are meant where several would do."""
PUT_IN = {**SIGNS, "NAME": HOLE, **{word: word.lower() for word in WORDS}}
PAIRS = (("LPAR", "NAME"), ("EQUAL", "NAME"), ("COLON", "NAME"), ("NAME", "LBRACE"), ("NAME", "EQUAL"))
VALUE_BEHIND = frozenset({"EQUAL", "YIELD", "NEXT", "STEP"})
AHEAD = 12
"""So many tokens behind a repair are tried; what breaks later is a mistake of its own."""
ENOUGH = 4
"""So many tokens behind a repair must be right, or all that there are."""


@frozen
class Repaired:
    """The tokens as they were probably meant, and what to say of it."""

    tokens: list[Token]
    problem: Problem


def repaired(
    parser: Parser, start: str, unexpected: UnexpectedError, problem: Problem, ends_before: Callable[[Token], bool]
) -> Repaired | None:
    """The tokens as they were meant; None where nothing makes sense of them."""
    tokens = _repaired(parser, start, unexpected, problem.mend, ends_before)
    return None if tokens is None else Repaired(tokens, problem)


def _repaired(
    parser: Parser, start: str, unexpected: UnexpectedError, fix: Mend | None, ends_before: Callable[[Token], bool]
) -> list[Token] | None:
    tokens, at = unexpected.tokens, unexpected.at
    if fix is not None and (mended := _mended(parser, tokens, fix)) is not None:
        enough = min(max(mended[0], at + ENOUGH) + 1, len(mended[1]))  # a fix of a whole block says enough itself
        if parser.reach(start, parser.stack_before(start, []), mended[1], ends_before) >= enough:
            return mended[1]
    stack = parser.stack_before(start, tokens[:at])
    behind = tokens[at : at + AHEAD]
    best, most = None, 0
    for made, dropped in _repairs(unexpected):
        rest = behind[dropped:]
        good = parser.reach(start, stack, [*made, *rest], ends_before) - len(made)
        if good >= min(ENOUGH, len(rest)) and good + dropped > most:
            best, most = (made, dropped), good + dropped
    if best is None:
        return None
    return [*tokens[:at], *best[0], *tokens[at + best[1] :]]


def with_control(parser: Parser, start: str, unexpected: UnexpectedError) -> Repaired | None:
    """`step a = label { … }`: the word of the block is missing in front of its value."""
    tokens, at = unexpected.tokens, unexpected.at
    if unexpected.token.kind != "LBRACE":
        return None
    place = next((number for number in range(at - 1, -1, -1) if tokens[number].kind in VALUE_BEHIND), at) + 1
    stack = parser.stack_before(start, tokens[:place]) if place < at else []
    for kind in ("FOR", "IF", "MATCH") if stack else ():
        made = [_put(kind, tokens[place].start), *tokens[place : at + AHEAD]]
        if parser.reach(start, list(stack), made) >= min(at - place + 1 + ENOUGH, len(made)):
            word, span = kind.lower(), tokens[place].span
            message = f"`{word}` is missing in front of {found(tokens[place])}: a `{{` of statements or arms follows"
            problem = Problem(
                "WF0101", span, message, mend=mend(f"write `{word}`", Span(span.start, span.start), f"{word} ")
            )
            return Repaired([*tokens[:place], made[0], *tokens[place:]], problem)
    return None


def _repairs(unexpected: UnexpectedError) -> Iterator[tuple[list[Token], int]]:
    """What may be put in, and how many tokens are left out then; the least first."""
    place = unexpected.tokens[unexpected.at - 1].end if unexpected.at else unexpected.token.start
    single = [kind for kind in PUT_IN if kind in unexpected.expected]
    yield from (([_put(kind, place)], 0) for kind in single)
    if unexpected.token.kind == END:
        return
    yield from (([_put(each, place) for each in pair], 0) for pair in PAIRS if pair[0] in unexpected.expected)
    yield [], 1
    yield from (([_put(kind, place)], 1) for kind in single)


def _put(kind: str, place: int) -> Token:
    return Token(kind, PUT_IN[kind], place, place)


def _mended(parser: Parser, tokens: list[Token], fix: Mend) -> tuple[int, list[Token]] | None:
    """The tokens as a fix would have them, and how many there are up to its end."""
    kept, upto = tokens, 0
    for span, text in sorted(fix.edits, reverse=True):
        before = [token for token in kept if token.end <= span.start and token.kind != END]
        made = [Token(each.kind, each.text, span.start, span.end) for each in tokenize(parser.tables, text)[0][:-1]]
        behind = [token for token in kept if _stands_behind(token, span)]
        kept, upto = [*before, *made, *behind], max(upto + len(made), len(before) + len(made))
    return (upto, kept) if kept != tokens else None


def _stands_behind(token: Token, span: Span) -> bool:
    return token.kind == END or (token.start >= span.end and token.end > span.start)
