"""Going through the nodes of a workflow with a visitor."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from symphony_model.index import beyond
from symphony_model.order import acyclic

if TYPE_CHECKING:
    from symphony_model.index import Index
    from symphony_model.nodes import Node
    from symphony_model.workflow import Workflow


class TraversalOrder(StrEnum):
    BREADTH_FIRST = "breadth_first"
    DEPTH_FIRST = "depth_first"
    TOPOLOGICAL_ORDER = "topological_order"


class VisitResult(StrEnum):
    """How to go on after a node: as usual, without what is reached through it only, or not at all."""

    CONTINUE = "continue"
    SKIP = "skip"
    STOP = "stop"


class NodeVisitor(Protocol):
    def visit(self, node: Node, depth: int) -> VisitResult:
        """`depth` counts the edges of the way on which the node was reached, 0 at a start."""
        ...


Visit = Callable[[int, int], VisitResult]
"""The same by position."""


def traverse(workflow: Workflow, order: TraversalOrder, visitor: NodeVisitor) -> None:
    """Visit every node once, from the nodes without incoming edges on, as declared.

    Nodes that lie in cycles, or behind them, follow at the end, from the one declared first; in topological order, where
    they have no place, CycleError is raised. There the depth is that of the longest way, and a node is left out when all
    that leads to it is.
    """
    nodes = [workflow.nodes[node] for node in workflow.index.ids]
    _WALKS[order](workflow, lambda at, depth: visitor.visit(nodes[at], depth))


def _starts(index: Index) -> Iterator[int]:
    """The nodes without incoming edges, then all others, for what was not reached from them."""
    inner = []
    for at, sources in enumerate(index.predecessors):
        if sources:
            inner.append(at)
        else:
            yield at
    yield from inner


def _breadth_first(workflow: Workflow, visit: Visit) -> None:
    index = workflow.index
    roots = [at for at, sources in enumerate(index.predecessors) if not sources]
    seen, left_out = set(roots), set[int]()
    if not _flood(index, deque((root, 0) for root in roots), seen, left_out, visit):
        return
    for start in _starts(index):
        if start not in seen and start not in left_out:
            seen.add(start)
            if not _flood(index, deque([(start, 0)]), seen, left_out, visit):
                return


def _flood(index: Index, rest: deque[tuple[int, int]], seen: set[int], left_out: set[int], visit: Visit) -> bool:
    """Visit what is reached, the nearest first; whether to go on."""
    while rest:
        node, depth = rest.popleft()
        result = visit(node, depth)
        if result is VisitResult.STOP:
            return False
        if result is VisitResult.SKIP:
            beyond(node, index.successors, left_out)  # no start of its own may bring that back
            continue
        for target in index.successors[node]:
            if target not in seen:
                seen.add(target)
                rest.append((target, depth + 1))
    return True


def _depth_first(workflow: Workflow, visit: Visit) -> None:
    index = workflow.index
    seen, left_out = set[int](), set[int]()
    for start in _starts(index):
        if start in seen or start in left_out:
            continue
        rest = [(start, 0)]
        while rest:
            node, depth = rest.pop()
            if node in seen:
                continue
            seen.add(node)
            result = visit(node, depth)
            if result is VisitResult.STOP:
                return
            if result is VisitResult.SKIP:
                beyond(node, index.successors, left_out)  # no start of its own may bring that back
                continue
            rest.extend((target, depth + 1) for target in reversed(index.successors[node]))


def _topological(workflow: Workflow, visit: Visit) -> None:
    index = acyclic(workflow)
    depths = [0] * len(index.ids)
    reached = [not sources for sources in index.predecessors]
    for node in index.order():
        if not reached[node]:
            continue
        result = visit(node, depths[node])
        if result is VisitResult.STOP:
            return
        for target in index.successors[node] if result is VisitResult.CONTINUE else ():
            reached[target] = True
            depths[target] = max(depths[target], depths[node] + 1)


_WALKS: dict[TraversalOrder, Callable[[Workflow, Visit], None]] = {
    TraversalOrder.BREADTH_FIRST: _breadth_first,
    TraversalOrder.DEPTH_FIRST: _depth_first,
    TraversalOrder.TOPOLOGICAL_ORDER: _topological,
}
