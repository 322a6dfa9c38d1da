"""The algorithms of graphs, held against definitions that are slow and plain."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.plain_graphs import PAIRS, SHUFFLED, SIZE, arrow, graph, nid, numbers, step

from symphony_model.errors import CycleError, UnknownNodeError
from symphony_model.nodes import Node
from symphony_model.traversal import TraversalOrder, VisitResult
from symphony_model.workflow import Workflow

Edges = list[tuple[int, int]]
LONG = 100_000


def leads(edges: Edges) -> set[tuple[int, int]]:
    """All pairs between which a way of at least one edge leads."""
    found = set(edges)
    while more := {(a, d) for (a, b), (c, d) in product(found, found) if b == c} - found:
        found |= more
    return found


def ways(edges: Edges, start: int, end: int) -> set[tuple[int, ...]]:
    """All ways that pass no node twice."""
    if start == end:
        return {(start,)}
    rest = [pair for pair in edges if start not in pair]
    return {(start, *way) for a, b in set(edges) if a == start and b != start for way in ways(rest, b, end)}


@given(PAIRS)
def test_a_cycle_is_found_where_there_is_one_and_is_one(edges: Edges) -> None:
    workflow = graph(SIZE, edges)
    found = workflow.detect_cycles()
    path = numbers(found.cycle_path)
    assert found.has_cycle == any(a == b for a, b in leads(edges))
    assert found.has_cycle == (path is not None)
    if path is not None:
        assert set(pairwise([*path, path[0]])) <= set(edges)
        assert len(set(path)) == len(path)
        assert path[0] == min(path)
        with pytest.raises(CycleError) as problem:
            workflow.topological_sort()
        assert problem.value.cycle_path == found.cycle_path


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_edges_does_not_change_an_answer(edges: Edges, random: st.randoms) -> None:  # type: ignore[valid-type]
    other = list(edges)
    random.shuffle(other)  # type: ignore[attr-defined]  # a Random
    one, two = graph(SIZE, edges), graph(SIZE, other)
    if not one.detect_cycles().has_cycle:
        assert one.topological_sort() == two.topological_sort()
        assert one.execution_levels() == two.execution_levels()
        assert one.critical_path() == two.critical_path()
    assert [one.ancestors(nid(at)) for at in range(SIZE)] == [two.ancestors(nid(at)) for at in range(SIZE)]


@given(PAIRS)
def test_what_would_close_a_cycle(edges: Edges) -> None:
    workflow, known = graph(SIZE, edges), leads(edges)
    for a, b in product(range(SIZE), repeat=2):
        assert workflow.would_create_cycle(nid(a), nid(b)) == (a == b or (b, a) in known)


@given(PAIRS)
def test_edges_one_by_one_are_as_all_at_once(edges: Edges) -> None:
    """The rank is kept while edges come, and agrees with a graph that is made anew."""
    grown = graph(SIZE, [])
    for number, (a, b) in enumerate(edges):
        grown.index.rank()
        if grown.would_create_cycle(nid(a), nid(b)):
            with pytest.raises(CycleError, match="is a cycle"):
                grown.add_edge(arrow(a, b, number))
        else:
            grown.add_edge(arrow(a, b, number))
        rank = grown.index.rank()
        assert rank is not None
        assert sorted(rank) == list(range(SIZE))
        assert all(
            rank[grown.index.position[edge.source_node]] < rank[grown.index.position[edge.target_node]]
            for edge in grown.edges
        )


@given(SHUFFLED)
def test_levels_are_the_longest_ways(edges: Edges) -> None:
    def level(node: int) -> int:
        return max((level(a) + 1 for a, b in edges if b == node), default=0)

    found = [numbers(each) for each in graph(SIZE, edges).execution_levels()]
    assert found == [[at for at in range(SIZE) if level(at) == number] for number in range(len(found))]
    assert all(found)


@given(PAIRS)
def test_dependencies(edges: Edges) -> None:
    workflow, known = graph(SIZE, edges), leads(edges)
    for node in range(SIZE):
        found = workflow.get_dependencies(nid(node))
        assert numbers(found.direct_dependencies) == sorted({a for a, b in edges if b == node})
        assert numbers(found.direct_dependents) == sorted({b for a, b in edges if a == node})
        assert numbers(found.all_dependencies) == [a for a in range(SIZE) if (a, node) in known]
        assert numbers(found.all_dependents) == [b for b in range(SIZE) if (node, b) in known]
        assert numbers(workflow.affected_by([nid(node)])) == sorted({node, *(numbers(found.all_dependents) or ())})


@given(SHUFFLED, st.lists(st.integers(0, 5), min_size=SIZE, max_size=SIZE))
def test_the_critical_path_is_the_longest_chain(edges: Edges, lasts: list[int]) -> None:
    workflow = graph(SIZE, edges)
    every = [way for a, b in product(range(SIZE), repeat=2) for way in ways(edges, a, b)]
    longest = max(sum(lasts[node] for node in way) for way in every)
    found = workflow.schedule({nid(at): lasts[at] for at in range(SIZE)})
    path = numbers(found.path) or []
    assert found.length == longest == sum(lasts[node] for node in path)
    assert set(pairwise(path)) <= set(edges)
    assert all(found.slack[node] == 0 for node in found.path)
    for node in range(SIZE):
        through = max(sum(lasts[each] for each in way) for way in every if node in way)
        assert found.slack[nid(node)] == longest - through
    assert len(workflow.critical_path()) == max(len(way) for way in every)


def test_weights_are_no_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="no time below zero"):
        graph(1, []).critical_path({nid(0): -1.0})


@given(PAIRS)
def test_paths(edges: Edges) -> None:
    workflow = graph(SIZE, edges)
    for a, b in product(range(0, SIZE, 3), range(SIZE)):
        known = ways(edges, a, b)
        found = [tuple(numbers(way) or ()) for way in workflow.all_paths(nid(a), nid(b))]
        assert len(found) == len(known)
        assert set(found) == known
        shortest = numbers(workflow.find_path(nid(a), nid(b)))
        assert (shortest is None) == (not known)
        assert shortest is None or len(shortest) == min(map(len, known))


def test_of_very_many_paths_the_first_come_at_once() -> None:
    diamonds = [(at, at + by) for at in range(60) for by in (1, 2)] + [(60, 61)]
    workflow = graph(64, [*diamonds, *((at, 63) for at in range(60))])
    assert len(list(workflow.all_paths(nid(0), nid(61), limit=1000))) == 1000
    assert list(workflow.all_paths(nid(0), nid(61), limit=0)) == []


@given(SHUFFLED)
def test_the_reduction_keeps_what_leads_where_and_nothing_more(edges: Edges) -> None:
    workflow = graph(SIZE, edges)
    redundant = workflow.order_redundant()
    for edge in redundant:
        assert workflow.remove_edge(edge.id) is edge
    kept = [(int(a), int(b)) for edge in workflow.edges for a, b in [_ends(edge.source_node, edge.target_node)]]
    assert leads(kept) == leads(edges)
    assert all(leads([other for other in kept if other != pair]) != leads(edges) for pair in kept)


def _ends(*nodes: object) -> list[int]:
    return numbers(nodes) or []  # type: ignore[arg-type]  # ids


class Notes:
    """Writes down what it visits; `answers` says how to go on after some nodes."""

    def __init__(self, answers: dict[str, VisitResult] | None = None) -> None:
        self.answers = answers or {}
        self.seen: list[tuple[str, int]] = []

    def visit(self, node: Node, depth: int) -> VisitResult:
        self.seen.append((node.base.path, depth))
        return self.answers.get(node.base.path, VisitResult.CONTINUE)


FORK = [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)]
SKIPPED, STOPPED = {"s1": VisitResult.SKIP}, {"s2": VisitResult.STOP}


@pytest.mark.parametrize(
    ("order", "answers", "seen"),
    [
        (TraversalOrder.BREADTH_FIRST, {}, "s0:0 s5:0 s1:1 s2:1 s3:2 s4:3"),
        (TraversalOrder.DEPTH_FIRST, {}, "s0:0 s1:1 s3:2 s4:3 s2:1 s5:0"),
        (TraversalOrder.TOPOLOGICAL_ORDER, {}, "s0:0 s1:1 s2:1 s3:2 s4:3 s5:0"),
        (TraversalOrder.BREADTH_FIRST, SKIPPED, "s0:0 s5:0 s1:1 s2:1 s3:2 s4:3"),
        (TraversalOrder.DEPTH_FIRST, SKIPPED, "s0:0 s1:1 s2:1 s3:2 s4:3 s5:0"),
        (TraversalOrder.DEPTH_FIRST, {"s3": VisitResult.SKIP}, "s0:0 s1:1 s3:2 s2:1 s5:0"),
        (TraversalOrder.TOPOLOGICAL_ORDER, {"s0": VisitResult.SKIP}, "s0:0 s5:0"),
        (TraversalOrder.BREADTH_FIRST, {"s0": VisitResult.SKIP}, "s0:0 s5:0"),
        (TraversalOrder.BREADTH_FIRST, STOPPED, "s0:0 s5:0 s1:1 s2:1"),
        (TraversalOrder.DEPTH_FIRST, STOPPED, "s0:0 s1:1 s3:2 s4:3 s2:1"),
        (TraversalOrder.TOPOLOGICAL_ORDER, STOPPED, "s0:0 s1:1 s2:1"),
    ],
)
def test_traversal(order: TraversalOrder, answers: dict[str, VisitResult], seen: str) -> None:
    notes = Notes(answers)
    graph(6, FORK).traverse(order, notes)
    assert " ".join(f"{path}:{depth}" for path, depth in notes.seen) == seen


@given(PAIRS, st.sampled_from(TraversalOrder))
def test_every_node_is_visited_once(edges: Edges, order: TraversalOrder) -> None:
    workflow, notes = graph(SIZE, edges), Notes()
    if order is TraversalOrder.TOPOLOGICAL_ORDER and workflow.detect_cycles().has_cycle:
        with pytest.raises(CycleError):
            workflow.traverse(order, notes)
        return
    workflow.traverse(order, notes)
    assert sorted(path for path, _ in notes.seen) == [f"s{at}" for at in range(SIZE)]


def test_a_chain_of_a_hundred_thousand() -> None:
    workflow = Workflow("order")
    nodes = [workflow.add_node(step(at)) for at in range(LONG)]
    for at in range(LONG - 1):
        workflow.add_edge(arrow(at, at + 1))
    assert workflow.topological_sort() == nodes == list(workflow.critical_path())
    assert len(workflow.execution_levels()) == LONG
    assert len(workflow.ancestors(nodes[-1])) == LONG - 1
    assert workflow.would_create_cycle(nodes[-1], nodes[0])
    assert len(next(workflow.all_paths(nodes[0], nodes[-1]))) == LONG
    assert workflow.order_redundant() == ()
    for order in TraversalOrder:
        notes = Notes()
        workflow.traverse(order, notes)
        assert notes.seen[-1] == (f"s{LONG - 1}", LONG - 1)
    workflow.add_edge(arrow(LONG - 1, 0), allow_cycle=True)
    assert workflow.detect_cycles().cycle_path == tuple(nodes)


def test_the_empty_workflow() -> None:
    empty = Workflow("empty")
    assert empty.topological_sort() == empty.execution_levels() == []
    assert empty.critical_path() == ()
    assert not empty.detect_cycles().has_cycle


def test_questions_about_strangers() -> None:
    workflow, stranger = graph(1, []), nid(9)
    for ask in (workflow.get_dependencies, workflow.ancestors, workflow.descendants, workflow.get_predecessors):
        with pytest.raises(UnknownNodeError, match="is no node of `order`"):
            ask(stranger)
    with pytest.raises(UnknownNodeError):
        workflow.would_create_cycle(nid(0), stranger)
    with pytest.raises(UnknownNodeError):
        workflow.find_path(stranger, nid(0))
