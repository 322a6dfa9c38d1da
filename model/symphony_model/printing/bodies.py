"""A workflow as people read it: bodies, steps in them, and blocks that are steps with bodies of their own.

A block is an opening node, what its regions hold, and its closing node. Steps of a body have levels: those of one level wait for nothing
of each other and may run at once. It holds for any graph: what goes round in circles has no level, and nodes of regions that nothing opens
are told apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from symphony_dsl.base.frozen import frozen
from symphony_model.edges import ConditionalEdge, Edge
from symphony_model.ids import NodeId
from symphony_model.nodes import InputNode, Node, OutputNode
from symphony_model.ports import Expression
from symphony_model.printing.levels import levels
from symphony_model.region import Region
from symphony_model.workflow import Workflow


@frozen
class Arm:
    """A region of a block, or a way through it on which nothing stands."""

    name: str
    region: Region | None
    condition: Expression | None = None


@frozen
class Unit:
    """A step: a node, or the two ends of a block with its arms."""

    node: Node
    level: int | None
    closer: Node | None = None
    arms: tuple[Arm, ...] = ()


class Bodies:
    """`units` are the steps of a region, or of the whole (None), in declaration order; `openers` are by closing node.

    Edges are by the nodes that they name, whether these are there or not.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.openers = _openers(workflow)
        self.inputs = [node for node in workflow.nodes.values() if isinstance(node, InputNode)]
        self.outputs = [node for node in workflow.nodes.values() if isinstance(node, OutputNode)]
        self.incoming: dict[NodeId, list[Edge]] = defaultdict(list)
        self.outgoing: dict[NodeId, list[Edge]] = defaultdict(list)
        for edge in workflow.edges:
            self.incoming[edge.target_node].append(edge)
            self.outgoing[edge.source_node].append(edge)
        self._arms = _arms(workflow)
        self._closers = {opener: closer for closer, opener in self.openers.items()}
        self._levels = levels(workflow, self.openers)
        self._units: dict[str | None, list[Unit]] = defaultdict(list)
        for node in workflow.nodes.values():
            if self._stands(node):
                self._units[node.base.region].append(self._unit(node))

    def units(self, region: str | None) -> list[Unit]:
        return self._units.get(region, [])

    def bodies(self) -> Iterable[str | None]:
        return self._units

    def block(self, node: NodeId) -> Unit | None:
        """The block that a node opens or closes."""
        opener = self.openers.get(node, node)
        return self._unit(self.workflow.nodes[opener]) if opener in self._closers else None

    def _stands(self, node: Node) -> bool:
        """Whether a node is shown as a step, and not as something of one."""
        return not isinstance(node, (InputNode, OutputNode)) and not (
            node.base.synthetic or node.base.id in self.openers
        )

    def _unit(self, node: Node) -> Unit:
        closer = self._closers.get(node.base.id)
        level = self._levels.get(node.base.id)
        if closer is None:
            return Unit(node, level)
        return Unit(node, level, self.workflow.nodes.get(closer), tuple(self._arms.get(node.base.id, ())))


def _openers(workflow: Workflow) -> dict[NodeId, NodeId]:
    """The opening node of each closing one, each of which opens and closes once."""
    found: dict[NodeId, NodeId] = {}
    opened: set[NodeId] = set()
    ends = {(region.opener, region.closer): None for region in workflow.regions}
    for opener, closer in ends:
        whole = opener in workflow.nodes and closer in workflow.nodes and opener != closer
        if whole and closer not in found and opener not in opened:
            opened.add(opener)
            found[closer] = opener
    return {closer: opener for closer, opener in found.items() if opener not in found}


def _arms(workflow: Workflow) -> dict[NodeId, list[Arm]]:
    """The arms of each opening node, in their order."""
    ways: dict[NodeId, dict[str, ConditionalEdge]] = defaultdict(dict)
    for edge in workflow.edges:
        if isinstance(edge, ConditionalEdge):
            ways[edge.source_node].setdefault(edge.label, edge)
    ranked: dict[NodeId, list[tuple[int, Arm]]] = defaultdict(list)
    for region in workflow.regions:
        way = ways[region.opener].pop(region.name, None)
        ranked[region.opener].append((region.order, Arm(region.name, region, way.condition if way else None)))
    for opener, left in ways.items():
        ranked[opener] += [(way.order, Arm(label, None, way.condition)) for label, way in left.items()]
    return {opener: [arm for _, arm in sorted(arms, key=lambda each: each[0])] for opener, arms in ranked.items()}
