"""Workflows to ask questions of, as strategies: sound ones of every shape, and ones in which a cycle was planted.

Graphs are made from the classes of the model, as a loader makes them. `tests.model.graphs` has others, in which every field
holds something; `generators.breaking` has workflows that were broken.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from tests.model.generators.nested import nested_workflows
from tests.model.generators.plain import plain_workflows
from tests.model.generators.shapes import SHAPES, SWAPS, swapped

from symphony_model.edges import ControlEdge, Edge
from symphony_model.ids import NodeId, edge_id
from symphony_model.nodes import Node
from symphony_model.workflow import Workflow

JOINED = SHAPES.filter(
    lambda shape: shape.count == 1 or {at for pair in shape.pairs for at in pair} == set(range(shape.count))
)
"""Shapes in which no node is alone beside others."""

VALID = plain_workflows(JOINED) | nested_workflows()
ACYCLIC = plain_workflows() | nested_workflows()
"""Those that are valid, and those with nodes alone."""


@dataclass(frozen=True)
class Cyclic:
    """A workflow with cycles, and the ways round that were planted; it has others where these meet."""

    workflow: Workflow
    planted: tuple[tuple[NodeId, ...], ...]


@st.composite
def cyclic_workflows(draw: st.DrawFn) -> Cyclic:
    workflow = draw(ACYCLIC)
    walks = [_walk(draw, workflow) for _ in range(draw(st.integers(1, 3)))]
    for number, walk in enumerate(walks):
        name = edge_id(workflow.id, f"planted {number}", str(walk[-1]), str(walk[0]))
        workflow.put_edge(ControlEdge(name, walk[-1], walk[0]))
    return Cyclic(workflow, tuple(walks))


def _walk(draw: st.DrawFn, workflow: Workflow) -> tuple[NodeId, ...]:
    """A way along edges, which may be a single node."""
    nodes = list(workflow.nodes)
    walk = [nodes[draw(st.integers(0, 63)) % len(nodes)]]
    for turn in draw(st.lists(st.integers(0, 3), max_size=5)):
        onwards = list(dict.fromkeys(edge.target_node for edge in workflow.outgoing(walk[-1])))
        if not onwards:
            break
        walk.append(onwards[turn % len(onwards)])
    return tuple(walk)


ANY = ACYCLIC | cyclic_workflows().map(lambda cyclic: cyclic.workflow)
"""Graphs with a cycle or without."""


@st.composite
def grown_otherwise(draw: st.DrawFn, workflow: Workflow) -> Workflow:
    """The same nodes in the same order and the same edges in another one, each edge added anywhere behind its ends."""
    made = Workflow(workflow.name)
    rest: list[Edge] = swapped(workflow.edges, draw(SWAPS))
    for node in workflow.nodes.values():
        made.add_node(node)
        rest = _joined(made, rest, node, asked=draw(st.booleans()))
    for edge in rest:
        made.put_edge(edge)
    made.regions = workflow.regions
    return made


def _joined(made: Workflow, rest: list[Edge], node: Node, *, asked: bool) -> list[Edge]:
    """The edges that are left when those that can be were added, of some nodes; whether the graph is asked in between."""
    late = []
    for edge in rest:
        if asked and {edge.source_node, edge.target_node} <= made.nodes.keys():
            made.put_edge(edge)
            made.would_create_cycle(edge.source_node, node.base.id)
        else:
            late.append(edge)
    return late
