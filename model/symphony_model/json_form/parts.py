"""The JSON of what nodes and edges are made of: types, expressions, ports, arguments, metadata."""

from __future__ import annotations

from functools import lru_cache

from symphony_dsl.base.conform import conform, to_json
from symphony_dsl.base.types import Constraint
from symphony_dsl.base.types_json import type_from_json, type_to_json
from symphony_dsl.base.values import Json
from symphony_model.json_form.scalars import ANY, CUSTOM, FLAG, NAME, STRINGS, TEXT
from symphony_model.json_form.tables import (
    UNREADABLE,
    Codec,
    Member,
    Schema,
    Table,
    inside,
    keyed,
    many,
    object_schema,
    reference,
    sorted_json,
    words,
)
from symphony_model.metadata import NodeMetadata, WorkflowMetadata
from symphony_model.ports import Argument, Constant, Expression, PortDefinition

TYPE = Codec(type_to_json, type_from_json, reference("type"))

EXPRESSION = Table(
    Expression,
    (Member("source", NAME), Member("type", TYPE)),
    name="expression",
    about="Canonical source and the type of its value.",
    examples=({"source": "size(ticket) > 3", "type": "bool"},),
)

CONSTRAINT_KINDS = (
    "min", "max", "min_length", "max_length", "min_items", "max_items", "pattern", "one_of", "check",
)  # fmt: skip

CONSTRAINT = Table(
    Constraint,
    (Member("kind", words(*CONSTRAINT_KINDS)), Member("value", ANY)),
    name="constraint",
    about="What JSON Schema would say of a value; `check` is the source of an expression over `it`.",
    examples=({"kind": "max_length", "value": 80},),
)
CONSTRAINTS = many(CONSTRAINT.codec)

_PORT = Table(
    PortDefinition,
    (
        Member("name", NAME),
        Member("data_type", TYPE),
        Member("required", FLAG, True),
        Member("constraints", CONSTRAINTS, ()),
        Member("wire", NAME, None, about="The name of a result's field in JSON, where it has another there."),
        Member("documentation", TEXT, None, about="What people and models read of it, as Markdown."),
    ),
)

_DEFAULT_VALUE = Member("default_value", ANY, None, about="The value where none comes; null is a value.")

PORT_SCHEMA: Schema = object_schema(
    (*_PORT.members, _DEFAULT_VALUE),
    "Where data enters or leaves a node.",
    ({"name": "ticket", "data_type": "string"}, {"name": "limit", "data_type": "int", "default_value": 3}),
)


def _port_to_json(port: PortDefinition) -> Json:
    data = _PORT.encode(port)
    if port.has_default:
        data["default_value"] = sorted_json(to_json(port.default_value, port.data_type))
    return data


def _port_from_json(data: Json) -> PortDefinition:
    """A default is there when its member is, so that null can be one."""
    if len(data) == 2:
        return _bare_port(data["name"], data["data_type"])
    members = _PORT.arguments(data)
    if "default_value" not in data:
        return PortDefinition(**members)
    try:
        value = conform(sorted_json(data["default_value"]), members["data_type"])
    except UNREADABLE as problem:
        raise inside("default_value", problem) from None
    return PortDefinition(**members, has_default=True, default_value=value)


def _bare_port(name: str, of: Json) -> PortDefinition:
    return _shared_port(name, of) if type(of) is str else PortDefinition(name, type_from_json(of))


@lru_cache(1024)
def _shared_port(name: str, of: str) -> PortDefinition:
    """Most ports have a name and a simple type, the same ones again and again."""
    return PortDefinition(name, type_from_json(of))


PORT = Codec(_port_to_json, _port_from_json, reference("port"))
PORTS = many(PORT)

CONSTANT_SCHEMA = object_schema((Member("value", ANY),), "A value that was known when the text was compiled.")


def _argument_to_json(argument: Argument) -> Json:
    if isinstance(argument, Constant):
        return {"value": ANY.encode(argument.value)}
    return EXPRESSION.encode(argument)


def _argument_from_json(data: Json) -> Argument:
    return Constant(sorted_json(data["value"])) if "value" in data else EXPRESSION.decode(data)


ARGUMENT = Codec(_argument_to_json, _argument_from_json, reference("argument"))
ARGUMENT_SCHEMA: Schema = {
    "description": "What the configuration gives to a port: a value, or an expression.",
    "type": "object",
    "if": {"required": ["value"]},
    "then": CONSTANT_SCHEMA,
    "else": reference("expression"),
    "examples": [{"value": 3}, {"source": "1 + 2", "type": "int"}],
}

_BY_PORT = keyed(ARGUMENT)
ARGUMENTS = Codec(_BY_PORT.encode, _BY_PORT.decode, reference("arguments"))
ARGUMENTS_SCHEMA: Schema = {"description": "By port.", **_BY_PORT.schema}

NODE_METADATA = Table(
    NodeMetadata,
    (
        Member("documentation", TEXT, None, about="Documentation, as Markdown."),
        Member("examples", STRINGS, ()),
        Member("warnings", STRINGS, ()),
        Member("custom", CUSTOM, {}),
    ),
    name="node_metadata",
    about="What the writer says about a node.",
)

WORKFLOW_METADATA = Table(
    WorkflowMetadata,
    (
        Member("author", TEXT, None, about="Who wrote it."),
        Member("tags", STRINGS, ()),
        Member("category", TEXT, None, about="Where a library files it."),
        Member("icon", TEXT, None, about="The name of a picture."),
        Member("color", TEXT, None, about="A colour, as text."),
        Member("custom", CUSTOM, {}),
    ),
    name="workflow_metadata",
    about="What the writer says about the workflow.",
    examples=({"author": "Ada", "tags": ["support", "mail"], "custom": {"team": 7}},),
)
