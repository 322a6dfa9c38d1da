"""The JSON of nodes: a table for each kind. The members of `NodeBase` stand beside those of the node itself."""

from __future__ import annotations

from typing import Any

from symphony_dsl.base.values import Json
from symphony_model.json_form.configs import (
    CONTROL_CONFIG,
    INSTRUMENT_CONFIG,
    MODEL,
    OPERATOR_CONFIG,
    OPERATOR_TYPE,
    expression_member,
)
from symphony_model.json_form.parts import ARGUMENT, NODE_METADATA, PORT, PORTS
from symphony_model.json_form.scalars import FLAG, NAME, NODE, NUMBER, TEXT
from symphony_model.json_form.tables import Member, Table, choice, plain
from symphony_model.metadata import NodeMetadata
from symphony_model.nodes import (
    ControlNode,
    ControlType,
    InputNode,
    InstrumentNode,
    Node,
    NodeBase,
    OperatorNode,
    OutputNode,
    Position,
)

POSITION = Table(Position, (Member("x", NUMBER), Member("y", NUMBER)))

_PATH = plain("string", minLength=1, examples=["kind", "input.ticket", "reply:then/decision"])

BASE = Table(
    NodeBase,
    (
        Member("id", NODE, about="UUIDv5 of the workflow's id and the node's path."),
        Member("path", _PATH, about="The static address: `kind`, `input.ticket`, `reply:then/decision`."),
        Member("name", TEXT, about="What people read."),
        Member("description", TEXT, None, about="Documentation, as Markdown."),
        Member(
            "position",
            POSITION.codec,
            None,
            about="Where a drawing puts the node, in pixels to the right and down.",
        ),
        Member("enabled", FLAG, True, about="Whether the node runs at all."),
        Member("region", NAME, None, about="The path of the region that the node stands in; at the top none."),
        Member(
            "synthetic",
            FLAG,
            False,
            about="Whether the compiler made the node for an argument; drawings leave it out.",
        ),
        Member("metadata", NODE_METADATA.codec, NodeMetadata()),
    ),
)

_PORTS = (
    Member("inputs", PORTS, (), about="Where data enters, in order."),
    Member("outputs", PORTS, (), about="Where data leaves, in order."),
)

NODES: dict[str, Table[Any]] = {
    "instrument": Table(
        InstrumentNode,
        (*MODEL, Member("config", INSTRUMENT_CONFIG.codec), *_PORTS),
        name="instrument_node",
        about="A call of a model.",
    ),
    "operator": Table(
        OperatorNode,
        (OPERATOR_TYPE, Member("config", OPERATOR_CONFIG.codec), *_PORTS),
        name="operator_node",
        about="A computation.",
    ),
    "control": Table(
        ControlNode,
        (
            Member("control_type", choice(ControlType)),
            expression_member("condition"),
            Member("config", CONTROL_CONFIG.codec),
            *_PORTS,
        ),
        name="control_node",
        about="The start or the end of a block.",
    ),
    "input": Table(
        InputNode,
        (Member("port", PORT, about="Its output port, `output`."),),
        name="input_node",
        about="An input of the workflow.",
    ),
    "output": Table(
        OutputNode,
        (
            Member("port", PORT, about="Its input port, `input`."),
            Member("argument", ARGUMENT, None, about="Its value, where no edge brings one."),
        ),
        name="output_node",
        about="An output of the workflow.",
    ),
}


def node_to_json(node: Node) -> dict[str, Json]:
    return {"kind": node.kind, **BASE.encode(node.base), **NODES[node.kind].encode(node)}


def node_from_json(data: dict[str, Json]) -> Node:
    table = NODES[data["kind"]]
    node: Node = table.build(base=BASE.decode(data), **table.arguments(data))
    return node
