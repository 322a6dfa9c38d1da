"""Checks of nodes by themselves: their identity, and what their configuration must hold."""

from __future__ import annotations

from collections.abc import Iterator

from symphony_dsl.base.types import BOOL
from symphony_model.nodes import InputNode, InstrumentNode, Node, OperatorNode, OperatorType, OutputNode, port_named
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
    nodes = structure.workflow.nodes
    seen: set[str] = set()
    for key, node in nodes.items():
        path = node.base.path
        if path in seen or key != node.base.id:
            yield DuplicateNodeId("WF0602", f"more than one node is called `{path}`", path, node.base.id)
        seen.add(path)
    for edge in structure.workflow.edges:
        if edge.source_node not in nodes or edge.target_node not in nodes:
            reason = "ends at a node that is not there"
            yield InvalidEdge("WF0603", f"the edge {edge.id} {reason}", structure.workflow.name, edge.id, reason)


def check_configurations(structure: Structure) -> Iterator[ValidationError]:
    for node in structure.workflow.nodes.values():
        if isinstance(node, OperatorNode):
            yield from _operator(node)
        if isinstance(node, (OperatorNode, InstrumentNode)):
            yield from _arguments(node)
        if isinstance(node, (InputNode, OutputNode)):
            yield from _border_node(node)


def _operator(node: OperatorNode) -> Iterator[ValidationError]:
    needed = NEEDED.get(node.operator_type)
    if needed and getattr(node.config, needed) is None:
        yield _lacking(node, f"the operator `{node.base.path}` ({node.operator_type}) has no `{needed}`")
    condition = node.config.expression
    if node.operator_type is OperatorType.REQUIRE and condition and condition.type != BOOL:
        yield _lacking(node, f"the condition of `{node.base.path}` is {condition.type}, not bool")


def _arguments(node: OperatorNode | InstrumentNode) -> Iterator[ValidationError]:
    for name in node.config.arguments:
        if not port_named(node.inputs, name):
            yield _lacking(node, f"`{node.base.path}` has an argument `{name}`, but no such port")


def _border_node(node: InputNode | OutputNode) -> Iterator[ValidationError]:
    expected = "output" if isinstance(node, InputNode) else "input"
    if node.port.name != expected:
        yield _lacking(node, f"the port of `{node.base.path}` is called `{node.port.name}`, not `{expected}`")
    if node.base.region is not None:
        yield _lacking(node, f"`{node.base.path}` stands in a block; inputs and outputs stand at the top")


def _lacking(node: Node, message: str) -> InvalidNode:
    return InvalidNode("WF0612", message, node.base.path, node.base.id)
