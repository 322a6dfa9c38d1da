"""Blocks of every form; those that the language has too are the graphs that its compiler makes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.model.blocks import stripped

from symphony_compiler.workspace import Workspace
from symphony_dsl.base.types import (
    BOOL,
    DURATION,
    FLOAT,
    INT,
    JSON,
    STRING,
    ListType,
    MapType,
    OptionalType,
    Type,
    record,
)
from symphony_model.arms import infer_regions
from symphony_model.block_forms import FAILURE
from symphony_model.building.builder import WorkflowBuilder
from symphony_model.building.forms import Form
from symphony_model.edges import ConditionalEdge, DataTransform, TransformType
from symphony_model.errors import BuilderError
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlConfig, ControlNode, ControlType, OperatorType
from symphony_model.ports import Expression, PortDefinition
from symphony_model.settings import Retry, Settings
from symphony_model.validating.validation import ValidationConfig
from symphony_model.workflow import Workflow

EXPRESSION = OperatorType.EXPRESSION
NUMBERS = ListType(INT)


def compiled(text: str) -> Workflow:
    workspace = Workspace()
    workspace.update("main.wf", f"wf 1.0\n{text}")
    for module in workspace.missing_modules():
        workspace.update_module(module, None)
    artifact = workspace.artifact("main.wf", "main")
    assert artifact is not None, [each.message for each in workspace.diagnostics("main.wf")]
    return artifact.workflow


def same(built: Workflow, text: str) -> None:
    wanted = compiled(text)
    assert str(built.diff(wanted)) == ""
    assert built == wanted


def computed(b: WorkflowBuilder, called: str, source: str, of: Type, **inputs: Type) -> WorkflowBuilder:
    """A node that computes an expression, current from now on."""
    b.operator(called, EXPRESSION).ports(inputs, {"result": of}).config(expression=Expression(source, of))
    return b.select(called)


def new() -> WorkflowBuilder:
    return WorkflowBuilder("main")


def closer(workflow: Workflow, path: str = "r") -> ControlNode:
    node = workflow.at(path)
    assert isinstance(node, ControlNode)
    return node


# ---- as the compiler makes them ----


def test_an_if() -> None:
    b = new().input("score", FLOAT).input("urgent", BOOL, default=False)
    b.connect_to("word.if", "score").data_edge("urgent", "output", "word.if", "urgent")
    with b.region("word", "if", inputs={"score": FLOAT, "urgent": BOOL}):
        with b.arm(when="score>0.9"):
            b.operator("yield", OperatorType.PYTHON).ports({"n": FLOAT}, {"result": STRING})
            b.config(callee="great", python="words:great").data_edge("score", "output", "yield", "n").yields("yield")
        with b.arm(when="score > 0.5 || urgent"):
            computed(b, "yield", '"good"', STRING).yields()
        with b.arm():
            computed(b, "yield", '"bad"', STRING).yields()
    b.output("word", STRING).connect_to("output.word")
    same(
        b.build(),
        """
operator great(n: float) -> string { python: "words:great" }
workflow main {
  input score: float
  input urgent: bool = false
  step word = if score > 0.9 { yield great(n: score) } else if score > 0.5 || urgent { yield "good" } else { yield "bad" }
  output word: string
}""",
    )


def test_an_if_without_else_and_an_arm_that_is_empty() -> None:
    b = new().input("flag", BOOL).connect_to("maybe.if", "flag").data_edge("flag", "output", "none.if", "flag")
    with b.region("maybe", Form.IF, inputs={"flag": BOOL}), b.arm(when="flag"):
        computed(b, "yield", "1", INT).yields()
    b.output("maybe", OptionalType(INT))
    with b.region("none", "if", inputs={"flag": BOOL}):
        with b.arm(when="flag"):
            computed(b, "yield", "2", INT).yields()
        with b.arm():
            pass
    b.output("none", OptionalType(INT))
    b.data_edge("maybe", "result", "output.maybe", "input").data_edge("none", "result", "output.none", "input")
    same(
        b.build(),
        """
