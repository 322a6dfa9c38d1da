"""The ways into and out of blocks, which nobody has to draw.

What nothing in its region comes before follows the opening node: by a conditional edge into the arm of a
branch, else by a control edge, unless the opening node gives it data. What follows the `until` of a loop follows the node
that says so too. What nothing in its region follows leads to the closing node. An arm in which nothing stands leads from one
to the other. A `finally` follows whatever nothing in its body follows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from symphony_dsl.base.frozen import frozen
from symphony_model.block_forms import AGAIN, BODY, DONE, UNTIL, is_chosen
from symphony_model.building.drafts import ArmDraft, BlockDraft
from symphony_model.building.edges import Edges
from symphony_model.building.forms import Form
from symphony_model.edges import DataEdge, Edge
from symphony_model.ids import NodeId
from symphony_model.nodes import InputNode, Node, OutputNode
from symphony_model.structure import closes, opens


@frozen
class Links:
    """What each node is joined to, on both sides. `deciding` are the nodes that say whether a loop ends, by its closing node."""

    sources: Mapping[NodeId, list[NodeId]]
    targets: Mapping[NodeId, list[NodeId]]
    deciding: dict[NodeId, NodeId]

    @classmethod
    def of(cls, edges: Iterable[Edge]) -> Links:
        links = cls(defaultdict(list), defaultdict(list), {})
        for edge in edges:
            links.sources[edge.target_node].append(edge.source_node)
            links.targets[edge.source_node].append(edge.target_node)
            if isinstance(edge, DataEdge) and edge.target_port == UNTIL:
                links.deciding.setdefault(edge.target_node, edge.source_node)
        return links


def ways(blocks: Iterable[BlockDraft], nodes: Mapping[str, Node], edges: Edges) -> Iterator[Edge]:
    """The edges that are missing between the nodes of blocks and the two ends of those."""
    links = Links.of(edges.made.values())
    inside: dict[str | None, list[Node]] = defaultdict(list)
    for node in nodes.values():
        inside[node.base.region].append(node)
    for block in blocks:
        ends = _Ends(nodes, block, edges, links)
        for arm in block.arms:
            yield from _ways(arm, inside[arm.path], ends)
        if not block.arms:  # which is told
            yield edges.control(ends.opener, ends.closer)
        if block.form is Form.FINALLY:
            yield from _into_finally(ends, inside[block.region])


def _into_finally(ends: _Ends, body: list[Node]) -> Iterator[Edge]:
    """From what nothing in the body follows but outputs, which wait for nobody."""
    steps = {node.base.id for node in body if not isinstance(node, InputNode | OutputNode)} - {ends.opener, ends.closer}
    for node in body:
        if node.base.id in steps and not opens(node) and steps.isdisjoint(ends.links.targets[node.base.id]):
            yield ends.edges.control(node.base.id, ends.opener)


@frozen
class _Ends:
    nodes: Mapping[str, Node]
    block: BlockDraft
    edges: Edges
    links: Links

    @property
    def opener(self) -> NodeId:
        return self.nodes[self.block.opener].base.id

    @property
    def closer(self) -> NodeId:
        return self.nodes[self.block.closer].base.id

    @property
    def decides(self) -> NodeId | None:
        """The node that says whether a loop goes on."""
        return self.links.deciding.get(self.closer) if self.block.form is Form.LOOP else None

    def into(self, arm: ArmDraft, node: NodeId) -> Edge:
        if is_chosen(self.block.form.mode, arm.name):
            return self.edges.conditional(self.opener, node, arm.condition, arm.name, arm.order)
        return self.edges.control(self.opener, node)

    def out(self, arm: ArmDraft, node: NodeId, inside: Collection[NodeId]) -> Edge:
        """To the closing node; in the body of a loop to the node that says whether it goes on, which waits for all of it."""
        decides = self.decides if arm.name == BODY else None
        return self.edges.control(node, decides if decides in inside and decides else self.closer)


def _ways(arm: ArmDraft, inside: list[Node], ends: _Ends) -> Iterator[Edge]:
    ids = {node.base.id for node in inside}
    links, chosen = ends.links, is_chosen(ends.block.form.mode, arm.name)
    leading, ending = ids if chosen else {*ids, ends.opener}, {*ids, ends.closer}
    if not inside and (chosen or ends.opener not in links.sources[ends.closer]):
        yield ends.into(arm, ends.closer)
    decides = ends.decides if arm.name in (AGAIN, DONE) else None
    for node in inside:
        if not closes(node) and leading.isdisjoint(links.sources[node.base.id]):
            yield ends.into(arm, node.base.id)
        if decides and not closes(node) and ids.isdisjoint(links.sources[node.base.id]):
            yield ends.edges.control(decides, node.base.id)
        if not opens(node) and ending.isdisjoint(links.targets[node.base.id]):
            yield ends.out(arm, node.base.id, ids)
