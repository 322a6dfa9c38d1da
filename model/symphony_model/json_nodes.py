"""The JSON of nodes: a table for each kind. The members of `NodeBase` stand beside those of the node itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symphony_dsl.base.values import Json
from symphony_model.http_request import HttpRequest
from symphony_model.json_parts import (
    ARGUMENT,
    ARGUMENTS,
    EXPRESSION,
    NODE,
    NODE_METADATA,
    PORT,
    PORTS,
    SETTINGS_MEMBER,
)
from symphony_model.json_tables import STRINGS, Codec, Member, Table, choice, many
from symphony_model.metadata import NodeMetadata
from symphony_model.nodes import (
    ControlConfig,
    ControlNode,
    ControlType,
    Effect,
    InputNode,
    InstrumentConfig,
    InstrumentNode,
    InstrumentTool,
    Node,
    NodeBase,
    OperatorConfig,
    OperatorNode,
    OperatorTool,
    OperatorType,
    OutputNode,
    Position,
    Tool,
)
from symphony_model.ports import Expression

POSITION = Table(Position, (Member("x"), Member("y")))

BASE = Table(
    NodeBase,
    (
        Member("id", NODE),
        Member("path"),
        Member("name"),
        Member("description", default=None),
        Member("position", POSITION.codec, None),
        Member("enabled", default=True),
        Member("region", default=None),
        Member("synthetic", default=False),
        Member("metadata", NODE_METADATA.codec, NodeMetadata()),
    ),
)


def _text(name: str) -> Member:
    return Member(name, EXPRESSION.codec, None)


_EFFECT = Member("effect", choice(Effect), Effect.REPEATABLE)
_RECORD = Member("record", default=False)
_ARGUMENTS = Member("arguments", ARGUMENTS, {})


def _tool_to_json(tool: Tool) -> Json:
    return {"kind": tool.kind, **TOOLS[tool.kind].encode(tool)}


def _tool_from_json(data: Json) -> Tool:
    tool: Tool = TOOLS[data["kind"]].decode(data)
    return tool


INSTRUMENT_CONFIG = Table(
    InstrumentConfig,
    (
        Member("callee"),
        _text("system"),
        _text("prompt"),
        _text("messages"),
        Member("temperature", default=None),
        Member("max_tokens", default=None),
        _EFFECT,
        _RECORD,
        _ARGUMENTS,
        SETTINGS_MEMBER,
        Member("tools", many(Codec(_tool_to_json, _tool_from_json)), ()),
        Member("max_turns", default=None),
        Member("fallback", STRINGS, ()),
    ),
)


def _expression_or(plain: type[str] | type[int]) -> Codec[Any]:
    """Text or a number that is known, or an expression."""
    return Codec(
        lambda value: EXPRESSION.encode(value) if isinstance(value, Expression) else value,
        lambda data: EXPRESSION.decode(data) if isinstance(data, dict) else plain(data),
    )


_NUMBER = _expression_or(int)

HTTP = Table(
    HttpRequest,
    (Member("method"), Member("url", many(_expression_or(str))), _text("headers"), _text("query"), _text("body")),
)


def _shell_to_json(shell: str | tuple[Expression, ...]) -> Json:
    return shell if isinstance(shell, str) else [EXPRESSION.encode(part) for part in shell]


def _shell_from_json(data: Json) -> str | tuple[Expression, ...]:
    return data if isinstance(data, str) else tuple(EXPRESSION.decode(part) for part in data)


OPERATOR_CONFIG = Table(
    OperatorConfig,
    (
        Member("callee", default=None),
        _text("expression"),
        _text("failure"),
        Member("python", default=None),
        Member("shell", Codec(_shell_to_json, _shell_from_json), None),
        Member("workflow", default=None),
        _EFFECT,
        _RECORD,
        _ARGUMENTS,
        SETTINGS_MEMBER,
        Member("http", HTTP.codec, None),
    ),
)

CONTROL_CONFIG = Table(
    ControlConfig,
    (
        Member("mode"),
        Member("opener", default=None),
        Member("limit", _NUMBER, None),
        Member("on_error", default="stop"),
        Member("maximum", _NUMBER, None),
        Member("every", _NUMBER, None),
        Member("count", default=None),
        SETTINGS_MEMBER,
    ),
)

_PORTS = (Member("inputs", PORTS, ()), Member("outputs", PORTS, ()))

_ABOUT_TOOL = (Member("name"), Member("description", default=None))

TOOLS: dict[str, Table[Any]] = {
    "operator": Table(
        OperatorTool,
        (
            *_ABOUT_TOOL,
            Member("operator_type", choice(OperatorType)),
            Member("config", OPERATOR_CONFIG.codec),
            *_PORTS,
        ),
    ),
    "instrument": Table(
        InstrumentTool,
        (
            *_ABOUT_TOOL,
            Member("model_id"),
            Member("model_version", default=None),
            Member("config", INSTRUMENT_CONFIG.codec),
            *_PORTS,
        ),
    ),
}


def _node(build: Callable[..., Node], *members: Member) -> Table[Any]:
    return Table(build, members)


NODES: dict[str, Table[Any]] = {
    "instrument": _node(
        InstrumentNode,
        Member("model_id"),
        Member("model_version", default=None),
        Member("config", INSTRUMENT_CONFIG.codec),
        *_PORTS,
    ),
    "operator": _node(
        OperatorNode,
        Member("operator_type", choice(OperatorType)),
        Member("config", OPERATOR_CONFIG.codec),
        *_PORTS,
    ),
    "control": _node(
        ControlNode,
        Member("control_type", choice(ControlType)),
        _text("condition"),
        Member("config", CONTROL_CONFIG.codec),
        *_PORTS,
    ),
    "input": _node(InputNode, Member("port", PORT)),
    "output": _node(OutputNode, Member("port", PORT), Member("argument", ARGUMENT, None)),
}


def node_to_json(node: Node) -> dict[str, Json]:
    return {"kind": node.kind, **BASE.encode(node.base), **NODES[node.kind].encode(node)}


def node_from_json(data: dict[str, Json]) -> Node:
    table = NODES[data["kind"]]
    node: Node = table.build(base=BASE.decode(data), **table.arguments(data))
    return node