workflow main {
  input flag: bool
  step maybe = if flag { yield 1 }
  output maybe: int?
  step none = if flag { yield 2 } else { }
  output none: int?
}""",
    )


def test_a_match() -> None:
    b = new().input("word", STRING).connect_to("greeting.match", "word")
    with b.region("greeting", "match", inputs={"word": STRING}):
        with b.arm("hello", when='word == "hello"'):
            computed(b, "yield", '"Hello!"', STRING).yields()
        with b.arm("else"):
            computed(b, "yield", 'word + "!"', STRING, word=STRING).yields().data_edge(
                "word", "output", "yield", "word"
            )
    b.output("greeting", STRING).connect_to("output.greeting")
    same(
        b.build(),
        """
workflow main {
  input word: string
  step greeting = match word { "hello" => "Hello!", else => word + "!" }
  output greeting: string
}""",
    )


def test_a_for() -> None:
    b = new().input("numbers", NUMBERS).input("names", MapType(INT)).connect_to("twice.for", "items")
    with b.region("twice", "for", inputs={"items": NUMBERS}, limit=8, on_error="skip"):
        computed(b, "yield", "number * 2", INT, number=INT).select("twice.for").connect_to("yield", "number").yields()
    b.select("names").connect_to("named.for", "items")
    with b.region("named", "for", inputs={"items": MapType(INT)}):
        computed(b, "yield", "name + string(n)", STRING, name=STRING, n=INT).yields()
        b.data_edge("named.for", "key", "yield", "name").data_edge("named.for", "item", "yield", "n")
    b.output("twice", NUMBERS).data_edge("twice", "result", "output.twice", "input")
    b.output("named", ListType(STRING)).connect_to("output.named")
    same(
        b.build(),
        """
workflow main {
  input numbers: int[]
  input names: map<int>
  step twice = for number in numbers parallel 8 { yield number * 2 } with { on_error: skip }
  step named = for name, n in names { yield name + string(n) }
  output twice: int[]
  output named: string[]
}""",
    )


def test_a_for_with_a_computed_width_and_steps_that_nobody_reads() -> None:
    b = new().input("numbers", NUMBERS).input("width", INT).connect_to("r.for", "items")
    b.data_edge("width", "output", "r.for", "width")
    with b.region("r", "for", inputs={"items": NUMBERS, "width": INT}, limit="width+1"):
        b.operator("log", OperatorType.PYTHON).port("n", INT).config(python="m:log").select("numbers")
        b.data_edge("r.for", "item", "log", "n")
    b.output("none", INT).argument("input", 1).control_edge("r", "none")
    built = b.build()
    assert closer(built).outputs == ()
    opener = closer(built, "r.for")
    assert opener.config == ControlConfig("each", limit=Expression("width + 1", INT))


def test_blocks_in_blocks() -> None:
    b = new().input("rows", ListType(NUMBERS)).input("least", INT).connect_to("sums.for", "items")
    with b.region("sums", "for", inputs={"items": ListType(NUMBERS)}):
        b.connect_to("big.for", "items")
        with b.region("big", "for", inputs={"items": NUMBERS}):
            b.connect_to("n.if", "each").data_edge("least", "output", "n.if", "least")
            with b.region("n", "if", inputs={"each": INT, "least": INT}):
                with b.arm(when="each > least"):
                    computed(b, "yield", "each", INT, each=INT).yields().data_edge("big.for", "item", "yield", "each")
                with b.arm():
                    computed(b, "yield", "0", INT).yields()
            computed(b, "yield", "n", INT, n=INT).yields().data_edge("n", "result", "yield", "n")
        computed(b, "yield", "big.sum()", INT, big=NUMBERS).yields().data_edge("big", "result", "yield", "big")
    b.output("sums", NUMBERS).connect_to("output.sums")
    same(
        b.build(),
        """
