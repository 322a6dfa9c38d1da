"""What a way to break a workflow is: an edit, a function of a workflow's parts and a site, one of those that it finds in them.

The edits stand in `breaking_nodes`, `breaking_data`, `breaking_edges` and `breaking_regions`; `broken` does them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from tests.model.generators.parts import Parts

from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, Edge
from symphony_model.ids import EdgeId, NodeId
from symphony_model.nodes import Node, NodeBase, OperatorConfig, OperatorNode, OperatorType
from symphony_model.region import Region

Site: TypeAlias = Any
"""Where an edit is done: a node, an edge, a region, or two of them."""

Sites: TypeAlias = "Callable[[Parts], Sequence[Site]]"
Apply: TypeAlias = "Callable[[Parts, Any], Parts]"


@dataclass(frozen=True)
class Edit:
    """One of `told`, codes with kinds, is told when nothing else was done; nothing has to be where there are none."""

    name: str
    told: frozenset[str]
    sites: Sites
    apply: Apply

    def __repr__(self) -> str:
        return self.name


def edit(sites: Sites, *told: str) -> Callable[[Apply], Edit]:
    return lambda apply: Edit(apply.__name__, frozenset(told), sites, apply)


# ---- what edits put into a workflow ----

STRANGER = NodeId(UUID(int=1))
PLANTED = EdgeId(UUID(int=2))


def arrow(source: NodeId, target: NodeId) -> ControlEdge:
    return ControlEdge(PLANTED, source, target)


def aside() -> OperatorNode:
    """A node at the top that was not there."""
    return OperatorNode(NodeBase(STRANGER, "aside", "aside"), OperatorType.TEXT, OperatorConfig())


# ---- sites that several edits share ----


def nodes(parts: Parts) -> list[Node]:
    return list(parts.nodes.values())


def joined_nodes(parts: Parts) -> list[Node]:
    """Nodes at which an edge ends."""
    ends = {end for edge in parts.edges for end in (edge.source_node, edge.target_node)}
    return [node for key, node in parts.nodes.items() if key in ends]


def edges(parts: Parts) -> list[Edge]:
    return parts.whole()


def data_edges(parts: Parts) -> list[DataEdge]:
    return parts.whole(DataEdge)


def conditional_edges(parts: Parts) -> list[ConditionalEdge]:
    return parts.whole(ConditionalEdge)


def regions(parts: Parts) -> list[Region]:
    return list(parts.regions)


def peopled_regions(parts: Parts) -> list[Region]:
    """Regions with a node in them."""
    return [region for region in parts.regions if parts.inside(region)]
