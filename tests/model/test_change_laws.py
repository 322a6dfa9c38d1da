"""Whatever is done to a workflow: what fails changes nothing, and what is left answers as if it had been made so."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.answers import anew, answers
from tests.model.generators.sound import ACYCLIC, ANY, VALID

from symphony_dsl.base.types import BOOL, STRING
from symphony_model.edges import ControlEdge, DataEdge
from symphony_model.errors import ModelError
from symphony_model.ids import NodeId, edge_id, node_id
from symphony_model.nodes import InputNode, NodeBase, OutputNode
from symphony_model.ports import PortDefinition
from symphony_model.workflow import Workflow

Change: TypeAlias = "Callable[[Workflow, int, int], object]"
"""Does something with two numbers, which choose what; what it gives is true where something was done."""


def node_at(workflow: Workflow, at: int) -> NodeId:
    """One of the nodes, or one that is not there."""
    nodes = [*workflow.nodes, node_id(workflow.id, "nowhere")]
    return nodes[at % len(nodes)]


def add_node(workflow: Workflow, a: int, b: int) -> object:
    base = NodeBase(node_id(workflow.id, f"new{a}"), f"new{b}", "new")
    return workflow.add_node(InputNode(base, PortDefinition("output", STRING)))


def add_edge(workflow: Workflow, a: int, b: int) -> object:
    """No cycle is closed, and the port has to be there and to fit."""
    source, target = node_at(workflow, a), node_at(workflow, b)
    name = edge_id(workflow.id, "data", str(source), str(target))
    workflow.add_edge(DataEdge(name, source, ("output", "result")[a % 2], target, f"p{b % 3}"))
    return True


def order(workflow: Workflow, a: int, b: int) -> object:
    """A cycle may be closed, now and then."""
    source, target = node_at(workflow, a), node_at(workflow, b)
    name = edge_id(workflow.id, "ordered", str(source), str(target))
    workflow.add_edge(ControlEdge(name, source, target), allow_cycle=a % 3 == 0)
    return True


def put_edge(workflow: Workflow, a: int, b: int) -> object:
    source, target = node_at(workflow, a), node_at(workflow, b)
    workflow.put_edge(ControlEdge(edge_id(workflow.id, "put", str(source), str(target)), source, target))
    return True


def remove_node(workflow: Workflow, a: int, b: int) -> object:
    return workflow.remove_node_with_edges(node_at(workflow, a))


def remove_edge(workflow: Workflow, a: int, b: int) -> object:
    named = [edge.id for edge in workflow.edges] + [edge_id(workflow.id, "nothing", "", "")]
    return workflow.remove_edge(named[a % len(named)])


def replace_node(workflow: Workflow, a: int, b: int) -> object:
    """With another type of result, or with the path of another node."""
    node, other = workflow.known(node_at(workflow, a)), workflow.known(node_at(workflow, b))
    if isinstance(node, InputNode | OutputNode) or b % 2:
        return workflow.replace_node(replace(node, base=replace(node.base, path=other.base.path, name="other")))
    return workflow.replace_node(replace(node, outputs=(PortDefinition("result", BOOL),)))


def rename(workflow: Workflow, a: int, b: int) -> object:
    node, other = workflow.known(node_at(workflow, a)), workflow.known(node_at(workflow, b))
    block, _, _ = node.base.path.rpartition("/")
    path = other.base.path if b % 3 else f"{block}/r{b}".removeprefix("/")
    workflow.rename(node.base.id, "renamed", path)
    return True


def update(workflow: Workflow, a: int, b: int) -> object:
    if a % 2:
        workflow.update(description=f"about {b}")
        return True
    with pytest.raises(TypeError, match="has no colour"):
        workflow.update(description="lost", colour="red")  # type: ignore[call-arg]  # what is refused
    return False


CHANGES = [add_node, add_edge, order, put_edge, remove_node, remove_edge, replace_node, rename, update]
NUMBERS = st.integers(0, 40)
STEPS = st.lists(st.tuples(st.sampled_from(CHANGES), NUMBERS, NUMBERS), max_size=12)
Steps: TypeAlias = "list[tuple[Change, int, int]]"


@given(ACYCLIC, STEPS)
def test_what_fails_changes_nothing_and_what_does_not_leaves_a_workflow_as_if_made_so(
    workflow: Workflow, steps: Steps
) -> None:
    for change, a, b in steps:
        before, held = workflow.copy(), answers(workflow)
        try:
            done = change(workflow, a, b)
        except ModelError:
            done = None
        if not done:
            assert workflow == before
            assert answers(workflow) == held
        assert answers(workflow) == answers(anew(workflow))
        assert workflow == anew(workflow)


@given(ACYCLIC, STEPS)
def test_nothing_has_to_be_asked_in_between(workflow: Workflow, steps: Steps) -> None:
    """What is kept for later answers is made at first, in the middle or never."""
    asked, silent = workflow.copy(), workflow.copy()
    answers(asked)
    for change, a, b in steps:
        for each in (asked, silent):
            _try(change, each, a, b)
    assert asked == silent
    assert answers(asked) == answers(silent) == answers(anew(asked))
    assert asked.validate() == silent.validate() == anew(asked).validate()


def _try(change: Change, workflow: Workflow, a: int, b: int) -> None:
    with suppress(ModelError):
        change(workflow, a, b)


@given(VALID, STEPS)
def test_a_copy_lives_for_itself(workflow: Workflow, steps: Steps) -> None:
    held, copy = answers(workflow), workflow.copy()
    untouched = anew(workflow)
    assert copy == workflow
    for change, a, b in steps:
        _try(change, copy, a, b)
    assert answers(workflow) == held
    assert workflow == untouched
    assert bool(workflow.diff(copy)) == (workflow != copy)
    assert (workflow.content_hash() == copy.content_hash()) == (workflow == copy)


@given(ANY)
def test_a_workflow_can_be_taken_down_and_put_up_again(workflow: Workflow) -> None:
    made, removed = workflow.copy(), list[Any]()
    for node in list(workflow.nodes):
        removed.append(made.remove_node_with_edges(node))
    assert answers(made) == answers(Workflow(workflow.name, regions=workflow.regions))
    for node, _ in removed:
        made.add_node(node)
    for edge in workflow.edges:
        made.put_edge(edge)
    assert made == workflow
    assert answers(made) == answers(workflow)
    assert sorted(edge.id for _, edges in removed for edge in edges) == sorted(edge.id for edge in workflow.edges)


@given(ANY, st.sets(st.integers(0, 30)))
def test_a_part_answers_as_if_made_so(workflow: Workflow, places: set[int]) -> None:
    kept = {node for at, node in enumerate(workflow.nodes) if at in places}
    part = workflow.subgraph(kept)
    assert list(part.nodes.values()) == [node for node in workflow.nodes.values() if node.base.id in kept]
    assert part.edges == [edge for edge in workflow.edges if {edge.source_node, edge.target_node} <= kept]
    assert part.regions == tuple(each for each in workflow.regions if {each.opener, each.closer} <= kept)
    assert answers(part) == answers(anew(part))
