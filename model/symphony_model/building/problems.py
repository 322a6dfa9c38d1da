"""Everything that is wrong with a workflow that was built.

What would only follow from a problem that is told is not told too: a port has no value because its edge was misspelt.
"""

from __future__ import annotations

from symphony_dsl.base.frozen import frozen
from symphony_model.problem import DisconnectedInput, MissingRequiredInput, OrphanNode, Problem
from symphony_model.validating.validation import ValidationConfig
from symphony_model.workflow import Workflow


@frozen
class Assembled:
    """`told` are problems that the builder itself has seen; `doubtful` are ports of which nothing more is told.

    They are by path and name; without a name it is all of a node.
    """

    workflow: Workflow
    told: tuple[Problem, ...]
    doubtful: frozenset[tuple[str, str | None]]

    def problems(self, config: ValidationConfig | None) -> tuple[Problem, ...]:
        found = self.workflow.validate(config).errors
        return (*self.told, *(each for each in found if not self._follows(each)))

    def _follows(self, problem: Problem) -> bool:
        match problem:
            case DisconnectedInput(port=port) | MissingRequiredInput(port=port):
                return not self.doubtful.isdisjoint({(problem.place, port), (problem.place, None)})
            case OrphanNode():
                return any(path == problem.place for path, _ in self.doubtful)
        return False
