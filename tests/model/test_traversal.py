"""Visitors come to every node once, in the order that networkx has, and nowhere behind what they skip."""

from __future__ import annotations

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.generators.plain import graph, nid
from tests.model.generators.sound import ACYCLIC, ANY
from tests.model.oracle import peer
from tests.model.visitors import Notes

from symphony_model.errors import CycleError
from symphony_model.ids import NodeId
from symphony_model.traversal import TraversalOrder, VisitResult
from symphony_model.workflow import Workflow

ROOT = "root"
ORDERS = st.sampled_from(TraversalOrder)


def visited(
    workflow: Workflow, order: TraversalOrder, answers: dict[NodeId, VisitResult] | None = None
) -> dict[NodeId, int]:
    notes = Notes(answers or {})
    workflow.traverse(order, notes)
    return notes.seen


def rooted(workflow: Workflow) -> networkx.DiGraph:
    """With a node that leads to all that nothing leads to. Of several edges between two nodes the first counts."""
    graph = peer(workflow)
    starts = [node for node in graph if not graph.in_degree(node)]
    graph.add_edges_from((ROOT, start) for start in starts)
    return graph


@given(ACYCLIC)
def test_breadth_first_is_that_of_networkx(workflow: Workflow) -> None:
    graph = rooted(workflow)
    seen = visited(workflow, TraversalOrder.BREADTH_FIRST)
    assert list(seen) == [node for _, node in networkx.bfs_edges(graph, ROOT)]
    lengths = networkx.single_source_shortest_path_length(graph, ROOT)
    assert seen == {node: lengths[node] - 1 for node in workflow.nodes}


@given(ACYCLIC)
def test_depth_first_is_that_of_networkx(workflow: Workflow) -> None:
    graph = rooted(workflow)
    seen = visited(workflow, TraversalOrder.DEPTH_FIRST)
    assert list(seen) == [node for _, node in networkx.dfs_edges(graph, ROOT)]
    tree = networkx.dfs_tree(graph, ROOT)
    lengths = networkx.single_source_shortest_path_length(tree, ROOT)
    assert seen == {node: lengths[node] - 1 for node in workflow.nodes}


@given(ACYCLIC)
def test_topological_order_comes_with_the_longest_ways(workflow: Workflow) -> None:
    seen = visited(workflow, TraversalOrder.TOPOLOGICAL_ORDER)
    assert list(seen) == workflow.topological_sort()
    assert seen == {node: at for at, level in enumerate(workflow.execution_levels()) for node in level}


@given(ACYCLIC, ORDERS, st.sets(st.integers(0, 15)))
def test_what_is_reached_through_skipped_nodes_only_is_left_out(
    workflow: Workflow, order: TraversalOrder, places: set[int]
) -> None:
    skipped = {node for at, node in enumerate(workflow.nodes) if at in places}
    graph = rooted(workflow)
    graph.remove_edges_from(list(graph.out_edges(skipped)))
    seen = visited(workflow, order, dict.fromkeys(skipped, VisitResult.SKIP))
    assert seen.keys() == networkx.descendants(graph, ROOT)


@given(ACYCLIC, ORDERS, st.integers(0, 15))
def test_nothing_is_visited_after_a_stop(workflow: Workflow, order: TraversalOrder, place: int) -> None:
    everything = list(visited(workflow, order))
    last = everything[place % len(everything)]
    assert list(visited(workflow, order, {last: VisitResult.STOP})) == everything[: everything.index(last) + 1]


@given(ANY, ORDERS)
def test_every_node_is_visited_once(workflow: Workflow, order: TraversalOrder) -> None:
    if order is TraversalOrder.TOPOLOGICAL_ORDER and workflow.detect_cycles().has_cycle:
        with pytest.raises(CycleError):
            workflow.traverse(order, Notes())
        return
    assert visited(workflow, order).keys() == workflow.nodes.keys()


FORK = [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)]
SKIPPED, STOPPED = {1: VisitResult.SKIP}, {2: VisitResult.STOP}


@pytest.mark.parametrize(
    ("order", "answers", "seen"),
    [
        (TraversalOrder.BREADTH_FIRST, {}, "0:0 5:0 1:1 2:1 3:2 4:3"),
        (TraversalOrder.DEPTH_FIRST, {}, "0:0 1:1 3:2 4:3 2:1 5:0"),
        (TraversalOrder.TOPOLOGICAL_ORDER, {}, "0:0 1:1 2:1 3:2 4:3 5:0"),
        (TraversalOrder.BREADTH_FIRST, SKIPPED, "0:0 5:0 1:1 2:1 3:2 4:3"),
        (TraversalOrder.DEPTH_FIRST, SKIPPED, "0:0 1:1 2:1 3:2 4:3 5:0"),
        (TraversalOrder.TOPOLOGICAL_ORDER, {0: VisitResult.SKIP}, "0:0 5:0"),
        (TraversalOrder.BREADTH_FIRST, STOPPED, "0:0 5:0 1:1 2:1"),
        (TraversalOrder.DEPTH_FIRST, STOPPED, "0:0 1:1 3:2 4:3 2:1"),
        (TraversalOrder.TOPOLOGICAL_ORDER, STOPPED, "0:0 1:1 2:1"),
    ],
)
def test_orders_and_depths(order: TraversalOrder, answers: dict[int, VisitResult], seen: str) -> None:
    workflow = graph(6, FORK)
    found = visited(workflow, order, {nid(at): answer for at, answer in answers.items()})
    assert " ".join(f"{workflow.index.position[node]}:{depth}" for node, depth in found.items()) == seen


@pytest.mark.parametrize("order", [TraversalOrder.BREADTH_FIRST, TraversalOrder.DEPTH_FIRST])
@pytest.mark.parametrize(
    ("pairs", "answers", "seen"),
    [
        ([(0, 1), (1, 0), (1, 2)], {}, "0:0 1:1 2:2"),
        ([(0, 1), (1, 0), (1, 2)], {0: VisitResult.SKIP}, "0:0"),
        ([(0, 1), (1, 0), (1, 2)], {1: VisitResult.STOP}, "0:0 1:1"),
        ([(1, 2), (2, 1), (0, 1)], {0: VisitResult.SKIP}, "0:0"),
        ([(1, 2), (2, 1)], {0: VisitResult.SKIP}, "0:0 1:0 2:1"),
        ([(0, 0), (1, 1)], {}, "0:0 1:0 2:0"),
        ([(0, 1), (2, 2)], {}, "0:0 1:1 2:0"),
        ([(1, 1)], {0: VisitResult.STOP}, "0:0"),
    ],
)
def test_circles_come_last(
    order: TraversalOrder, pairs: list[tuple[int, int]], answers: dict[int, VisitResult], seen: str
) -> None:
    workflow = graph(3, pairs)
    found = visited(workflow, order, {nid(at): answer for at, answer in answers.items()})
    listed = sorted(f"{workflow.index.position[node]}:{depth}" for node, depth in found.items())
    assert " ".join(listed) == seen
