"""A workflow taken apart into nodes, edges and regions, which can be put together in ways that the methods would refuse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from symphony_model.edges import Edge
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlNode, Node
from symphony_model.region import Region
from symphony_model.workflow import Workflow


@dataclass(frozen=True)
class Parts:
    """What a workflow consists of, which need not fit together. `nodes` are under the ids that they are looked up by."""

    name: str
    nodes: dict[NodeId, Node]
    edges: tuple[Edge, ...]
    regions: tuple[Region, ...]

    @classmethod
    def of(cls, workflow: Workflow) -> Parts:
        return cls(workflow.name, dict(workflow.nodes), tuple(workflow.edges), workflow.regions)

    def workflow(self) -> Workflow:
        """Made past the methods, which would refuse most of it."""
        made = Workflow(self.name, regions=self.regions)
        made.nodes.update(self.nodes)
        made.edges.extend(self.edges)
        return made

    # ---- what there is ----

    def whole(self, kind: type[Edge] | None = None) -> list[Any]:
        """The edges, of a kind, whose two ends are there."""
        return [
            edge
            for edge in self.edges
            if isinstance(edge, kind or object) and edge.source_node in self.nodes and edge.target_node in self.nodes
        ]

    def incoming(self, node: NodeId) -> list[Edge]:
        return [edge for edge in self.edges if edge.target_node == node]

    def outgoing(self, node: NodeId) -> list[Edge]:
        return [edge for edge in self.edges if edge.source_node == node]

    def inside(self, region: Region) -> list[Node]:
        return [node for node in self.nodes.values() if node.base.region == region.path]

    def control(self) -> list[ControlNode]:
        return [node for node in self.nodes.values() if isinstance(node, ControlNode)]

    # ---- other parts ----

    def with_node(self, node: Node) -> Parts:
        """In the place of the one with its id, or behind all others."""
        return replace(self, nodes={**self.nodes, node.base.id: node})

    def without_node(self, node: NodeId) -> Parts:
        return replace(self, nodes={key: each for key, each in self.nodes.items() if key != node})

    def with_edges(self, *edges: Edge) -> Parts:
        return replace(self, edges=(*self.edges, *edges))

    def without_edges(self, edges: Iterable[Edge]) -> Parts:
        gone = list(edges)
        return replace(self, edges=tuple(edge for edge in self.edges if edge not in gone))

    def with_edge(self, before: Edge, after: Edge) -> Parts:
        return replace(self, edges=tuple(after if edge is before else edge for edge in self.edges))

    def with_region(self, before: Region, after: Region | None) -> Parts:
        """None: it is gone."""
        kept = ((after if region is before else region) for region in self.regions)
        return replace(self, regions=tuple(region for region in kept if region is not None))
