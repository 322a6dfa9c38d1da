"""The order of a graph: every node after what it waits for, and where that allows it, as declared."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from symphony_model.ids import NodeId
from symphony_model.workflow import Workflow


class CycleError(ValueError):
    """Nodes that wait for each other; `cycle` is the path round, its first node once."""

    def __init__(self, cycle: tuple[NodeId, ...], names: tuple[str, ...]) -> None:
        super().__init__(f"{' → '.join((*names, names[0]))} is a cycle")
        self.cycle = cycle


def topological(workflow: Workflow) -> list[NodeId]:
    """All nodes, each after the sources of its edges; of those that may come next, the one declared first.

    Raises CycleError where there is no such order.
    """
    place = {node: at for at, node in enumerate(workflow.nodes)}
    declared = list(workflow.nodes)
    waits = {node: len(workflow.incoming(node)) for node in declared}
    ready = [place[node] for node in declared if not waits[node]]
    heapify(ready)
    order: list[NodeId] = []
    while ready:
        node = declared[heappop(ready)]
        order.append(node)
        for edge in workflow.outgoing(node):
            waits[edge.target_node] -= 1
            if not waits[edge.target_node]:
                heappush(ready, place[edge.target_node])
    if len(order) < len(declared):
        raise _cycle(workflow, [node for node in declared if waits[node]])
    return order


def _cycle(workflow: Workflow, stuck: list[NodeId]) -> CycleError:
    """Walk back from a stuck node through stuck ones: the walk cannot leave them, so that it comes back."""
    among = set(stuck)
    seen: dict[NodeId, int] = {}
    walk: list[NodeId] = []
    node = stuck[0]
    while node not in seen:
        seen[node] = len(walk)
        walk.append(node)
        node = next(edge.source_node for edge in workflow.incoming(node) if edge.source_node in among)
    found = walk[seen[node] :][::-1]
    first = min(range(len(found)), key=lambda at: stuck.index(found[at]))
    cycle = (*found[first:], *found[:first])
    return CycleError(cycle, tuple(workflow.nodes[node].base.path for node in cycle))
