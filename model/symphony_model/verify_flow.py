"""Checks of data: the ports of edges exist, values fit, and every port that needs a value gets exactly one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from symphony_dsl.base.conform import ConversionError, conform
from symphony_dsl.base.flows import flows
from symphony_dsl.base.types import OptionalType, Type, optional
from symphony_model.edges import DataEdge
from symphony_model.nodes import InstrumentNode, Node, OperatorNode, OperatorType, OutputNode, port_named
from symphony_model.ports import Argument, Constant, PortDefinition
from symphony_model.problem import Problem
from symphony_model.structure import Structure


def _data_edges(structure: Structure) -> Iterator[tuple[DataEdge, Node, Node]]:
    for edge in structure.workflow.edges:
        if isinstance(edge, DataEdge):
            yield edge, *structure.ends(edge)


def check_ports(structure: Structure) -> Iterator[Problem]:
    for edge, source, target in _data_edges(structure):
        if not port_named(source.outputs, edge.source_port):
            yield _no_port(source, "output", edge.source_port)
        if not port_named(target.inputs, edge.target_port):
            yield _no_port(target, "input", edge.target_port)


def _no_port(node: Node, side: str, port: str) -> Problem:
    message = f"an edge ends at the {side} port `{port}` of `{node.base.path}`, which is not there"
    return Problem("WF0603", message, node.base.path)


def check_types(structure: Structure) -> Iterator[Problem]:
    yield from _edge_types(structure)
    for node in structure.workflow.nodes.values():
        yield from _argument_types(node)
        yield from _expression_type(node)


def _edge_types(structure: Structure) -> Iterator[Problem]:
    for edge, source, target in _data_edges(structure):
        given, taken = port_named(source.outputs, edge.source_port), port_named(target.inputs, edge.target_port)
        if given is None or taken is None:
            continue
        start = edge.transform.expression.type if edge.transform else given.data_type
        way = f"from `{source.base.path}.{edge.source_port}` to `{target.base.path}.{edge.target_port}`"
        # an absent value takes the default of the port
        wanted = optional(taken.data_type) if taken.has_default else taken.data_type
        yield from _flow(start, wanted, way, target)


def _argument_types(node: Node) -> Iterator[Problem]:
    for port in node.inputs:
        argument = _argument(node, port.name)
        way = f"into `{node.base.path}.{port.name}`"
        if isinstance(argument, Constant):
            yield from _constant(argument, port, way, node)
        elif argument is not None:
            yield from _flow(argument.type, port.data_type, way, node)


def _expression_type(node: Node) -> Iterator[Problem]:
    if not isinstance(node, OperatorNode) or node.operator_type is not OperatorType.EXPRESSION:
        return
    expression, result = node.config.expression, port_named(node.outputs, "result")
    if expression and result:
        yield from _flow(expression.type, result.data_type, f"out of `{node.base.path}`", node)


def _constant(argument: Constant, port: PortDefinition, way: str, node: Node) -> Iterator[Problem]:
    try:
        conform(argument.value, port.data_type)
    except ConversionError as problem:
        yield Problem("WF0604", f"a value cannot flow {way}: {problem}", node.base.path)


def _flow(source: Type, target: Type, way: str, node: Node) -> Iterator[Problem]:
    flow = flows(source, target)
    if not flow.ok:
        yield Problem("WF0604", f"a value cannot flow {way}: {flow.reason}", node.base.path)


def _argument(node: Node, port: str) -> Argument | None:
    if isinstance(node, (InstrumentNode, OperatorNode)):
        return node.config.arguments.get(port)
    return node.argument if isinstance(node, OutputNode) else None


def check_feeding(structure: Structure) -> Iterator[Problem]:
    workflow = structure.workflow
    for node_id, node in workflow.nodes.items():
        fed = Counter(edge.target_port for edge in workflow.incoming(node_id) if isinstance(edge, DataEdge))
        for port in node.inputs:
            feeds = fed[port.name] + (_argument(node, port.name) is not None)
            yield from _feeds(node, port, feeds)


def _feeds(node: Node, port: PortDefinition, feeds: int) -> Iterator[Problem]:
    path = node.base.path
    if feeds > 1:
        yield Problem("WF0605", f"the port `{port.name}` of `{path}` gets {feeds} values; it takes one", path)
    if feeds == 0 and not _may_lack(port):
        yield Problem("WF0606", f"the port `{port.name}` of `{path}` needs a value and gets none", path)


def _may_lack(port: PortDefinition) -> bool:
    return not port.required or port.has_default or isinstance(port.data_type, OptionalType)
