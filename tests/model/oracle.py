"""Graphs as networkx has them, which says what the answers to questions are."""

from __future__ import annotations

from collections.abc import Mapping

import networkx

from symphony_model.ids import NodeId
from symphony_model.workflow import Workflow


def peer(workflow: Workflow) -> networkx.DiGraph[NodeId]:
    """The same nodes and edges; several edges between two nodes are one."""
    made: networkx.DiGraph[NodeId] = networkx.DiGraph()
    made.add_nodes_from(workflow.nodes)
    made.add_edges_from((edge.source_node, edge.target_node) for edge in workflow.edges)
    return made


def declared(workflow: Workflow, nodes: object) -> tuple[NodeId, ...]:
    """Nodes in the order in which they were declared."""
    found = frozenset(nodes)  # type: ignore[call-overload]  # whatever networkx gives
    return tuple(node for node in workflow.nodes if node in found)


END = "end"


def longest(graph: networkx.DiGraph[NodeId], lasts: Mapping[NodeId, float]) -> float:
    """How long the longest chain of a graph takes, each of whose nodes `lasts` some time."""
    timed = networkx.DiGraph()
    for node in graph:
        timed.add_edge(node, END, weight=lasts[node])
        timed.add_weighted_edges_from((node, target, lasts[node]) for target in graph.successors(node))
    return float(networkx.dag_longest_path_length(timed)) if len(timed) else 0.0


def through(graph: networkx.DiGraph[NodeId], node: NodeId, lasts: Mapping[NodeId, float]) -> float:
    """How long the longest chain takes that a node is part of."""
    return longest(graph.subgraph({node, *networkx.ancestors(graph, node), *networkx.descendants(graph, node)}), lasts)
