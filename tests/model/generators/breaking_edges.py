"""Ways to break edges, and the conditions that some of them have."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from tests.model.generators.breaking import STRANGER, arrow, conditional_edges, edges, edit, nodes
from tests.model.generators.parts import Parts

from symphony_dsl.base.types import BOOL, INT
from symphony_model.edges import ConditionalEdge, ControlEdge, Edge
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlNode, ControlType, Node
from symphony_model.ports import Expression


@edit(edges, "WF0201 invalid_edge")
def an_edge_starts_nowhere(parts: Parts, edge: Edge) -> Parts:
    return parts.with_edge(edge, replace(edge, source_node=STRANGER))


@edit(edges, "WF0201 invalid_edge")
def an_edge_ends_nowhere(parts: Parts, edge: Edge) -> Parts:
    return parts.with_edge(edge, replace(edge, target_node=STRANGER))


@edit(edges)
def an_edge_is_gone(parts: Parts, edge: Edge) -> Parts:
    return parts.without_edges([edge])


@edit(edges)
def an_edge_is_turned_round(parts: Parts, edge: Edge) -> Parts:
    return parts.with_edge(edge, replace(edge, source_node=edge.target_node, target_node=edge.source_node))


@edit(lambda parts: list(product(nodes(parts), repeat=2)))
def any_two_nodes_are_joined(parts: Parts, both: tuple[Node, Node]) -> Parts:
    return parts.with_edges(arrow(both[0].base.id, both[1].base.id))


@edit(edges, "WF0616 invalid_edge")
def an_edge_stands_there_twice(parts: Parts, edge: Edge) -> Parts:
    return parts.with_edges(edge)


@edit(edges, "WF0601 cycle_detected")
def an_edge_leads_back(parts: Parts, edge: Edge) -> Parts:
    return parts.with_edges(arrow(edge.target_node, edge.source_node))


@edit(nodes, "WF0601 cycle_detected")
def a_node_waits_for_itself(parts: Parts, node: Node) -> Parts:
    return parts.with_edges(arrow(node.base.id, node.base.id))


def _plain_edges(parts: Parts) -> list[ControlEdge]:
    """Control edges that leave no branch."""
    return [edge for edge in parts.whole(ControlEdge) if not _is_branch(parts.nodes[edge.source_node])]


def _is_branch(node: Node) -> bool:
    return isinstance(node, ControlNode) and node.control_type is ControlType.BRANCH


@edit(_plain_edges, "WF0611 invalid_edge")
def a_condition_leaves_no_branch(parts: Parts, edge: ControlEdge) -> Parts:
    return parts.with_edge(
        edge, ConditionalEdge(edge.id, edge.source_node, edge.target_node, Expression("true", BOOL), "then", 0)
    )


@edit(conditional_edges, "WF0611 invalid_edge")
def a_condition_names_no_region(parts: Parts, edge: ConditionalEdge) -> Parts:
    return parts.with_edge(edge, replace(edge, label="nowhere"))


@edit(conditional_edges, "WF0611 invalid_edge")
def a_condition_has_another_place(parts: Parts, edge: ConditionalEdge) -> Parts:
    return parts.with_edge(edge, replace(edge, order=edge.order + 7))


def _chosen(parts: Parts) -> list[ConditionalEdge]:
    return [edge for edge in conditional_edges(parts) if edge.condition is not None]


def _with_condition(parts: Parts, arm: ConditionalEdge, condition: Expression | None) -> Parts:
    """All edges into an arm have the same."""
    for edge in conditional_edges(parts):
        if (edge.source_node, edge.label) == (arm.source_node, arm.label):
            parts = parts.with_edge(edge, replace(edge, condition=condition))
    return parts


@edit(_chosen, "WF0301 invalid_edge")
def a_condition_is_no_truth(parts: Parts, edge: ConditionalEdge) -> Parts:
    return _with_condition(parts, edge, Expression("1", INT))


@edit(_chosen, "WF0101 invalid_expression")
def a_condition_cannot_be_read(parts: Parts, edge: ConditionalEdge) -> Parts:
    return parts.with_edge(edge, replace(edge, condition=Expression("1 <", BOOL)))


def _not_last(parts: Parts) -> list[ConditionalEdge]:
    last: dict[NodeId, int] = {}
    for edge in conditional_edges(parts):
        last[edge.source_node] = max(edge.order, last.get(edge.source_node, 0))
    return [edge for edge in _chosen(parts) if edge.order < last[edge.source_node]]


@edit(_not_last, "WF0410 invalid_edge")
def a_region_before_the_last_has_no_condition(parts: Parts, edge: ConditionalEdge) -> Parts:
    return _with_condition(parts, edge, None)
