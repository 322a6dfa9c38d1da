"""What a builder refuses: everything at once, in sentences that name both ends, and nothing that only follows."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from symphony_dsl.base.types import BOOL, INT, JSON, STRING, ListType
from symphony_model.building.builder import WorkflowBuilder
from symphony_model.edges import DataTransform, TransformType
from symphony_model.errors import BuilderError, ModelError
from symphony_model.ids import node_id, workflow_id
from symphony_model.nodes import ControlType, OperatorType
from symphony_model.ports import Expression
from symphony_model.problem import (
    CycleDetected,
    DuplicateNodeId,
    InvalidEdge,
    InvalidExpression,
    OrphanNode,
    TypeMismatch,
)
from symphony_model.validating.validation import ValidationConfig

TEXT = OperatorType.TEXT
B = WorkflowBuilder
Told = list[tuple[str, str]]


def new() -> B:
    return B("main")


def sound() -> B:
    """An input, a step and an output, joined."""
    return new().input("x", STRING).operator("step", TEXT).connect_to("step").output("y", STRING).connect_to("y")


def told(builder: B) -> Told:
    with pytest.raises(BuilderError) as caught:
        builder.build()
    return [(each.code, each.message) for each in caught.value.errors]


def in_block(b: B) -> B:
    with b.region("r", "if", inputs={"flag": BOOL}):
        b.operator("lost", TEXT).select("x").connect_to("lost").connect_to("output.y")
        with b.arm(when="flag"):
            b.operator("a", TEXT).ports({}, {"r": INT})
    return b.data_edge("flag", "output", "r.if", "flag")


def arms_in_arms(b: B) -> B:
    with b.arm():
        pass
    with b.region("r", "parallel all"):
        with b.arm("a"), b.arm("b"):
            b.operator("f", TEXT).ports({}, {"r": INT})
        with b.arm(), suppress(ValueError):
            b.operator("g", TEXT).ports({}, {"r": INT})
        with b.arm("a", when="1 < 2"):
            b.operator("h", TEXT).ports({}, {"r": INT})
    return b


def yields_twice(b: B) -> B:
    b.yields()
    with b.region("r", "parallel all"), b.arm("a"):
        b.operator("f", TEXT).ports({}, {"r": INT}).select("f").yields().yields()
    return b


def clashing(b: B) -> B:
    with b.region("r", "parallel first"):
        for name, of in (("a", INT), ("b", STRING)):
            with b.arm(name):
                b.operator("f", TEXT).ports({}, {"r": of}).select("f").yields()
    return b.output("z", JSON).connect_to("z")


def taken_for_another(b: B) -> B:
    b.control("r", ControlType.JOIN)
    with b.region("r", "if"), b.arm():
        b.operator("f", TEXT).ports({}, {"r": INT})
    return b


def without_arms(b: B) -> B:
    with b.region("r", "if", inputs={"flag": BOOL}):
        b.operator("z", TEXT)
    return b.select("flag").connect_to("r.if", "flag")


def over_nothing(b: B) -> B:
    with b.region("l", "for", inputs={"item": ListType(INT)}):
        b.operator("z", TEXT).ports()
    return b.select("x").connect_to("l.for", "item")


PROBLEMS: dict[str, tuple[Callable[[], B], Told]] = {
    "an end that is not there": (
        lambda: sound().control_edge("step", "yy").data_edge("xx", "output", "nowhere at all", "p"),
        [
            ("WF0201", "the edge from `step` to `yy` ends nowhere: there is no node `yy`; did you mean `y`?"),
            ("WF0201", "the edge from `xx.output` to `nowhere at all.p` starts nowhere: there is no node `xx`; did you mean `x`?"),
            ("WF0201", "the edge from `xx.output` to `nowhere at all.p` ends nowhere: there is no node `nowhere at all`"),
        ],
    ),
    "a name that is nearly right": (
        lambda: new().input("prompt", STRING).operator("enhance", TEXT).connect_to("enhanse").output("y", STRING)
        .data_edge("enhance", "output", "y", "input"),
        [("WF0201", "the edge from `input.prompt` to `enhanse.input` ends nowhere: there is no node `enhanse`; did you mean `enhance`?")],
    ),
    "a port that is not there": (
        lambda: sound().data_edge("x", "outpt", "step", "inptu").data_edge("step", "none", "y", "output"),
        [
            ("WF0302", "the edge from `input.x.outpt` to `step.inptu` does not fit: `input.x` has no output port `outpt`; did you mean `output`?"),
            ("WF0403", "the edge from `input.x.outpt` to `step.inptu` does not fit: `step` has no input port `inptu`; did you mean `input`?"),
            ("WF0302", "the edge from `step.none` to `output.y.output` does not fit: `step` has no output port `none`; it has `output`"),
            ("WF0403", "the edge from `step.none` to `output.y.output` does not fit: `output.y` has no input port `output`; it has `input`"),
        ],
    ),
    "a node that has no output, or more than one": (
        lambda: sound().connect_to("step").operator("two", TEXT).ports({}, {"a": INT, "b": INT}).select("two").connect_to("y"),
        [
            ("WF0302", "the edge from `output.y` to `step.input` does not fit: `output.y` has no output port"),
            ("WF0302", "the edge from `two` to `output.y.input` does not fit: `two` has several output ports, `a`, `b`; name one by `data_edge`"),
        ],
    ),
    "two nodes of a name": (
        lambda: sound().operator("step", TEXT).input("x", STRING),
        [("WF0202", "more than one node is called `step`"), ("WF0202", "more than one node is called `input.x`")],
    ),
    "an edge that is there twice": (
        lambda: sound().select("x").connect_to("step").control_edge("x", "step").control_edge("x", "step"),
        [
            ("WF0616", "the edge from `input.x` to `step.input` is there twice"),
            ("WF0616", "the edge from `input.x` to `step` is there twice"),
        ],
    ),
    "a cycle": (
        lambda: sound().control_edge("step", "step"),
        [("WF0601", "these nodes wait for each other: step → step is a cycle; remove one of its edges")],
    ),
    "what cannot be read, or does not fit its ports": (
        lambda: sound()
        .operator("e", OperatorType.EXPRESSION).ports({"n": INT}, {"result": INT})
        .config(expression=Expression("n +", INT)).data_edge("n", "output", "e", "n").input("n", INT)
        .output("z", INT).data_edge("e", "result", "z", "input", transform=DataTransform(TransformType.MAP, Expression("that", INT))),
        [
            ("WF0101", "the expression of `e` cannot be used: a value is missing behind `+`"),
            ("WF0201", "the transform from `e.result` to `output.z.input` cannot be used: `that` is not defined here"),
        ],
    ),
    "a default that does not fit": (
        lambda: sound().input("n", INT, default="one").control_edge("n", "step"),
        [("WF0301", "the default of `n` does not fit: expected an int, found the string \"one\"")],
    ),
    "a version that is none": (
        lambda: sound().version("1.2"),
        [("WF0103", "`1.2` is no version; write three numbers with dots between them, as in `1.2.0`")],
    ),
    "what is said of a node before there is one": (
        lambda: new().at(1, 2).disabled().ports().port("x", INT).config(a=1).settings(retry=1).argument("a", 1)
        .condition("1 < 2").connect_to("y").input("x", STRING).output("y", STRING).connect_to("y"),
        [
            ("WF0615", "there is no node yet that a position could be said of"),
            ("WF0615", "there is no node yet that `disabled` could be said of"),
            ("WF0615", "there is no node yet that ports could be given to"),
            ("WF0615", "there is no node yet that ports could be given to"),
            ("WF0615", "there is no node yet that configuration could be given to"),
            ("WF0501", "a run has no setting `retry`"),
            ("WF0615", "there is no node yet that an argument `a` could be given to"),
            ("WF0615", "there is no node yet that a condition could be given to"),
            ("WF0615", "there is no node yet that could be connected to `y`"),
        ],
    ),
    "what a node cannot be given": (
        lambda: new().input("x", STRING).ports().config(a=1).settings(timeout=timedelta(1)).argument("x", 1).condition("1 < 2")
        .output("y", STRING).connect_to("y").argument("output", 1).control("c", ControlType.MERGE).settings(retry=1)
        .control_edge("x", "c"),
        [
            ("WF0615", "`input.x` is an input; ports can be given to an instrument, an operator or a control node"),
            ("WF0615", "`input.x` is an input; configuration can be given to an instrument, an operator or a control node"),
            ("WF0615", "`input.x` is an input; settings can be given to an instrument, an operator or the beginning of a block"),
            ("WF0615", "`input.x` is an input; an argument `x` can be given to an instrument, an operator or an output"),
            ("WF0615", "`input.x` is an input; a condition can be given to a control node"),
            ("WF0615", "`output.y` is an output; an argument `output` can be given to an instrument, an operator or an output"),
            ("WF0615", "`c` is a control; settings can be given to an instrument, an operator or the beginning of a block"),
            ("WF0608", "`c` closes no block: no opening node leads to it"),
        ],
    ),
    "fields that there are not": (
        lambda: new().metadata(colour="red").input("x", STRING).metadata(foo=1).output("y", STRING).connect_to("y")
        .instrument("i", "m").config(promt=1, x=2).select("x").connect_to("i"),
        [
            ("WF0615", "WorkflowMetadata has no field `colour`; did you mean `color`?"),
            ("WF0615", "NodeMetadata has no field `foo`"),
            ("WF0615", "the configuration of `i` has no field `promt`; did you mean `prompt`?"),
            ("WF0615", "the configuration of `i` has no field `x`"),
        ],
    ),
    "what is no type": (
        lambda: new().input("x", str).operator("step", TEXT).ports({"x": "int"}, {}).connect_to("step", "x"),  # type: ignore[arg-type, dict-item]
        [
            ("WF0201", "the type of `x` is given as <class 'str'>, which is none; there are STRING, INT, ListType(STRING) and others in symphony_dsl.base.types"),
            ("WF0201", "the type of `x` is given as 'int', which is none; there are STRING, INT, ListType(STRING) and others in symphony_dsl.base.types"),
        ],
    ),
    "settings of other types": (
        lambda: sound().operator("b", TEXT).ports().settings(retry="3", timeout=5, cache=None, label="B")  # type: ignore[arg-type]
        .control_edge("step", "b"),
        [
            ("WF0503", "the setting `retry` is given as '3'; it takes `int` or `Retry`"),
            ("WF0503", "the setting `timeout` is given as 5; it takes `timedelta`"),
        ],
    ),
    "a block without arms": (
        lambda: without_arms(new().input("flag", BOOL)),
        [
            ("WF0615", "`z` stands in the block `r`, but in none of its arms; open one by `arm`"),
            ("WF0615", "the block `r` has no arms; open one by `arm`"),
        ],
    ),
    "a for over nothing": (
        lambda: over_nothing(new().input("x", ListType(INT))),
        [("WF0615", "the block `l` runs over its input `items`, and has none of that name")],
    ),
    "a node without a name": (
        lambda: sound().operator("", TEXT).select("x").connect_to(""),
        [("WF0612", "the node `` has no path")],
    ),
    "a step that stands in no arm": (
        lambda: in_block(new().input("x", STRING).input("flag", BOOL).output("y", STRING)),
        [("WF0615", "`lost` stands in the block `r`, but in none of its arms; open one by `arm`")],
    ),
    "arms where there can be none": (
        lambda: arms_in_arms(sound()),
        [
            ("WF0615", "an arm stands directly in a block that has arms"),
            ("WF0615", "an arm stands directly in a block that has arms"),
            ("WF0615", "an arm of `r` needs a name"),
            ("WF0615", "`a` of `r` is entered without a condition"),
            ("WF0615", "`r` has an arm `a` already"),
        ],
    ),
    "values that leave no block, or twice": (
        lambda: yields_twice(sound()),
        [
            ("WF0615", "`yields` stands in an arm or in a `for`, and there is none around it"),
            ("WF0408", "`r:a` yields a value already"),
        ],
    ),
    "arms without a type in common": (
        lambda: clashing(sound()),
        [("WF0414", "the arms of `r` have no type in common (int, string); say which is meant by `result`")],
    ),
    "a closing node of another kind": (
        lambda: taken_for_another(sound()),
        [
            ("WF0615", "`r` is a join; this block needs a merge there"),
            ("WF0607", "the region `r:else` is opened by a branch, but not closed by what closes one, a merge"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_problem_is_told(name: str) -> None:
    make, wanted = PROBLEMS[name]
    found = told(make())
    assert [code for code, _ in found] == [code for code, _ in wanted], found
    for (_, message), (_, start) in zip(found, wanted, strict=True):
        assert message.startswith(start)
        assert message == start or start.endswith(": ")


def test_everything_is_told_at_once() -> None:
    builder = (
        new()
        .version("new")
        .input("x", ListType(STRING))
        .operator("a", OperatorType.PYTHON)
        .connect_to("a")
        .connect_to("b")
        .operator("c", TEXT)
        .output("y", ListType(INT))
        .data_edge("x", "output", "y", "input")
        .control_edge("a", "a")
    )
    with pytest.raises(BuilderError) as caught:
        builder.build()
    problem = caught.value
    assert {type(each).__name__ for each in problem.errors} == {
        "Misuse", "InvalidEdge", "TypeMismatch", "InvalidNode", "CycleDetected", "DisconnectedInput", "OrphanNode",
    }  # fmt: skip
    lines = str(problem).splitlines()
    assert lines[0] == f"the workflow `main` cannot be built, for {len(problem.errors)} reasons:"
    assert lines[1:] == [f"- {each.message}" for each in problem.errors]
    assert isinstance(problem, ModelError)


def test_one_reason_is_one() -> None:
    with pytest.raises(BuilderError, match="for one reason:\n- `x` is no version"):
        sound().version("x").build()


def test_problems_carry_what_they_are_about() -> None:
    ident = workflow_id("main")
    step = node_id(ident, "step")
    builder = sound().operator("step", TEXT).control_edge("step", "step").control_edge("step", "z")
    found = {type(each): each for each in errors(builder)}
    assert found[DuplicateNodeId].id == step
    assert found[CycleDetected].path == (step,)
    assert (found[InvalidEdge].place, found[InvalidEdge].reason) == ("z", "ends nowhere: there is no node `z`")


def errors(builder: B) -> tuple[object, ...]:
    with pytest.raises(BuilderError) as caught:
        builder.build()
    return caught.value.errors


def test_a_type_that_does_not_fit_is_told_with_both() -> None:
    builder = new().input("x", INT).output("y", ListType(STRING)).connect_to("y")
    (found,) = errors(builder)
    assert isinstance(found, TypeMismatch)
    assert (found.expected, found.found) == (ListType(STRING), INT)
    assert "`input.x.output`" in found.message
    assert "`output.y.input`" in found.message


def test_a_wrong_condition_is_told() -> None:
    b = new().input("n", INT).connect_to("r.if", "n")
    with b.region("r", "if", inputs={"n": INT}), b.arm(when="m > 1"):
        b.operator("f", TEXT).ports({}, {"r": INT})
    (found,) = errors(b)
    assert isinstance(found, InvalidExpression)
    assert (found.code, found.place, found.source) == ("WF0201", "r.if", "m > 1")


def test_a_wrong_limit_and_a_wrong_condition_of_a_loop_are_told() -> None:
    b = new()
    with b.region("r", "loop", maximum="many"), b.arm():
        b.operator("f", TEXT).ports({}, {"r": INT})
    b.condition("done").operator("after", TEXT).ports({}, {}).control_edge("r", "after")
    found = errors(b)
    assert [type(each) for each in found] == [InvalidExpression, InvalidExpression]
    assert [each.place for each in found] == ["r.loop", "r"]


def test_a_closing_node_whose_name_is_taken_is_told() -> None:
    b = new().input("flag", BOOL).operator("r", TEXT).connect_to("r").connect_to("r.if", "flag")
    with b.region("r", "if", inputs={"flag": BOOL}), b.arm(when="flag"):
        b.yields("nothing")
    messages = [each.message for each in errors(b)]
    assert messages[0] == "more than one node is called `r`"
    assert "the edge from `nothing` to `r.then` starts nowhere: there is no node `nothing`" in messages


def test_a_path_that_a_block_by_hand_would_need_and_that_is_taken_is_told() -> None:
    b = new().control("r.if", ControlType.BRANCH).operator("a", TEXT).ports({}, {}).control("r", ControlType.MERGE)
    b.conditional_edge("r.if", "a", "1 < 2", label="then").control_edge("a", "r")
    b.operator("r:then/a", TEXT).ports({}, {}).control_edge("r", "r:then/a")
    (found,) = errors(b)
    assert found.message == "the blocks of this graph cannot be named: the node `r:then/a` is there already"


def test_a_word_that_there_is_not_is_refused_at_once() -> None:
    with pytest.raises(ModelError, match="there is no type of an operator `pyton`; did you mean `python`"):
        new().operator("x", "pyton")
    with pytest.raises(
        ModelError, match="there is no type of a control node `xyz`; there are `branch`, `merge`, `loop`"
    ):
        new().control("x", "xyz")
    taken = new().operator("x", "text").control("y", "loop").build(validate=False)
    other = new().operator("x", OperatorType.TEXT).control("y", ControlType.LOOP).build(validate=False)
    assert taken == other


def test_a_form_that_there_is_not_is_refused_at_once() -> None:
    with pytest.raises(ModelError, match="there is no form of a block `parallel`; did you mean `parallel all`"):
        new().region("r", "parallel").__enter__()
    with pytest.raises(
        ModelError, match="there is no form of a block `xyz`; there are `if`, `match`, `try`, `finally`"
    ):
        new().region("r", "xyz").__enter__()


def test_what_stands_is_given_without_validation() -> None:
    builder = sound().control_edge("step", "nowhere").operator("step", TEXT).data_edge("x", "o", "step", "input")
    workflow = builder.build(validate=False)
    assert (workflow.node_count, workflow.edge_count) == (3, 2)
    assert workflow.validate().is_valid


def test_an_empty_builder_builds_an_empty_workflow() -> None:
    assert new().build().node_count == 0


def test_validation_may_be_asked_for_less() -> None:
    builder = sound().operator("alone", TEXT).ports({}, {})
    (found,) = errors(builder)
    assert isinstance(found, OrphanNode)
    assert builder.build(config=ValidationConfig(allow_orphan_nodes=True)).node_count == 4


def test_a_name_that_is_wrong_thousands_of_times_is_looked_for_once() -> None:
    builder = new().input("prompt", STRING)
    for number in range(1_000):
        builder.operator(f"s{number}", TEXT).data_edge("promt", "output", f"s{number}", "input")
    found = errors(builder)
    assert len(found) == 1_000  # the input is no orphan, since it was probably meant
    assert all("did you mean `prompt`?" in each.message for each in found)


def test_a_builder_can_be_mended() -> None:
    builder = new().input("x", STRING).connect_to("y")
    with pytest.raises(BuilderError):
        builder.build()
    assert builder.output("y", STRING).build().edge_count == 1


def test_building_inside_of_a_block_is_refused() -> None:
    b = new().input("xs", ListType(INT)).connect_to("r.for", "items")
    with b.region("r", "for", inputs={"items": ListType(INT)}):
        b.yields()
        found = errors(b)
    assert "`r` is still open" in found[0].message
    b.output("y", ListType(INT)).connect_to("y").build()