workflow main {
  input rows: int[][]
  input least: int
  step sums = for row in rows {
    step big = for each in row {
      step n = if each > least { yield each } else { yield 0 }
      yield n
    }
    yield big.sum()
  }
  output sums: int[]
}""",
    )


def test_steps_of_a_block_follow_its_opening_node_and_lead_to_its_closing_one() -> None:
    b = new().input("flag", BOOL).connect_to("r.if", "flag")
    with b.region("r", "if", inputs={"flag": BOOL}), b.arm(when="flag"):
        for name in "abc":
            b.operator(name, OperatorType.PYTHON).ports({}, {"result": INT}).config(python="m:f")
        b.control_edge("a", "c")
    edges = [
        (edge.kind, *(built.nodes[end].base.path for end in (edge.source_node, edge.target_node)))
        for built in [b.build()]
        for edge in built.edges[1:]
    ]
    assert edges == [
        ("conditional", "r.if", "r:then/a"),
        ("conditional", "r.if", "r:then/b"),
        ("control", "r:then/a", "r:then/c"),
        ("control", "r:then/b", "r"),
        ("control", "r:then/c", "r"),
    ]


# ---- those that only graphs have yet ----


def parts(workflow: Workflow, path: str = "r") -> tuple[list[str], str, str]:
    """The arms of a block, and the types that flow into its closing node and out of it."""
    node = closer(workflow, path)
    into = ", ".join(f"{port.name}: {port.data_type}" for port in node.inputs)
    out = ", ".join(f"{port.name}: {port.data_type}" for port in node.outputs)
    return [region.path for region in workflow.regions], into, out


def arms(form: str, *values: tuple[str | None, str, Type], count: int | None = None) -> WorkflowBuilder:
    """A block whose arms compute a value each."""
    b = new()
    with b.region("r", form, count=count):
        for name, source, of in values:
            with b.arm(name):
                computed(b, "yield", source, of).yields()
    return (
        b.operator("after", OperatorType.TEXT).ports({"value": JSON}, {"result": STRING}).connect_to("after", "value")
    )


FORMS = [
    ("parallel all", [("a", "1", INT), ("b", '"x"', STRING)], None, "all", "a: int, b: string", "result: { a: int, b: string }"),
    ("parallel first", [("a", "1", INT), ("b", "2.5", FLOAT)], None, "first", "a: int?, b: float?", "result: float"),
    ("parallel first", [("a", "1", INT), ("b", "2", INT)], 2, "first", "a: int?, b: int?", "result: int[]"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "values", "count", "mode", "into", "out"), FORMS)
def test_parallel(
    form: str, values: list[tuple[str, str, Type]], count: int | None, mode: str, into: str, out: str
) -> None:
    built = arms(form, *values, count=count).build()
    assert parts(built) == (["r:a", "r:b"], into, out)
    opener = closer(built, "r.parallel")
    assert (opener.control_type, opener.config) == (ControlType.PARALLEL, ControlConfig(mode, count=count))
    assert closer(built).control_type is ControlType.JOIN
    assert [edge.kind for edge in built.outgoing(opener.base.id)] == ["control", "control"]


def test_a_try() -> None:
    b = new()
    with b.region("r", "try"):
        with b.arm():
            computed(b, "yield", "1", INT).yields()
        with b.arm(when='error.code in ["timeout", "no_url"]'):
            computed(b, "yield", "size(message) * 1.5", FLOAT, message=STRING).yields()
            taken = DataTransform(TransformType.CUSTOM, Expression("it.message", STRING))
            b.data_edge("r.try", "error", "yield", "message", transform=taken)
        with b.arm():
            pass
    built = b.output("y", OptionalType(FLOAT)).connect_to("y").build()
    assert parts(built) == (["r:body", "r:catch", "r:catch2"], "body: int?, catch: float?", "result: float?")
    opener = closer(built, "r.try")
    assert (opener.control_type, opener.config.mode) == (ControlType.BRANCH, "try")
    assert opener.outputs == (PortDefinition("error", FAILURE),)
    ways = [(edge.kind, getattr(edge, "label", "")) for edge in built.outgoing(opener.base.id)]
    assert ways == [("control", ""), ("data", ""), ("conditional", "catch"), ("conditional", "catch2")]
    assert_told_by_edges(built)


def test_the_body_of_a_try_is_entered_without_a_condition() -> None:
    b = new()
    with b.region("r", "try"), b.arm(when="1 < 2"):
        computed(b, "yield", "1", INT).yields()
    with pytest.raises(BuilderError, match="`body` of `r` is entered without a condition"):
        b.build()


def looping(b: WorkflowBuilder, **said: Any) -> WorkflowBuilder:
    """Counts up to ten, and gives text; `r` is the block's name."""
    b.input("start", INT).connect_to("r.loop", "init")
    with b.region("r", "loop", inputs={"init": INT, "most": INT}, result=STRING, **said):
        with b.arm():
            computed(b, "double", "n * 2", INT, n=INT).data_edge("r.loop", "variable", "double", "n")
            computed(b, "aside", "1", INT)
            computed(b, "until", "d > 9", BOOL, d=INT).data_edge("double", "result", "until", "d").yields("until")
        with b.arm():
            computed(b, "next", "d + 1", INT, d=INT).data_edge("double", "result", "next", "d").yields("next")
        with b.arm():
            computed(b, "yield", '"done"', STRING).yields("yield")
        with b.arm("else"):
            computed(b, "yield", '"late"', STRING).yields("yield")
    return b.input("most", INT).data_edge("most", "output", "r.loop", "most").output("end", STRING).connect_to("end")


