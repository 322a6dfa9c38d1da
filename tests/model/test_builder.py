"""Every call of the builder that makes a node or an edge, or says something about one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from symphony_dsl.base.types import BOOL, FLOAT, INT, JSON, STRING, Constraint, ListType, OptionalType
from symphony_model.building.builder import WorkflowBuilder
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, DataTransform, TransformType
from symphony_model.ids import edge_id, node_id, workflow_id
from symphony_model.metadata import NodeMetadata, WorkflowMetadata
from symphony_model.nodes import (
    ControlConfig,
    ControlNode,
    ControlType,
    Effect,
    InputNode,
    InstrumentNode,
    OperatorNode,
    OperatorType,
    OutputNode,
    Position,
)
from symphony_model.ports import Constant, Expression, PortDefinition
from symphony_model.settings import Cache, Retry, Settings
from symphony_model.validating.validation import ValidationConfig
from symphony_model.version import Version
from symphony_model.workflow import Workflow

LOOSE = {"validate": False}


def new(name: str = "main") -> WorkflowBuilder:
    return WorkflowBuilder(name)


def example() -> WorkflowBuilder:
    """The usage example of the specification."""
    return (
        WorkflowBuilder("My Workflow")
        .input("prompt", STRING)
        .instrument("enhance", "gpt-4")
        .connect_to("enhance", "input")
        .operator("format", OperatorType.JSON_FORMAT)
        .connect_to("format", "input")
        .output("result", STRING)
        .connect_to("result", "input")
    )


def ways(workflow: Workflow) -> list[str]:
    """Data edges as `PATH.PORT > PATH.PORT`, others as `PATH > PATH`."""

    def end(node: object, port: str) -> str:
        path = workflow.nodes[node].base.path  # type: ignore[index]
        return f"{path}.{port}" if port else path

    return [
        f"{end(edge.source_node, edge.source_port)} > {end(edge.target_node, edge.target_port)}"
        if isinstance(edge, DataEdge)
        else f"{end(edge.source_node, '')} > {end(edge.target_node, '')}"
        for edge in workflow.edges
    ]


def test_the_example_of_the_specification_builds() -> None:
    workflow = example().build()
    assert [node.base.path for node in workflow.nodes.values()] == [
        "input.prompt", "enhance", "format", "output.result",
    ]  # fmt: skip
    assert ways(workflow) == [
        "input.prompt.output > enhance.input",
        "enhance.output > format.input",
        "format.output > output.result.input",
    ]
    assert workflow.validate().is_valid
    enhance = workflow.at("enhance")
    assert isinstance(enhance, InstrumentNode)
    assert enhance.model_id == "gpt-4"
    assert (enhance.inputs, enhance.outputs) == ((PortDefinition("input", JSON),), (PortDefinition("output", JSON),))


def test_the_same_calls_give_the_same_workflow() -> None:
    workflow = example().build()
    assert workflow == example().build()
    assert workflow.id == workflow_id("My Workflow")
    assert list(workflow.nodes) == [node_id(workflow.id, node.base.path) for node in workflow.nodes.values()]
    first = workflow.edges[0]
    ends = f"{first.source_node}.output", f"{first.target_node}.input"
    assert first.id == edge_id(workflow.id, "data", *ends)


def test_a_package_makes_other_ids() -> None:
    workflow = WorkflowBuilder("main", "acme").input("x", INT).output("y", INT).connect_to("y").build()
    assert (workflow.package, workflow.id) == ("acme", workflow_id("main", "acme"))


def test_a_builder_goes_on_after_it_has_built() -> None:
    builder = example().with_metadata("list", [1])
    first = builder.build()
    before = first.content_hash()
    builder.with_metadata("more", 2).operator("count", OperatorType.TEXT).select("enhance").connect_to("count")
    builder.tag("later").version("2.0.0")
    second = builder.build()
    assert first.content_hash() == before
    assert (second.node_count, second.edge_count, second.metadata.tags) == (5, 4, ("later",))


def test_what_is_done_to_a_built_workflow_does_not_reach_the_builder() -> None:
    given = {"deep": [1]}
    builder = new().with_metadata("of", given).input("x", INT).operator("count", OperatorType.TEXT)
    builder.ports({"value": JSON}, {"result": STRING}).argument("value", given).with_metadata("of", given)
    builder.control_edge("x", "count")
    given["deep"].append(2)
    built = builder.build()
    count = built.at("count")
    assert isinstance(count, OperatorNode)
    constant = count.config.arguments["value"]
    assert isinstance(constant, Constant)
    for each in (built.metadata.custom, count.base.metadata.custom):
        assert each == {"of": {"deep": [1]}}
        each["of"]["deep"].append(3)
    constant.value["deep"].append(3)
    count.config.arguments.clear()
    again = builder.build().at("count")
    assert isinstance(again, OperatorNode)
    assert again.config.arguments == {"value": Constant({"deep": [1]})}
    assert again.base.metadata.custom == builder.build().metadata.custom == {"of": {"deep": [1]}}


@pytest.mark.parametrize("name", ["two words", "1st", "für", "if", "a.b", "`", "x" * 300])
def test_any_name_will_do(name: str) -> None:
    workflow = WorkflowBuilder(name).input(name, INT).operator(name, OperatorType.TEXT).connect_to(name)
    built = workflow.output(name, JSON).connect_to(f"output.{name}").build()
    assert [node.base.name for node in built.nodes.values()] == [name, name, name]


# ---- nodes ----


def test_an_input_has_a_default_and_constraints() -> None:
    at_least = Constraint("min", 0)
    built = new().input("x", FLOAT, default=1, constraints=[at_least]).input("y", OptionalType(INT)).build(**LOOSE)
    x, y = built.nodes.values()
    assert isinstance(x, InputNode)
    assert x.port == PortDefinition("output", FLOAT, False, True, 1.0, (at_least,))
    assert isinstance(x.port.default_value, float)
    assert y.outputs == (PortDefinition("output", OptionalType(INT), False),)


def test_an_output_has_constraints() -> None:
    bound = Constraint("max", 9)
    (node,) = new().output("x", INT, constraints=[bound]).build(**LOOSE).nodes.values()
    assert isinstance(node, OutputNode)
    assert node.port == PortDefinition("input", INT, constraints=(bound,))


def test_an_instrument_has_a_version_and_a_configuration() -> None:
    builder = new().instrument("kind", "openai/small", model_version="2").ports({"text": STRING}, {"kind": STRING})
    builder.config(prompt=Expression('"What is "+text', STRING), temperature=0.5, effect=Effect.PURE)
    (node,) = builder.build(**LOOSE).nodes.values()
    assert isinstance(node, InstrumentNode)
    assert (node.model_version, node.config.callee) == ("2", "kind")
    assert node.config.prompt == Expression('"What is " + text', STRING)
    assert (node.config.temperature, node.config.effect) == (0.5, Effect.PURE)


@pytest.mark.parametrize("kind", list(OperatorType))
def test_an_operator_may_be_of_any_type(kind: OperatorType) -> None:
    (node,) = new().operator("step", kind).build(**LOOSE).nodes.values()
    assert isinstance(node, OperatorNode)
    assert node.operator_type is kind
    calls = kind not in (OperatorType.EXPRESSION, OperatorType.REQUIRE, OperatorType.FAIL)
    assert node.config.callee == ("step" if calls else None)


@pytest.mark.parametrize("kind", list(ControlType))
def test_a_control_node_may_be_of_any_type(kind: ControlType) -> None:
    (node,) = new().control("step", kind).condition("1<2").build(**LOOSE).nodes.values()
    assert isinstance(node, ControlNode)
    assert node.control_type is kind
    assert node.condition == Expression("1 < 2", BOOL)
    assert (node.inputs, node.outputs) == (
        (PortDefinition("input", JSON, required=False),),
        (PortDefinition("output", JSON),),
    )


def test_a_shell_command_is_a_list_of_expressions() -> None:
    command = [Expression("'ls'", STRING), Expression("path", STRING)]
    builder = new().operator("list", OperatorType.SHELL).ports({"path": STRING}, {}).config(shell=command)
    (node,) = builder.build(**LOOSE).nodes.values()
    assert isinstance(node, OperatorNode)
    assert node.config.shell == (Expression('"ls"', STRING), Expression("path", STRING))


def test_ports_are_replaced_and_added_to() -> None:
    whole = PortDefinition("whole", INT, constraints=(Constraint("min", 1),))
    builder = new().operator("a", OperatorType.TEXT).ports([whole], {"r": ListType(INT)})
    builder.port("more", INT, default=3).port("maybe", STRING, required=False).port(
        "out", OptionalType(INT), output=True
    )
    (node,) = builder.build(**LOOSE).nodes.values()
    assert node.inputs == (whole, PortDefinition("more", INT, False, True, 3), PortDefinition("maybe", STRING, False))
    assert node.outputs == (PortDefinition("r", ListType(INT)), PortDefinition("out", OptionalType(INT), False))


def test_one_port_alone_is_not_added_to_the_usual_ones() -> None:
    (node,) = new().operator("a", OperatorType.TEXT).port("x", INT).build(**LOOSE).nodes.values()
    assert [port.name for port in (*node.inputs, *node.outputs)] == ["x"]


def test_settings_are_as_in_text() -> None:
    builder = new().operator("a", OperatorType.TEXT)
    builder.settings(retry=3, timeout=timedelta(milliseconds=20), label="A").settings(timeout=timedelta(seconds=1))
    (node,) = builder.build(**LOOSE).nodes.values()
    assert isinstance(node, OperatorNode)
    assert node.config.settings == Settings(Retry(4), 1_000_000_000, "A")
    assert node.base.name == "A"
    builder.settings(retry=Retry(2, delay=5))
    (node,) = builder.build(**LOOSE).nodes.values()
    assert isinstance(node, OperatorNode)
    assert node.config.settings.retry == Retry(2, delay=5)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (True, Cache()),
        (False, Cache(False)),
        (timedelta(hours=1), Cache(age=3_600 * 10**9)),
        (Cache(age=5), Cache(age=5)),
    ],
)
def test_a_cache_is_kept_always_never_or_for_a_time(said: bool | timedelta | Cache, meant: Cache) -> None:
    (node,) = new().operator("a", OperatorType.TEXT).settings(cache=said).build(**LOOSE).nodes.values()
    assert isinstance(node, OperatorNode)
    assert node.config.settings.cache == meant


def test_arguments_are_constants_and_expressions() -> None:
    builder = new().operator("a", OperatorType.TEXT).ports({"x": INT, "y": INT}, {}).argument("x", 1)
    builder.argument("y", Expression("1+2", INT)).output("z", INT).argument("input", 5)
    a, z = builder.build(config=ValidationConfig(allow_orphan_nodes=True)).nodes.values()
    assert isinstance(a, OperatorNode)
    assert a.config.arguments == {"x": Constant(1), "y": Expression("1 + 2", INT)}
    assert isinstance(z, OutputNode)
    assert z.argument == Constant(5)


def test_what_is_said_before_the_first_node_is_about_the_workflow() -> None:
    builder = new().version("1.2.0-rc.1").author("Ada").tag("a").tag("b").description("Of all.")
    builder.metadata(category="c", icon="i", color="#fff").with_metadata("k", None)
    builder.operator("a", OperatorType.TEXT).description("Of one.").metadata(warnings=["hot"]).with_metadata("k", 1)
    built = builder.at(1, 2.5).disabled().author("Bo").version(Version(2, 0, 0)).build(**LOOSE)
    assert (built.version, built.description) == (Version(2, 0, 0), "Of all.")
    assert built.metadata == WorkflowMetadata("Bo", ("a", "b"), "c", "i", "#fff", {"k": None})
    (node,) = built.nodes.values()
    assert (node.base.description, node.base.position, node.base.enabled) == ("Of one.", Position(1, 2.5), False)
    assert node.base.metadata == NodeMetadata(warnings=("hot",), custom={"k": 1})


# ---- edges ----


def test_every_kind_of_edge() -> None:
    first = DataTransform(TransformType.CUSTOM, Expression("it [ 0 ]", INT))
    builder = new().input("xs", ListType(INT)).operator("a", OperatorType.TEXT).output("y", INT)
    builder.control("which", ControlType.BRANCH).operator("b", OperatorType.TEXT)
    builder.data_edge("xs", "output", "y", "input", transform=first)
    builder.control_edge("a", "b", priority=5)
    builder.conditional_edge("which", "a", "1<2", label="yes").conditional_edge("which", "b")
    edges = {type(edge): edge for edge in builder.build(**LOOSE).edges}
    data, control = edges[DataEdge], edges[ControlEdge]
    assert isinstance(data, DataEdge)
    assert data.transform == DataTransform(TransformType.CUSTOM, Expression("it[0]", INT))
    assert isinstance(control, ControlEdge)
    assert control.priority == 5
    ways_out = [edge for edge in builder.build(**LOOSE).edges if isinstance(edge, ConditionalEdge)]
    assert [(edge.label, edge.order, edge.condition) for edge in ways_out] == [
        ("yes", 0, Expression("1 < 2", BOOL)),
        ("else", 1, None),
    ]


def test_arms_without_a_label_are_named_in_order_and_edges_into_one_arm_share_it() -> None:
    builder = new().control("which", ControlType.BRANCH)
    for name in "abcd":
        builder.operator(name, OperatorType.TEXT)
    builder.conditional_edge("which", "a", "1 < 2").conditional_edge("which", "b", "1 < 3")
    builder.conditional_edge("which", "c", "1 < 2", label="then").conditional_edge("which", "d")
    edges = [edge for edge in builder.build(**LOOSE).edges if isinstance(edge, ConditionalEdge)]
    assert [(edge.label, edge.order) for edge in edges] == [("then", 0), ("then2", 1), ("then", 0), ("else", 2)]


def test_a_name_may_be_that_of_what_is_added_later() -> None:
    built = new().input("x", JSON).connect_to("late").operator("late", OperatorType.TEXT).build()
    assert ways(built) == ["input.x.output > late.input"]


def test_the_first_node_is_current_and_so_is_every_target() -> None:
    builder = new().input("x", JSON)
    for name in "abc":
        builder.operator(name, OperatorType.TEXT)
    built = builder.connect_to("b").connect_to("a").select("x").connect_to("c").build()
    assert ways(built) == ["b.output > a.input", "input.x.output > b.input", "input.x.output > c.input"]


def test_an_edge_starts_at_the_input_and_ends_at_the_output_of_a_name() -> None:
    built = new().input("x", JSON).output("x", JSON).data_edge("x", "output", "x", "input").build()
    assert ways(built) == ["input.x.output > output.x.input"]


def test_a_step_comes_before_an_input_and_an_output_of_its_name() -> None:
    builder = new().input("x", JSON).operator("x", OperatorType.TEXT).output("x", JSON)
    builder.connect_to("x").connect_to("output.x").control_edge("input.x", "x")
    assert ways(builder.build()) == ["input.x.output > x.input", "input.x > x", "x.output > output.x.input"]


def test_a_step_may_have_the_name_of_the_output_that_it_feeds() -> None:
    builder = new().input("x", JSON).operator("y", OperatorType.TEXT).ports({"value": JSON}, {"result": STRING})
    builder.connect_to("y", "value").output("y", STRING).connect_to("y").control_edge("x", "y")
    assert ways(builder.build()) == ["input.x.output > y.value", "input.x > y", "y.result > output.y.input"]


def test_edges_stand_by_their_targets_whatever_the_order_of_the_calls() -> None:
    one = example().build()
    edges = [("format", "output", "result"), ("enhance", "output", "format"), ("prompt", "output", "enhance")]
    builder = new("My Workflow").input("prompt", STRING).instrument("enhance", "gpt-4")
    builder.operator("format", OperatorType.JSON_FORMAT).output("result", STRING)
    for source, port, target in edges:
        builder.data_edge(source, port, target, "input")
    assert builder.build() == one


def test_a_long_chain_is_built() -> None:
    builder = new().input("x", JSON)
    for number in range(5_000):
        builder.operator(f"s{number}", OperatorType.TEXT).connect_to(f"s{number}")
    assert builder.build().edge_count == 5_000


def test_a_control_node_by_itself_is_configured() -> None:
    (node,) = new().control("a", ControlType.PARALLEL).config(mode="first", limit=2).build(**LOOSE).nodes.values()
    assert isinstance(node, ControlNode)
    assert node.config == ControlConfig("first", limit=2)
