"""What in a body waits for what, beyond the data.

A *barrier* (`require`, `fail`, `yield`, a step without a name) waits for all above it in its body and holds back all
below. Edges stay linear: a barrier waits for the *leaves* above it, nodes that nothing above waits for yet, back to the
barrier before it; below, only *roots* wait for it, nodes that wait for nothing else below it. Without a barrier above
them, roots are the first nodes of the region and are led in by its opening node.

The nodes of a block inside the body belong to a region of their own: here a block enters by its opening node and leaves
by its closing one. A capture inside a block orders nothing here, since its arm may not be taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from symphony_model.ids import NodeId

Edge = Callable[[NodeId, NodeId], None]


@dataclass(slots=True)
class Order:
    """`control` draws an edge, `lead_in` the one from the opening node of the region to a first node of it."""

    control: Edge
    lead_in: Callable[[NodeId], None]
    opener: NodeId | None = None
    barrier: NodeId | None = None
    leaves: dict[NodeId, None] = field(default_factory=dict)
    segment: set[NodeId] = field(default_factory=set)  # what has ended since the barrier
    waiting: set[NodeId] = field(default_factory=set)  # what waits for something in the segment
    fed: set[NodeId] = field(default_factory=set)  # what the opening node gives data to

    def linked(self, source: NodeId, target: NodeId) -> None:
        """There is an edge; both ends may be anywhere."""
        if source in self.segment:
            self.leaves.pop(source, None)
            self.waiting.add(target)
        elif source == self.barrier:
            self.waiting.add(target)
        elif source == self.opener:
            self.fed.add(target)

    def seen(self, source: NodeId, target: NodeId) -> None:
        """There is an edge into what nothing can wait for: an output."""
        if source in self.segment or source == self.barrier:
            self.waiting.add(target)

    def entered(self, node: NodeId, *, barrier: bool = False) -> None:
        """A node, or the opening node of a block, has all edges that its text gives it."""
        if barrier and self.leaves:
            self._after_leaves(node)
        elif node in self.waiting:
            return
        elif self.barrier is not None:
            self.control(self.barrier, node)
        elif node not in self.fed:
            self.lead_in(node)

    def _after_leaves(self, node: NodeId) -> None:
        for leaf in self.leaves:
            self.control(leaf, node)
        self.leaves.clear()

    def left(self, node: NodeId, *, barrier: bool = False) -> None:
        """What `entered` has an end here: the node itself, or the closing node of the block."""
        if barrier:
            self.barrier = node
            self.leaves.clear()
            self.segment.clear()
            self.waiting.clear()
        else:
            self.leaves[node] = None
            self.segment.add(node)

    def ends(self) -> list[NodeId]:
        """What the end of the body waits for."""
        if self.leaves:
            return list(self.leaves)
        return [] if self.barrier is None else [self.barrier]
