"""The ways into and out of blocks, which nobody has to draw.

What nothing in its region comes before follows the opening node: by a conditional edge out of an `if` or `match`, else by a
control edge, unless the opening node gives it data. What nothing in its region follows leads to the closing node. An arm in
which nothing stands leads from one to the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from symphony_model.builder_drafts import ArmDraft, BlockDraft
from symphony_model.builder_edges import Edges
from symphony_model.builder_forms import SHAPES
from symphony_model.edges import Edge
from symphony_model.ids import NodeId
from symphony_model.nodes import Node
from symphony_model.structure import closes, opens


@dataclass(frozen=True, slots=True)
class Links:
    """What each node is joined to, on both sides."""

    sources: Mapping[NodeId, list[NodeId]]
    targets: Mapping[NodeId, list[NodeId]]

    @classmethod
    def of(cls, edges: Iterable[Edge]) -> Links:
        links = cls(defaultdict(list), defaultdict(list))
        for edge in edges:
            links.sources[edge.target_node].append(edge.source_node)
            links.targets[edge.source_node].append(edge.target_node)
        return links


def ways(blocks: Iterable[BlockDraft], nodes: Mapping[str, Node], edges: Edges) -> Iterator[Edge]:
    """The edges that are missing between the nodes of blocks and the two ends of those."""
    links = Links.of(edges.made.values())
    inside: dict[str | None, list[Node]] = defaultdict(list)
    for node in nodes.values():
        inside[node.base.region].append(node)
    for block in blocks:
        for arm in block.arms:
            yield from _ways(block, arm, inside[arm.path], _Ends(nodes, block, edges), links)


@dataclass(frozen=True, slots=True)
class _Ends:
    nodes: Mapping[str, Node]
    block: BlockDraft
    edges: Edges

    @property
    def opener(self) -> NodeId:
        return self.nodes[self.block.opener].base.id

    @property
    def closer(self) -> NodeId:
        return self.nodes[self.block.closer].base.id

    def into(self, arm: ArmDraft, node: NodeId) -> Edge:
        if SHAPES[self.block.form].conditional:
            return self.edges.conditional(self.opener, node, arm.condition, arm.name, arm.order)
        return self.edges.control(self.opener, node)

    def out(self, node: NodeId) -> Edge:
        return self.edges.control(node, self.closer)


def _ways(block: BlockDraft, arm: ArmDraft, inside: list[Node], ends: _Ends, links: Links) -> Iterator[Edge]:
    ids = {node.base.id for node in inside}
    leading, ending = {*ids, ends.opener}, {*ids, ends.closer}
    if not inside and (SHAPES[block.form].conditional or ends.opener not in links.sources[ends.closer]):
        yield ends.into(arm, ends.closer)
    for node in inside:
        if not closes(node) and leading.isdisjoint(links.sources[node.base.id]):
            yield ends.into(arm, node.base.id)
        if not opens(node) and ending.isdisjoint(links.targets[node.base.id]):
            yield ends.out(node.base.id)
