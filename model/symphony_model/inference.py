"""The blocks of a graph in which nobody has said where they are: from opening and closing nodes and edges alone.

One walk in the order of the graph carries a *block* along every edge. What follows an opening node stands in the block that
it opens; what follows a closing node stands where that block stands; what follows any other node stands where that one
stands. A node that follows several stands in the innermost of their blocks, for edges lead inwards freely: a step reads what
was made outside. The closing node that stands in a block closes it. Closing nodes are walked last, the innermost first, so
that a block is whole before it is closed: whatever still follows from inside has an edge that goes past the closing node.

In a sound graph this gives what dominators give (Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm", 2001): once
the edges that lead inwards are left out, the opening node dominates its block, and its closing node is its nearest
post-dominator of the right kind. But which edges lead inwards is known only when the blocks are, and dominators do not say
which edge is wrong; this walk does, in one pass, and the tests hold it against them.

What the regions of a block are, `arms` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from symphony_model.nesting import Nesting
from symphony_model.nodes import CLOSER_OF, ControlNode, InputNode, OutputNode
from symphony_model.problem import InvalidEdge, InvalidRegion, ValidationError
from symphony_model.structure import closes, opens

if TYPE_CHECKING:
    from symphony_model.ids import NodeId
    from symphony_model.structure import Structure


@dataclass(slots=True, eq=False)
class Block:
    """What stands between an opening and a closing node; `members` stand directly in it, in the order of the graph."""

    opener: ControlNode
    around: Block | None
    depth: int
    number: int
    closer: ControlNode | None = None
    members: list[NodeId] = field(default_factory=list)


@dataclass(slots=True)
class Blocks:
    """`place` is the block that a node stands in; `behind` the one in which stands what follows it, and nothing else."""

    found: list[Block] = field(default_factory=list)
    place: dict[NodeId, Block | None] = field(default_factory=dict)
    behind: dict[NodeId, Block | None] = field(default_factory=dict)
    problems: list[ValidationError] = field(default_factory=list)


def blocks_of(structure: Structure) -> Blocks:
    """The blocks of a graph without cycles, the outer ones first, and what keeps it from being made of blocks."""
    blocks = Blocks()
    _walk(structure, blocks)
    blocks.problems += [*_unclosed(blocks), *_crossings(structure, blocks), *_dead_ends(structure, blocks)]
    return blocks


def _walk(structure: Structure, blocks: Blocks) -> None:
    waits = {node: len(edges) for node, edges in structure.incoming.items()}
    at = {node: place for place, node in enumerate(structure.nodes)}
    ready: list[tuple[bool, int, int, NodeId]] = []

    def push(node: NodeId) -> None:
        block = _innermost(structure, blocks, node)
        heappush(ready, (closes(structure.nodes[node]), -block.depth if block else 0, at[node], node))

    for node, count in waits.items():
        if not count:
            push(node)
    while ready:
        *_, node = heappop(ready)
        _stand(structure, blocks, node)
        for edge in structure.outgoing[node]:
            waits[edge.target_node] -= 1
            if not waits[edge.target_node]:
                push(edge.target_node)


def _innermost(structure: Structure, blocks: Blocks, node: NodeId) -> Block | None:
    """The innermost open block of those that lie before a node."""
    if not blocks.found or isinstance(structure.nodes[node], InputNode | OutputNode):
        return None
    before = (_still_open(blocks.behind[edge.source_node]) for edge in structure.incoming[node])
    return max((block for block in before if block), key=lambda block: (block.depth, -block.number), default=None)


def _still_open(block: Block | None) -> Block | None:
    return block.around if block and block.closer else block


def _stand(structure: Structure, blocks: Blocks, node_id: NodeId) -> None:
    node, block = structure.nodes[node_id], _innermost(structure, blocks, node_id)
    if isinstance(node, ControlNode) and closes(node):
        block = _close(blocks, node, block)
    blocks.place[node_id] = blocks.behind[node_id] = block
    if block:
        block.members.append(node_id)
    if isinstance(node, ControlNode) and opens(node):
        opened = Block(node, block, block.depth + 1 if block else 1, len(blocks.found))
        blocks.found.append(opened)
        blocks.behind[node_id] = opened


def _close(blocks: Blocks, node: ControlNode, block: Block | None) -> Block | None:
    """Close a block, and give what lies around it."""
    path = node.base.path
    if block is None:
        blocks.problems.append(_unpaired(node, f"`{path}` closes no block: no opening node leads to it"))
        return None
    opener = block.opener.base.path
    needed = CLOSER_OF[block.opener.control_type]
    if node.control_type is not needed:
        what = f"`{opener}` opens a {block.opener.control_type}, which a {needed} closes, but `{path}` is a {node.control_type}"
        blocks.problems.append(_unpaired(node, what))
    if node.config.opener not in (None, opener):
        what = f"`{path}` says that it closes `{node.config.opener}`, but it closes `{opener}`"
        blocks.problems.append(_unpaired(node, what))
    block.closer = node
    return block.around


def _unpaired(node: ControlNode, message: str) -> InvalidRegion:
    return InvalidRegion("WF0608", message, node.base.path)


def _unclosed(blocks: Blocks) -> Iterator[ValidationError]:
    for block in blocks.found:
        if block.closer is None:
            needed, path = CLOSER_OF[block.opener.control_type], block.opener.base.path
            yield _unpaired(block.opener, f"`{path}` opens a block that nothing closes; lead its ways to a {needed}")


def _crossings(structure: Structure, blocks: Blocks) -> Iterator[ValidationError]:
    nesting = Nesting({block: block.around for block in blocks.found})
    closed = {block.closer.base.id: block for block in blocks.found if block.closer}
    for edge in structure.edges:
        behind, closes_here = blocks.behind.get(edge.source_node), closed.get(edge.target_node)
        if closes_here:
            wrong = None if behind is closes_here else _entry(nesting, behind, closes_here)
        elif nesting.within(blocks.place.get(edge.target_node), behind):
            wrong = None
        else:
            wrong = _exit(behind)
        if wrong:
            message = f"the edge {structure.way(edge)} {wrong}"
            yield InvalidEdge("WF0609", message, structure.path(edge.target_node), edge.id, wrong)


def _entry(nesting: Nesting[Block], behind: Block | None, block: Block) -> str:
    if not nesting.within(block, behind):
        return _exit(behind)
    opener = block.opener.base.path
    return f"comes into the block of `{opener}` at its end; if it belongs inside, let it follow `{opener}`"


def _exit(block: Block | None) -> str:
    assert block is not None, "everything lies in the whole"
    opener, closer = block.opener.base.path, block.closer
    if closer is None:
        return f"leaves the block that `{opener}` opens"
    return f"leaves the block of `{opener}` other than by `{closer.base.path}`; let it start at `{closer.base.path}`"


def _dead_ends(structure: Structure, blocks: Blocks) -> Iterator[ValidationError]:
    for block in blocks.found:
        if block.closer is None:
            continue
        for node in block.members:
            if not opens(structure.nodes[node]) and not _goes_on(structure, blocks, node, block):
                yield _dead_end(structure, node, block.closer)


def _goes_on(structure: Structure, blocks: Blocks, node: NodeId, block: Block) -> bool:
    assert block.closer is not None, "only closed blocks are asked"
    targets = (edge.target_node for edge in structure.outgoing[node])
    return any(target == block.closer.base.id or blocks.place.get(target) is block for target in targets)


def _dead_end(structure: Structure, node: NodeId, closer: ControlNode) -> InvalidRegion:
    path = structure.path(node)
    message = f"`{path}` comes last in its block, but does not lead to its closing node `{closer.base.path}`"
    return InvalidRegion("WF0610", f"{message}; join them by a control edge", path)
