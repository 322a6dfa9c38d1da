"""What a node does, whatever it is called and wherever it stands, in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.base.types import EnumType, ListType, MapType, OptionalType, RecordType, Type
from symphony_model.nodes import InstrumentConfig, InstrumentNode, InstrumentTool, OperatorNode, OperatorTool
from symphony_model.ports import Expression
from symphony_model.run_names import RUN
from symphony_model.setting_ports import is_setting_port
from symphony_runtime.plans.tools import offered
from symphony_runtime.sharing.hashing import hashed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from symphony_dsl.base.types import Constraint, Field
    from symphony_dsl.base.values import Json
    from symphony_model.http_request import HttpRequest
    from symphony_model.nodes import Tool
    from symphony_model.ports import Argument, PortDefinition

LANGUAGE = "1.0"
"""The version of the expressions. It changes when one of them gives something else than before."""


def callable_parts(node: InstrumentNode | OperatorNode) -> dict[str, str]:
    """What a node does, whatever it is called and wherever it stands."""
    told = isinstance(node, InstrumentNode)
    said = {
        "signature": [_port(port) for port in parameters(node)],
        "result": [[_port(port, told=told) for port in node.outputs], node.config.record],
        "language": LANGUAGE,
        **_implementation(node),
    }
    return {name: hashed(value) for name, value in said.items() if value is not None}


def tells_of_run(node: InstrumentNode | OperatorNode) -> bool:
    """Whether a prompt, a command or a request mentions its run, which makes each run's another one."""
    written = [each for each in _expressions(node) if RUN in each.source]
    return bool(written) and any(_mentions_run(each) for each in written) and all(p.name != RUN for p in node.inputs)


def _mentions_run(of: Expression) -> bool:
    from symphony_dsl.expressions.names import mentioned
    from symphony_dsl.expressions.parser import parse_expression

    return any(chain[0] == RUN for chain, _ in mentioned(parse_expression(of.source)))


def _expressions(node: InstrumentNode | OperatorNode) -> list[Expression]:
    config = node.config
    if isinstance(config, InstrumentConfig):
        found: list[object] = [config.system, config.prompt, config.messages]
    else:
        found = [*config.shell] if isinstance(config.shell, tuple) else []
        request = config.http
        found += [*request.url, request.headers, request.query, request.body] if request else []
    return [each for each in found if isinstance(each, Expression)]


def _implementation(of: InstrumentNode | OperatorNode | Tool) -> dict[str, Json]:
    return _instrument(of) if isinstance(of, InstrumentNode | InstrumentTool) else _operator(of)


def _instrument(of: InstrumentNode | InstrumentTool) -> dict[str, Json]:
    config = of.config
    texts = {"system": config.system, "prompt": config.prompt, "messages": config.messages}
    return {
        "kind": of.kind,
        "model": [of.model_id, of.model_version, *config.fallback],
        "parameters": [config.temperature, config.max_tokens],
        "prompt": {name: _source(each) for name, each in texts.items()},
        "tools": [_tool(each) for each in config.tools] or None,
    }


def _operator(of: OperatorNode | OperatorTool) -> dict[str, Json]:
    config = of.config
    shell = config.shell if config.shell is None or isinstance(config.shell, str) else [*map(_source, config.shell)]
    return {
        "kind": [of.kind, of.operator_type],
        "python": config.python,
        "shell": shell,
        "http": _http(config.http),
        "workflow": config.workflow,
    }


def _http(request: HttpRequest | None) -> Json:
    if request is None:
        return None
    url = [part if isinstance(part, str) else _source(part) for part in request.url]
    return [request.method, url, *map(_source, (request.headers, request.query, request.body))]


def _source(of: Expression | None) -> Json:
    return None if of is None else [of.source, _shape(of.type)]


def _tool(tool: Tool) -> Json:
    """A tool: what its model is told of it, and what it does."""
    told = [tool.name, tool.description, [_port(port, told=True) for port in offered(tool)]]
    given = {name: _argument(argument) for name, argument in tool.config.arguments.items()}
    return [told, given, [_port(port) for port in tool.outputs], _implementation(tool)]


def _argument(of: Argument) -> Json:
    return _source(of) if isinstance(of, Expression) else [of.value]


def _port(port: PortDefinition, *, told: bool = False) -> Json:
    about = port.documentation if told else None
    default = [port.default_value] if port.has_default else []
    return [port.name, _shape(port.data_type, told=told), default, _constraints(port.constraints), port.wire, about]


def _shape(of: Type, *, told: bool = False) -> Json:
    """A type without the names of records; `told` keeps what is documented of their fields."""
    match of:
        case ListType():
            return ["list", _shape(of.item, told=told)]
        case OptionalType():
            return ["optional", _shape(of.item, told=told)]
        case MapType():
            return ["map", _shape(of.key, told=told), _shape(of.value, told=told)]
        case RecordType():
            return ["record", [_field(field, told=told) for field in of.fields]]
        case EnumType():
            return ["enum", [list(value) for value in of.values]]
    return str(of)


def _field(field: Field, *, told: bool) -> Json:
    default = [field.default] if field.has_default else []
    about = field.doc if told else None
    return [field.name, _shape(field.type, told=told), default, _constraints(field.constraints), field.wire, about]


def _constraints(given: Iterable[Constraint]) -> Json:
    return [[each.kind, each.value] for each in given]


def parameters(node: InstrumentNode | OperatorNode) -> list[PortDefinition]:
    return [port for port in node.inputs if not is_setting_port(port.name)]
