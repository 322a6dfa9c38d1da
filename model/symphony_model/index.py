"""The graph of a workflow in whole numbers, for algorithms.

A node's *position* is the place at which it was declared, from 0; `successors` and `predecessors` list positions, one for
each edge. Nothing here knows ports or kinds.

What is found out is kept until an edge or node changes it: the order, the levels, whether there is a cycle, and what some nodes
depend on (`kept`, which `dependencies` fills). Most graphs are declared so that every edge leads onwards: then their order is that of
declaration, and nothing has to be searched. The *ranking* says whether an edge would close a cycle; it is made when that is
first asked, and changes with the graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from heapq import heapify, heappop, heappush
from itertools import chain
from operator import lt
from typing import TYPE_CHECKING

from symphony_model.ids import NodeId
from symphony_model.ranking import Ranking

if TYPE_CHECKING:
    from symphony_model.dependencies import NodeDependencies
    from symphony_model.edges import Edge


class Index:
    __slots__ = (
        "_cyclic",
        "_levels",
        "_onwards",
        "_order",
        "_predecessors",
        "_ranking",
        "ids",
        "kept",
        "position",
        "successors",
    )

    def __init__(self, nodes: Iterable[NodeId], edges: Collection[Edge] = ()) -> None:
        """Raises KeyError for an edge that ends nowhere."""
        self.ids = list(nodes)
        self.position = position = {node: at for at, node in enumerate(self.ids)}
        starts = [position[edge.source_node] for edge in edges]
        ends = [position[edge.target_node] for edge in edges]
        self.successors: list[list[int]] = [[] for _ in self.ids]
        self._onwards = all(map(lt, starts, ends))
        self._predecessors: list[list[int]] | None = None
        self._cyclic: bool | None = None
        self._order: list[int] | None = None
        self._levels: list[list[int]] | None = None
        self._ranking: Ranking | None = None
        self.kept: dict[NodeId, NodeDependencies] = {}
        for start, end in zip(starts, ends, strict=True):
            self.successors[start].append(end)

    @property
    def predecessors(self) -> list[list[int]]:
        if self._predecessors is None:
            self._predecessors = [[] for _ in self.ids]
            for start, ends in enumerate(self.successors):
                for end in ends:
                    self._predecessors[end].append(start)
        return self._predecessors

    # ---- changes ----

    def add_node(self, node: NodeId) -> None:
        self.position[node] = len(self.ids)
        self.ids.append(node)
        self.successors.append([])
        if self._predecessors is not None:
            self._predecessors.append([])
        if self._ranking is not None:
            self._ranking.add_node()
        self._forget()

    def add_edge(self, source: NodeId, target: NodeId) -> None:
        start, end = self.position[source], self.position[target]
        self.successors[start].append(end)
        if self._predecessors is not None:
            self._predecessors[end].append(start)
        self._onwards = self._onwards and start < end
        self._forget()
        if self._ranking is not None:
            self._cyclic = not self._ranking.add_edge(start, end)
        elif not self._cyclic:
            self._cyclic = None
        if self._cyclic:
            self._ranking = None

    def remove_edge(self, source: NodeId, target: NodeId) -> None:
        """An order that all edges keep is kept by fewer; where there was none, there may be one now."""
        start, end = self.position[source], self.position[target]
        self.successors[start].remove(end)
        if self._predecessors is not None:
            self._predecessors[end].remove(start)
        self._forget()
        if self._cyclic:
            self._cyclic = None

    def _forget(self) -> None:
        self._order = self._levels = None
        self.kept.clear()

    # ---- answers, which nobody changes ----

    def has_cycle(self) -> bool:
        if self._onwards:
            return False
        if self._cyclic is None:
            self._order = _ordered(self)
            self._cyclic = len(self._order) < len(self.ids)
        return self._cyclic

    def order(self) -> list[int]:
        """The positions of a graph without a cycle: every one after its predecessors, of those that may come next the lowest."""
        if self._order is None:
            self._order = list(range(len(self.ids))) if self._onwards else _ordered(self)
        return self._order

    def levels(self) -> list[list[int]]:
        """The positions of a graph without a cycle by how many edges the longest way to them has."""
        if self._levels is None:
            self._levels = _levels(self)
        return self._levels

    def leads_to(self, start: int, end: int) -> bool:
        """Whether there is a way along edges from one position to another; every position leads to itself."""
        if self._ranking is not None:
            return self._ranking.leads_to(start, end)
        if self.has_cycle():
            return end in reachable(start, self.successors)
        self._ranking = Ranking(chain.from_iterable(self.levels()), self.successors, self.predecessors)
        return self._ranking.leads_to(start, end)

    def names(self, positions: Iterable[int]) -> list[NodeId]:
        ids = self.ids
        return [ids[position] for position in positions]


def _ordered(index: Index) -> list[int]:
    """Kahn's algorithm over a heap: all that comes before any cycle."""
    successors = index.successors
    waits = [0] * len(successors)
    for target in chain.from_iterable(successors):
        waits[target] += 1
    ready = [at for at, count in enumerate(waits) if not count]
    heapify(ready)
    order: list[int] = []
    while ready:
        node = heappop(ready)
        order.append(node)
        for target in successors[node]:
            waits[target] -= 1
            if not waits[target]:
                heappush(ready, target)
    return order


def _levels(index: Index) -> list[list[int]]:
    successors = index.successors
    level = [0] * len(successors)
    for node in index.order():
        following = level[node] + 1
        for target in successors[node]:
            if level[target] < following:  # noqa: PLR1730 - a call of max takes twice as long, once for each edge
                level[target] = following
    found: list[list[int]] = [[] for _ in range(max(level, default=-1) + 1)]
    for node, at in enumerate(level):
        found[at].append(node)
    return found


def reachable(start: int, neighbours: list[list[int]]) -> set[int]:
    """A position and all that its neighbours lead to."""
    return {start} | beyond(start, neighbours)


def beyond(start: int, neighbours: list[list[int]], known: set[int] | None = None) -> set[int]:
    """All that the neighbours of a position lead to: the position itself only where it lies in a cycle.

    It is put into what is `known`, with all behind that, of other positions.
    """
    found = set() if known is None else known
    rest = [start]
    while rest:
        for node in neighbours[rest.pop()]:
            if node not in found:
                found.add(node)
                rest.append(node)
    return found
