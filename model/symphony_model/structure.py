"""A workflow's regions by path and by their two ends, and how they lie within each other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symphony_model.edges import Edge
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlNode, ControlType, Node

if TYPE_CHECKING:
    from symphony_model.region import Region
    from symphony_model.workflow import Workflow

CLOSER_OF = {
    ControlType.BRANCH: ControlType.MERGE,
    ControlType.PARALLEL: ControlType.JOIN,
    ControlType.LOOP: ControlType.MERGE,
}
"""Which kind of node closes what an opening node opens."""

CLOSERS = frozenset(CLOSER_OF.values())


@dataclass(frozen=True, slots=True)
class Structure:
    workflow: Workflow
    regions: dict[str, Region]
    opened: dict[NodeId, list[Region]]
    closed: dict[NodeId, list[Region]]

    @classmethod
    def of(cls, workflow: Workflow) -> Structure:
        opened: dict[NodeId, list[Region]] = defaultdict(list)
        closed: dict[NodeId, list[Region]] = defaultdict(list)
        for region in workflow.regions:
            opened[region.opener].append(region)
            closed[region.closer].append(region)
        return cls(workflow, {region.path: region for region in workflow.regions}, dict(opened), dict(closed))

    def ends(self, edge: Edge) -> tuple[Node, Node]:
        return self.workflow.nodes[edge.source_node], self.workflow.nodes[edge.target_node]

    def within(self, inner: str | None, outer: str | None) -> bool:
        """Whether a region is another one or lies in it; None is the whole workflow."""
        seen: set[str] = set()
        while inner != outer:
            if inner is None or inner in seen:
                return False
            seen.add(inner)
            region = self.regions.get(inner)
            inner = region.parent if region else None
        return True


def opens(node: Node) -> bool:
    return isinstance(node, ControlNode) and node.control_type in CLOSER_OF


def closes(node: Node) -> bool:
    return isinstance(node, ControlNode) and node.control_type in CLOSERS
