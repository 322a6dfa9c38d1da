"""What a step's result depends on, in parts, each as a hash. Steps with the same parts give the same.

Parts are kept one by one, so that of two steps it can be told what differs. Names, documentation, positions and all that is about
when and how often a step runs (`retry`, `timeout`, limits, `executor`) are no parts. What models are told of results and
of their tools is one: it is a piece of the prompt.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import EnumType, ListType, MapType, OptionalType, RecordType, Type
from symphony_dsl.base.values import SecretRef, SecretText, Value
from symphony_model.nodes import InstrumentConfig, InstrumentNode, InstrumentTool, OperatorNode, OperatorTool
from symphony_model.ports import Expression
from symphony_model.run_names import RUN
from symphony_model.setting_ports import is_setting_port
from symphony_runtime.executing.ports import change_paths
from symphony_runtime.plans.tools import offered
from symphony_runtime.storage.codec import escaped, tagged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from symphony_dsl.base.types import Constraint, Field
    from symphony_dsl.base.values import Json, Secret
    from symphony_model.http_request import HttpRequest
    from symphony_model.nodes import Tool
    from symphony_model.ports import Argument, PortDefinition
    from symphony_runtime.plans.formula import Facts
    from symphony_runtime.task import PastTurn

LANGUAGE = "1.0"
"""The version of the expressions. It changes when one of them gives something else than before."""

KIND = "kind"
MODULE = "module"
INPUT = "input "
"""Names of parts; of an input with its name behind."""


class Outside(Protocol):
    """What stands outside of a run and decides on results, as hashes. Each raises UnknownError where it cannot be had."""

    def file(self, path: str) -> str: ...

    def module(self, target: str) -> str: ...

    def secret(self, secret: Secret) -> str: ...


class UnknownError(Exception):
    """Something that a result depends on cannot be had: the step has no fingerprint."""


@frozen
class _Content:
    """In place of a path or a secret: what it stands for."""

    kind: str
    hash: str


def fingerprint(parts: Mapping[str, str]) -> str:
    return _hash(sorted(parts.items()))


def parts_of(
    node: InstrumentNode | OperatorNode,
    inputs: Mapping[str, Value],
    outside: Outside,
    turns: Iterable[PastTurn] = (),
    facts: Facts | None = None,
) -> dict[str, str]:
    """All parts of a step with these inputs; `facts` are those of the run, for what tells of them. Raises UnknownError."""
    found = callable_parts(node) | input_parts(parameters(node), inputs, outside)
    if facts and tells_of_run(node):
        found[RUN] = _hash([facts["id"], facts["started"]])
    if isinstance(node, OperatorNode) and node.config.python:
        found[MODULE] = outside.module(node.config.python)
    return found | turn_parts(turns)


def turn_parts(turns: Iterable[PastTurn]) -> dict[str, str]:
    """What was said in the turns before, of an instrument with tools."""
    past = [[turn.text, *([call.name, call.arguments] for call in turn.calls), *turn.results] for turn in turns]
    return {"turns": _hash(past)} if past else {}


def callable_parts(node: InstrumentNode | OperatorNode) -> dict[str, str]:
    """What a node does, whatever it is called and wherever it stands."""
    told = isinstance(node, InstrumentNode)
    said = {
        "signature": [_port(port) for port in parameters(node)],
        "result": [[_port(port, told=told) for port in node.outputs], node.config.record],
        "language": LANGUAGE,
        **_implementation(node),
    }
    return {name: _hash(value) for name, value in said.items() if value is not None}


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


def input_parts(
    ports: Iterable[PortDefinition], inputs: Mapping[str, Value], outside: Outside | None = None
) -> dict[str, str]:
    """Each input, files by their content and secrets by what they are; as they are written if nothing is known of the outside."""
    found: dict[str, str] = {}
    for port in ports:
        value = inputs.get(port.name)
        if outside:
            value = _by_content(value, port.data_type, outside)
        found[f"{INPUT}{port.name}"] = _hash(value)
    return found


def parameters(node: InstrumentNode | OperatorNode) -> list[PortDefinition]:
    return [port for port in node.inputs if not is_setting_port(port.name)]


def _by_content(value: Value, of: Type, outside: Outside) -> Value:
    return _secrets(change_paths(value, of, lambda path: _Content("file", outside.file(path))), outside)


def _secrets(value: Value, outside: Outside) -> Value:
    if isinstance(value, SecretRef | SecretText):
        return [tagged(value), _Content("secret", outside.secret(value))]
    if isinstance(value, dict):
        return {key: _secrets(each, outside) for key, each in value.items()}
    if isinstance(value, list):
        return [_secrets(each, outside) for each in value]
    return value


def _implementation(of: InstrumentNode | OperatorNode | Tool) -> dict[str, Json]:
    return _instrument(of) if isinstance(of, InstrumentNode | InstrumentTool) else _operator(of)


def _instrument(of: InstrumentNode | InstrumentTool) -> dict[str, Json]:
    config = of.config
    texts = {"system": config.system, "prompt": config.prompt, "messages": config.messages}
    return {
        KIND: of.kind,
        "model": [of.model_id, of.model_version, *config.fallback],
        "parameters": [config.temperature, config.max_tokens],
        "prompt": {name: _source(each) for name, each in texts.items()},
        "tools": [_tool(each) for each in config.tools] or None,
    }


def _operator(of: OperatorNode | OperatorTool) -> dict[str, Json]:
    config = of.config
    shell = config.shell if config.shell is None or isinstance(config.shell, str) else [*map(_source, config.shell)]
    return {
        KIND: [of.kind, of.operator_type],
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


def _hash(value: Value) -> str:
    return sha256(_text(escaped(value)).encode("ascii")).hexdigest()[:32]


def _tagged(value: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, _Content):
        return {f"${value.kind}": value.hash}
    return tagged(value)


_text = json.JSONEncoder(separators=(",", ":"), allow_nan=False, sort_keys=True, default=_tagged).encode
