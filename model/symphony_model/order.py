"""The order of a graph: every node after what it waits for, and where that allows it, as declared."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
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
    return index.names(in_order(index))


def acyclic(workflow: Workflow) -> Index:
    """The index of a workflow that has no cycle. Raises CycleError."""
    found = detect(workflow.index)
    if found.cycle_path is not None:
        raise CycleError(found.cycle_path, tuple(workflow.nodes[node].base.path for node in found.cycle_path))
    return workflow.index


def in_order(index: Index) -> list[int]:
    """The positions of a graph without a cycle in their order, by Kahn's algorithm over a heap."""
    waits = [len(sources) for sources in index.predecessors]
    ready = [at for at, count in enumerate(waits) if not count]
    heapify(ready)
    order: list[int] = []
    while ready:
        node = heappop(ready)
        order.append(node)
        for target in index.successors[node]:
            waits[target] -= 1
            if not waits[target]:
                heappush(ready, target)
    return order


def levels(workflow: Workflow) -> list[list[NodeId]]:
    """The nodes by the length of the longest way to them: what stands in one level may run at once.

    No node could stand in an earlier level. Inside of a level nodes are as declared. Raises CycleError.
    """
    index = acyclic(workflow)
    level = [0] * len(index.ids)
    for node in in_order(index):
        for target in index.successors[node]:
            level[target] = max(level[target], level[node] + 1)
    found: list[list[NodeId]] = [[] for _ in range(max(level, default=-1) + 1)]
    for at, node_id in enumerate(index.ids):
        found[level[at]].append(node_id)
    return found
