"""An order that is kept while edges come answers as a plain search does, however little room there is between labels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symphony_model import ranking
from symphony_model.index import reachable
from symphony_model.ranking import Ranking

COUNT = 12
NODE = st.integers(0, 2 * COUNT)
STEPS = st.lists(
    st.tuples(NODE, NODE, st.sampled_from(["forwards", "forwards", "forwards", "anyhow", "node"])), max_size=60
)


class Graph:
    """Nodes and edges beside their ranking."""

    def __init__(self, order: list[int]) -> None:
        self.successors: list[list[int]] = [[] for _ in order]
        self.predecessors: list[list[int]] = [[] for _ in order]
        self.ranking = Ranking(order, self.successors, self.predecessors)

    def add_node(self) -> None:
        self.successors.append([])
        self.predecessors.append([])
        self.ranking.add_node()

    def add_edge(self, start: int, end: int) -> bool:
        """Whether it closes no cycle; one that does is taken away again."""
        self.successors[start].append(end)
        self.predecessors[end].append(start)
        taken = self.ranking.add_edge(start, end)
        if not taken:
            self.successors[start].pop()
            self.predecessors[end].pop()
        return taken

    def check(self, every: int = 1) -> None:
        """What leads to what, from each of the nodes or some."""
        for start in range(0, len(self.successors), every):
            found = reachable(start, self.successors)
            assert {end for end in range(len(self.successors)) if self.ranking.leads_to(start, end)} == found


@pytest.fixture(params=[(1 << 64, 1 << 32), (2, 2), (1, 1)], ids=["wide", "narrow", "none"])
def gaps(request: pytest.FixtureRequest) -> Iterator[None]:
    """How much room there is between labels."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ranking, "GAP", request.param[0])
        patched.setattr(ranking, "ROOM", request.param[1])
        yield


@pytest.mark.usefixtures("gaps")
@given(st.permutations(range(COUNT)), st.permutations(range(COUNT)), STEPS)
def test_each_edge_is_taken_or_closes_a_cycle(
    order: list[int], along: list[int], steps: list[tuple[int, int, str]]
) -> None:
    """The line starts as one order, and most edges agree with another one."""
    graph = Graph(order)
    place = {node: at for at, node in enumerate(along)}
    for one, other, kind in steps:
        count = len(graph.successors)
        if kind == "node":
            graph.add_node()
            continue
        start, end = one % count, other % count
        if kind == "forwards":
            start, end = sorted((start, end), key=lambda node: place.get(node, node))
        closes = start in reachable(end, graph.successors)
        assert graph.add_edge(start, end) != closes
        graph.check()


@pytest.mark.usefixtures("gaps")
@pytest.mark.parametrize("backwards", [False, True])
def test_a_chain_grows_where_there_is_no_room_left(*, backwards: bool) -> None:
    """Each node goes between the one before it and one that stays behind all."""
    count = 200
    graph = Graph([0, *range(count, 0, -1)])
    graph.add_edge(0, 1)
    for at in range(2, count + 1):
        assert graph.add_edge(*((at - 1, at) if not backwards else (at, at - 1)))
    graph.check(every=10)


# ---- what an edge costs ----

MANY = 300
FEW = 20
"""More than any edge below may cost: none has more than three nodes on its smaller side."""


class Counted(list[list[int]]):
    """Neighbours that count how often those of a node are looked at."""

    looked = 0

    def __getitem__(self, at: Any) -> Any:
        self.looked += 1
        return super().__getitem__(at)


def cost(order: list[int], pairs: list[tuple[int, int]]) -> int:
    """How many nodes are looked at when the last of some edges is added, all others of which agree with the order."""
    graph = Graph(order)
    graph.successors, graph.predecessors = Counted(graph.successors), Counted(graph.predecessors)
    graph.ranking = Ranking(order, graph.successors, graph.predecessors)
    for pair in pairs[:-1]:
        assert graph.add_edge(*pair)
    graph.successors.looked = graph.predecessors.looked = 0
    assert graph.add_edge(*pairs[-1])
    found = graph.successors.looked + graph.predecessors.looked
    graph.check(every=MANY // 2)
    return found


def chain(nodes: list[int]) -> list[tuple[int, int]]:
    return list(pairwise(nodes))


@pytest.mark.parametrize("small", [1, 3])
def test_an_edge_costs_what_its_smaller_side_does(small: int) -> None:
    """What comes behind its end, or before its start, however much there is on the other side."""
    few, many = list(range(small)), list(range(small, small + MANY))
    assert cost([*few, *many], [*chain(few), *chain(many), (many[-1], few[0])]) < FEW
    assert cost([*many, *few], [*chain(few), *chain(many), (few[-1], many[0])]) < FEW


def test_an_edge_does_not_cost_what_stands_behind_both_its_ends_or_before_them() -> None:
    end, between, start, behind = 0, list(range(1, MANY)), MANY, list(range(MANY + 1, 2 * MANY))
    line = [end, *between, start, *behind]
    pairs = [*chain(line[1:]), (end, behind[0]), (start, end)]
    assert cost(line, pairs) < FEW
    assert cost(line[::-1], [(target, source) for source, target in pairs]) < FEW
