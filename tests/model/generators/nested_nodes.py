"""The nodes and ports that workflows of plans consist of."""

from __future__ import annotations

from dataclasses import dataclass

from symphony_dsl.base.types import BOOL, STRING, Field, ListType, OptionalType, RecordType, Type
from symphony_model.ids import NodeId, node_id, workflow_id
from symphony_model.nodes import (
    ControlType,
    InstrumentConfig,
    InstrumentNode,
    Node,
    NodeBase,
    OperatorConfig,
    OperatorNode,
    OperatorType,
)
from symphony_model.ports import Constant, Expression, PortDefinition

NAME = "nested"
ID = workflow_id(NAME)

ENDS = {
    "if": (ControlType.BRANCH, ControlType.MERGE),
    "match": (ControlType.BRANCH, ControlType.MERGE),
    "try": (ControlType.BRANCH, ControlType.MERGE),
    "finally": (ControlType.BRANCH, ControlType.MERGE),
    "each": (ControlType.PARALLEL, ControlType.JOIN),
    "all": (ControlType.PARALLEL, ControlType.JOIN),
    "first": (ControlType.PARALLEL, ControlType.JOIN),
    "until": (ControlType.LOOP, ControlType.MERGE),
}
"""What opens and what closes a block of each form."""

OPENERS = {"each": "for", "all": "parallel", "first": "parallel", "until": "loop", "finally": "always"}


@dataclass(frozen=True)
class Source:
    """An output port that something may read."""

    path: str
    port: str
    type: Type


TEXT = Source("input.text", "output", STRING)
ITEMS = Source("input.items", "output", ListType(STRING))


def nid(path: str) -> NodeId:
    return node_id(ID, path)


def base(path: str, region: str | None) -> NodeBase:
    return NodeBase(nid(path), path, path.rpartition("/")[2], region=region)


def port(name: str, of: Type, *, required: bool = True) -> PortDefinition:
    return PortDefinition(name, of, required)


def opener_of(path: str, form: str) -> str:
    return f"{path}.{OPENERS.get(form, form)}"


def closing(form: str, arm: str) -> str:
    """The port of a closing node that an arm feeds."""
    if form == "until":
        return {"body": "until", "again": "next", "done": "yield"}.get(arm, arm)
    return "value" if form == "each" else arm


def ports_for(read: list[Source]) -> tuple[PortDefinition, ...]:
    return tuple(port(f"p{at}", source.type) for at, source in enumerate(read))


def result_of(form: str, values: dict[str, Source]) -> Type | None:
    """What a block gives of what its arms yield; that of a loop's body only says whether it ends."""
    values = {name: of for name, of in values.items() if (form, name) != ("until", "body")}
    if not values:
        return None
    if form == "all":
        return RecordType(tuple(Field(name, of.type) for name, of in values.items()))
    first = next(iter(values.values())).type
    if form == "each":
        return ListType(first)
    return first if isinstance(first, OptionalType) else OptionalType(first)


def written(own: NodeBase, source: str, of: Type, inputs: tuple[PortDefinition, ...] = ()) -> OperatorNode:
    """A node whose value an expression says."""
    config = OperatorConfig(expression=Expression(source, of))
    return OperatorNode(own, OperatorType.EXPRESSION, config, inputs, (port("result", of),))


def made(kind: str, own: NodeBase, inputs: tuple[PortDefinition, ...]) -> Node:
    result = (port("result", STRING),)
    match kind:
        case "python":
            return OperatorNode(own, OperatorType.PYTHON, OperatorConfig(callee="f", python="m:f"), inputs, result)
        case "expression":
            return written(own, '"a"', STRING, inputs)
        case "require":
            config = OperatorConfig(expression=Expression("1 < 2", BOOL))
            return OperatorNode(own, OperatorType.REQUIRE, config, inputs)
        case "instrument":
            arguments = InstrumentConfig("ask", prompt=Expression("tone", STRING), arguments={"tone": Constant("kind")})
            return InstrumentNode(own, "openai/small", arguments, (*inputs, port("tone", STRING)), result)
    return OperatorNode(own, OperatorType.TEXT, OperatorConfig(callee="text"), inputs, result)
