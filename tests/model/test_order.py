"""The order of graphs, and the cycles in those that have none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.graphs import workflows

from symphony_model.edges import ControlEdge
from symphony_model.errors import CycleError
from symphony_model.ids import edge_id, node_id
from symphony_model.nodes import NodeBase, OperatorConfig, OperatorNode, OperatorType
from symphony_model.order import topological
from symphony_model.workflow import Workflow


def graph(count: int, pairs: list[tuple[int, int]]) -> Workflow:
    workflow = Workflow("order")
    ids = [node_id(workflow.id, f"s{at}") for at in range(count)]
    for at, node in enumerate(ids):
        base = NodeBase(node, f"s{at}", f"s{at}")
        workflow.add_node(OperatorNode(base, OperatorType.TEXT, OperatorConfig()))
    for at, (source, target) in enumerate(pairs):
        name = edge_id(workflow.id, f"control {at}", str(source), str(target))
        workflow.put_edge(ControlEdge(name, ids[source], ids[target]))
    return workflow


def paths(workflow: Workflow) -> list[str]:
    return [workflow.nodes[node].base.path for node in topological(workflow)]


pairs = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=14)


@given(workflows())
def test_every_node_comes_after_what_it_waits_for(workflow: Workflow) -> None:
    place = {node: at for at, node in enumerate(topological(workflow))}
    assert place.keys() == workflow.nodes.keys()
    assert all(place[edge.source_node] < place[edge.target_node] for edge in workflow.edges)


@given(pairs)
def test_there_is_an_order_or_a_cycle(edges: list[tuple[int, int]]) -> None:
    workflow = graph(8, edges)
    try:
        order = topological(workflow)
    except CycleError as problem:
        cycle = list(problem.cycle_path)
        steps = {(edge.source_node, edge.target_node) for edge in workflow.edges}
        assert all(step in steps for step in zip(cycle, [*cycle[1:], cycle[0]], strict=True))
        assert len(set(cycle)) == len(cycle)
    else:
        place = {node: at for at, node in enumerate(order)}
        assert all(place[edge.source_node] < place[edge.target_node] for edge in workflow.edges)


def test_what_may_come_next_comes_as_declared() -> None:
    assert paths(graph(5, [(4, 0), (3, 1)])) == ["s2", "s3", "s1", "s4", "s0"]


def test_a_cycle_is_told_from_its_first_node() -> None:
    with pytest.raises(CycleError, match=r"^s1 → s3 → s2 → s1 is a cycle$"):
        topological(graph(5, [(0, 2), (2, 1), (1, 3), (3, 2), (3, 4)]))


def test_a_node_that_waits_for_itself_is_a_cycle() -> None:
    with pytest.raises(CycleError, match=r"^s1 → s1 is a cycle$"):
        topological(graph(2, [(1, 1)]))


def test_a_long_chain_needs_no_recursion() -> None:
    count = 5000
    assert len(topological(graph(count, [(at, at - 1) for at in range(1, count)]))) == count
    with pytest.raises(CycleError):
        topological(graph(count, [(at, (at + 1) % count) for at in range(count)]))
