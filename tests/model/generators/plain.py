"""Workflows without blocks, of shapes: steps `s0`, `s1` … that are joined by control and data edges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st
from tests.model.generators.shapes import SHAPES, Shape

from symphony_dsl.base.types import STRING
from symphony_model.edges import ControlEdge, DataEdge, Edge
from symphony_model.ids import NodeId, edge_id, node_id, workflow_id
from symphony_model.nodes import InputNode, Node, NodeBase, OperatorConfig, OperatorNode, OperatorType, OutputNode
from symphony_model.ports import PortDefinition
from symphony_model.workflow import Workflow

NAME = "plain"
ID = workflow_id(NAME)


def nid(at: int) -> NodeId:
    return node_id(ID, f"s{at}")


def step(at: int, inputs: Iterable[str] = ()) -> OperatorNode:
    ports = tuple(PortDefinition(name, STRING) for name in inputs)
    output = (PortDefinition("output", STRING),)
    return OperatorNode(NodeBase(nid(at), f"s{at}", f"s{at}"), OperatorType.TEXT, OperatorConfig(), ports, output)


def arrow(source: int, target: int, number: int = 0) -> ControlEdge:
    """`number` tells edges between the same nodes apart."""
    return ControlEdge(edge_id(ID, f"control {number}", f"s{source}", f"s{target}"), nid(source), nid(target))


def flow(source: int, target: int, number: int) -> DataEdge:
    """To a port of its own."""
    name = edge_id(ID, f"data {number}", f"s{source}", f"s{target}")
    return DataEdge(name, nid(source), source_port="output", target_node=nid(target), target_port=f"p{number}")


def graph(count: int, pairs: Iterable[tuple[int, int]]) -> Workflow:
    """Control edges only, which may lead in circles."""
    edges = [arrow(source, target, number) for number, (source, target) in enumerate(pairs)]
    return Workflow.of(NAME, nodes=map(step, range(count)), edges=edges)


def numbers(workflow: Workflow, nodes: Iterable[NodeId]) -> list[int]:
    """The places at which nodes were declared."""
    return [workflow.index.position[node] for node in nodes]


def of_shape(shape: Shape, ordered: Iterable[int] = (), *, borders: bool = False) -> Workflow:
    """The pairs whose numbers are in `ordered` become control edges, all others data edges.

    `borders`: what nothing leads to is an input, what leads to nothing and reads one value an output.
    """
    chosen = set(ordered)
    edges: list[Edge] = [
        (arrow if number in chosen else flow)(source, target, number)
        for number, (source, target) in enumerate(shape.pairs)
    ]
    nodes = [_node(at, edges, borders=borders) for at in range(shape.count)]
    return Workflow.of(NAME, nodes=nodes, edges=[_named(edge, nodes) for edge in edges])


def _node(at: int, edges: list[Edge], *, borders: bool) -> Node:
    into = [edge for edge in edges if edge.target_node == nid(at)]
    leads_on = any(edge.source_node == nid(at) for edge in edges)
    read = [edge.target_port for edge in into if isinstance(edge, DataEdge)]
    plain = step(at, read)
    if borders and not into:
        return InputNode(plain.base, plain.outputs[0])
    if borders and not leads_on and len(read) == 1:
        return OutputNode(plain.base, PortDefinition("input", STRING))
    return plain


def _named(edge: Edge, nodes: Sequence[Node]) -> Edge:
    """A data edge into an output ends at the one port that it has."""
    target = next(node for node in nodes if node.base.id == edge.target_node)
    if isinstance(edge, DataEdge) and isinstance(target, OutputNode):
        return DataEdge(edge.id, edge.source_node, edge.source_port, edge.target_node, "input")
    return edge


@st.composite
def plain_workflows(draw: st.DrawFn, shapes: st.SearchStrategy[Shape] = SHAPES) -> Workflow:
    """Graphs without blocks and without a cycle; nodes that are alone are in some of them."""
    return of_shape(draw(shapes), draw(st.sets(st.integers(0, 31))), borders=draw(st.booleans()))
