"""A workflow: nodes by id, edges, regions, and an index that keeps every lookup O(1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symphony_model.ids import LOCAL_PACKAGE, NodeId, WorkflowId, workflow_id
from symphony_model.metadata import WorkflowMetadata

if TYPE_CHECKING:
    from symphony_model.edges import Edge
    from symphony_model.nodes import Node


@dataclass(frozen=True, slots=True)
class Region:
    """A block between an opening and a closing node.

    `path` is `OPENED:NAME` (`reply:then`), for the region `each` of a `for` just the step's path (`prices`): the path
    of a node inside is the region's path, `/`, and its own name. `parent` is the region that the block stands in.
    """

    path: str
    name: str
    opener: NodeId
    closer: NodeId
    order: int
    parent: str | None = None


@dataclass(slots=True)
class Workflow:
    """Nodes and edges are in declaration order. `version` is SemVer text; "0.0.0" where none was written."""

    name: str
    package: str = LOCAL_PACKAGE
    version: str = "0.0.0"
    description: str | None = None
    metadata: WorkflowMetadata = field(default_factory=WorkflowMetadata)
    regions: tuple[Region, ...] = ()
    nodes: dict[NodeId, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    _incoming: dict[NodeId, list[Edge]] = field(default_factory=dict, repr=False, compare=False)
    _outgoing: dict[NodeId, list[Edge]] = field(default_factory=dict, repr=False, compare=False)
    _paths: dict[str, NodeId] = field(default_factory=dict, repr=False, compare=False)

    @property
    def id(self) -> WorkflowId:
        return workflow_id(self.name, self.package)

    def add_node(self, node: Node) -> NodeId:
        """Raises ValueError when the id or the path is taken."""
        if node.base.id in self.nodes or node.base.path in self._paths:
            raise ValueError(f"node {node.base.path!r} is there already")
        self.nodes[node.base.id] = node
        self._paths[node.base.path] = node.base.id
        self._incoming[node.base.id] = []
        self._outgoing[node.base.id] = []
        return node.base.id

    def add_edge(self, edge: Edge) -> None:
        """Raises ValueError when an end is unknown."""
        for end in (edge.source_node, edge.target_node):
            if end not in self.nodes:
                raise ValueError(f"edge {edge.id} ends at {end}, which is no node of {self.name!r}")
        self.edges.append(edge)
        self._outgoing[edge.source_node].append(edge)
        self._incoming[edge.target_node].append(edge)

    def get_node(self, node_id: NodeId) -> Node | None:
        return self.nodes.get(node_id)

    def at(self, path: str) -> Node | None:
        """The node of a static path."""
        found = self._paths.get(path)
        return None if found is None else self.nodes[found]

    def incoming(self, node_id: NodeId) -> list[Edge]:
        """Edges that end at a node, in declaration order; the caller does not change the list."""
        return self._incoming[node_id]

    def outgoing(self, node_id: NodeId) -> list[Edge]:
        """Edges that start at a node, in declaration order; the caller does not change the list."""
        return self._outgoing[node_id]

    @property
    def node_count(self) -> int:
        return len(self.nodes)

    @property
    def edge_count(self) -> int:
        return len(self.edges)
