"""Checks of nodes by themselves: their identity and their ports."""

from __future__ import annotations

from collections.abc import Iterator

from symphony_dsl.base.flows import hidden_in
from symphony_dsl.base.types import SECRET
from symphony_model.edges import Edge
from symphony_model.nodes import InputNode, Node, OutputNode
from symphony_model.ports import PortDefinition
from symphony_model.problem import DuplicateNodeId, InvalidEdge, InvalidNode, ValidationError
from symphony_model.structure import Structure


def check_ids(structure: Structure) -> Iterator[ValidationError]:
    """Paths and ids are unique, and every edge ends at nodes that are there."""
    yield from _nodes_twice(structure)
    seen: set[object] = set()
    for edge in structure.workflow.edges:
        if edge.source_node not in structure.nodes or edge.target_node not in structure.nodes:
            yield from _loose_edge(structure, edge)
        elif edge.id in seen:
            reason = "has the id of another edge; make its id anew with `edge_id`"
            message = f"the edge {structure.way(edge)} {reason}"
            yield InvalidEdge("WF0616", message, structure.path(edge.target_node), edge.id, reason)
        seen.add(edge.id)


def _nodes_twice(structure: Structure) -> Iterator[ValidationError]:
    if len(structure.nodes) == len(structure.workflow.nodes):
        return
    for key, node in structure.workflow.nodes.items():
        if key not in structure.nodes:
            path = node.base.path
            message = f"more than one node is called `{path}`; give one of them another path"
            yield DuplicateNodeId("WF0202", message, path, node.base.id)


def _loose_edge(structure: Structure, edge: Edge) -> Iterator[ValidationError]:
    """Ends at a node that is told of twice are not told of again."""
    workflow = structure.workflow
    missing = [end for end in (edge.source_node, edge.target_node) if end not in workflow.nodes]
    if not missing:
        return
    known = [workflow.nodes[end] for end in (edge.source_node, edge.target_node) if end in workflow.nodes]
    beside = f"the edge that joins `{known[0].base.path}` to {missing[0]}" if known else f"the edge {edge.id}"
    reason = "ends at a node that is not there"
    message = f"{beside} {reason}; add the node, or remove the edge"
    yield InvalidEdge("WF0201", message, known[0].base.path if known else workflow.name, edge.id, reason)


def check_configurations(structure: Structure) -> Iterator[ValidationError]:
    borders: list[InputNode | OutputNode] = []
    for node in structure.nodes.values():
        if not node.base.path:
            yield _lacking(node, f"the node `{node.base.name}` has no path")
        yield from _ports(node, "input", node.inputs)
        yield from _ports(node, "output", node.outputs)
        if isinstance(node, (InputNode, OutputNode)):
            borders.append(node)
            yield from _border_node(node)
    yield from _called_alike(borders)


def _ports(node: Node, side: str, ports: tuple[PortDefinition, ...]) -> Iterator[ValidationError]:
    names = {port.name for port in ports}
    if len(names) == len(ports) and "" not in names:
        return
    if "" in names:
        yield _lacking(node, f"`{node.base.path}` has an {side} port without a name")
    seen: set[str] = set()
    for port in ports:
        if port.name in seen:
            message = f"`{node.base.path}` has two {side} ports `{port.name}`; give one another name"
            yield InvalidNode("WF0202", message, node.base.path, node.base.id)
        seen.add(port.name)


def _border_node(node: InputNode | OutputNode) -> Iterator[ValidationError]:
    expected = "output" if isinstance(node, InputNode) else "input"
    if node.port.name != expected:
        yield _lacking(node, f"the port of `{node.base.path}` is called `{node.port.name}`, not `{expected}`")
    if node.base.region is not None:
        message = f"`{node.base.path}` stands in a block; inputs and outputs stand at the top"
        yield InvalidNode("WF0407", message, node.base.path, node.base.id)
    if isinstance(node, OutputNode) and hidden_in(node.port.data_type) == SECRET:
        message = f"`{node.base.path}` cannot be a secret: it would be written down"
        yield InvalidNode("WF0417", message, node.base.path, node.base.id)


def _called_alike(borders: list[InputNode | OutputNode]) -> Iterator[ValidationError]:
    """Whoever runs a workflow knows its inputs and outputs by their names, whatever their paths are."""
    seen: set[tuple[str, str]] = set()
    for node in borders:
        called = node.kind, node.base.name
        if called in seen:
            message = f"more than one {node.kind} is called `{node.base.name}`; give one of them another name"
            yield InvalidNode("WF0202", message, node.base.path, node.base.id)
        seen.add(called)


def _lacking(node: Node, message: str) -> InvalidNode:
    return InvalidNode("WF0612", message, node.base.path, node.base.id)