def test_a_loop() -> None:
    built = looping(new(), maximum="most", every=timedelta(seconds=2)).build()
    regions = [(region.path, region.order) for region in built.regions]
    assert regions == [("r:body", 0), ("r:again", 1), ("r:done", 2), ("r:else", 3)]
    assert parts(built)[1:] == ("until: bool, next: int?, yield: string?, else: string?", "result: string")
    opener = closer(built, "r.loop")
    config = ControlConfig("until", maximum=Expression("most", INT), every=2_000_000_000)
    assert (opener.control_type, opener.config) == (ControlType.LOOP, config)
    assert opener.outputs == (PortDefinition("variable", INT),)
    entered = {built.nodes[edge.source_node].base.path for edge in built.incoming(closer_id(built, "r:again/next"))}
    assert entered == {"r.loop", "r:body/until", "r:body/double"}
    assert_told_by_edges(built)


def test_the_arms_of_a_loop_have_names_and_places() -> None:
    b = new()
    with b.region("r", "loop", maximum=3):
        with b.arm():
            computed(b, "until", "true", BOOL).yields()
        with b.arm("else"):
            computed(b, "yield", "1", INT).yields()
        with b.arm("again and again"):
            computed(b, "x", "1", INT)
    with pytest.raises(
        BuilderError, match="`r` has no arm `again and again`; there may be `body`, `again`, `done`, `else`"
    ):
        b.build()
    assert [region.order for region in b.build(validate=False).regions] == [0, 3, 2]


def test_a_loop_that_ends_by_a_condition_over_its_last_node() -> None:
    b = new().control("r", ControlType.MERGE).ports({"score": INT}, {})
    with b.region("r", "loop", maximum=3), b.arm():
        computed(b, "score", "7", INT).data_edge("score", "result", "r", "score")
    built = b.condition("score > 5").operator("after", OperatorType.TEXT).ports().control_edge("r", "after").build()
    assert closer(built).condition == Expression("score > 5", BOOL)


def test_a_finally_follows_whatever_ends_and_gives_nothing() -> None:
    b = new().input("x", STRING).operator("a", OperatorType.TEXT).connect_to("a").output("y", STRING).connect_to("y")
    b.operator("b", OperatorType.TEXT).select("x").connect_to("b")
    with b.region("finally", "finally"):
        b.operator("log", OperatorType.TEXT)
        b.data_edge("a", "output", "log", "input")
    built = b.build()
    assert [(each.path, each.name) for each in built.regions] == [("finally", "finally")]
    opener = closer(built, "finally.always")
    assert (opener.control_type, opener.config.mode) == (ControlType.BRANCH, "finally")
    sources = [built.nodes[edge.source_node].base.path for edge in built.incoming(opener.base.id)]
    assert sources == ["a", "b"]
    assert built.at("finally/log") is not None
    assert_told_by_edges(built)


