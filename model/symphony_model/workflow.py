"""A workflow: what is said about it, its nodes, edges and regions, and everything that is asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, Unpack

from symphony_dsl.base.deferred import deferred
from symphony_model import joining
from symphony_model.contents import Contents
from symphony_model.formats import Formats
from symphony_model.ids import LOCAL_PACKAGE, EdgeId, NodeId, WorkflowId, workflow_id
from symphony_model.json_form.unknown import UnknownMember
from symphony_model.metadata import WorkflowMetadata
from symphony_model.printing.methods import PrettyPrint
from symphony_model.region import Region
from symphony_model.settings import NO_RUN_SETTINGS, RunSettings
from symphony_model.version import UNVERSIONED, Version

if TYPE_CHECKING:
    from symphony_model import critical_path as chains
    from symphony_model import cycles, dependencies, order, paths, reduction, renaming, sameness, traversal
    from symphony_model import diff as differences
    from symphony_model.edges import Edge
    from symphony_model.json_form import workflow as json_workflow
    from symphony_model.nodes import Node
    from symphony_model.problem import ValidationError
    from symphony_model.validating import validation
else:
    chains, cycles, dependencies, json_workflow, order, paths, reduction, renaming, sameness, traversal, validation, differences = (
        deferred(f"symphony_model.{name}")
        for name in (
            "critical_path", "cycles", "dependencies", "json_form.workflow", "order", "paths", "reduction", "renaming",
            "sameness", "traversal", "validating.validation", "diff",
        )
    )  # fmt: skip


class About(TypedDict, total=False):
    """What is said about a workflow beyond its name."""

    package: str
    version: Version
    description: str | None
    metadata: WorkflowMetadata
    regions: tuple[Region, ...]
    settings: RunSettings
    created_at: datetime | None
    updated_at: datetime | None
    unknown: tuple[UnknownMember, ...]


class Change(About, total=False):
    """What `update` changes."""

    name: str


@dataclass(slots=True)
class Workflow(Contents, Formats, PrettyPrint):
    """Nodes, edges and regions are in declaration order, which is part of what a workflow is.

    A method that fails changes nothing. Questions about nodes that are not there raise UnknownNodeError. Nodes and edges
    themselves never change: another one is put in their place. Nothing here reads a clock: whoever makes or changes a
    workflow says when, or does not. `unknown` is what a newer release wrote about it that this one has no word for.
    """

    package: str = LOCAL_PACKAGE
    version: Version = UNVERSIONED
    description: str | None = None
    metadata: WorkflowMetadata = field(default_factory=WorkflowMetadata)
    regions: tuple[Region, ...] = ()
    created_at: datetime | None = None
    updated_at: datetime | None = None
    settings: RunSettings = NO_RUN_SETTINGS
    unknown: tuple[UnknownMember, ...] = ()

    def __post_init__(self) -> None:
        check_moments(self.created_at, self.updated_at)

    @classmethod
    def of(cls, name: str, *, nodes: Iterable[Node], edges: Iterable[Edge] = (), **about: Unpack[About]) -> Workflow:
        """A workflow that is made at once, for whoever validates it afterwards: no port, type or cycle is looked at.

        Raises DuplicateNodeError, DuplicateEdgeError or UnknownNodeError.
        """
        made = cls(name, **about)
        made._fill(nodes, edges)
        return made

    @property
    def id(self) -> WorkflowId:
        return workflow_id(self.name, self.package)

    # ---- changes ----

    def add_node(self, node: Node) -> NodeId:
        """Raises DuplicateNodeError when the id or the path is taken."""
        self._put_node(node)
        return node.base.id

    def add_edge(self, edge: Edge, *, allow_cycle: bool = False) -> None:
        """Raises UnknownNodeError, DuplicateEdgeError, UnknownPortError, TypeMismatchError or CycleError."""
        joining.check_edge(self, edge, allow_cycle=allow_cycle)
        self._put_edge(edge)

    def put_edge(self, edge: Edge) -> None:
        """Add an edge of which no more is asked than of those of `of`. Raises UnknownNodeError or DuplicateEdgeError."""
        joining.check_ends(self.name, self.nodes, edge)
        joining.check_new(self, edge)
        self._put_edge(edge)

    def remove_edge(self, edge_id: EdgeId) -> Edge | None:
        """The edge that was removed; None where there was none."""
        edge = self.get_edge(edge_id)
        if edge is not None:
            self._drop_edge(edge)
        return edge

    def remove_node(self, node_id: NodeId) -> Node | None:
        """The node that was removed with all its edges; None where there was none."""
        removed = self.remove_node_with_edges(node_id)
        return removed[0] if removed else None

    def remove_node_with_edges(self, node_id: NodeId) -> tuple[Node, list[Edge]] | None:
        """The node and its edges: first those that ended, then those that started at it. Regions stay as they are."""
        node = self.nodes.get(node_id)
        if node is None:
            return None
        edges = list({edge.id: edge for edge in (*self.incoming(node_id), *self.outgoing(node_id))}.values())
        for edge in edges:
            self._drop_edge(edge)
        self._drop_node(node)
        return node, edges

    def replace_node(self, node: Node) -> Node:
        """Put a node in the place of the one with its id, and give that one back. Its edges stay, whatever its ports are.

        Raises UnknownNodeError, and DuplicateNodeError where another node has its path.
        """
        before = self.known(node.base.id)
        self._swap_nodes([node])
        return before

    def rename(self, node_id: NodeId, name: str, path: str | None = None) -> None:
        """Change what people read, and the path where one is given, with all paths that are made from it.

        Ids stay, as `@id` keeps them in text, so do edges. Raises UnknownNodeError, DuplicateNodeError, and ModelError for
        a path in another block.
        """
        node = self.known(node_id)
        nodes, regions = renaming.renamed(self, node, name, node.base.path if path is None else path)
        self._swap_nodes(nodes)
        self.regions = regions

    def update(self, **changes: Unpack[Change]) -> None:
        """Change what is given and leave the rest. With the name or the package the workflow's id changes, no other does.

        Raises TypeError for what a workflow does not have, and ValueError for a time without a zone.
        """
        unknown = changes.keys() - Change.__annotations__.keys()
        if unknown:
            raise TypeError(f"a workflow has no {', '.join(sorted(unknown))}")
        check_moments(changes.get("created_at"), changes.get("updated_at"))
        for name, value in changes.items():
            setattr(self, name, value)

    def copy(self) -> Workflow:
        """Changes of the copy do not show here."""
        made = replace(self)
        made._share(self)
        return made

    def subgraph(self, kept: Iterable[NodeId]) -> Workflow:
        """Some of the nodes, with the edges between them and the regions whose two ends are among them.

        Raises UnknownNodeError.
        """
        inside = frozenset(self.known(node_id).base.id for node_id in kept)
        made = replace(self, regions=tuple(each for each in self.regions if {each.opener, each.closer} <= inside))
        nodes = (node for node_id, node in self.nodes.items() if node_id in inside)
        edges = (edge for edge in self.edges if edge.source_node in inside and edge.target_node in inside)
        made._fill(nodes, edges)
        return made

    # ---- comparing ----

    __hash__ = None  # type: ignore[assignment] # it changes

    def __eq__(self, other: object) -> bool:
        """Whether two workflows are the same in everything; `1`, `1.0` and `true` differ."""
        return sameness.same(self._whole(), other._whole()) if isinstance(other, Workflow) else NotImplemented

    def _whole(self) -> tuple[object, ...]:
        return (*(getattr(self, each.name) for each in fields(self) if each.init), [*self.nodes.values()], self.edges)

    def diff(self, other: Workflow) -> differences.WorkflowDiff:
        """What changed from this workflow to the other: empty exactly when they are equal."""
        return differences.diff(self, other)

    def content_hash(self) -> str:
        """The hash of what the workflow is, as artifacts have it. Times at which it was made or changed are left out."""
        return json_workflow.workflow_hash(self)

    # ---- the graph ----

    def detect_cycles(self) -> cycles.CycleDetectionResult:
        return cycles.detect(self.index)

    def would_create_cycle(self, source: NodeId, target: NodeId) -> bool:
        """Whether an edge between two nodes would close a cycle; one from a node to itself would."""
        index = self.index
        try:
            return index.leads_to(index.position[target], index.position[source])
        except KeyError:  # cheaper than asking first
            self.known(source)
            self.known(target)
            raise

    def topological_sort(self) -> list[NodeId]:
        """An order in which the nodes could run; of those that may come next, the one declared first. Raises CycleError."""
        return order.topological(self)

    def execution_levels(self) -> list[list[NodeId]]:
        """The nodes in steps that could run at once, as early as they can. Raises CycleError."""
        return order.levels(self)

    def get_dependencies(self, node_id: NodeId) -> dependencies.NodeDependencies:
        self.known(node_id)
        return dependencies.dependencies(self.index, node_id)

    def get_predecessors(self, node_id: NodeId) -> tuple[NodeId, ...]:
        """The nodes that must have ended directly before this one."""
        self.known(node_id)
        return dependencies.predecessors(self.index, node_id)

    def get_successors(self, node_id: NodeId) -> tuple[NodeId, ...]:
        """The nodes that wait directly for this one."""
        self.known(node_id)
        return dependencies.successors(self.index, node_id)

    def ancestors(self, node_id: NodeId) -> tuple[NodeId, ...]:
        """All nodes that must have ended before this one."""
        self.known(node_id)
        return dependencies.ancestors(self.index, node_id)

    def descendants(self, node_id: NodeId) -> tuple[NodeId, ...]:
        """All nodes that wait for this one."""
        self.known(node_id)
        return dependencies.descendants(self.index, node_id)

    def affected_by(self, changed: Iterable[NodeId]) -> tuple[NodeId, ...]:
        """The changed nodes, and all that may give something else because of them."""
        known = [self.known(node_id).base.id for node_id in changed]
        return dependencies.affected_by(self.index, known)

    def critical_path(self, weights: Mapping[NodeId, float] | None = None) -> tuple[NodeId, ...]:
        """The longest chain of nodes that wait for each other, by `weights` as durations, else by their number."""
        return chains.critical_path(self, weights)

    def schedule(self, weights: Mapping[NodeId, float] | None = None) -> chains.Schedule:
        """The critical path with the slack of each node. Raises CycleError, and ValueError for a weight below zero."""
        return chains.schedule(self, weights)

    def traverse(self, how: traversal.TraversalOrder, visitor: traversal.NodeVisitor) -> None:
        traversal.traverse(self, how, visitor)

    def find_path(self, source: NodeId, target: NodeId) -> tuple[NodeId, ...] | None:
        """A shortest way from one node to another, both included."""
        self.known(source)
        self.known(target)
        return paths.find_path(self.index, source, target)

    def all_paths(self, source: NodeId, target: NodeId, limit: int | None = None) -> Iterator[tuple[NodeId, ...]]:
        """Every way from one node to another, found one by one; there may be exponentially many."""
        self.known(source)
        self.known(target)
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
        return validation.validate_structure(self)

    def validate_types(self) -> list[ValidationError]:
        """What does not fit where it flows to."""
        return validation.validate_types(self)

    def validate_connectivity(self) -> list[ValidationError]:
        """Which ports and nodes are joined to nothing, or to too much."""
        return validation.validate_connectivity(self)


def check_moments(*moments: datetime | None) -> None:
    if any(moment is not None and moment.tzinfo is None for moment in moments):
        raise ValueError("a time of a workflow has a zone, as `datetime.now(UTC)` has")
