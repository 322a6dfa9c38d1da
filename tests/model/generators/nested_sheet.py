"""What the workflow of a plan is drawn on: nodes, edges between their paths, and the regions that they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.model.generators.nested_nodes import ID, ITEMS, TEXT, Source, base, nid, port

from symphony_dsl.base.types import BOOL
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, Edge
from symphony_model.ids import EdgeId, NodeId, edge_id
from symphony_model.nodes import ControlNode, InputNode, Node
from symphony_model.ports import Expression
from symphony_model.region import Region


@dataclass
class Sheet:
    """`deciders` says of the regions behind the `until` of a loop which node that is."""

    nodes: dict[NodeId, Node] = field(default_factory=dict)
    edges: dict[EdgeId, Edge] = field(default_factory=dict)
    regions: list[Region] = field(default_factory=list)
    deciders: dict[str, str] = field(default_factory=dict)

    def put(self, node: Node) -> None:
        self.nodes[node.base.id] = node

    def data(self, source: Source, target: str, name: str) -> None:
        """Inputs are there only where something reads them: otherwise they would be orphans."""
        if source in (TEXT, ITEMS):
            self.put(InputNode(base(source.path, None), port("output", source.type)))
        start, end = nid(source.path), nid(target)
        made = edge_id(ID, "data", f"{start}.{source.port}", f"{end}.{name}")
        self.edges[made] = DataEdge(made, start, source.port, end, name)

    def feed(self, path: str, read: list[Source]) -> None:
        for at, source in enumerate(read):
            self.data(source, path, f"p{at}")

    def control(self, source: str, target: str) -> None:
        made = edge_id(ID, "control", source, target)
        self.edges[made] = ControlEdge(made, nid(source), nid(target))

    def conditional(self, arm: Region, target: str) -> None:
        condition = None if arm.name in ("else", "catch2") else Expression(f"{arm.order} < 5", BOOL)
        made = edge_id(ID, f"conditional {arm.name}", str(arm.opener), target)
        self.edges[made] = ConditionalEdge(made, arm.opener, nid(target), condition, arm.name, arm.order)

    # ---- regions ----

    def join(self) -> None:
        """First nodes follow their opening node, last ones lead to the closing one, an empty region leads past itself."""
        for region in self.regions:
            inside = self.inside(region.path)
            for node in inside:
                self.follow(region, node)
                if not self.leads_on(node, region.closer):
                    self.control(node.base.path, self.nodes[region.closer].base.path)
            if not inside:
                self.enter(region, self.nodes[region.closer].base.path)

    def inside(self, region: str | None) -> list[Node]:
        return [node for node in self.nodes.values() if node.base.region == region]

    def follow(self, region: Region, node: Node) -> None:
        """What comes first where a loop goes on or ends follows its `until`, too."""
        if is_closer(node):
            return
        sources = [edge.source_node for edge in self.edges.values() if edge.target_node == node.base.id]
        if any(self.nodes[source].base.region == region.path for source in sources):
            return
        if region.opener not in sources or self.is_chosen(region):
            self.enter(region, node.base.path)
        if region.path in self.deciders:
            self.control(self.deciders[region.path], node.base.path)

    def leads_on(self, node: Node, end: NodeId | None = None) -> bool:
        """Whether a node is joined to what comes behind it in its region, or to the end; an opening node always is."""
        if isinstance(node, ControlNode) and node.config.opener is None:
            return True
        targets = (edge.target_node for edge in self.edges.values() if edge.source_node == node.base.id)
        return any(target == end or self.nodes[target].base.region == node.base.region for target in targets)

    def enter(self, region: Region, target: str) -> None:
        if self.is_chosen(region):
            self.conditional(region, target)
        else:
            self.control(self.nodes[region.opener].base.path, target)

    def is_chosen(self, region: Region) -> bool:
        """Whether conditions lead into a region: into the arms of a choice, and into a `catch`."""
        opener = self.nodes[region.opener]
        assert isinstance(opener, ControlNode)
        return opener.config.mode in ("if", "match") or region.name.startswith("catch")


def is_closer(node: Node) -> bool:
    return isinstance(node, ControlNode) and node.config.opener is not None
