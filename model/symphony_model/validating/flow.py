"""Checks of data: the ports of edges exist, values fit, and every port that needs a value gets exactly one."""

from __future__ import annotations

from collections.abc import Iterator

from symphony_dsl.base.conform import ConversionError, conform
from symphony_dsl.base.flows import flows
from symphony_dsl.base.types import OptionalType, Type, optional
from symphony_dsl.base.values import Value
from symphony_model.edges import DataEdge
from symphony_model.nodes import InstrumentNode, Node, OperatorNode, OperatorType, OutputNode, flowing, port_named
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
from symphony_model.ways_out import conversion_help, ports_listed


def check_ports(structure: Structure) -> Iterator[ValidationError]:
    for flow in structure.data:
        if flow.given is None:
            yield _no_port(structure, flow.edge, flow.source, "output", flow.edge.source_port)
        if flow.taken is None:
            yield _no_port(structure, flow.edge, flow.target, "input", flow.edge.target_port)


def _no_port(structure: Structure, edge: DataEdge, node: Node, side: str, port: str) -> InvalidEdge:
    verb = "starts" if side == "output" else "ends"
    reason = f"{verb} at the {side} port `{port}` of `{node.base.path}`, which is not there"
    listed = ports_listed(node.outputs if side == "output" else node.inputs, port)
    message = f"the edge {structure.way(edge)} {reason}; {listed}"
    return InvalidEdge("WF0302" if side == "output" else "WF0403", message, node.base.path, edge.id, reason)


def check_types(structure: Structure) -> Iterator[ValidationError]:
    yield from _edge_types(structure)
    for node in structure.nodes.values():
        yield from _defaults(node)
        yield from _argument_types(node)
        if isinstance(node, OperatorNode) and node.operator_type is OperatorType.EXPRESSION:
            yield from _expression_type(node)


def _edge_types(structure: Structure) -> Iterator[ValidationError]:
    for flow in structure.data:
        edge, given, taken = flow.edge, flow.given, flow.taken
        if given is None or taken is None:
            continue
        start = edge.transform.expression.type if edge.transform else flowing(flow.source, given, flow.target)
        if start is not taken.data_type:
            yield from _edge_type(edge, start, taken, flow.source, flow.target)


def _edge_type(
    edge: DataEdge, start: Type, taken: PortDefinition, source: Node, target: Node
) -> Iterator[ValidationError]:
    # an absent value takes the default of the port
    wanted = optional(taken.data_type) if taken.has_default else taken.data_type
    flow = flows(start, wanted)
    if flow.ok:
        return
    way = f"from `{source.base.path}.{edge.source_port}` to `{target.base.path}.{edge.target_port}`"
    code, message = "WF0301", f"a value cannot flow {way}: {flow.reason}{conversion_help(start, taken.data_type)}"
    if _only_absent(start, wanted, source):
        code = "WF0305"
        message = (
            f"nothing may flow {way}, since `{source.base.path}` is disabled; read it with a default, or enable it"
        )
    yield TypeMismatch(code, message, target.base.path, edge.id, expected=taken.data_type, found=start)


def _only_absent(start: Type, wanted: Type, source: Node) -> bool:
    """Whether what flows would fit if its node were not disabled."""
    return not source.base.enabled and isinstance(start, OptionalType) and flows(start.item, wanted).ok


def _defaults(node: Node) -> Iterator[ValidationError]:
    for port in (*node.inputs, *node.outputs):
        if port.has_default:
            yield from _constant(
                port.default_value, port, f"the default of `{node.base.path}.{port.name}` does not fit", node
            )


def _argument_types(node: Node) -> Iterator[ValidationError]:
    if not _has_arguments(node):
        return
    for port in node.inputs:
        argument = argument_of(node, port.name)
        way = f"into `{node.base.path}.{port.name}`"
        if isinstance(argument, Constant):
            yield from _constant(argument.value, port, f"a value cannot flow {way}", node)
        elif argument is not None:
            yield from _flow(argument.type, port.data_type, way, node)


def _expression_type(node: OperatorNode) -> Iterator[ValidationError]:
    expression, result = node.config.expression, port_named(node.outputs, "result")
    if expression and result:
        yield from _flow(expression.type, result.data_type, f"out of `{node.base.path}`", node)


def _constant(value: Value, port: PortDefinition, wrong: str, node: Node) -> Iterator[ValidationError]:
    try:
        conform(value, port.data_type)
    except ConversionError as problem:
        yield InvalidValue("WF0301", f"{wrong}: {problem}", node.base.path, node.base.id)


def _flow(source: Type, target: Type, way: str, node: Node) -> Iterator[ValidationError]:
    flow = flows(source, target)
    if not flow.ok:
        message = f"a value cannot flow {way}: {flow.reason}"
        yield InvalidValue("WF0301", message, node.base.path, node.base.id)


def _has_arguments(node: Node) -> bool:
    if isinstance(node, (InstrumentNode, OperatorNode)):
        return bool(node.config.arguments)
    return isinstance(node, OutputNode) and node.argument is not None


def argument_of(node: Node, port: str) -> Argument | None:
    """What a node's configuration gives to a port."""
    if isinstance(node, (InstrumentNode, OperatorNode)):
        return node.config.arguments.get(port)
    return node.argument if isinstance(node, OutputNode) else None


def check_feeding(structure: Structure) -> Iterator[ValidationError]:
    """What is lacking at a node is not told where an edge of it ends at nothing: that is told already."""
    for node_id, node in structure.nodes.items():
        if not node.inputs:
            continue
        fed: dict[str, list[DataEdge]] = {}
        for edge in structure.incoming[node_id]:
            if isinstance(edge, DataEdge):
                fed.setdefault(edge.target_port, []).append(edge)
        for port in node.inputs:
            yield from _feeds(structure, node, port, fed.get(port.name, []))


def _feeds(structure: Structure, node: Node, port: PortDefinition, edges: list[DataEdge]) -> Iterator[ValidationError]:
    given = argument_of(node, port.name) is not None
    if len(edges) + given > 1:
        yield _overfed(structure, node, port, edges)
    if not edges and not given and not _may_lack(port) and node.base.id not in structure.loose:
        yield _unfed(structure, node, port)


def _overfed(structure: Structure, node: Node, port: PortDefinition, edges: list[DataEdge]) -> OverfedInput:
    path = node.base.path
    sources = [f"`{structure.path(edge.source_node)}.{edge.source_port}`" for edge in edges]
    sources += ["its configuration"] if argument_of(node, port.name) is not None else []
    message = f"the port `{port.name}` of `{path}` gets {len(sources)} values; it takes one"
    return OverfedInput("WF0404", f"{message}: {_shortly(sources)}", path, node.base.id, port.name)


def _shortly(names: list[str], most: int = 5) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _unfed(structure: Structure, node: Node, port: PortDefinition) -> ValidationError:
    path = node.base.path
    kind = MissingRequiredInput if structure.incoming[node.base.id] else DisconnectedInput
    message = (
        f"the port `{port.name}` of `{path}` needs a value and gets none; join an output to it, or give it a default"
    )
    return kind("WF0402", message, path, node.base.id, port.name)


def _may_lack(port: PortDefinition) -> bool:
    return not port.required or port.has_default or isinstance(port.data_type, OptionalType)
