"""The JSON of what nodes and edges are made of: types, expressions, ports, arguments, settings, metadata."""

from __future__ import annotations

from symphony_dsl.base.conform import conform, to_json
from symphony_dsl.base.types import Constraint
from symphony_dsl.base.types_json import type_from_json, type_to_json
from symphony_dsl.base.values import Json
from symphony_model.ids import EdgeId, NodeId
from symphony_model.json_tables import ANY, STRINGS, Codec, Member, Table, keyed, many, sorted_json
from symphony_model.metadata import NodeMetadata, WorkflowMetadata
from symphony_model.ports import Argument, Constant, Expression, PortDefinition
from symphony_model.settings import (
    NO_SETTINGS,
    Cache,
    Concurrency,
    RateLimit,
    Resources,
    Retry,
    RunSettings,
    Settings,
)

NODE: Codec[NodeId] = Codec(str, NodeId)
EDGE: Codec[EdgeId] = Codec(str, EdgeId)
TYPE = Codec(type_to_json, type_from_json)

EXPRESSION = Table(Expression, (Member("source"), Member("type", TYPE)))

CONSTRAINT = Table(Constraint, (Member("kind"), Member("value", ANY)))

_PORT = Table(
    PortDefinition,
    (
        Member("name"),
        Member("data_type", TYPE),
        Member("required", default=True),
        Member("constraints", many(CONSTRAINT.codec), ()),
        Member("wire", default=None),
        Member("documentation", default=None),
    ),
)


def _port_to_json(port: PortDefinition) -> Json:
    data = _PORT.encode(port)
    if port.has_default:
        data["default_value"] = sorted_json(to_json(port.default_value, port.data_type))
    return data


def _port_from_json(data: Json) -> PortDefinition:
    """A default is there when its member is, so that null can be one."""
    members = _PORT.arguments(data)
    if "default_value" not in data:
        return PortDefinition(**members)
    return PortDefinition(
        **members, has_default=True, default_value=conform(data["default_value"], members["data_type"])
    )


PORT = Codec(_port_to_json, _port_from_json)
PORTS = many(PORT)


def _argument_to_json(argument: Argument) -> Json:
    if isinstance(argument, Constant):
        return {"value": ANY.encode(argument.value)}
    return EXPRESSION.encode(argument)


def _argument_from_json(data: Json) -> Argument:
    return Constant(data["value"]) if "value" in data else EXPRESSION.decode(data)


ARGUMENT = Codec(_argument_to_json, _argument_from_json)
ARGUMENTS = keyed(ARGUMENT)

RETRY = Table(
    Retry,
    (
        Member("attempts"),
        Member("delay", default=1_000_000_000),
        Member("factor", default=2.0),
        Member("jitter", default=0.1),
        Member("on", STRINGS, ()),
    ),
)

CACHE = Table(Cache, (Member("enabled", default=True), Member("age", default=None)))

CONCURRENCY = Table(Concurrency, (Member("count"), Member("bucket", default=None)))

RATE_LIMIT = Table(RateLimit, (Member("count"), Member("per"), Member("bucket", default=None)))

RESOURCES = Table(Resources, (Member("cpus", default=None), Member("memory", default=None)))

SETTINGS = Table(
    Settings,
    (
        Member("retry", RETRY.codec, None),
        Member("timeout", default=None),
        Member("label", default=None),
        Member("deadline", default=None),
        Member("cache", CACHE.codec, None),
        Member("on_error", default=None),
        Member("concurrency", CONCURRENCY.codec, None),
        Member("rate_limit", RATE_LIMIT.codec, None),
        Member("key", default=None),
        Member("resources", RESOURCES.codec, None),
        Member("executor", default=None),
    ),
)

SETTINGS_MEMBER = Member("settings", SETTINGS.codec, NO_SETTINGS)

RUN_SETTINGS = Table(RunSettings, (Member("timeout", default=None), Member("concurrency", default=None)))

NODE_METADATA = Table(
    NodeMetadata,
    (
        Member("documentation", default=None),
        Member("examples", STRINGS, ()),
        Member("warnings", STRINGS, ()),
        Member("custom", ANY, {}),
    ),
)

WORKFLOW_METADATA = Table(
    WorkflowMetadata,
    (
        Member("author", default=None),
        Member("tags", STRINGS, ()),
        Member("category", default=None),
        Member("icon", default=None),
        Member("color", default=None),
        Member("custom", ANY, {}),
    ),
)
