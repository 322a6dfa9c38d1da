"""What leads to what: dependencies, ways and the edges that say nothing about them, held against networkx."""

from __future__ import annotations

from itertools import islice

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.generators.plain import arrow, graph, nid, numbers, step
from tests.model.generators.sound import ACYCLIC, ANY
from tests.model.oracle import declared, peer
from tests.model.visitors import Notes

from symphony_model import dependencies
from symphony_model.errors import UnknownNodeError
from symphony_model.ids import NodeId
from symphony_model.traversal import TraversalOrder
from symphony_model.workflow import Workflow

# ---- dependencies ----


def before(graph: networkx.DiGraph, node: NodeId) -> set[NodeId]:
    """A node in a cycle is before itself."""
    return set(graph.predecessors(node)).union(*(networkx.ancestors(graph, each) for each in graph.predecessors(node)))


@given(ANY)
def test_dependencies(workflow: Workflow) -> None:
    onwards = peer(workflow)
    back = onwards.reverse()
    for node in workflow.nodes:
        found = workflow.get_dependencies(node)
        assert found.node_id == node
        assert found.direct_dependencies == declared(workflow, onwards.predecessors(node))
        assert found.direct_dependents == declared(workflow, onwards.successors(node))
        assert found.all_dependencies == declared(workflow, before(onwards, node))
        assert found.all_dependents == declared(workflow, before(back, node))
        assert (found.direct_dependencies, found.direct_dependents) == (
            workflow.get_predecessors(node),
            workflow.get_successors(node),
        )
        assert (found.all_dependencies, found.all_dependents) == (workflow.ancestors(node), workflow.descendants(node))


@given(ANY, st.sets(st.integers(0, 30)))
def test_what_a_change_affects(workflow: Workflow, places: set[int]) -> None:
    changed = [node for at, node in enumerate(workflow.nodes) if at in places]
    behind = (networkx.descendants(peer(workflow), node) for node in changed)
    assert workflow.affected_by(changed) == declared(workflow, set(changed).union(*behind))


def test_dependencies_are_found_out_once_until_something_changes() -> None:
    workflow = graph(3, [(0, 1)])
    found = workflow.get_dependencies(nid(1))
    assert workflow.get_dependencies(nid(1)) is found
    for change in (
        lambda: workflow.add_edge(arrow(1, 2)),
        lambda: workflow.add_node(step(3)),
        lambda: workflow.remove_edge(arrow(1, 2).id),
    ):
        before = workflow.get_dependencies(nid(1))
        change()
        assert workflow.get_dependencies(nid(1)) is not before
    assert workflow.get_dependencies(nid(1)) == found


def test_dependencies_of_so_many_nodes_are_kept_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "MOST", 3)
    workflow = graph(7, [(at, at + 1) for at in range(6)])
    for at in range(7):
        assert workflow.get_dependencies(nid(at)) is workflow.get_dependencies(nid(at))
        assert len(workflow.index.kept) == at % 3 + 1


# ---- ways ----


@given(ANY)
def test_a_way_is_found_where_there_is_one_and_none_is_shorter(workflow: Workflow) -> None:
    graph = peer(workflow)
    for source in workflow.nodes:
        lengths = networkx.single_source_shortest_path_length(graph, source)
        for target in workflow.nodes:
            found = workflow.find_path(source, target)
            assert (found is None) == (target not in lengths)
            if found is not None:
                assert (found[0], found[-1], len(found)) == (source, target, lengths[target] + 1)
                assert networkx.is_simple_path(graph, found)


MANY = 200


@given(ANY, st.integers(0, 5))
def test_all_ways_are_found_once_each_and_no_more_than_asked_for(workflow: Workflow, limit: int) -> None:
    graph, nodes = peer(workflow), list(workflow.nodes)
    for source, target in [(nodes[0], node) for node in nodes] + [(node, nodes[-1]) for node in nodes]:
        known = [tuple(way) for way in islice(networkx.all_simple_paths(graph, source, target), MANY)]
        found = list(islice(workflow.all_paths(source, target), MANY))
        assert len(found) == len(set(found)) == len(known)
        if len(known) < MANY:
            assert set(found) == set(known)
        assert list(workflow.all_paths(source, target, limit)) == found[:limit]


def test_of_very_many_paths_the_first_come_at_once() -> None:
    diamonds = [(at, at + by) for at in range(60) for by in (1, 2)] + [(60, 61)]
    workflow = graph(64, [*diamonds, *((at, 63) for at in range(60))])
    assert len(list(workflow.all_paths(nid(0), nid(61), limit=1000))) == 1000
    for few in (0, -1):
        assert list(workflow.all_paths(nid(0), nid(61), limit=few)) == []
    assert len(workflow.order_redundant()) == 60 + 59  # every long step, and every way to the end but the last


# ---- the reduction ----


@given(ACYCLIC)
def test_the_reduction_keeps_what_leads_where_and_nothing_more(workflow: Workflow) -> None:
    reduced = networkx.transitive_reduction(peer(workflow))
    before = workflow.edges
    redundant = workflow.order_redundant()
    assert list(redundant) == [edge for edge in before if edge in redundant]
    kept = [(edge.source_node, edge.target_node) for edge in before if edge not in redundant]
    assert len(kept) == len(set(kept))
    assert set(kept) == set(reduced.edges)
    first = {(edge.source_node, edge.target_node): edge for edge in reversed(before)}
    assert not set(redundant) & {first[ends] for ends in kept}


# ---- strangers and sizes ----


def test_questions_about_strangers() -> None:
    workflow, stranger = graph(1, []), nid(9)
    for ask in (
        workflow.get_dependencies,
        workflow.ancestors,
        workflow.descendants,
        workflow.get_predecessors,
        workflow.get_successors,
    ):
        with pytest.raises(UnknownNodeError, match="is no node of `plain`"):
            ask(stranger)
    for ask_both in (workflow.would_create_cycle, workflow.find_path, lambda *ends: next(workflow.all_paths(*ends))):
        for ends in ((nid(0), stranger), (stranger, nid(0))):
            with pytest.raises(UnknownNodeError):
                ask_both(*ends)
    with pytest.raises(UnknownNodeError):
        workflow.affected_by([nid(0), stranger])


def test_the_empty_workflow() -> None:
    empty = Workflow("empty")
    assert empty.topological_sort() == empty.execution_levels() == []
    assert empty.critical_path() == empty.schedule().path == ()
    assert empty.schedule().length == 0
    assert not empty.detect_cycles().has_cycle
    assert empty.order_redundant() == empty.affected_by([]) == ()


LONG = 100_000


def test_a_chain_of_a_hundred_thousand() -> None:
    workflow = Workflow("plain")
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
        assert list(notes.seen) == nodes
        assert list(notes.seen.values()) == list(range(LONG))
    workflow.add_edge(arrow(LONG - 1, 0), allow_cycle=True)
    assert numbers(workflow, workflow.detect_cycles().cycle_path or ()) == list(range(LONG))
