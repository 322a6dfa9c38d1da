"""The JSON of what nodes do: a table for each configuration, and for each kind of tool that a model may call."""

from __future__ import annotations

from typing import Any

from symphony_dsl.base.values import Json
from symphony_model.http_request import HttpRequest
from symphony_model.json_form.parts import ARGUMENTS, EXPRESSION, PORTS
from symphony_model.json_form.scalars import COUNT, FLAG, HASH, NAME, NATURAL, NUMBER, STRINGS, TEXT
from symphony_model.json_form.settings import SETTINGS_MEMBER
from symphony_model.json_form.tables import Codec, Member, Schema, Table, choice, many, plain, reference, words
from symphony_model.nodes import (
    ControlConfig,
    Effect,
    InstrumentConfig,
    InstrumentTool,
    OperatorConfig,
    OperatorTool,
    OperatorType,
    Tool,
)
from symphony_model.ports import Expression


def expression_member(name: str, about: str = "") -> Member:
    return Member(name, EXPRESSION.codec, None, about=about)


EFFECT_SCHEMA: Schema = {
    "description": "Whether an attempt may be made again: freely, at least once, or never without a person's word.",
    "enum": [*Effect],
}
_EFFECT = Member("effect", choice(Effect, reference("effect")), Effect.REPEATABLE)
_RECORD = Member("record", FLAG, False, about="What it gives is a record with the one field `result`, not a value.")
_ARGUMENTS = Member("arguments", ARGUMENTS, {})


def _tool_to_json(tool: Tool) -> Json:
    return {"kind": tool.kind, **TOOLS[tool.kind].encode(tool)}


def _tool_from_json(data: Json) -> Tool:
    tool: Tool = TOOLS[data["kind"]].decode(data)
    return tool


INSTRUMENT_CONFIG = Table(
    InstrumentConfig,
    (
        Member("callee", NAME, about="The name of the instrument."),
        expression_member("system"),
        expression_member("prompt"),
        expression_member("messages"),
        Member("temperature", NUMBER, None),
        Member("max_tokens", COUNT, None),
        _EFFECT,
        _RECORD,
        _ARGUMENTS,
        SETTINGS_MEMBER,
        Member(
            "tools",
            many(Codec(_tool_to_json, _tool_from_json, reference("tool"))),
            (),
            about="What the model may call before it answers.",
        ),
        Member("max_turns", COUNT, None),
        Member(
            "fallback",
            STRINGS,
            (),
            about="The models that are asked, in order, where that of the node cannot be had.",
        ),
    ),
    name="instrument_config",
    about="How a model is called. Texts are expressions over the node's own ports.",
)


def _expression_or(other: Codec[Any]) -> Codec[Any]:
    """Text or a number that is known, or an expression."""
    return Codec(
        lambda value: EXPRESSION.encode(value) if isinstance(value, Expression) else other.encode(value),
        lambda data: EXPRESSION.decode(data) if isinstance(data, dict) else other.decode(data),
        {"anyOf": [other.schema, reference("expression")]},
    )


_METHOD = plain("string", pattern="^[A-Z]+$", examples=["GET", "POST"])

HTTP = Table(
    HttpRequest,
    (
        Member("method", _METHOD, about="In capital letters."),
        Member(
            "url",
            many(_expression_or(NAME), minItems=1),
            about="Its parts: text as it is, and values, which are percent-encoded unless they stand first.",
        ),
        expression_member("headers"),
        expression_member("query"),
        expression_member("body"),
    ),
    name="http_request",
    about="An HTTP request, of expressions over the node's own ports.",
)


def _shell_to_json(shell: str | tuple[Expression, ...]) -> Json:
    return shell if isinstance(shell, str) else [EXPRESSION.encode(part) for part in shell]


def _shell_from_json(data: Json) -> str | tuple[Expression, ...]:
    return data if isinstance(data, str) else tuple(EXPRESSION.decode(part) for part in data)


_SHELL = {"anyOf": [TEXT.schema, many(EXPRESSION.codec, minItems=1).schema]}

OPERATOR_CONFIG = Table(
    OperatorConfig,
    (
        Member("callee", NAME, None, about="The name of the operator or workflow."),
        expression_member("expression", "Of `expression` the value, of `require` the condition."),
        expression_member(
            "failure", "The error of `require` and `fail`: a string, or a record of code, message and data."
        ),
        Member(
            "python",
            plain("string", pattern="^[^:]+:[^:]+$", examples=["desk.mail:send"]),
            None,
            about="MODULE:FUNCTION",
        ),
        Member(
            "shell",
            Codec(_shell_to_json, _shell_from_json, _SHELL),
            None,
            about="Text for `sh -c`, or the arguments of a program.",
        ),
        Member(
            "workflow",
            HASH,
            None,
            about="The content hash of the workflow that is called; it stands in `callees`.",
        ),
        _EFFECT,
        _RECORD,
        _ARGUMENTS,
        SETTINGS_MEMBER,
        Member("http", HTTP.codec, None),
    ),
    name="operator_config",
    about="What an operator runs; which members are there depends on its type.",
)

MODES = ("if", "match", "each", "all", "first", "until", "try", "finally")

_OPENER = "Of a closing node: the path of its opening node."
_LIMIT = "How many items run at once: left out is one at a time, 0 as many as the engine allows."
_EVERY = "The time between the beginnings of two rounds of a loop, in nanoseconds, or an expression that is a duration."
_FIRST = "How many branches of a `first` are waited for; left out it is one, which gives its value instead of a list."

CONTROL_CONFIG = Table(
    ControlConfig,
    (
        Member("mode", words(*MODES), about="The block's form."),
        Member("opener", NAME, None, about=_OPENER),
        Member("limit", _expression_or(NATURAL), None, about=_LIMIT),
        Member("on_error", words("stop", "skip"), "stop", about="What a failed item of a `for` does."),
        Member("maximum", _expression_or(COUNT), None, about="How many rounds a loop has at most."),
        Member("every", _expression_or(COUNT), None, about=_EVERY),
        Member("count", COUNT, None, about=_FIRST),
        SETTINGS_MEMBER,
    ),
    name="control_config",
    about="How a block runs.",
)

OPERATOR_TYPE = Member("operator_type", choice(OperatorType), about="What runs it.")
MODEL = (
    Member("model_id", NAME, about="PROVIDER/MODEL."),
    Member("model_version", TEXT, None, about="The version of the model, where one is asked for."),
)

_ABOUT_TOOL = (
    Member("name", NAME, about="What the model calls it."),
    Member("description", TEXT, None, about="What the model is told of it."),
)
_TOOL_PORTS = (
    Member("inputs", PORTS, (), about="What the model gives, but for what `config` has as arguments."),
    Member("outputs", PORTS, (), about="What it is given back."),
)

TOOLS: dict[str, Table[Any]] = {
    "instrument": Table(
        InstrumentTool,
        (*_ABOUT_TOOL, *MODEL, Member("config", INSTRUMENT_CONFIG.codec), *_TOOL_PORTS),
        name="instrument_tool",
        about="An instrument that a model may call.",
    ),
    "operator": Table(
        OperatorTool,
        (*_ABOUT_TOOL, OPERATOR_TYPE, Member("config", OPERATOR_CONFIG.codec), *_TOOL_PORTS),
        name="operator_tool",
        about="An operator or workflow that a model may call.",
    ),
}