def test_a_finally_in_an_arm_leads_to_the_end_of_its_block() -> None:
    b = new().input("flag", BOOL).connect_to("r.if", "flag")
    with b.region("r", "if", inputs={"flag": BOOL}), b.arm(when="flag"):
        b.operator("a", OperatorType.TEXT).ports({}, {})
        with b.region("finally", "finally"):
            b.operator("log", OperatorType.TEXT).ports({}, {})
    built = b.build()
    assert [each.path for each in built.regions] == ["r:then", "r:then/finally"]
    (out,) = built.outgoing(closer(built, "r:then/finally").base.id)
    assert built.nodes[out.target_node].base.path == "r"
    assert_told_by_edges(built)


def test_blocks_have_settings_too() -> None:
    b = new().input("xs", NUMBERS).input("most", DURATION).connect_to("r.for", "items")
    with b.region("r", "for", inputs={"items": NUMBERS}, limit=0, on_error="skip"):
        b.settings(timeout=timedelta(seconds=1), retry=1).port("@deadline", DURATION)
        b.data_edge("most", "output", "r.for", "@deadline").yields()
    built = b.output("y", NUMBERS).data_edge("r", "result", "y", "input").build()
    settings = closer(built, "r.for").config.settings
    assert settings == Settings(retry=Retry(2), timeout=1_000_000_000)


def assert_told_by_edges(built: Workflow) -> None:
    """The regions follow from the edges alone."""
    inferred = infer_regions(stripped(built))
    assert inferred.problems == ()
    assert set(inferred.regions) == set(built.regions)


def closer_id(built: Workflow, path: str) -> NodeId:
    node = built.at(path)
    assert node is not None
    return node.base.id


# ---- made by hand, in part ----


def test_control_nodes_that_are_there_are_taken() -> None:
    b = new().input("n", INT).control("r.if", ControlType.BRANCH).ports({"x": INT}, {}).connect_to("r.if", "x")
    b.control("r", ControlType.MERGE).ports([PortDefinition("then", OptionalType(INT), False)], {"value": JSON})
    with b.region("r", "if"), b.arm(when="x > 1"):
        computed(b, "yield", "1", INT).yields()
    built = b.output("y", JSON).connect_to("y").build()
    assert [port.name for port in closer(built).outputs] == ["value"]
    assert closer(built).config == ControlConfig("if", opener="r.if")
    assert list(built.nodes.values())[2] is closer(built)


def test_conditional_edges_into_an_arm_by_hand_are_not_drawn_twice() -> None:
    b = new().input("flag", BOOL).connect_to("r.if", "flag")
    with b.region("r", "if", inputs={"flag": BOOL}), b.arm("yes", when="flag"):
        b.operator("a", OperatorType.PYTHON).ports({}, {"result": INT}).config(python="m:f")
        b.conditional_edge("r.if", "a", "flag", label="yes")
    edges = [edge for edge in b.build().edges if isinstance(edge, ConditionalEdge)]
    assert [(edge.label, edge.order) for edge in edges] == [("yes", 0)]


def test_the_result_may_be_wider_than_what_the_arms_yield() -> None:
    b = new().input("flag", BOOL).connect_to("r.if", "flag")
    with b.region("r", "if", inputs={"flag": BOOL}, result=JSON):
        with b.arm(when="flag"):
            computed(b, "yield", "1", INT).yields()
        with b.arm():
            computed(b, "yield", '"x"', STRING).yields()
    assert parts(b.output("y", JSON).connect_to("y").build())[1:] == ("then: int?, else: string?", "result: json")


