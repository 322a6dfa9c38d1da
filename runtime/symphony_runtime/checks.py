"""`@check`: a condition of the writer's that a value has to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.base.constraints import shown
from symphony_dsl.base.types import BOOL, JSON

if TYPE_CHECKING:
    from symphony_dsl.base.values import Value


def holds(source: str, value: Value) -> str | None:
    """What is wrong with a value that has to keep a `check`."""
    from symphony_dsl.expressions.program import EvaluationError, program

    try:
        kept = program(source, {"it": JSON}, BOOL).run({"it": value})
    except EvaluationError as problem:
        return f"cannot be checked by `{source}`: {problem.message}"
    return None if kept else f"must keep `{source}`, but is {shown(value)}"
