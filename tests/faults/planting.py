"""Faults that are faults whatever the compiler says: each edit breaks a rule of the language by what it is.

- a bracket or a quote is deleted: what is left does not balance
- a keyword is deleted without which its statement or declaration is none
- an argument is deleted whose parameter has no default and is not optional
- a reference gets a name that is nowhere in the files
- a value is replaced by a literal that does not fit the type that is written beside it

Edits that may leave a text right are not made: `parallel` behind `for`, an effect, an argument with a default.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.faults.edits import Edit
from tests.faults.meanings import meanings

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.lr import Token, tokenize
from symphony_dsl.expressions.messages import BRACKETS
from symphony_dsl.expressions.words import CONTROL_WORDS, DECLARATION_WORDS, STATEMENT_WORDS
from symphony_dsl.syntax.islands import file_parser

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    from tests.faults.units import Unit

STRINGS = frozenset({"STRING", "TEXT", "RAW"})
KEYWORDS = frozenset({*CONTROL_WORDS, *DECLARATION_WORDS, *STATEMENT_WORDS, "in", "as"})
QUOTES = re.compile(r"[rRbB]*(\"\"\"|'''|\"|')")
KINDS = ("bracket", "quote", "keyword", "argument", "reference", "type")


def tokens_of(text: str) -> list[Token]:
    return tokenize(file_parser().tables, text)[0][:-1]


def candidates(unit: Unit) -> dict[str, list[Edit]]:
    """Every edit that may be made, by kind."""
    tokens = tokens_of(unit.text)
    found = [*_brackets(tokens), *_quotes(tokens), *_keywords(tokens), *meanings(unit)]
    return {kind: [each for each in found if each.kind == kind] for kind in KINDS}


def chosen(random: Random, text: str, possible: Mapping[str, list[Edit]], count: int) -> list[Edit]:
    """Some edits, each on a line of its own: the kind is drawn first, so that none is rare."""
    edits: list[Edit] = []
    kinds = [kind for kind in KINDS if possible[kind]]
    for _ in range(count * 4 if kinds else 0):
        edit = random.choice(possible[random.choice(kinds)])
        if len(edits) < count and all(_apart(text, edit, each) for each in edits):
            edits.append(edit)
    return edits


def _apart(text: str, one: Edit, other: Edit) -> bool:
    first, second = sorted((one.span, other.span))
    return "\n" in text[first.end : second.start]


# ---- what the tokens tell ----


def _brackets(tokens: list[Token]) -> Iterator[Edit]:
    opened: list[Token] = []
    for token in tokens:
        if token.kind in BRACKETS:
            opened.append(token)
            yield Edit("bracket", token.span, "")
        elif token.kind in BRACKETS.values():
            yield Edit("bracket", token.span, "", (opened.pop().start,))


def _quotes(tokens: list[Token]) -> Iterator[Edit]:
    for token in tokens:
        if token.kind in STRINGS and (quote := QUOTES.match(token.text)):
            length = len(quote.group(1))
            opening = token.start + quote.start(1)
            yield Edit("quote", Span(opening, opening + length), "", (token.end,))
            yield Edit("quote", Span(token.end - length, token.end), "", (token.start,))


def _keywords(tokens: list[Token]) -> Iterator[Edit]:
    for before, token, behind in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if token.text not in KEYWORDS or (before and before.text in (".", "@")) or (behind and behind.text in ":."):
            continue
        end = behind.start if behind and behind.start <= token.end + 1 else token.end
        if not _may_lack(before, token) and not _names(before, behind, token):
            yield Edit("keyword", Span(token.start, end), "")


def _may_lack(before: Token | None, token: Token) -> bool:
    """Whether a statement is right without the word too: `for x in xs parallel { … }`."""
    return token.text == "parallel" and (before is None or before.text not in ("=", "yield", "next", "step"))


def _names(before: Token | None, behind: Token | None, token: Token) -> bool:
    """Whether a word of declarations is a name here: `step test = …`."""
    if token.text not in DECLARATION_WORDS or token.text == "import":
        return False
    return behind is None or not (behind.text.isidentifier() or behind.text[0] in "`\"'{") or _in_line(before)


def _in_line(before: Token | None) -> bool:
    return before is not None and before.text in ("=", ",", "(", "[", "after", "step", "input", "output")
