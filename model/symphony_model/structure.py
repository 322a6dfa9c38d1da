"""A workflow as validation sees it: what can be relied on, however broken the rest is, in lookups that cost the same in any graph.

`nodes` are those that can be told apart: under their own id, the first of each path. `edges` are those that start and end at
such nodes, the first of each id; `loose` are nodes at which an edge ends that has no other end. Regions lie in blocks and blocks in regions: a
*block* is all that an opening node opens, and is named by that node's id, as a region is by its path.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from symphony_dsl.base.frozen import frozen
from symphony_model.edges import DataEdge, Edge
from symphony_model.ids import EdgeId, NodeId
from symphony_model.index import Index
from symphony_model.nesting import Nesting
from symphony_model.nodes import CLOSER_OF, ControlNode, Node
from symphony_model.port_lookup import PortLookup

if TYPE_CHECKING:
    from symphony_model.ports import PortDefinition
    from symphony_model.region import Region
    from symphony_model.workflow import Workflow

CLOSERS = frozenset(CLOSER_OF.values())


@frozen
class Flow:
    """A data edge, its two nodes, and the ports that it joins where those are there."""

    edge: DataEdge
    source: Node
    target: Node
    given: PortDefinition | None
    taken: PortDefinition | None


@dataclass(eq=False)
class Structure:
    """`places` says in which region a node stands; a node at the top is not among them."""

    workflow: Workflow
    nodes: dict[NodeId, Node]
    edges: list[Edge]
    regions: tuple[Region, ...]
    places: Mapping[NodeId, str]
    _ports: PortLookup = field(default_factory=PortLookup)

    @classmethod
    def of(cls, workflow: Workflow) -> Structure:
        nodes = _apart(workflow.nodes)
        places = {key: node.base.region for key, node in nodes.items() if node.base.region is not None}
        return cls(workflow, nodes, _whole(workflow.edges, nodes), workflow.regions, places)

    @cached_property
    def standing(self) -> dict[str, list[NodeId]]:
        """The nodes that stand in a region, not those in blocks in it."""
        found: dict[str, list[NodeId]] = defaultdict(list)
        for node, place in self.places.items():
            found[place].append(node)
        return dict(found)

    @property
    def says_regions(self) -> bool:
        """Whether anyone has said where blocks are."""
        return bool(self.regions or self.places)

    @cached_property
    def loose(self) -> set[NodeId]:
        ends = ((edge.source_node, edge.target_node) for edge in self.workflow.edges)
        lacking = ((one, other) for one, other in ends if one not in self.nodes or other not in self.nodes)
        return {end for both in lacking for end in both}

    @cached_property
    def incoming(self) -> dict[NodeId, list[Edge]]:
        found: dict[NodeId, list[Edge]] = {node: [] for node in self.nodes}
        for edge in self.edges:
            found[edge.target_node].append(edge)
        return found

    @cached_property
    def outgoing(self) -> dict[NodeId, list[Edge]]:
        found: dict[NodeId, list[Edge]] = {node: [] for node in self.nodes}
        for edge in self.edges:
            found[edge.source_node].append(edge)
        return found

    @cached_property
    def data(self) -> list[Flow]:
        return [self.flow(edge) for edge in self.edges if isinstance(edge, DataEdge)]

    @cached_property
    def index(self) -> Index:
        return Index(self.nodes, self.edges)

    @cached_property
    def by_path(self) -> dict[str, Region]:
        return {region.path: region for region in self.regions}

    @cached_property
    def opened(self) -> dict[NodeId, dict[str, Region]]:
        """The regions of an opening node by name."""
        found: dict[NodeId, dict[str, Region]] = defaultdict(dict)
        for region in self.regions:
            found[region.opener][region.name] = region
        return dict(found)

    @cached_property
    def closed(self) -> dict[NodeId, NodeId]:
        """The opening node of a closing one."""
        return {region.closer: region.opener for region in reversed(self.regions)}

    @cached_property
    def nesting(self) -> Nesting[str | NodeId]:
        around: dict[str | NodeId, str | NodeId | None] = {}
        for region in self.regions:
            around[region.path] = region.opener
            around[region.opener] = self.places.get(region.opener)
        return Nesting(around)

    def ends(self, edge: Edge) -> tuple[Node, Node]:
        return self.nodes[edge.source_node], self.nodes[edge.target_node]

    def path(self, node: NodeId) -> str:
        return self.nodes[node].base.path

    def way(self, edge: Edge) -> str:
        return f"from `{self.path(edge.source_node)}` to `{self.path(edge.target_node)}`"

    def flow(self, edge: DataEdge) -> Flow:
        source, target = self.nodes[edge.source_node], self.nodes[edge.target_node]
        given = self._ports.find(source.outputs, edge.source_port)
        taken = self._ports.find(target.inputs, edge.target_port)
        return Flow(edge, source, target, given, taken)


def _apart(nodes: Mapping[NodeId, Node]) -> dict[NodeId, Node]:
    if len({node.base.path for node in nodes.values()}) == len(nodes) and all(
        key == node.base.id for key, node in nodes.items()
    ):
        return dict(nodes)
    first: dict[str, NodeId] = {}
    for key, node in nodes.items():
        if key == node.base.id:
            first.setdefault(node.base.path, key)
    return {key: nodes[key] for key in first.values()}


def _whole(edges: Iterable[Edge], nodes: Mapping[NodeId, Node]) -> list[Edge]:
    first: dict[EdgeId, Edge] = {}
    for edge in edges:
        if edge.source_node in nodes and edge.target_node in nodes:
            first.setdefault(edge.id, edge)
    return list(first.values())


def opens(node: Node) -> bool:
    return isinstance(node, ControlNode) and node.control_type in CLOSER_OF


def closes(node: Node) -> bool:
    return isinstance(node, ControlNode) and node.control_type in CLOSERS
