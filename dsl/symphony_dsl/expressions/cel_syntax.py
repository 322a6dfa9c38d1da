"""How plain CEL is written where it differs from the expressions of files.

The grammar is one. What differs is the lexer, which knows only the words that CEL reserves and takes every brace for one
of a map, and the strings, in which nothing but escapes has a meaning: no value is inserted and no indentation taken away.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from symphony_dsl.expressions.builder import ExpressionBuilder
from symphony_dsl.expressions.hints import HINTS, choice_in_expression, field_without_commas, reserved_name
from symphony_dsl.expressions.messages import Mistake, explain
from symphony_dsl.expressions.problem import Problem, ProblemError
from symphony_dsl.expressions.texts import read_plain
from symphony_dsl.expressions.words import CEL_RESERVED

if TYPE_CHECKING:
    from symphony_dsl.base.span import Span
    from symphony_dsl.expressions.lr import Made, Token, UnexpectedError
    from symphony_dsl.expressions.tables import Tables
    from symphony_dsl.expressions.tree import Literal


def cel_tables(tables: Tables) -> Tables:
    """The tables for plain CEL."""
    pattern = tables.pattern.pattern.replace("(?P<LBRACE>", "(?P<CEL_BRACE>")
    words = {word: kind for word, kind in tables.keywords.items() if word in CEL_RESERVED}
    return replace(tables, pattern=re.compile(pattern), keywords=words)


class CelBuilder(ExpressionBuilder):
    """The actions of the grammar over the text of a program of plain CEL."""

    def parse_tokens(self, start: str, tokens: list[Token]) -> Made:
        _check_quoted(tokens)
        return super().parse_tokens(start, tokens)

    def explain(self, unexpected: UnexpectedError) -> Problem:
        return explain(unexpected, self.text, _HINTS)

    def string_(self, _span: Span, token: Token) -> Literal:
        return read_plain(self, token)


def _check_quoted(tokens: list[Token]) -> None:
    """Back-quotes stand around the name of a field behind its dot; around anything else CEL does not know them."""
    for number, token in enumerate(tokens):
        if token.kind == "QNAME" and not (number and _selects(tokens, number)):
            message = "back-quotes stand around the name of a field only, behind its dot"
            raise ProblemError(Problem("WF0101", token.span, message))


def _selects(tokens: list[Token], at: int) -> bool:
    before = tokens[at - 1].kind
    dotted = before == "DOT" or (before == "QMARK" and at > 1 and tokens[at - 2].kind == "DOT")
    return dotted and tokens[at + 1].kind != "LPAR"


def _reserved_name(mistake: Mistake) -> Problem | None:
    argument = mistake.expected == {"COLON"}  # the word was read as the name of one
    token = mistake.before if argument else mistake.token
    if token.text not in CEL_RESERVED or not (argument or "NAME" in mistake.expected):
        return None
    end = "write it in back-quotes" if mistake.before.kind == "DOT" else "choose another name"
    return Problem("WF0104", token.span, f"`{token.text}` is a word that CEL keeps for itself; {end}")


_OTHERS = (choice_in_expression, field_without_commas, reserved_name)
"""The hints that know words and forms of files."""

_HINTS = (_reserved_name, *(hint for hint in HINTS if hint not in _OTHERS))
