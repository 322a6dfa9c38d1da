"""Checks of data: the ports of edges exist, values fit, and every port that needs a value gets exactly one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from symphony_dsl.base.conform import ConversionError, conform
from symphony_dsl.base.flows import Flow, flows
from symphony_dsl.base.types import OptionalType, Type, optional
from symphony_model.edges import DataEdge
from symphony_model.nodes import InstrumentNode, Node, OperatorNode, OperatorType, OutputNode, port_named
from symphony_model.ports import Argument, Constant, PortDefinition
from symphony_model.problem import (
    DisconnectedInput,
    InvalidEdge,
    InvalidValue,
    MissingRequiredInput,
    OverfedInput,
    TypeMismatch,
    ValidationError,
)
from symphony_model.structure import Structure


def _data_edges(structure: Structure) -> Iterator[tuple[DataEdge, Node, Node]]:
    for edge in structure.workflow.edges:
        if isinstance(edge, DataEdge):
            yield edge, *structure.ends(edge)


def check_ports(structure: Structure) -> Iterator[ValidationError]:
    for edge, source, target in _data_edges(structure):
        if not port_named(source.outputs, edge.source_port):
            yield _no_port(edge, source, "output", edge.source_port)
        if not port_named(target.inputs, edge.target_port):
            yield _no_port(edge, target, "input", edge.target_port)


def _no_port(edge: DataEdge, node: Node, side: str, port: str) -> InvalidEdge:
    reason = f"ends at the {side} port `{port}` of `{node.base.path}`, which is not there"
    return InvalidEdge("WF0603", f"an edge {reason}", node.base.path, edge.id, reason)


def check_types(structure: Structure) -> Iterator[ValidationError]:
    yield from _edge_types(structure)
    for node in structure.workflow.nodes.values():
        yield from _argument_types(node)
        yield from _expression_type(node)


def _edge_types(structure: Structure) -> Iterator[ValidationError]:
    for edge, source, target in _data_edges(structure):
        given, taken = port_named(source.outputs, edge.source_port), port_named(target.inputs, edge.target_port)
        if given is None or taken is None:
            continue
        start = edge.transform.expression.type if edge.transform else given.data_type
        way = f"from `{source.base.path}.{edge.source_port}` to `{target.base.path}.{edge.target_port}`"
        # an absent value takes the default of the port
        wanted = optional(taken.data_type) if taken.has_default else taken.data_type
        flow = flows(start, wanted)
        if not flow.ok:
            yield TypeMismatch(
                "WF0604", _cannot(way, flow), target.base.path, edge.id, expected=taken.data_type, found=start
            )


def _argument_types(node: Node) -> Iterator[ValidationError]:
    for port in node.inputs:
        argument = _argument(node, port.name)
        way = f"into `{node.base.path}.{port.name}`"
        if isinstance(argument, Constant):
            yield from _constant(argument, port, way, node)
        elif argument is not None:
            yield from _flow(argument.type, port.data_type, way, node)


def _expression_type(node: Node) -> Iterator[ValidationError]:
    if not isinstance(node, OperatorNode) or node.operator_type is not OperatorType.EXPRESSION:
        return
    expression, result = node.config.expression, port_named(node.outputs, "result")
    if expression and result:
        yield from _flow(expression.type, result.data_type, f"out of `{node.base.path}`", node)


def _constant(argument: Constant, port: PortDefinition, way: str, node: Node) -> Iterator[ValidationError]:
    try:
        conform(argument.value, port.data_type)
    except ConversionError as problem:
        yield InvalidValue("WF0604", f"a value cannot flow {way}: {problem}", node.base.path, node.base.id)


def _cannot(way: str, flow: Flow) -> str:
    return f"a value cannot flow {way}: {flow.reason}"


def _flow(source: Type, target: Type, way: str, node: Node) -> Iterator[ValidationError]:
    flow = flows(source, target)
    if not flow.ok:
        yield InvalidValue("WF0604", _cannot(way, flow), node.base.path, node.base.id)


def _argument(node: Node, port: str) -> Argument | None:
    if isinstance(node, (InstrumentNode, OperatorNode)):
        return node.config.arguments.get(port)
    return node.argument if isinstance(node, OutputNode) else None


def check_feeding(structure: Structure) -> Iterator[ValidationError]:
    workflow = structure.workflow
    for node_id, node in workflow.nodes.items():
        fed = Counter(edge.target_port for edge in workflow.incoming(node_id) if isinstance(edge, DataEdge))
        for port in node.inputs:
            feeds = fed[port.name] + (_argument(node, port.name) is not None)
            yield from _feeds(node, port, feeds, alone=not workflow.incoming(node_id))


def _feeds(node: Node, port: PortDefinition, feeds: int, *, alone: bool) -> Iterator[ValidationError]:
    path = node.base.path
    if feeds > 1:
        message = f"the port `{port.name}` of `{path}` gets {feeds} values; it takes one"
        yield OverfedInput("WF0605", message, path, node.base.id, port.name)
    if feeds == 0 and not _may_lack(port):
        kind = DisconnectedInput if alone else MissingRequiredInput
        message = f"the port `{port.name}` of `{path}` needs a value and gets none"
        yield kind("WF0606", message, path, node.base.id, port.name)


def _may_lack(port: PortDefinition) -> bool:
    return not port.required or port.has_default or isinstance(port.data_type, OptionalType)
