"""Changes of a workflow: each keeps its index true, and one that fails changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from tests.model.answers import answers
from tests.model.generators.plain import graph, nid
from tests.model.samples import Sample, control, data, port, python
from tests.model.samples import nid as named

from symphony_dsl.base.types import BOOL, FLOAT, INT, JSON, STRING, EnumType, ListType, OptionalType, Type
from symphony_model.edges import DataTransform, Edge, TransformType
from symphony_model.errors import (
    CycleError,
    DuplicateEdgeError,
    DuplicateNodeError,
    EdgeError,
    ModelError,
    TypeMismatchError,
    UnknownNodeError,
    UnknownPortError,
)
from symphony_model.metadata import WorkflowMetadata
from symphony_model.nodes import Node
from symphony_model.ports import Expression
from symphony_model.version import Version
from symphony_model.workflow import Workflow

COLOUR = EnumType("Colour", (("red", "red"),))


def pair(source: Type, target: Type, **more: Any) -> Workflow:
    workflow = Workflow("desk")
    workflow.add_node(python("from", result=source))
    workflow.add_node(python("to", port("text", target, **more)))
    return workflow


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        (INT, STRING, "which takes a string: an int is no string; the transform `string(it)` would make it fit"),
        (STRING, INT, "the transform `int(it)` would make it fit"),
        (FLOAT, INT, "the transform `int(it)` would make it fit"),
        (STRING, BOOL, "the transform `bool(it)` would make it fit"),
        (COLOUR, STRING, "the transform `string(it)` would make it fit"),
        (OptionalType(STRING), STRING, "it may be absent; the transform `it ?? …` would make it fit"),
        (STRING, ListType(STRING), "the transform `[it]` would make it fit"),
        (ListType(STRING), STRING, "the transform `it[0]` would make it fit"),
        (ListType(INT), ListType(STRING), "the transform `it.map(x, string(x))` would make it fit"),
        (STRING, COLOUR, "the transform `dyn(it)` would make it fit, where the data fits"),
        (BOOL, INT, "a bool is no int"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit(source: Type, target: Type, message: str) -> None:
    workflow = pair(source, target)
    with pytest.raises(TypeMismatchError) as problem:
        workflow.add_edge(data("from!result", "to!text"))
    assert str(problem.value).endswith(message)
    assert " cannot flow from `from.result` to `to.text`, which takes " in str(problem.value)
    assert workflow.edges == []


@pytest.mark.parametrize(
    ("source", "target"), [(STRING, STRING), (INT, FLOAT), (JSON, INT), (STRING, OptionalType(STRING))]
)
def test_a_value_that_fits(source: Type, target: Type) -> None:
    workflow = pair(source, target)
    edge = data("from!result", "to!text")
    workflow.add_edge(edge)
    assert workflow.get_edge(edge.id) is edge


def test_what_a_transform_gives_is_what_flows() -> None:
    workflow = pair(INT, STRING)
    transform = DataTransform(TransformType.CUSTOM, Expression("string(it)", STRING))
    workflow.add_edge(replace(data("from!result", "to!text"), transform=transform))
    assert workflow.edge_count == 1


def test_an_absent_value_takes_the_default_of_a_port() -> None:
    workflow = pair(OptionalType(STRING), STRING, has_default=True, default_value="")
    workflow.add_edge(data("from!result", "to!text"))
    assert workflow.edge_count == 1


REFUSED: list[tuple[Callable[[Workflow], object], type[ModelError], str]] = [
    (lambda w: w.add_node(python("kind")), DuplicateNodeError, "the node `kind` is there already"),
    (
        lambda w: w.add_edge(control("kind", "nowhere")),
        UnknownNodeError,
        "is no node of `desk`; its other end is `kind`",
    ),
    (lambda w: w.add_edge(data("input.text!output", "kind!txet")), UnknownPortError, "`kind` has no input port `txet`"),
    (lambda w: w.add_edge(data("kind!labl", "kind!text")), UnknownPortError, "did you mean `label`?"),
    (lambda w: w.add_edge(w.edges[0]), DuplicateEdgeError, "is there already"),
    (lambda w: w.add_edge(control("kind", "input.text")), CycleError, "input.text → kind → input.text is a cycle"),
    (lambda w: w.add_edge(control("kind", "kind")), CycleError, "kind → kind is a cycle"),
    (lambda w: w.replace_node(python("stranger")), UnknownNodeError, "is no node of `desk`"),
    (
        lambda w: w.rename(named("kind"), "text", "input.text"),
        DuplicateNodeError,
        "the node `input.text` is there already",
    ),
]


@pytest.mark.parametrize(("change", "kind", "message"), REFUSED, ids=[message for *_, message in REFUSED])
def test_a_change_that_fails_changes_nothing(
    change: Callable[[Workflow], object], kind: type[ModelError], message: str
) -> None:
    workflow = Sample().workflow()
    before = answers(workflow)
    with pytest.raises(kind) as problem:
        change(workflow)
    assert message in str(problem.value)
    assert answers(workflow) == before


def test_errors_of_edges_have_one_name() -> None:
    assert all(
        issubclass(each, EdgeError) for each in (DuplicateEdgeError, UnknownPortError, TypeMismatchError, CycleError)
    )


def test_a_removed_node_takes_its_edges_along() -> None:
    workflow = Sample().workflow()
    touching = [edge for edge in workflow.edges if named("kind") in (edge.source_node, edge.target_node)]
    assert workflow.copy().remove_node_with_edges(named("kind")) == (workflow.at("kind"), touching)
    assert workflow.remove_node(named("kind")) is not None
    assert workflow.at("kind") is None
    assert not any(edge in workflow.edges for edge in touching)
    assert workflow.remove_node(named("kind")) is None
    assert workflow.remove_edge(touching[0].id) is None


def test_a_renamed_node_keeps_its_id_and_edges() -> None:
    workflow = Sample().workflow()
    edges = list(workflow.incoming(named("kind")))
    workflow.rename(named("kind"), "sort of", "sort")
    node = workflow.at("sort")
    assert node is not None
    assert (node.base.id, node.base.name, workflow.at("kind")) == (named("kind"), "sort of", None)
    assert workflow.incoming(named("kind")) == edges


def test_update() -> None:
    workflow = Workflow("desk", description="old")
    workflow.update(version=Version(1, 2, 3), metadata=WorkflowMetadata().with_author("Ann"))
    assert (workflow.description, str(workflow.version), workflow.metadata.author) == ("old", "1.2.3", "Ann")


@pytest.mark.parametrize(
    ("texts"),
    [["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
      "1.0.0", "1.0.1", "1.1.0", "2.0.0", "10.0.0"]],
)  # fmt: skip
def test_versions_are_in_the_order_of_semver(texts: list[str]) -> None:
    versions = [Version.parse(text) for text in texts]
    assert sorted(versions[6:] + versions[:6]) == versions
    assert [str(each) for each in versions] == texts
    assert Version(1, 2, 3) == Version.parse("1.2.3") <= Version.parse("1.2.3")
    assert Version.parse(f"1.0.0-{'8' * 5000}") < Version.parse(f"1.0.0-{'9' * 5000}")


@pytest.mark.parametrize(
    "text", ["", "1", "1.2", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "v1.2.3", "1.2.3 ", "1.2.-3", "1.2.3-a..b"]
)
def test_what_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match="is no version; write three numbers"):
        Version.parse(text)


def test_a_build_takes_no_part_in_the_order() -> None:
    one, other = Version.parse("1.0.0+a"), Version.parse("1.0.0+b")
    assert one != other
    assert not one < other
    assert not other < one


def test_all_paths_that_come_of_a_path_move_with_it() -> None:
    workflow = Sample().workflow()
    before = {node: each.base.path for node, each in workflow.nodes.items()}
    workflow.rename(named("reply"), "answer", "answer")
    moved = {before[node]: each.base.path for node, each in workflow.nodes.items() if each.base.path != before[node]}
    assert moved == {
        "reply.if": "answer.if",
        "reply:then/yield.note": "answer:then/yield.note",
        "reply:then/yield": "answer:then/yield",
        "reply:else/yield": "answer:else/yield",
        "reply": "answer",
    }
    assert [region.path for region in workflow.regions] == ["answer:then", "answer:else", "sizes"]
    assert {node.base.region for node in workflow.nodes.values()} == {None, "answer:then", "answer:else", "sizes"}
    assert workflow.validate().is_valid
    assert workflow.edges == Sample().workflow().edges
    workflow.rename(named("reply"), "reply", "reply")
    assert workflow == Sample().workflow()


def test_a_node_stays_in_its_block() -> None:
    workflow = Sample().workflow()
    with pytest.raises(ModelError, match="`reply:then/yield` stays in its block; `yield` would be in another one"):
        workflow.rename(named("reply:then/yield"), "yield", "yield")
    workflow.add_node(python("kind.x"))
    workflow.add_node(python("sort.x"))
    with pytest.raises(DuplicateNodeError, match=r"`kind\.x` is there already"):
        workflow.rename(named("sort.x"), "x", "kind.x")
    assert workflow.at("sort.x") is not None


def test_an_opening_node_cannot_take_the_path_of_its_closing_one() -> None:
    workflow = Sample().workflow()
    with pytest.raises(DuplicateNodeError, match="the node `reply` is there already"):
        workflow.rename(named("reply.if"), "if", "reply")
    assert workflow == Sample().workflow()


def test_an_update_of_what_is_not_there_is_refused() -> None:
    workflow = Workflow("desk")
    with pytest.raises(TypeError, match="a workflow has no colour, nodes"):
        workflow.update(name="x", nodes={}, colour="red")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="a time of a workflow has a zone"):
        workflow.update(name="x", updated_at=datetime(2026, 1, 31))  # noqa: DTZ001 - what is refused
    with pytest.raises(ValueError, match="a time of a workflow has a zone"):
        Workflow("desk", created_at=datetime(2026, 1, 31))  # noqa: DTZ001 - what is refused
    assert workflow == Workflow("desk")
    workflow.update(name="bureau", description="x")
    workflow.update(description=None)
    assert (workflow.id, workflow.description) == (Workflow("bureau").id, None)


def test_a_workflow_that_is_made_at_once_is_the_same() -> None:
    one = Sample().workflow()
    other = Workflow.of(one.name, nodes=one.nodes.values(), edges=one.edges, regions=one.regions)
    assert other == one
    assert answers(other) == answers(one)


@pytest.mark.parametrize(
    ("nodes", "edges", "kind", "message"),
    [
        ([python("a"), python("a")], [], DuplicateNodeError, "the node `a` is there already"),
        ([python("a"), python("b"), python("b")], [], DuplicateNodeError, "the node `b` is there already"),
        ([python("a")], [control("a", "b")], UnknownNodeError, "no node of `desk`; its other end is `a`"),
        (
            [python("a"), python("b")],
            [control("a", "b"), control("a", "b")],
            DuplicateEdgeError,
            "the edge from `a` to `b` is there already",
        ),
    ],
)
def test_what_cannot_be_made_at_once(
    nodes: list[Node], edges: list[Edge], kind: type[ModelError], message: str
) -> None:
    with pytest.raises(kind, match=message):
        Workflow.of("desk", nodes=nodes, edges=edges)


def test_edges_of_a_node_that_is_not_there() -> None:
    with pytest.raises(UnknownNodeError, match="is no node of `desk`"):
        Workflow("desk").incoming(named("kind"))


def test_much_is_removed_one_by_one() -> None:
    """From the end, where each edge is the last of thousands at its hub."""
    workflow = graph(3_000, [(0, at) for at in range(1, 3_000)])
    assert len(workflow.outgoing(nid(0))) == 2_999
    for at in reversed(range(1, 3_000)):
        assert workflow.remove_node(nid(at)) is not None
    assert (workflow.node_count, workflow.edges, workflow.outgoing(nid(0))) == (1, [], [])


def test_a_node_with_many_ports_takes_edges_at_those_that_it_has_now() -> None:
    """What is looked up of ports is not kept for longer than they are there."""
    workflow = pair(STRING, STRING)
    many = python("to", *(port(f"p{at}", STRING) for at in range(20)))
    workflow.replace_node(many)
    workflow.add_edge(data("from!result", "to!p19"))
    workflow.replace_node(replace(many, inputs=(*many.inputs[:10], port("last", STRING))))
    with pytest.raises(UnknownPortError, match="no input port `p18`"):
        workflow.add_edge(data("from!result", "to!p18"))
    workflow.add_edge(data("from!result", "to!last"))


def test_a_part_is_of_nodes_that_are_there() -> None:
    with pytest.raises(UnknownNodeError, match="is no node of"):
        Sample().workflow().subgraph([named("kind"), named("nowhere")])
