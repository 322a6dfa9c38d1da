"""Syntax errors in files: the hints that know files, then those that know expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.expressions import hints as in_expressions
from symphony_dsl.expressions.messages import explain as explain_with
from symphony_dsl.syntax import habits
from symphony_dsl.syntax import hints as in_files
from symphony_dsl.syntax.control_hints import bare_block

if TYPE_CHECKING:
    from symphony_dsl.expressions.lr import UnexpectedError
    from symphony_dsl.expressions.problem import Problem

FIRST = (
    in_expressions.unclosed_string,
    in_expressions.quotes_inside,
    in_expressions.comment_sign,
    in_expressions.operator_words,
    in_expressions.odd_sign,
)
HINTS = (*FIRST, bare_block, *habits.HINTS, *in_files.HINTS, *in_expressions.HINTS)


def explain(unexpected: UnexpectedError, text: str) -> Problem:
    return explain_with(unexpected, text, HINTS)
