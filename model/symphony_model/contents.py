"""What a workflow holds: its nodes by id and path, its edges by id and by their ends, and the graph that they make.

Everything is in declaration order. Edges by their ends, and the graph in whole numbers, are made when they are first asked
for, and kept from then on: adding is O(1), removing an edge O(number of edges at its ends), removing a node the same for
each of its edges. Only the graph is made anew after a node was removed, since the places of all others change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from symphony_model.errors import DuplicateEdgeError, DuplicateNodeError, UnknownNodeError
from symphony_model.ids import EdgeId, NodeId
from symphony_model.index import Index
from symphony_model.joining import check_ends, way
from symphony_model.port_lookup import PortLookup

if TYPE_CHECKING:
    from symphony_model.edges import Edge
    from symphony_model.nodes import Node

T = TypeVar("T")

_ByNode = dict[NodeId, dict[EdgeId, "Edge"]]


@dataclass(slots=True, eq=False)
class Contents:
    """`nodes` is read by everyone and changed by the methods only."""

    name: str
    nodes: dict[NodeId, Node] = field(init=False, default_factory=dict)
    ports: PortLookup = field(init=False, repr=False, default_factory=PortLookup)
    _paths: dict[str, NodeId] = field(init=False, repr=False, default_factory=dict)
    _edges: dict[EdgeId, Edge] = field(init=False, repr=False, default_factory=dict)
    _listed: list[Edge] | None = field(init=False, repr=False, default=None)
    _beside: tuple[_ByNode, _ByNode] | None = field(init=False, repr=False, default=None)
    _index: Index | None = field(init=False, repr=False, default=None)

    # ---- lookups ----

    @property
    def edges(self) -> list[Edge]:
        """All edges; the caller does not change the list."""
        if self._listed is None:
            self._listed = list(self._edges.values())
        return self._listed

    def get_node(self, node_id: NodeId) -> Node | None:
        return self.nodes.get(node_id)

    def get_edge(self, edge_id: EdgeId) -> Edge | None:
        return self._edges.get(edge_id)

    def at(self, path: str) -> Node | None:
        """The node of a static path."""
        found = self._paths.get(path)
        return None if found is None else self.nodes[found]

    def incoming(self, node_id: NodeId) -> list[Edge]:
        """Edges that end at a node. Raises UnknownNodeError."""
        return self._edges_at(node_id, self._by_ends()[0])

    def outgoing(self, node_id: NodeId) -> list[Edge]:
        """Edges that start at a node. Raises UnknownNodeError."""
        return self._edges_at(node_id, self._by_ends()[1])

    @property
    def node_count(self) -> int:
        return len(self.nodes)

    @property
    def edge_count(self) -> int:
        return len(self._edges)

    @property
    def index(self) -> Index:
        """The graph in whole numbers."""
        if self._index is None:
            self._index = Index(self.nodes, self._edges.values())
        return self._index

    def known(self, node_id: NodeId) -> Node:
        """Raises UnknownNodeError."""
        node = self.nodes.get(node_id)
        if node is None:
            raise UnknownNodeError(f"{node_id} is no node of `{self.name}`")
        return node

    def _edges_at(self, node_id: NodeId, side: _ByNode) -> list[Edge]:
        found = side.get(node_id)
        if found is not None:
            return list(found.values())
        self.known(node_id)
        return []

    def _by_ends(self) -> tuple[_ByNode, _ByNode]:
        """Incoming and outgoing edges."""
        if self._beside is None:
            self._beside = ({}, {})
            for edge in self._edges.values():
                _note(self._beside, edge)
        return self._beside

    # ---- changes, of which no more is asked than that names are unique and ends are there ----

    def _fill(self, nodes: Iterable[Node], edges: Iterable[Edge]) -> None:
        """Put everything at once into a workflow that is empty."""
        nodes, edges = _as_list(nodes), _as_list(edges)
        ids = [node.base.id for node in nodes]
        try:
            index = Index(ids, edges)  # before the dicts: what is new is gone through as lists come by the thousand
        except KeyError:  # cheaper than asking first
            known = dict(zip(ids, nodes, strict=True))
            for edge in edges:
                check_ends(self.name, known, edge)
            raise
        by_id = dict(zip(ids, nodes, strict=True))
        paths = {node.base.path: node.base.id for node in nodes}
        if len(by_id) < len(nodes) or len(paths) < len(nodes):
            raise DuplicateNodeError(f"the node `{_doubled(nodes)}` is there already")
        by_edge = {edge.id: edge for edge in edges}
        if len(by_edge) < len(edges):
            doubled = next(edge for edge in edges if by_edge[edge.id] is not edge)
            raise DuplicateEdgeError(f"the edge {way(by_id, doubled)} is there already")
        self.nodes, self._paths, self._edges, self._index = by_id, paths, by_edge, index

    def _share(self, other: Contents) -> None:
        """Hold what another workflow holds, in an own place."""
        self.nodes, self._paths, self._edges = other.nodes.copy(), other._paths.copy(), other._edges.copy()

    def _put_node(self, node: Node) -> None:
        base = node.base
        if base.id in self.nodes or base.path in self._paths:
            raise DuplicateNodeError(f"the node `{base.path}` is there already")
        self.nodes[base.id] = node
        self._paths[base.path] = base.id
        if self._index is not None:
            self._index.add_node(base.id)

    def _put_edge(self, edge: Edge) -> None:
        """The ends are there, and the id is not."""
        self._edges[edge.id] = edge
        if self._listed is not None:
            self._listed.append(edge)
        if self._beside is not None:
            _note(self._beside, edge)
        if self._index is not None:
            self._index.add_edge(edge.source_node, edge.target_node)

    def _swap_nodes(self, nodes: Iterable[Node]) -> None:
        """Put nodes in the places of those with their ids."""
        nodes = list(nodes)
        before = {self.nodes[node.base.id].base.path for node in nodes}
        now: set[str] = set()
        for node in nodes:
            path = node.base.path
            if path in now or (path in self._paths and path not in before):
                raise DuplicateNodeError(f"the node `{path}` is there already")
            now.add(path)
        for path in before:
            del self._paths[path]
        self.ports.forget()
        for node in nodes:
            self._paths[node.base.path] = node.base.id
            self.nodes[node.base.id] = node

    def _drop_edge(self, edge: Edge) -> None:
        del self._edges[edge.id]
        self._listed = None
        if self._beside is not None:
            del self._beside[0][edge.target_node][edge.id], self._beside[1][edge.source_node][edge.id]
        if self._index is not None:
            self._index.remove_edge(edge.source_node, edge.target_node)

    def _drop_node(self, node: Node) -> None:
        """The edges of the node are gone."""
        del self.nodes[node.base.id], self._paths[node.base.path]
        for side in self._by_ends():
            side.pop(node.base.id, None)
        self.ports.forget()
        self._index = None


def _as_list(items: Iterable[T]) -> list[T]:
    return items if isinstance(items, list) else list(items)


def _note(beside: tuple[_ByNode, _ByNode], edge: Edge) -> None:
    incoming, outgoing = beside
    incoming.setdefault(edge.target_node, {})[edge.id] = edge
    outgoing.setdefault(edge.source_node, {})[edge.id] = edge


def _doubled(nodes: Iterable[Node]) -> str:
    """The path of a node whose id or path another one has."""
    ids: set[NodeId] = set()
    paths: set[str] = set()
    for node in nodes:
        if node.base.id in ids or node.base.path in paths:
            return node.base.path
        ids.add(node.base.id)
        paths.add(node.base.path)
    raise AssertionError("two nodes have one name")
