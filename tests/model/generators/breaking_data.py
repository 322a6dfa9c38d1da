"""Ways to break what flows from port to port."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.model.generators.breaking import PLANTED, data_edges, edit
from tests.model.generators.parts import Parts

from symphony_dsl.base.types import BOOL, STRING, OptionalType
from symphony_model.edges import DataEdge
from symphony_model.nodes import InputNode, Node, OutputNode
from symphony_model.ports import PortDefinition


@edit(data_edges, "WF0302 invalid_edge")
def an_output_port_is_gone(parts: Parts, edge: DataEdge) -> Parts:
    return parts.with_edge(edge, replace(edge, source_port="nowhere"))


def _ported(parts: Parts) -> list[DataEdge]:
    """Data edges between nodes whose ports can be taken away."""
    return [edge for edge in data_edges(parts) if not isinstance(parts.nodes[edge.target_node], OutputNode)]


@edit(_ported, "WF0403 invalid_edge")
def an_input_port_is_gone(parts: Parts, edge: DataEdge) -> Parts:
    node: Any = parts.nodes[edge.target_node]
    return parts.with_node(replace(node, inputs=tuple(port for port in node.inputs if port.name != edge.target_port)))


def _retyped(ports: tuple[PortDefinition, ...], name: str) -> tuple[PortDefinition, ...]:
    other = {port.name: STRING if port.data_type == BOOL else BOOL for port in ports}
    return tuple(replace(port, data_type=other[name]) if port.name == name else port for port in ports)


@edit(data_edges, "WF0301 type_mismatch")
def what_is_given_has_another_type(parts: Parts, edge: DataEdge) -> Parts:
    node: Any = parts.nodes[edge.source_node]
    (first, *_) = _retyped(node.outputs, edge.source_port)
    changed = replace(node, port=first) if isinstance(node, InputNode) else replace(node, outputs=(first,))
    return parts.with_node(changed)


@edit(data_edges, "WF0301 type_mismatch")
def what_is_taken_has_another_type(parts: Parts, edge: DataEdge) -> Parts:
    node: Any = parts.nodes[edge.target_node]
    ports = _retyped(node.inputs, edge.target_port)
    return parts.with_node(
        replace(node, port=ports[0]) if isinstance(node, OutputNode) else replace(node, inputs=ports)
    )


def _needed(parts: Parts) -> list[DataEdge]:
    """Edges without which a port lacks its value."""
    return [edge for edge in data_edges(parts) if _needs(parts.nodes[edge.target_node], edge.target_port)]


def _needs(node: Node, name: str) -> bool:
    ports = [port for port in node.inputs if port.name == name]
    return any(port.required and not isinstance(port.data_type, OptionalType) for port in ports)


@edit(_needed, "WF0402 disconnected_input", "WF0402 missing_required_input")
def a_port_is_not_fed(parts: Parts, edge: DataEdge) -> Parts:
    return parts.without_edges([edge])


@edit(data_edges, "WF0404 overfed_input")
def a_port_is_fed_twice(parts: Parts, edge: DataEdge) -> Parts:
    return parts.with_edges(replace(edge, id=PLANTED))
