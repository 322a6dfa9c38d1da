"""A small sound graph with an `if` and a `for` in it, and ways to spoil it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from symphony_dsl.base.types import BOOL, INT, STRING, ListType, OptionalType
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, Edge
from symphony_model.ids import edge_id, node_id
from symphony_model.nodes import (
    ControlConfig,
    ControlNode,
    ControlType,
    InputNode,
    InstrumentConfig,
    InstrumentNode,
    Node,
    NodeBase,
    OperatorConfig,
    OperatorNode,
    OperatorType,
    OutputNode,
)
from symphony_model.ports import Constant, Expression, PortDefinition
from symphony_model.region import Region
from symphony_model.workflow import Workflow

NAME = "desk"
ID = Workflow(NAME).id


def nid(path: str) -> Any:
    return node_id(ID, path)


def base(path: str, *, synthetic: bool = False) -> NodeBase:
    region = path.rpartition("/")[0] or None
    return NodeBase(nid(path), path, path.rpartition("/")[2], region=region, synthetic=synthetic)


def port(name: str, of: Any = STRING, **more: Any) -> PortDefinition:
    return PortDefinition(name, of, **more)


def python(path: str, *inputs: PortDefinition, result: Any = STRING) -> OperatorNode:
    config = OperatorConfig(callee="f", python="m:f")
    return OperatorNode(base(path), OperatorType.PYTHON, config, inputs, (port("result", result),))


def data(source: str, target: str) -> DataEdge:
    """An edge between ends written as `PATH!PORT`."""
    (start, out), (end, into) = source.split("!"), target.split("!")
    name = edge_id(ID, "data", f"{nid(start)}.{out}", f"{nid(end)}.{into}")
    return DataEdge(name, nid(start), out, nid(end), into)


def control(source: str, target: str, priority: int = 0) -> ControlEdge:
    return ControlEdge(edge_id(ID, "control", source, target), nid(source), nid(target), priority)


def arm(target: str, source: str | None, label: str, order: int) -> ConditionalEdge:
    condition = Expression(source, BOOL) if source else None
    return ConditionalEdge(
        edge_id(ID, "conditional", label, target), nid("reply.if"), nid(target), condition, label, order
    )


def nodes() -> list[Node]:
    lines = ListType(STRING)
    expression = OperatorConfig(expression=Expression('text + "!"', STRING))
    return [
        InputNode(base("input.text"), port("output")),
        InputNode(base("input.lines"), port("output", lines)),
        InstrumentNode(base("kind"), "openai/small", InstrumentConfig("classify"), (port("text"),), (port("label"),)),
        ControlNode(base("reply.if"), ControlType.BRANCH, ControlConfig("if"), (port("kind.label"),)),
        OperatorNode(
            base("reply:then/yield.note", synthetic=True),
            OperatorType.EXPRESSION,
            expression,
            (port("text"),),
            (port("result"),),
        ),
        python("reply:then/yield", port("note")),
        python("reply:else/yield"),
        ControlNode(
            base("reply"),
            ControlType.MERGE,
            ControlConfig("if", opener="reply.if"),
            (port("then", required=False), port("else", required=False)),
            (port("result"),),
        ),
        ControlNode(
            base("sizes.for"),
            ControlType.PARALLEL,
            ControlConfig("each", limit=8),
            (port("items", lines),),
            (port("item"),),
        ),
        python("sizes/yield", port("line"), port("times", INT), result=INT),
        ControlNode(
            base("sizes"),
            ControlType.JOIN,
            ControlConfig("each", opener="sizes.for"),
            (port("value", INT),),
            (port("result", ListType(INT)),),
        ),
        OutputNode(base("output.reply"), port("input", OptionalType(STRING))),
        OutputNode(base("output.sizes"), port("input", ListType(INT))),
    ]


def edges() -> list[Edge]:
    return [
        data("input.text!output", "kind!text"),
        data("kind!label", "reply.if!kind.label"),
        data("input.text!output", "reply:then/yield.note!text"),
        data("reply:then/yield.note!result", "reply:then/yield!note"),
        arm("reply:then/yield.note", 'kind.label == "complaint"', "then", 0),
        arm("reply:else/yield", None, "else", 1),
        data("reply:then/yield!result", "reply!then"),
        data("reply:else/yield!result", "reply!else"),
        data("input.lines!output", "sizes.for!items"),
        data("sizes.for!item", "sizes/yield!line"),
        data("sizes/yield!result", "sizes!value"),
        control("reply", "sizes.for", 2),
        data("reply!result", "output.reply!input"),
        data("sizes!result", "output.sizes!input"),
    ]


def regions() -> list[Region]:
    return [
        Region("reply:then", "then", nid("reply.if"), nid("reply"), 0),
        Region("reply:else", "else", nid("reply.if"), nid("reply"), 1),
        Region("sizes", "each", nid("sizes.for"), nid("sizes"), 0),
    ]


class Sample:
    """The parts of the graph, for a test to spoil before it asks for the whole."""

    def __init__(self) -> None:
        self.nodes, self.edges, self.regions = nodes(), edges(), regions()
        self.change(
            "sizes/yield", lambda node: replace(node, config=replace(node.config, arguments={"times": Constant(3)}))
        )

    def change(self, path: str, how: Callable[[Any], Any]) -> None:
        self.nodes = [how(node) if node.base.path == path else node for node in self.nodes]

    def config(self, path: str, **changes: Any) -> None:
        self.change(path, lambda node: replace(node, config=replace(node.config, **changes)))

    def drop(self, path: str) -> None:
        gone = nid(path)
        self.nodes = [node for node in self.nodes if node.base.id != gone]
        self.edges = [edge for edge in self.edges if gone not in (edge.source_node, edge.target_node)]

    def unlink(self, source: str, target: str) -> None:
        ends = nid(source), nid(target)
        before = len(self.edges)
        self.edges = [edge for edge in self.edges if (edge.source_node, edge.target_node) != ends]
        assert len(self.edges) < before

    def relink(self, target: str, **changes: Any) -> None:
        """Change the conditional edge into a node."""
        self.edges = [
            replace(edge, **changes) if isinstance(edge, ConditionalEdge) and edge.target_node == nid(target) else edge
            for edge in self.edges
        ]

    def region(self, path: str, **changes: Any) -> None:
        self.regions = [replace(region, **changes) if region.path == path else region for region in self.regions]

    def workflow(self) -> Workflow:
        made = Workflow(NAME, regions=tuple(self.regions))
        for node in self.nodes:
            made.add_node(node)
        for edge in self.edges:
            made.put_edge(edge)
        return made
