"""Validation never raises, whatever a graph is, and its work grows as the graph does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from tests.model.blocks import drawn, nest
from tests.model.generators.broken import Broken, battered
from tests.model.generators.sound import VALID
from tests.model.problems import sound
from tests.model.samples import NAME, Sample, control, data, nid, port, python

from symphony_dsl.base.types import STRING, Field, ListType, RecordType, Type
from symphony_model.edges import ControlEdge
from symphony_model.ids import EdgeId, NodeId, edge_id
from symphony_model.ports import Constant
from symphony_model.problem import InvalidNode
from symphony_model.region import Region
from symphony_model.validating.validation import ValidationConfig

CONFIGS = [ValidationConfig(), ValidationConfig(infer_regions=False), ValidationConfig(allow_orphan_nodes=True)]


@given(battered(VALID))
def test_no_graph_makes_it_raise(broken: Broken) -> None:
    workflow = broken.workflow
    for config in CONFIGS:
        sound(workflow, workflow.validate(config))
    parts = [*workflow.validate_connectivity(), *workflow.validate_types(), *workflow.validate_structure()]
    assert set(map(repr, parts)) == set(map(repr, workflow.validate().errors))


def deep(levels: int) -> Type:
    of: Type = STRING
    for _ in range(levels):
        of = ListType(of)
    return of


def wide(doublings: int) -> Type:
    """A type that is small to write and has very many parts."""
    of: Type = STRING
    for _ in range(doublings):
        of = RecordType((Field("a", of), Field("b", of)))
    return of


def flat(fields: int) -> Type:
    """A type of so many parts, and itself."""
    return RecordType(tuple(Field(f"f{at}", STRING) for at in range(fields)))


@pytest.mark.parametrize(("make", "size"), [(deep, 50_000), (wide, 60)])
def test_a_type_that_is_too_large_is_told_and_nothing_more(make: Callable[[int], Type], size: int) -> None:
    of, sample = make(size), Sample()  # made here: pytest would print it
    sample.nodes.append(python("p", port("a", of)))
    sample.nodes.append(python("q", result=of))
    sample.edges.append(data("q!result", "p!a"))
    sample.unlink("input.text", "kind")
    found = sample.workflow().validate()
    message = "a type of `p` is too large: it may have 200 levels and 100,000 parts"
    assert found.errors == (InvalidNode("WF0216", message, "p", nid("p")),)
    assert found.warnings == ()


@pytest.mark.parametrize(("make", "most"), [(deep, 199), (flat, 99_999)])
def test_how_large_a_type_may_be(make: Callable[[int], Type], most: int) -> None:
    for size, told in ((most, 0), (most + 1, 1)):
        sample = Sample()
        sample.nodes.append(python("p", port("a", make(size), required=False)))
        assert len([each for each in sample.workflow().validate().errors if each.code == "WF0216"]) == told


def test_a_value_that_nests_too_deeply_does_not_fit() -> None:
    value: Any = 1
    for _ in range(50_000):
        value = [value]
    sample = Sample()
    sample.config("sizes/yield", arguments={"times": Constant(value)})
    assert [each.code for each in sample.workflow().validate().errors] == ["WF0301"]


def test_a_port_with_very_many_dots_is_no_name() -> None:
    sample = Sample()
    sample.change(
        "reply.if", lambda node: replace(node, inputs=(*node.inputs, port("a" + ".a" * 50_000, required=False)))
    )
    assert sample.workflow().validate().errors == ()


def test_an_edge_between_nodes_that_are_not_there() -> None:
    workflow = Sample().workflow()
    workflow.edges.append(ControlEdge(EdgeId(nid("e")), nid("a"), nid("b")))
    (found,) = workflow.validate().errors
    assert (found.code, found.place) == ("WF0201", NAME)


def test_regions_that_lie_in_each_other() -> None:
    ends = nid("sizes.for"), nid("sizes")
    sample = Sample()
    sample.regions += [Region("a", "a", *ends, 1, "b"), Region("b", "b", *ends, 2, "a")]
    sound(sample.workflow(), sample.workflow().validate())


# ---- sizes at which anything quadratic would be felt ----

LARGE = 3_000


def test_a_chain_does_not_recurse() -> None:
    workflow = drawn(" > ".join(f"a{at}" for at in range(LARGE)))
    assert workflow.validate().is_valid


def test_a_branch_of_very_many_arms() -> None:
    lines = [f"if > a{at} > merge" for at in range(LARGE)]
    workflow = drawn(*lines)
    assert len(workflow.validate().errors) == LARGE  # none of them says when it is taken
    assert [each.code for each in nest(200).validate().warnings] == ["WF0623"]


def test_a_node_of_very_many_ports() -> None:
    sample = Sample()
    names = [f"p{at}" for at in range(LARGE)]
    sample.nodes.append(python("wide", *(port(name) for name in names)))
    sample.edges += [data("kind!label", f"wide!{name}") for name in names]
    assert sample.workflow().validate().errors == ()
    sample.edges += [control("kind", "wide")]
    sample.edges += [data("kind!label", f"wide!x{at}") for at in range(100)]
    assert {each.code for each in sample.workflow().validate().errors} == {"WF0403"}


def test_a_border_crossed_from_very_far_inside() -> None:
    depth = 500
    workflow = nest(depth)
    inner = next(node for node in workflow.nodes.values() if node.base.name == "step")
    last = python("last")
    workflow.add_node(replace(last, base=replace(last.base, id=NodeId(nid("last")))))
    workflow.put_edge(ControlEdge(edge_id(workflow.id, "out", "step", "last"), inner.base.id, nid("last")))
    (found,) = workflow.validate().errors
    assert (found.code, found.place) == ("WF0609", "last")
