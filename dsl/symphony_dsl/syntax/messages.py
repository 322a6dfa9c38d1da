"""Syntax errors in the writer's words."""

from __future__ import annotations

from symphony_dsl.expressions.lr import UnexpectedError
from symphony_dsl.expressions.messages import explain as explain_expression
from symphony_dsl.expressions.problem import Problem


def explain(unexpected: UnexpectedError, text: str) -> Problem:
    return explain_expression(unexpected)
