"""A workflow: nodes by id, edges, regions, and an index that keeps every lookup O(1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from symphony_model import critical_path as chains
from symphony_model import cycles, dependencies, joining, order, paths, reduction, traversal, validation
from symphony_model.errors import DuplicateNodeError, UnknownNodeError
from symphony_model.ids import LOCAL_PACKAGE, EdgeId, NodeId, WorkflowId, workflow_id
from symphony_model.index import Index
from symphony_model.metadata import WorkflowMetadata
from symphony_model.region import Region
from symphony_model.version import UNVERSIONED, Version

if TYPE_CHECKING:
    from symphony_model.edges import Edge
    from symphony_model.nodes import Node
    from symphony_model.problem import ValidationError


@dataclass(slots=True)
class Workflow:
    """Nodes and edges are in declaration order.

    `nodes` and `edges` are read by everyone and changed by the methods only. A method that fails changes nothing. Questions
    about nodes that are not there raise UnknownNodeError.
    """

    name: str
    package: str = LOCAL_PACKAGE
    version: Version = UNVERSIONED
    description: str | None = None
    metadata: WorkflowMetadata = field(default_factory=WorkflowMetadata)
    regions: tuple[Region, ...] = ()
    nodes: dict[NodeId, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    _edges: dict[EdgeId, Edge] = field(default_factory=dict, repr=False, compare=False)
    _incoming: dict[NodeId, list[Edge]] = field(default_factory=dict, repr=False, compare=False)
    _outgoing: dict[NodeId, list[Edge]] = field(default_factory=dict, repr=False, compare=False)
    _paths: dict[str, NodeId] = field(default_factory=dict, repr=False, compare=False)
    _index: Index | None = field(default=None, repr=False, compare=False)

    @property
    def id(self) -> WorkflowId:
        return workflow_id(self.name, self.package)

    # ---- changes ----

    def add_node(self, node: Node) -> NodeId:
        """Raises DuplicateNodeError when the id or the path is taken."""
        base = node.base
        if base.id in self.nodes or base.path in self._paths:
            raise DuplicateNodeError(f"node {base.path!r} is there already")
        self.nodes[base.id] = node
        self._paths[base.path] = base.id
        self._incoming[base.id] = []
        self._outgoing[base.id] = []
        if self._index is not None:
            self._index.add_node(base.id)
        return base.id

    def add_edge(self, edge: Edge, *, allow_cycle: bool = False) -> None:
        """Raises UnknownNodeError, DuplicateEdgeError, UnknownPortError, TypeMismatchError or CycleError."""
        joining.check_edge(self, edge, allow_cycle=allow_cycle)
        self._put(edge)

    def put_edge(self, edge: Edge) -> None:
        """Add an edge of which nothing is asked but that its ends are there: for whoever validates the whole afterwards.

        Raises UnknownNodeError.
        """
        joining.check_ends(self, edge)
        self._put(edge)

    def _put(self, edge: Edge) -> None:
        self.edges.append(edge)
        self._edges[edge.id] = edge
        self._outgoing[edge.source_node].append(edge)
        self._incoming[edge.target_node].append(edge)
        if self._index is not None:
            self._index.add_edge(edge.source_node, edge.target_node)

    def remove_edge(self, edge_id: EdgeId) -> Edge | None:
        """The edge that was removed; None where there was none."""
        edge = self._edges.get(edge_id)
        if edge is not None:
            self._drop([edge])
        return edge

    def remove_node(self, node_id: NodeId) -> Node | None:
        """The node that was removed with all its edges; None where there was none."""
        removed = self.remove_node_with_edges(node_id)
        return removed[0] if removed else None

    def remove_node_with_edges(self, node_id: NodeId) -> tuple[Node, list[Edge]] | None:
        """The node and its edges, in declaration order."""
        node = self.nodes.get(node_id)
        if node is None:
            return None
        touching = {edge.id for edge in (*self._incoming[node_id], *self._outgoing[node_id])}
        edges = [edge for edge in self.edges if edge.id in touching]
        self._drop(edges)
        del self.nodes[node_id], self._paths[node.base.path], self._incoming[node_id], self._outgoing[node_id]
        self._index = None
        return node, edges

    def _drop(self, edges: list[Edge]) -> None:
        gone = {edge.id for edge in edges}
        for edge in edges:
            del self._edges[edge.id]
            for beside in (self._outgoing[edge.source_node], self._incoming[edge.target_node]):
                beside[:] = [each for each in beside if each.id not in gone]
        self.edges = [edge for edge in self.edges if edge.id not in gone]
        self._index = None

    def replace_node(self, node: Node) -> Node:
        """Put a node in the place of the one with its id, and give that one back; edges stay, whatever its ports are.

        Raises UnknownNodeError, and DuplicateNodeError where another node has its path.
        """
        before = self._known(node.base.id)
        if self._paths.get(node.base.path, node.base.id) != node.base.id:
            raise DuplicateNodeError(f"node {node.base.path!r} is there already")
        del self._paths[before.base.path]
        self._paths[node.base.path] = node.base.id
        self.nodes[node.base.id] = node
        return before

    def rename(self, node_id: NodeId, name: str, path: str | None = None) -> None:
        """Change what people read, and the path where one is given. The id stays, as `@id` keeps it in text, so do edges.

        Raises UnknownNodeError or DuplicateNodeError.
        """
        node = self._known(node_id)
        base = replace(node.base, name=name, path=node.base.path if path is None else path)
        self.replace_node(replace(node, base=base))

    def update(
        self,
        *,
        description: str | None = None,
        version: Version | None = None,
        metadata: WorkflowMetadata | None = None,
    ) -> None:
        """Change what is given and leave the rest."""
        given = {"description": description, "version": version, "metadata": metadata}
        for name, value in given.items():
            if value is not None:
                setattr(self, name, value)

    def copy(self) -> Workflow:
        """Changes of the copy do not show here. Nodes and edges themselves never change, so they are shared."""
        return self.subgraph(self.nodes)

    def subgraph(self, kept: Collection[NodeId]) -> Workflow:
        """Some of the nodes, with the edges between them and the regions whose two ends are among them."""
        made = replace(self, nodes={}, edges=[], _edges={}, _incoming={}, _outgoing={}, _paths={}, _index=None)
        for node_id, node in self.nodes.items():
            if node_id in kept:
                made.add_node(node)
        for edge in self.edges:
            if edge.source_node in kept and edge.target_node in kept:
                made._put(edge)
        made.regions = tuple(each for each in self.regions if each.opener in kept and each.closer in kept)
        return made

    # ---- lookups ----

    def get_node(self, node_id: NodeId) -> Node | None:
        return self.nodes.get(node_id)

    def get_edge(self, edge_id: EdgeId) -> Edge | None:
        return self._edges.get(edge_id)

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

    @property
    def index(self) -> Index:
        """The graph in whole numbers, made when it is first asked for and kept up to date as nodes and edges are added."""
        if self._index is None:
            self._index = Index(self.nodes, ((edge.source_node, edge.target_node) for edge in self.edges))
        return self._index

    def _known(self, node_id: NodeId) -> Node:
        node = self.nodes.get(node_id)
        if node is None:
            raise UnknownNodeError(f"{node_id} is no node of `{self.name}`")
        return node

    # ---- the graph ----

    def detect_cycles(self) -> cycles.CycleDetectionResult:
        return cycles.detect(self.index)

    def would_create_cycle(self, source: NodeId, target: NodeId) -> bool:
        """Whether an edge between two nodes would close a cycle; one from a node to itself would."""
        self._known(source)
        self._known(target)
        return cycles.would_create(self.index, source, target)

    def topological_sort(self) -> list[NodeId]:
        """An order in which the nodes could run; of those that may come next, the one declared first. Raises CycleError."""
        return order.topological(self)

    def execution_levels(self) -> list[list[NodeId]]:
        """The nodes in steps that could run at once, as early as they can. Raises CycleError."""
        return order.levels(self)

    def get_dependencies(self, node_id: NodeId) -> dependencies.NodeDependencies:
        self._known(node_id)
        return dependencies.dependencies(self.index, node_id)

    def get_predecessors(self, node_id: NodeId) -> tuple[NodeId, ...]:
        """The nodes that must have ended directly before this one."""
        self._known(node_id)
        return dependencies.predecessors(self.index, node_id)

    def get_successors(self, node_id: NodeId) -> tuple[NodeId, ...]:
        """The nodes that wait directly for this one."""
        self._known(node_id)
        return dependencies.successors(self.index, node_id)

    def ancestors(self, node_id: NodeId) -> tuple[NodeId, ...]:
        """All nodes that must have ended before this one."""
        self._known(node_id)
        return dependencies.ancestors(self.index, node_id)

    def descendants(self, node_id: NodeId) -> tuple[NodeId, ...]:
        """All nodes that wait for this one."""
        self._known(node_id)
        return dependencies.descendants(self.index, node_id)

    def affected_by(self, changed: Iterable[NodeId]) -> tuple[NodeId, ...]:
        """The changed nodes, and all that may give something else because of them."""
        known = [self._known(node_id).base.id for node_id in changed]
        return dependencies.affected_by(self.index, known)

    def critical_path(self, weights: Mapping[NodeId, float] | None = None) -> tuple[NodeId, ...]:
        """The longest chain of nodes that wait for each other, by `weights` as durations, else by their number."""
        return chains.schedule(self, weights).path

    def schedule(self, weights: Mapping[NodeId, float] | None = None) -> chains.Schedule:
        """The critical path with the slack of each node. Raises CycleError, and ValueError for a weight below zero."""
        return chains.schedule(self, weights)

    def traverse(self, how: traversal.TraversalOrder, visitor: traversal.NodeVisitor) -> None:
        traversal.traverse(self, how, visitor)

    def find_path(self, source: NodeId, target: NodeId) -> tuple[NodeId, ...] | None:
        """A shortest way from one node to another, both included."""
        self._known(source)
        self._known(target)
        return paths.find_path(self.index, source, target)

    def all_paths(self, source: NodeId, target: NodeId, limit: int | None = None) -> Iterator[tuple[NodeId, ...]]:
        """Every way from one node to another, found one by one; there may be exponentially many."""
        self._known(source)
        self._known(target)
        return paths.all_paths(self.index, source, target, limit)

    def order_redundant(self) -> tuple[Edge, ...]:
        """The edges that the transitive reduction of the graph leaves out. Raises CycleError."""
        return reduction.order_redundant(self)

    # ---- validation ----

    def validate(self, config: validation.ValidationConfig | None = None) -> validation.ValidationResult:
        """Everything that is wrong with the graph; it never raises."""
        return validation.validate(self, config)

    def validate_structure(self) -> list[ValidationError]:
        """What is wrong with nodes, blocks and order."""
        return validation.of_structure(self)

    def validate_types(self) -> list[ValidationError]:
        """What does not fit where it flows to."""
        return validation.of_types(self)

    def validate_connectivity(self) -> list[ValidationError]:
        """Which ports and nodes are joined to nothing, or to too much."""
        return validation.of_connectivity(self)
