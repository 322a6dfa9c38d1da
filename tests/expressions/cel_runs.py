"""Runs plain CEL for tests, checked or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symphony_dsl.base.types import Type
from symphony_dsl.expressions.cel import EvaluationError, cel_program


def run(source: str, names: Mapping[str, Type] | None = None, env: Mapping[str, Any] | None = None) -> Any:
    """The value of an expression that is not checked first."""
    return cel_program(source, names, checked=False).run(env or {})


def outcome(source: str) -> Any:
    """The value, or the code of the error."""
    try:
        return run(source)
    except EvaluationError as problem:
        return problem.code


def failure(source: str) -> tuple[str, str, str]:
    """The code and the message of the error, and the part of the text that it is about."""
    try:
        value = run(source)
    except EvaluationError as problem:
        at = problem.span
        return problem.code, problem.message, source[at.start : at.end] if at else ""
    raise AssertionError(f"{source} is {value}")
