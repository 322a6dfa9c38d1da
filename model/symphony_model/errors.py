"""Why a workflow could not be changed. A change that fails changes nothing."""

from __future__ import annotations

from symphony_model.ids import NodeId
from symphony_model.problem import Problem


class ModelError(ValueError):
    """The message is one sentence for whoever builds the workflow."""


class DuplicateNodeError(ModelError):
    """A node's id or path is taken."""


class UnknownNodeError(ModelError):
    """There is no such node."""


class EdgeError(ModelError):
    """An edge cannot be added."""


class DuplicateEdgeError(EdgeError):
    """An edge of that id is there already."""


class UnknownPortError(EdgeError):
    """A data edge starts or ends at a port that its node does not have."""


class TypeMismatchError(EdgeError):
    """What flows over a data edge does not fit the port at its end."""


class CycleError(EdgeError):
    """Nodes that wait for each other; `cycle_path` is the way round, its first node once."""

    def __init__(self, cycle_path: tuple[NodeId, ...], names: tuple[str, ...]) -> None:
        super().__init__(f"{' → '.join((*names, names[0]))} is a cycle")
        self.cycle_path = cycle_path


class BuilderError(ModelError):
    """Everything that keeps a workflow from being built."""

    def __init__(self, name: str, errors: tuple[Problem, ...]) -> None:
        count = f"{len(errors)} reasons" if len(errors) > 1 else "one reason"
        told = "\n".join(f"- {each.message}" for each in errors)
        super().__init__(f"the workflow `{name}` cannot be built, for {count}:\n{told}")
        self.errors = errors
