"""The order of a graph: every node after what it waits for, and where that allows it, as declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_model.cycles import detect
from symphony_model.errors import CycleError
from symphony_model.ids import NodeId
from symphony_model.index import Index

if TYPE_CHECKING:
    from symphony_model.workflow import Workflow


def topological(workflow: Workflow) -> list[NodeId]:
    """All nodes, each after the sources of its edges; of those that may come next, the one declared first.

    Raises CycleError where there is no such order.
    """
    index = acyclic(workflow)
    return index.names(index.order())


def acyclic(workflow: Workflow) -> Index:
    """The index of a workflow that has no cycle. Raises CycleError."""
    found = detect(workflow.index)
    if found.cycle_path is not None:
        raise CycleError(found.cycle_path, tuple(workflow.nodes[node].base.path for node in found.cycle_path))
    return workflow.index


def levels(workflow: Workflow) -> list[list[NodeId]]:
    """The nodes by the length of the longest way to them: what stands in one level may run at once.

    No node could stand in an earlier level. Inside of a level nodes are as declared. Raises CycleError.
    """
    index = acyclic(workflow)
    ids = index.ids
    return [[ids[at] for at in level] for level in index.levels()]
