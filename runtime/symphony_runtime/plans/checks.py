"""`@check`: a condition of the writer's that a value has to keep. Expressions are loaded only where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symphony_dsl.base.values import Value


def holds(source: str, value: Value) -> str | None:
    """What is wrong with a value that has to keep a `check`."""
    from symphony_dsl.expressions.checks import holds as held

    return held(source, value)
