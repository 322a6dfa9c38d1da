"""The order of graphs, and the cycles in those that have none, held against networkx."""

from __future__ import annotations

from itertools import pairwise

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.generators.plain import arrow, graph, numbers
from tests.model.generators.sound import ACYCLIC, ANY, Cyclic, cyclic_workflows, grown_otherwise
from tests.model.oracle import declared, peer

from symphony_model.errors import CycleError
from symphony_model.ids import edge_id
from symphony_model.workflow import Workflow

# ---- order and levels ----


@given(ACYCLIC)
def test_the_order_is_the_first_by_declaration_that_every_edge_keeps(workflow: Workflow) -> None:
    order = workflow.topological_sort()
    place = {node: at for at, node in enumerate(order)}
    assert place.keys() == workflow.nodes.keys()
    assert all(place[edge.source_node] < place[edge.target_node] for edge in workflow.edges)
    assert order == list(networkx.lexicographical_topological_sort(peer(workflow), workflow.index.position.__getitem__))


@given(ACYCLIC)
def test_levels_are_as_early_as_can_be_and_as_declared(workflow: Workflow) -> None:
    earliest = networkx.topological_generations(peer(workflow))
    assert workflow.execution_levels() == [list(declared(workflow, level)) for level in earliest]


@given(ANY, st.data())
def test_what_was_declared_in_one_order_answers_alike_however_it_grew(workflow: Workflow, data: st.DataObject) -> None:
    other = data.draw(grown_otherwise(workflow))
    assert answers(other) == answers(workflow)


def answers(workflow: Workflow) -> list[object]:
    found = workflow.detect_cycles()
    every = [found, *(workflow.get_dependencies(node) for node in workflow.nodes)]
    if found.has_cycle:
        return every
    redundant = {edge.id for edge in workflow.order_redundant()}
    kept = {(edge.source_node, edge.target_node) for edge in workflow.edges if edge.id not in redundant}
    return [*every, workflow.topological_sort(), workflow.execution_levels(), workflow.schedule(), kept]


def test_what_may_come_next_comes_as_declared() -> None:
    workflow = graph(5, [(4, 0), (3, 1)])
    assert numbers(workflow, workflow.topological_sort()) == [2, 3, 1, 4, 0]


# ---- cycles ----


@given(ANY)
def test_a_cycle_is_found_where_there_is_one_and_is_one(workflow: Workflow) -> None:
    found, graph = workflow.detect_cycles(), peer(workflow)
    assert found.has_cycle != networkx.is_directed_acyclic_graph(graph)
    assert found.has_cycle == (found.cycle_path is not None)
    if found.cycle_path is None:
        workflow.topological_sort()
        return
    path = found.cycle_path
    assert networkx.is_simple_path(graph, path)
    assert graph.has_edge(path[-1], path[0])
    assert path[0] == declared(workflow, path)[0]
    for ask in (workflow.topological_sort, workflow.execution_levels, workflow.schedule, workflow.order_redundant):
        with pytest.raises(CycleError) as problem:
            ask()
        assert problem.value.cycle_path == path


@given(cyclic_workflows())
def test_every_cycle_is_found_when_those_before_are_broken(cyclic: Cyclic) -> None:
    workflow, broken = cyclic.workflow, set[tuple[object, object]]()
    while (path := workflow.detect_cycles().cycle_path) is not None:
        last, first = path[-1], path[0]
        broken.add((last, first))
        for edge in workflow.outgoing(last):
            if edge.target_node == first:
                workflow.remove_edge(edge.id)
    for planted in cyclic.planted:
        assert broken & {*pairwise(planted), (planted[-1], planted[0])}
    assert networkx.is_directed_acyclic_graph(peer(workflow))
    assert len(workflow.topological_sort()) == workflow.node_count


@given(ANY)
def test_what_would_close_a_cycle(workflow: Workflow) -> None:
    graph = peer(workflow)
    for source in workflow.nodes:
        before = {source, *networkx.ancestors(graph, source)}
        assert {node for node in workflow.nodes if workflow.would_create_cycle(source, node)} == before


@given(ANY)
def test_what_closes_a_cycle_is_refused_with_the_way_round(workflow: Workflow) -> None:
    grown = Workflow.of(workflow.name, nodes=workflow.nodes.values())
    for edge in workflow.edges:
        asked = grown.would_create_cycle(edge.source_node, edge.target_node)
        try:
            grown.add_edge(edge)
        except CycleError as problem:
            assert asked
            path = problem.cycle_path
            assert (path[-1], path[0]) == (edge.source_node, edge.target_node)
            assert networkx.is_simple_path(peer(grown), path)
        else:
            assert not asked
    assert networkx.is_directed_acyclic_graph(peer(grown))
    assert grown.edge_count == workflow.edge_count or workflow.detect_cycles().has_cycle


def test_a_cycle_is_told_from_its_first_node() -> None:
    with pytest.raises(CycleError, match=r"^s1 → s3 → s2 → s1 is a cycle$"):
        graph(5, [(0, 2), (2, 1), (1, 3), (3, 2), (3, 4)]).topological_sort()


def test_a_node_that_waits_for_itself_is_a_cycle() -> None:
    with pytest.raises(CycleError, match=r"^s1 → s1 is a cycle$"):
        graph(2, [(1, 1)]).topological_sort()


@pytest.mark.parametrize(
    ("pairs", "told"),
    [([(0, 1), (1, 2), (2, 1), (2, 0)], [0, 1, 2]), ([(0, 3), (3, 0), (1, 2), (2, 1)], [0, 3])],
)
def test_which_of_two_cycles_is_told_does_not_depend_on_which_edge_came_first(
    pairs: list[tuple[int, int]], told: list[int]
) -> None:
    for workflow in (graph(4, pairs), graph(4, pairs[::-1])):
        assert numbers(workflow, workflow.detect_cycles().cycle_path or ()) == told


def test_a_broken_cycle_leaves_a_graph_with_an_order() -> None:
    workflow = graph(3, [(0, 1), (1, 2), (2, 0)])
    assert workflow.detect_cycles().has_cycle
    assert workflow.remove_edge(workflow.edges[-1].id) is not None
    assert numbers(workflow, workflow.topological_sort()) == [0, 1, 2]
    assert workflow.get_edge(edge_id(workflow.id, "control 2", "s2", "s0")) is None


def test_that_there_was_no_cycle_does_not_say_that_there_is_none() -> None:
    workflow = graph(3, [(1, 0)])
    assert not workflow.detect_cycles().has_cycle
    workflow.put_edge(arrow(0, 2))
    assert not workflow.detect_cycles().has_cycle
    workflow.put_edge(arrow(2, 1))
    assert numbers(workflow, workflow.detect_cycles().cycle_path or ()) == [0, 2, 1]


# ---- sizes ----

LONG = 5_000


def test_a_long_chain_needs_no_recursion() -> None:
    assert len(graph(LONG, [(at, at - 1) for at in range(1, LONG)]).topological_sort()) == LONG
    with pytest.raises(CycleError):
        graph(LONG, [(at, (at + 1) % LONG) for at in range(LONG)]).topological_sort()
