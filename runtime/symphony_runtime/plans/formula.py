"""An expression of a graph, ready to be evaluated as often as needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from symphony_dsl.base.times import Timestamp
from symphony_model.run_names import RUN, RUN_FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from symphony_dsl.base.types import Type
    from symphony_dsl.base.values import Value
    from symphony_dsl.expressions.program import Program


Facts: TypeAlias = dict[str, Any]
"""What an expression may know of its run, by name."""


def facts_of(execution_id: str, started: int, attempt: int) -> Facts:
    """`started` in nanoseconds since 1970; `attempt` is that of the step which the value is for."""
    return {"id": execution_id, "started": Timestamp(started), "attempt": attempt}


@dataclass(slots=True, eq=False)
class Formula:
    """Parsed when it is first run: a workflow has many expressions that a run never comes to.

    The facts of a run are looked for where the word `run` stands in the source, whatever it means there; a name of the writer's goes before.
    """

    source: str
    names: Mapping[str, Type]
    result: Type
    _program: Program | None = None

    def run(self, values: Mapping[str, Any], facts: Mapping[str, Value]) -> Value:
        """`facts` are those of the run. Raises EvaluationError."""
        if self._program is None:
            from symphony_dsl.expressions.program import program

            self._program = program(self.source, self._every_name(), self.result)
        return self._program.run({RUN: facts, **values} if RUN in self.source else values)

    def _every_name(self) -> Mapping[str, Type]:
        return {RUN: RUN_FACTS, **self.names} if RUN in self.source else self.names
