"""Cycles: whether nodes wait for each other."""

from __future__ import annotations

from symphony_dsl.base.frozen import frozen
from symphony_model.ids import NodeId
from symphony_model.index import Index


@frozen
class CycleDetectionResult:
    """`cycle_path` are the nodes of one cycle, each waiting for the one before it, its first node once."""

    has_cycle: bool
    cycle_path: tuple[NodeId, ...] | None = None


def detect(index: Index) -> CycleDetectionResult:
    """A cycle, from that node of it on that was declared first, if there is any; the order of edges does not say which one."""
    if not index.has_cycle():
        return CycleDetectionResult(has_cycle=False)
    return CycleDetectionResult(has_cycle=True, cycle_path=tuple(index.names(_rotated(_cycle(index)))))


_UNSEEN, _OPEN, _DONE = range(3)


def _cycle(index: Index) -> list[int]:
    """A depth-first search with colours, onwards as declared: an edge to a node that is still open closes a cycle."""
    colour = [_UNSEEN] * len(index.ids)
    for root in range(len(colour)):
        if colour[root] != _UNSEEN:
            continue
        colour[root] = _OPEN
        path = [root]
        rest = [iter(sorted(index.successors[root]))]
        while path:
            node = next(rest[-1], None)
            if node is None:
                colour[path.pop()] = _DONE
                rest.pop()
            elif colour[node] == _OPEN:
                return path[path.index(node) :]
            elif colour[node] == _UNSEEN:
                colour[node] = _OPEN
                path.append(node)
                rest.append(iter(sorted(index.successors[node])))
    raise AssertionError("the graph has a cycle")


def _rotated(cycle: list[int]) -> list[int]:
    """The same cycle from the node that was declared first."""
    first = cycle.index(min(cycle))
    return cycle[first:] + cycle[:first]
