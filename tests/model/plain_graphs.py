"""Workflows that are nothing but a graph: nodes `s0`, `s1` … and control edges."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st

from symphony_model.edges import ControlEdge
from symphony_model.ids import NodeId, edge_id, node_id
from symphony_model.nodes import NodeBase, OperatorConfig, OperatorNode, OperatorType
from symphony_model.workflow import Workflow

Pairs = Iterable[tuple[int, int]]
ID = Workflow("order").id


def nid(at: int) -> NodeId:
    return node_id(ID, f"s{at}")


def step(at: int) -> OperatorNode:
    return OperatorNode(NodeBase(nid(at), f"s{at}", f"s{at}"), OperatorType.TEXT, OperatorConfig())


def arrow(source: int, target: int, number: int = 0) -> ControlEdge:
    return ControlEdge(edge_id(ID, f"control {number}", str(source), str(target)), nid(source), nid(target))


def graph(count: int, pairs: Pairs) -> Workflow:
    """Two edges may join the same nodes."""
    workflow = Workflow("order")
    for at in range(count):
        workflow.add_node(step(at))
    for number, (source, target) in enumerate(pairs):
        workflow.put_edge(arrow(source, target, number))
    return workflow


def numbers(nodes: Iterable[NodeId] | None) -> list[int] | None:
    known = {nid(at): at for at in range(64)}
    return None if nodes is None else [known[node] for node in nodes]


SIZE = 8
PAIRS = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), max_size=16)
"""Edges among 8 nodes, in cycles or not."""

FORWARD = PAIRS.map(lambda pairs: [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]])
SHUFFLED = st.permutations(range(SIZE)).flatmap(
    lambda order: FORWARD.map(lambda pairs: [(order[a], order[b]) for a, b in pairs])
)
"""Edges without a cycle, whose order is not that of declaration."""
