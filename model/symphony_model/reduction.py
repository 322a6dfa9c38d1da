"""Edges that say nothing about order, and parts of a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_model.edges import Edge
from symphony_model.order import acyclic

if TYPE_CHECKING:
    from symphony_model.workflow import Workflow


def order_redundant(workflow: Workflow) -> tuple[Edge, ...]:
    """The edges without which every node would still wait for the same nodes, in declaration order.

    What is left when all of them are taken away is the transitive reduction; of several edges between two nodes the first
    stays. Data and conditions flow over such edges all the same: it is for drawings, and for those who look for a
    `ControlEdge` too many. Raises CycleError.
    """
    index = acyclic(workflow)
    place = {node: at for at, node in enumerate(index.order())}
    longer = [_second_steps(index.successors, node, place) for node in range(len(index.ids))]
    seen: set[tuple[int, int]] = set()
    redundant: list[Edge] = []
    for edge in workflow.edges:
        ends = index.position[edge.source_node], index.position[edge.target_node]
        if ends in seen or ends[1] in longer[ends[0]]:
            redundant.append(edge)
        seen.add(ends)
    return tuple(redundant)


def _second_steps(successors: list[list[int]], node: int, place: dict[int, int]) -> set[int]:
    """Those targets of a node that another of its targets leads to."""
    targets = set(successors[node])
    if len(targets) < 2:
        return set()
    last = max(place[target] for target in targets)
    found: set[int] = set()
    rest = [each for target in targets for each in successors[target]]
    while rest:
        each = rest.pop()
        if each not in found and place[each] <= last:
            found.add(each)
            rest.extend(successors[each])
    return found & targets
