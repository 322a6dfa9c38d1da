"""What changed from one workflow to another: nodes, edges and regions that came, went or changed, and how.

Nodes are matched by id, so that a renamed node is one that changed its path; those that are left by path, so that the
nodes of a workflow whose name, and with it every id, is another one are still recognised. Edges are matched by id, those
that are left by kind and ends (a conditional one by its label instead of its target). Regions are matched by opening node
and name. Declaration order is part of a workflow: `reordered` says of what it changed among those that are in both.

A diff is empty exactly when the two workflows are equal. O(nodes + edges).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from symphony_dsl.base.frozen import frozen
from symphony_model.diff_text import lines
from symphony_model.edges import ConditionalEdge, DataEdge, Edge
from symphony_model.ids import NodeId
from symphony_model.nodes import Node
from symphony_model.region import Region
from symphony_model.sameness import Difference, differences

if TYPE_CHECKING:
    from symphony_model.workflow import Workflow

T = TypeVar("T")


@frozen
class Changed(Generic[T]):
    """One thing before and after, and where the two differ."""

    before: T
    after: T
    differences: tuple[Difference, ...]


@frozen
class Changes(Generic[T]):
    added: tuple[T, ...]
    removed: tuple[T, ...]
    changed: tuple[Changed[T], ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@frozen
class WorkflowDiff:
    """`about` is what differs of the workflow itself (`version`, `metadata.author`). True where anything differs.

    `paths` are those of all nodes of either, by id. As text it is one line for each change; empty where there is none.
    """

    about: tuple[Difference, ...]
    nodes: Changes[Node]
    edges: Changes[Edge]
    regions: Changes[Region]
    reordered: tuple[str, ...]
    paths: Mapping[NodeId, str]

    def __bool__(self) -> bool:
        return bool(self.about or self.nodes or self.edges or self.regions or self.reordered)

    def __str__(self) -> str:
        return "\n".join(lines(self))


def diff(one: Workflow, other: Workflow) -> WorkflowDiff:
    """What changed from one workflow to the other."""
    nodes = _matched(list(one.nodes.values()), list(other.nodes.values()), (_node_id, _node_path))
    old = {after.base.id: before.base.id for before, after in nodes.pairs}
    edges = _matched(one.edges, other.edges, (_edge_id, _ends), lambda edge: _turned(edge, old))
    regions = _matched(one.regions, other.regions, (_arm,), lambda region: _between(region, old))
    parts: dict[str, _Matched[Any]] = {"nodes": nodes, "edges": edges, "regions": regions}
    return WorkflowDiff(
        about=tuple(differences(_about(one), _about(other))),
        nodes=nodes.changes(_as_it_is),
        edges=edges.changes(lambda before, after: _same_id(before, _turned(after, old), after)),
        regions=regions.changes(lambda before, after: _between(after, old)),
        reordered=tuple(name for name, each in parts.items() if each.reordered),
        paths={node.base.id: node.base.path for each in (other, one) for node in each.nodes.values()},
    )


def _about(workflow: Workflow) -> dict[str, object]:
    names = ("name", "package", "version", "description", "metadata", "settings", "created_at", "updated_at", "unknown")
    return {name: getattr(workflow, name) for name in names}


# ---- which is which ----


@frozen
class _Matched(Generic[T]):
    pairs: list[tuple[T, T]]
    added: tuple[T, ...]
    removed: tuple[T, ...]
    reordered: bool

    def changes(self, aligned: Callable[[T, T], T]) -> Changes[T]:
        """`aligned` makes a second one comparable with the first."""
        changed = []
        for before, after in self.pairs:
            found = tuple(differences(before, aligned(before, after)))
            if found:
                changed.append(Changed(before, after, found))
        return Changes(self.added, self.removed, tuple(changed))


def _as_it_is(before: T, after: T) -> T:
    return after


def _matched(
    before: Sequence[T],
    after: Sequence[T],
    keys: Sequence[Callable[[T], Hashable]],
    aligned: Callable[[T], T] | None = None,
) -> _Matched[T]:
    """What has the same key is the same thing; the second key is asked for what the first leaves over."""
    partner: dict[int, int] = {}  # by place before, place after
    comparable = [aligned(each) for each in after] if aligned else after
    for key in keys:
        _pair(partner, [key(each) for each in before], [key(each) for each in comparable])
    places = [partner[at] for at in sorted(partner)]
    kept = set(places)
    return _Matched(
        pairs=[(before[at], after[partner[at]]) for at in sorted(partner)],
        added=tuple(each for at, each in enumerate(after) if at not in kept),
        removed=tuple(each for at, each in enumerate(before) if at not in partner),
        reordered=places != sorted(places),
    )


def _pair(partner: dict[int, int], before: list[Hashable], after: list[Hashable]) -> None:
    """Note the first place that is free for each key."""
    taken = set(partner.values())
    free: dict[Hashable, list[int]] = defaultdict(list)
    for at in reversed(range(len(after))):
        if at not in taken:
            free[after[at]].append(at)
    for at, key in enumerate(before):
        if at not in partner and key in free and free[key]:
            partner[at] = free[key].pop()


def _node_id(node: Node) -> Hashable:
    return node.base.id


def _node_path(node: Node) -> Hashable:
    return node.base.path


def _edge_id(edge: Edge) -> Hashable:
    return edge.id


def _ends(edge: Edge) -> Hashable:
    """What an edge joins."""
    if isinstance(edge, DataEdge):
        return edge.kind, edge.source_node, edge.source_port, edge.target_node, edge.target_port
    if isinstance(edge, ConditionalEdge):
        return edge.kind, edge.source_node, edge.label
    return edge.kind, edge.source_node, edge.target_node


def _arm(region: Region) -> Hashable:
    return region.opener, region.name


# ---- nodes that have other ids in the second workflow than in the first ----


def _turned(edge: Edge, old: Mapping[NodeId, NodeId]) -> Edge:
    """The edge between the same nodes with the ids that they have in the first workflow."""
    source, target = old.get(edge.source_node, edge.source_node), old.get(edge.target_node, edge.target_node)
    if (source, target) == (edge.source_node, edge.target_node):
        return edge
    return replace(edge, source_node=source, target_node=target)


def _same_id(before: Edge, turned: Edge, after: Edge) -> Edge:
    """An edge whose ends have other ids has another id itself; that is nothing to tell beside theirs."""
    return turned if turned is after else replace(turned, id=before.id)


def _between(region: Region, old: Mapping[NodeId, NodeId]) -> Region:
    return replace(region, opener=old.get(region.opener, region.opener), closer=old.get(region.closer, region.closer))
