"""The graph of a workflow in whole numbers, for algorithms.

A node's *position* is the place at which it was declared, from 0; `successors` and `predecessors` list positions, one for
each edge, in the order in which the edges came. Nothing here knows ports or kinds.

A graph without a cycle has a *rank*: an order of its positions in which every edge leads from a lower to a higher place. It
is made when it is first asked for, and kept as edges are added: an edge that already agrees with it costs nothing, any
other moves only the nodes that lie between its ends (the algorithm of Pearce and Kelly, "A Dynamic Topological Sort
Algorithm for Directed Acyclic Graphs", 2006). So most questions whether an edge would close a cycle are answered by
comparing two numbers. Once a cycle has been closed there is no rank until the index is made anew.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from symphony_model.ids import NodeId


class Index:
    __slots__ = ("_rank", "_ranked", "ids", "position", "predecessors", "successors")

    def __init__(self, nodes: Iterable[NodeId], edges: Iterable[tuple[NodeId, NodeId]] = ()) -> None:
        self.ids = list(nodes)
        self.position = {node: at for at, node in enumerate(self.ids)}
        self.successors: list[list[int]] = [[] for _ in self.ids]
        self.predecessors: list[list[int]] = [[] for _ in self.ids]
        self._rank: list[int] | None = None
        self._ranked = False
        position, successors, predecessors = self.position, self.successors, self.predecessors
        for source, target in edges:
            start, end = position[source], position[target]
            successors[start].append(end)
            predecessors[end].append(start)

    def add_node(self, node: NodeId) -> None:
        """A node without edges comes last in the rank."""
        self.position[node] = len(self.ids)
        self.ids.append(node)
        self.successors.append([])
        self.predecessors.append([])
        if self._rank is not None:
            self._rank.append(len(self._rank))

    def add_edge(self, source: NodeId, target: NodeId) -> None:
        start, end = self.position[source], self.position[target]
        self.successors[start].append(end)
        self.predecessors[end].append(start)
        if self._rank is not None:
            self._rank = self._reordered(self._rank, start, end)

    def remove_edge(self, source: NodeId, target: NodeId) -> None:
        """An order that all edges keep is kept by fewer; where there was none, there may be one now."""
        start, end = self.position[source], self.position[target]
        self.successors[start].remove(end)
        self.predecessors[end].remove(start)
        self._ranked = self._rank is not None

    def rank(self) -> list[int] | None:
        """The place of each position in an order that all edges keep; None where a cycle forbids one."""
        if not self._ranked:
            self._ranked = True
            self._rank = self._ordered()
        return self._rank

    def leads_to(self, start: int, end: int) -> bool:
        """Whether there is a way along edges from one position to another; every position leads to itself."""
        if start == end:
            return True
        rank = self.rank()
        if rank is None:
            return end in reachable(start, self.successors)
        if rank[start] > rank[end]:
            return False
        return end in reachable(start, self.successors, lambda node: rank[node] <= rank[end])

    def names(self, positions: Iterable[int]) -> list[NodeId]:
        return [self.ids[position] for position in positions]

    def _ordered(self) -> list[int] | None:
        waits = [len(sources) for sources in self.predecessors]
        ready = deque(at for at, count in enumerate(waits) if not count)
        rank = [0] * len(waits)
        place = 0
        while ready:
            node = ready.popleft()
            rank[node] = place
            place += 1
            for target in self.successors[node]:
                waits[target] -= 1
                if not waits[target]:
                    ready.append(target)
        return rank if place == len(rank) else None

    def _reordered(self, rank: list[int], start: int, end: int) -> list[int] | None:
        """The rank after an edge was added; None where the edge closed a cycle."""
        low, high = rank[end], rank[start]
        if low > high:
            return rank
        behind = reachable(end, self.successors, lambda node: rank[node] <= high)
        if start in behind:
            return None
        before = reachable(start, self.predecessors, lambda node: rank[node] >= low)
        moved = [*sorted(before, key=rank.__getitem__), *sorted(behind, key=rank.__getitem__)]
        places = sorted(rank[node] for node in moved)
        for node, place in zip(moved, places, strict=True):
            rank[node] = place
        return rank


def reachable(start: int, neighbours: list[list[int]], within: Callable[[int], bool] | None = None) -> set[int]:
    """A position and all that its neighbours lead to, as far as they lie `within`."""
    found = {start}
    rest = [start]
    while rest:
        for node in neighbours[rest.pop()]:
            if node not in found and (within is None or within(node)):
                found.add(node)
                rest.append(node)
    return found
