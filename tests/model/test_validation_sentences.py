"""What is said of a wrong graph, whole sentences: with what there is instead, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.model.blocks import nest
from tests.model.problems import sound
from tests.model.samples import ID, Sample, arm, base, control, data, nid, port, python

from symphony_dsl.base.types import INT, STRING, Constraint, Field, OptionalType, RecordType
from symphony_model.edges import ControlEdge, DataTransform, Edge, TransformType
from symphony_model.ids import edge_id
from symphony_model.nodes import (
    ControlConfig,
    ControlNode,
    ControlType,
    OperatorConfig,
    OperatorNode,
    OperatorType,
    OutputNode,
)
from symphony_model.ports import Constant, Expression, PortDefinition
from symphony_model.region import Region
from symphony_model.validating.validation import ValidationConfig
from symphony_model.validating.warnings import DEEP
from symphony_model.workflow import Workflow


def spoiled(how: Callable[[Sample], object]) -> Workflow:
    sample = Sample()
    how(sample)
    return sample.workflow()


def add(sample: Sample, node: object, *edges: Edge) -> None:
    sample.nodes.append(node)  # type: ignore[arg-type]
    sample.edges.extend(edges)


def feeds(sample: Sample, count: int) -> None:
    """One port that gets many values, `kind.label` and those of other steps."""
    sample.nodes += [python(f"p{at}") for at in range(1, count)]
    sample.nodes.append(python("q", port("a")))
    sources = ["kind!label", *(f"p{at}!result" for at in range(1, count))]
    sample.edges += [replace(data(source, "q!a"), id=edge_id(ID, source, "q", "a")) for source in sources]
    sample.edges += [control("kind", f"p{at}") for at in range(1, count)]


def transformed(sample: Sample, source: str, of: object) -> None:
    given = DataTransform(TransformType.CUSTOM, Expression(source, of))  # type: ignore[arg-type]
    at = next(at for at, edge in enumerate(sample.edges) if edge.target_node == nid("kind"))
    sample.edges[at] = replace(sample.edges[at], transform=given)  # type: ignore[call-arg]


def output(sample: Sample, argument: Constant | Expression) -> None:
    add(sample, OutputNode(base("output.fixed"), port("input"), argument), control("kind", "output.fixed"))


def named_alike(sample: Sample) -> None:
    sample.regions.append(replace(sample.regions[0], order=2))


def unclosed(sample: Sample) -> None:
    """A region whose closing node is none, and an edge that leaves it."""
    sample.region("sizes", closer=nid("nowhere"))
    add(sample, python("p", port("a", INT)), data("sizes/yield!result", "p!a"))


def lonely(sample: Sample) -> None:
    """A branch that opens nothing."""
    add(sample, ControlNode(base("lonely"), ControlType.BRANCH, ControlConfig("if")))
    sample.relink("reply:then/yield.note", source_node=nid("lonely"))


def many_arms(sample: Sample) -> None:
    """A branch of six arms, and an edge that names none of them."""
    sample.regions += [replace(sample.regions[0], path=f"reply:more{at}", name=f"more{at}") for at in range(4)]
    sample.relink("reply:then/yield.note", label="most")


SAID: list[tuple[str, Callable[[Sample], object]]] = [
    # ports
    ("the edge from `kind` to `p` starts at the output port `labl` of `kind`, which is not there; did you mean `label`?",
     lambda s: add(s, python("p", port("a")), data("kind!labl", "p!a"))),
    ("the edge from `kind` to `p` starts at the output port `x` of `kind`, which is not there; it has `label`",
     lambda s: add(s, python("p", port("a")), data("kind!x", "p!a"))),
    ("the edge from `kind` to `p` ends at the input port `x` of `p`, which is not there; it has `a`, `b`",
     lambda s: add(s, python("p", port("a", required=False), port("b", required=False)), data("kind!label", "p!x"))),
    ("the edge from `kind` to `p` ends at the input port `x` of `p`, which is not there; it has none",
     lambda s: add(s, python("p"), data("kind!label", "p!x"))),
    ("the port `a` of `q` gets 5 values; it takes one: `kind.label`, `p1.result`, `p2.result`, `p3.result`, `p4.result`",
     lambda s: feeds(s, 5)),
    ("the port `a` of `q` gets 6 values; it takes one: `kind.label`, `p1.result`, `p2.result`, `p3.result`, `p4.result` and 1 more",
     lambda s: feeds(s, 6)),
    ("the port `a` of `q` gets 7 values; it takes one: `kind.label`, `p1.result`, `p2.result`, `p3.result`, `p4.result` and 2 more",
     lambda s: feeds(s, 7)),
    # values
    ("a value cannot flow into `output.fixed.input`: expected a string, found the number 1", lambda s: output(s, Constant(1))),
    ("the value of `output.fixed` cannot be used: `input` is not defined here",
     lambda s: output(s, Expression("`input`", STRING))),
    ("the transform from `input.text.output` to `kind.text` cannot be used: `size` is a function; write `size()`",
     lambda s: transformed(s, "it.size", STRING)),
    ("a value cannot flow from `maybe.result` to `p.a`: it may be absent; the transform `it ?? …` would make it fit",
     lambda s: add(s, python("maybe", result=OptionalType(STRING)), control("kind", "maybe")) or add(s, python("p", port("a")), data("maybe!result", "p!a"))),
    # edges
    ("the edge from `kind` to `late` has the id of another edge; make its id anew with `edge_id`",
     lambda s: add(s, python("late"), control("kind", "late"))),
    # blocks
    ("the edge from `sizes/yield` to `p` leaves a block other than by its closing node; let it start at `sizes`",
     lambda s: add(s, python("p", port("a", INT)), data("sizes/yield!result", "p!a"))),
    ("the edge from `sizes.for` to `p` leaves a block by its opening node; let it start at `sizes`",
     lambda s: add(s, python("p", port("a")), data("sizes.for!item", "p!a"))),
    ("the edge from `sizes/yield` to `p` leaves a block other than by its closing node; nothing closes that block", unclosed),
    ("the edge from `kind` to `sizes` enters a block by its closing node; if it belongs inside, let it stand there",
     lambda s: s.edges.append(control("kind", "sizes"))),
    ("`sizes/yield` comes first in its block, but does not follow its opening node `sizes.for`; join them by a control edge",
     lambda s: s.unlink("sizes.for", "sizes/yield")),
    ("`sizes/yield` comes last in its block, but does not lead to its closing node `sizes`; join them by a control edge",
     lambda s: s.unlink("sizes/yield", "sizes")),
    ("`sizes/yield` comes last in its block, but does not lead to its closing node; join them by a control edge",
     lambda s: s.region("sizes", closer=nid("nowhere"))),
    ("the region `sizes` does not stand where its opening and its closing node stand",
     lambda s: s.region("sizes", parent="reply:then")),
    ("two regions of `reply.if` have the same name", named_alike),
    ("two regions of `reply.if` have the same place in its order", lambda s: s.region("reply:else", order=0)),
    # conditions
    ("the conditional edge `maybe` of `reply.if` names no region; there are `then`, `else`",
     lambda s: s.relink("reply:then/yield.note", label="maybe")),
    ("the conditional edge `then` of `lonely` names no region; there are none", lonely),
    ("the conditional edge `most` of `reply.if` names no region; there are `then`, `else`, `more0`, `more1`, `more2`", many_arms),
    ("the conditional edge `then` of `kind` does not leave a branch; to `reply:then/yield` leads a control edge",
     lambda s: s.edges.append(replace(arm("reply:then/yield", "1 < 2", "then", 0), source_node=nid("kind")))),
    ("the conditional edge `else` of `reply.if` has another condition or place than its region",
     lambda s: s.relink("reply:else/yield", order=4)),
    ("the conditional edge `then` of `reply.if` has no condition and is not the last: what comes behind it is never taken",
     lambda s: s.relink("reply:then/yield.note", condition=None)),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "how"), SAID, ids=[row[0] for row in SAID])
def test_what_is_said(sentence: str, how: Callable[[Sample], object]) -> None:
    workflow = spoiled(how)
    if "has the id of another edge" in sentence:
        workflow.edges.append(workflow.edges[-1])
    found = workflow.validate()
    sound(workflow, found)
    assert sentence in [each.message for each in found.errors]


def test_what_is_said_of_edges_that_end_at_nothing() -> None:
    workflow = Sample().workflow()
    made = edge_id(ID, "control", "kind", "nowhere")
    workflow.edges.append(ControlEdge(made, nid("kind"), nid("nowhere")))
    sound(workflow, workflow.validate())
    (found,) = workflow.validate().errors
    assert found.message == (
        f"the edge that joins `kind` to {nid('nowhere')} ends at a node that is not there; add the node, or remove the edge"
    )
    workflow.edges[-1] = ControlEdge(made, nid("elsewhere"), nid("nowhere"))
    (found,) = workflow.validate().errors
    assert found.message == f"the edge {made} ends at a node that is not there; add the node, or remove the edge"


def test_what_is_said_of_deep_blocks() -> None:
    (found,) = nest(DEEP + 2).validate().warnings
    assert (
        found.message == f"`{found.place}` lies in {DEEP} other blocks; call a workflow of its own for what is inside"
    )
    assert nest(DEEP).validate().warnings == ()


@pytest.mark.parametrize(("count", "listed"), [(2, "`f0`, `f1`"), (6, "`f0`, `f1`, `f2`, `f3`, `f4`")])
def test_what_is_said_of_fields_that_are_left_behind(count: int, listed: str) -> None:
    wide = RecordType((Field("id", STRING), *(Field(f"f{at}", STRING) for at in range(count))))
    sample = Sample()
    add(sample, python("hits", result=wide), control("kind", "hits"))
    add(sample, python("best", port("hit", RecordType((Field("id", STRING),)))), data("hits!result", "best!hit"))
    sample.edges.append(control("best", "output.reply"))
    (found,) = sample.workflow().validate().warnings
    assert (
        found.message == f"the edge from `hits` to `best` leaves {listed} behind; the port at its end has no such field"
    )


# ---- what is no mistake, and several at once ----


def test_an_absent_value_takes_the_default_of_a_port() -> None:
    sample = Sample()
    add(sample, python("maybe", result=OptionalType(STRING)), control("kind", "maybe"))
    add(sample, python("p", port("a", has_default=True, default_value="")), data("maybe!result", "p!a"))
    assert sample.workflow().validate().errors == ()


@pytest.mark.parametrize("may_lack", [port("a", has_default=True, default_value=""), port("a", OptionalType(STRING))])
def test_a_port_that_may_lack_a_value_needs_none(may_lack: PortDefinition) -> None:
    sample = Sample()
    add(sample, python("p", may_lack), control("kind", "p"))
    assert sample.workflow().validate().errors == ()


def test_an_output_without_a_value_of_its_own_is_fed() -> None:
    sample = Sample()
    sample.change("output.reply", lambda node: replace(node, argument=Constant("x")))
    (found,) = sample.workflow().validate().errors
    assert found.message.endswith("gets 2 values; it takes one: `reply.result`, its configuration")


def test_of_ports_that_are_called_alike_only_the_later_ones_are_told() -> None:
    sample = Sample()
    add(sample, python("p", *(port(name, required=False) for name in "abcb")), control("kind", "p"))
    (found,) = sample.workflow().validate().errors
    assert found.message == "`p` has two input ports `b`; give one another name"


def test_types_are_looked_at_behind_an_edge_whose_port_is_not_there() -> None:
    sample = Sample()
    sample.edges.insert(0, replace(data("kind!labels", "kind!text"), target_node=nid("reply:else/yield")))
    sample.change("sizes/yield", lambda node: replace(node, outputs=(port("result"),)))
    assert [each.kind for each in sample.workflow().validate_types()] == ["type_mismatch"]


def test_an_expression_without_a_port_for_its_result_is_read_all_the_same() -> None:
    sample = Sample()
    config = OperatorConfig(expression=Expression('"a"', STRING))
    add(sample, OperatorNode(base("quiet"), OperatorType.EXPRESSION, config), control("kind", "quiet"))
    sample.config("reply:then/yield.note", expression=None)
    assert sample.workflow().validate_types() == []


def test_a_check_says_whether_a_value_is_taken() -> None:
    sample = Sample()
    number = port("output", constraints=(Constraint("check", "1 + 1"),))
    sample.change("input.text", lambda node: replace(node, port=number))
    (found,) = sample.workflow().validate_types()
    assert found.message.startswith("the check of `input.text.output` cannot be used: ")
    assert found.code == "WF0301"


def test_nodes_of_many_ports_are_told_apart() -> None:
    sample = Sample()
    for name in ("one", "other"):
        ports = [port(f"{name}{at}") for at in range(12)]
        add(sample, python(name, *ports), *(data("kind!label", f"{name}!{each.name}") for each in ports))
    assert sample.workflow().validate().errors == ()


def test_expressions_of_nodes_of_many_ports_see_their_own() -> None:
    sample = Sample()
    for name in ("one", "other"):
        ports = tuple(port(f"{name}{at}", required=False) for at in range(40))
        config = OperatorConfig(expression=Expression(f"{name}39", STRING))
        node = OperatorNode(base(name), OperatorType.EXPRESSION, config, ports, (port("result"),))
        add(sample, node, control("kind", name))
    assert sample.workflow().validate().errors == ()


def test_nothing_is_warned_of_where_a_node_gives_nothing() -> None:
    sample = Sample()
    add(sample, OperatorNode(base("quiet"), OperatorType.TEXT, OperatorConfig()), control("kind", "quiet"))
    assert sample.workflow().validate() == sample.workflow().validate(ValidationConfig())
    assert sample.workflow().validate().warnings == ()


def test_a_place_in_a_region_that_is_not_there_hides_no_other_mistake() -> None:
    sample = Sample()
    sample.change("reply:then/yield", lambda node: replace(node, base=replace(node.base, region="nowhere")))
    sample.unlink("sizes/yield", "sizes")
    sample.regions.append(Region("empty", "each", nid("nowhere"), nid("nowhere"), 0))
    assert ("WF0610", "sizes/yield") in {(each.code, each.place) for each in sample.workflow().validate().errors}
