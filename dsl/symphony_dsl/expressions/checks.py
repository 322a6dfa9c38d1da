"""The constraint `check`: an expression over `it` that a value has to keep."""

from __future__ import annotations

from symphony_dsl.base.constraints import shown
from symphony_dsl.base.types import BOOL, JSON
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.program import EvaluationError, program


def holds(source: str, value: Value) -> str | None:
    """What is wrong with a value that has to keep a `check`, as one clause; None where it does."""
    try:
        kept = program(source, {"it": JSON}, BOOL).run({"it": value})
    except EvaluationError as problem:
        return f"cannot be checked by `{source}`: {problem.message}"
    return None if kept else f"must keep `{source}`, but is {shown(value)}"
