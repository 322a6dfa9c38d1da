"""Checks of nodes by themselves: their identity, their ports, and what their configuration must hold."""

from __future__ import annotations

from collections.abc import Iterator

from symphony_dsl.base.types import BOOL
from symphony_model.edges import Edge
from symphony_model.nodes import InputNode, InstrumentNode, Node, OperatorNode, OperatorType, OutputNode
from symphony_model.ports import PortDefinition
from symphony_model.problem import DuplicateNodeId, InvalidEdge, InvalidNode, ValidationError
from symphony_model.structure import Structure

NEEDED = {
    OperatorType.EXPRESSION: "expression",
    OperatorType.REQUIRE: "expression",
    OperatorType.FAIL: "failure",
    OperatorType.WORKFLOW: "workflow",
    OperatorType.PYTHON: "python",
    OperatorType.SHELL: "shell",
}
"""What an operator cannot run without, by its type."""


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
            yield DuplicateNodeId("WF0602", message, path, node.base.id)


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
    yield InvalidEdge("WF0603", message, known[0].base.path if known else workflow.name, edge.id, reason)


def check_configurations(structure: Structure) -> Iterator[ValidationError]:
    for node in structure.nodes.values():
        yield from _ports(node, "input", node.inputs)
        yield from _ports(node, "output", node.outputs)
        if isinstance(node, OperatorNode):
            yield from _operator(node)
        if isinstance(node, (OperatorNode, InstrumentNode)) and node.config.arguments:
            yield from _arguments(node)
        if isinstance(node, (InputNode, OutputNode)):
            yield from _border_node(node)


def _ports(node: Node, side: str, ports: tuple[PortDefinition, ...]) -> Iterator[ValidationError]:
    if len(ports) < 2 or len({port.name for port in ports}) == len(ports):
        return
    seen: set[str] = set()
    for port in ports:
        if port.name in seen:
            yield _lacking(node, f"`{node.base.path}` has two {side} ports `{port.name}`; give one another name")
        seen.add(port.name)


def _operator(node: OperatorNode) -> Iterator[ValidationError]:
    needed = NEEDED.get(node.operator_type)
    if needed and getattr(node.config, needed) is None:
        what = f"the operator `{node.base.path}` ({node.operator_type}) has no `{needed}`"
        yield _lacking(node, f"{what}; its configuration has to give one")
    condition = node.config.expression
    if node.operator_type is OperatorType.REQUIRE and condition and condition.type != BOOL:
        yield _lacking(node, f"the condition of `{node.base.path}` is {condition.type}, not bool")


def _arguments(node: OperatorNode | InstrumentNode) -> Iterator[ValidationError]:
    names = {port.name for port in node.inputs}
    for name in node.config.arguments:
        if name not in names:
            listed = ", ".join(f"`{each}`" for each in sorted(names)) or "none"
            yield _lacking(node, f"`{node.base.path}` has an argument `{name}`, but no such port; its ports: {listed}")


def _border_node(node: InputNode | OutputNode) -> Iterator[ValidationError]:
    expected = "output" if isinstance(node, InputNode) else "input"
    if node.port.name != expected:
        yield _lacking(node, f"the port of `{node.base.path}` is called `{node.port.name}`, not `{expected}`")
    if node.base.region is not None:
        yield _lacking(node, f"`{node.base.path}` stands in a block; inputs and outputs stand at the top")


def _lacking(node: Node, message: str) -> InvalidNode:
    return InvalidNode("WF0612", message, node.base.path, node.base.id)