def test_what_is_yielded_may_be_transformed_on_its_way() -> None:
    b = new().input("xs", NUMBERS).connect_to("r.for", "items")
    with b.region("r", "for", inputs={"items": NUMBERS}):
        b.yields(transform=DataTransform(TransformType.CUSTOM, Expression("string(it)", STRING)))
    built = b.output("y", ListType(STRING)).connect_to("y").build()
    assert parts(built) == (["r"], "value: string", "result: string[]")
    assert len(built.edges) == 3


def test_one_of_several_ports_may_be_yielded() -> None:
    b = new().input("xs", NUMBERS).connect_to("r.for", "items")
    with b.region("r", "for", inputs={"items": NUMBERS}):
        b.operator("f", OperatorType.PYTHON).ports({"x": INT}, {"a": INT, "b": STRING}).config(python="m:f")
        b.connect_to("f", "x").yields("f", "b")
    assert parts(b.output("y", JSON).connect_to("y").build())[2] == "result: string[]"


def test_names_inside_are_found_before_names_outside() -> None:
    b = new().input("xs", NUMBERS).operator("f", OperatorType.TEXT).connect_to("r.for", "items")
    with b.region("r", "for", inputs={"items": NUMBERS}):
        b.operator("f", OperatorType.TEXT).connect_to("f").operator("g", OperatorType.TEXT).connect_to("g").yields()
    built = b.connect_to("f").build()
    ends = [[built.nodes[end].base.path for end in (edge.source_node, edge.target_node)] for edge in built.edges]
    assert ends == [["r", "f"], ["input.xs", "r.for"], ["r.for", "r/f"], ["r/f", "r/g"], ["r/g", "r"]]


def test_a_body_that_fails_leaves_the_builder_outside_of_the_block() -> None:
    b = new()
    with pytest.raises(KeyError), b.region("r", "for", inputs={"items": NUMBERS}):
        raise KeyError
    with pytest.raises(KeyError), b.region("q", "if"), b.arm():
        raise KeyError
    assert b.operator("a", OperatorType.TEXT).build(validate=False).at("a") is not None


def test_a_record_of_records() -> None:
    b = new()
    with b.region("r", "parallel all"), b.arm("a"):
        with b.region("inner", "parallel all"), b.arm("x"):
            computed(b, "yield", "1", INT).yields()
        b.yields()
    built = b.output("y", record(a=record(x=INT))).connect_to("y").build()
    assert [region.path for region in built.regions] == ["r:a", "r:a/inner:x"]
    assert [region.parent for region in built.regions] == [None, "r:a"]


# ---- drawn by hand altogether ----


def test_blocks_that_opening_and_closing_nodes_make_get_their_regions() -> None:
    b = new().input("n", INT).control("which", ControlType.BRANCH).ports({"n": INT}, {}).connect_to("which", "n")
    computed(b, "big", '"big"', STRING).control("word", ControlType.MERGE)
    b.ports([PortDefinition("then", OptionalType(STRING), False)], {"result": STRING})
    b.conditional_edge("which", "big", "n > 9").data_edge("big", "result", "word", "then")
    b.output("word", STRING).data_edge("word", "result", "output.word", "input")
    b.conditional_edge("which", "word")
    built = b.build()
    assert [(region.path, region.order) for region in built.regions] == [("word:then", 0), ("word:else", 1)]
    assert built.at("word:then/big") is not None
    assert closer(built, "word").config == ControlConfig("if", opener="which")
    assert built.validate(ValidationConfig(infer_regions=False)).is_valid


def test_blocks_that_do_not_nest_are_refused_with_the_edge_unless_that_is_allowed() -> None:
    b = new().control("r.if", ControlType.BRANCH).operator("a", OperatorType.TEXT).ports({}, {"text": STRING})
    b.conditional_edge("r.if", "a").control("r", ControlType.MERGE).control_edge("a", "r")
    b.output("y", STRING).data_edge("a", "text", "y", "input")
    with pytest.raises(BuilderError) as caught:
        b.build()
    (found,) = caught.value.errors
    start = "the edge from `a` to `output.y` leaves the block of `r.if` other than by `r`"
    assert found.message.startswith(start)
    assert b.build(config=ValidationConfig(allow_unstructured=True)).regions == ()
