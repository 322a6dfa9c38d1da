"""Levels of the steps of each body: a step stands one level behind the last of what it, or anything in it, waits for.

Before: edges between nodes, wherever these stand. After: a number for each step, from 1, where a block is its opening node. Inputs come
before all levels, and synthetic nodes take none. What goes round in circles, and what follows it, has no level.

An edge into a block is one to the block, for the body that it starts in. Which block of a body a region lies in is looked up among the
numbers of a walk through all regions, so that edges from far outside cost no more than others: O(nodes + edges · log blocks).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from symphony_model.ids import NodeId
from symphony_model.nodes import InputNode, Node
from symphony_model.workflow import Workflow

Body = str | None


def levels(workflow: Workflow, openers: Mapping[NodeId, NodeId]) -> dict[NodeId, int]:
    """`openers` are by closing node."""
    following: dict[NodeId, list[NodeId]] = defaultdict(list)
    waits: dict[NodeId, int] = defaultdict(int)
    for source, target in _between_steps(workflow, openers):
        following[source].append(target)
        waits[target] += 1
    ready = [node for node in workflow.nodes if node not in openers and not waits[node]]
    found = dict.fromkeys(ready, 1)
    while ready:
        node = ready.pop()
        behind = found[node] + _takes_a_level(workflow.nodes[node])
        for each in following[node]:
            found[each] = max(found.get(each, 1), behind)
            waits[each] -= 1
            if not waits[each]:
                ready.append(each)
    return {node: level for node, level in found.items() if not waits[node]}


def _takes_a_level(node: Node) -> bool:
    return not (isinstance(node, InputNode) or node.base.synthetic)


def _between_steps(workflow: Workflow, openers: Mapping[NodeId, NodeId]) -> Iterator[tuple[NodeId, NodeId]]:
    """What waits for what, for each edge between two steps of one body."""
    blocks = _Blocks(workflow)
    for edge in workflow.edges:
        source, target = workflow.nodes.get(edge.source_node), workflow.nodes.get(edge.target_node)
        if source is None or target is None:
            continue
        step = openers.get(source.base.id, source.base.id)
        waiting = _step(target, source.base.region, openers, blocks)
        if waiting in workflow.nodes and waiting != step:
            yield step, waiting


def _step(node: Node, body: Body, openers: Mapping[NodeId, NodeId], blocks: _Blocks) -> NodeId | None:
    """The step of a body that a node is or lies in; of a block the opening node."""
    if node.base.region == body:
        return openers.get(node.base.id, node.base.id)
    return blocks.around(node.base.region, body)


class _Block(NamedTuple):
    """The numbers of what lies in it, from `start` to before `end`."""

    start: int
    end: int
    opener: NodeId


class _Blocks:
    """The blocks of each body, in the order of a walk from outside inwards that numbers the regions as it comes to them."""

    def __init__(self, workflow: Workflow) -> None:
        inner: dict[Body, dict[NodeId, list[str]]] = defaultdict(lambda: defaultdict(list))
        for region in workflow.regions:
            inner[region.parent][region.opener].append(region.path)
        self._numbers = _numbered(inner)
        sizes = _sizes(self._numbers, {region.path: region.parent for region in workflow.regions})
        self._of: dict[Body, list[_Block]] = {
            body: [self._block(opener, paths, sizes) for opener, paths in blocks.items() if paths[0] in self._numbers]
            for body, blocks in inner.items()
        }

    def _block(self, opener: NodeId, paths: list[str], sizes: Mapping[str, int]) -> _Block:
        first, last = paths[0], paths[-1]
        return _Block(self._numbers[first], self._numbers[last] + sizes[last], opener)

    def around(self, region: Body, body: Body) -> NodeId | None:
        """The opening node of the block of a body that a region lies in."""
        number = self._numbers.get(region) if region is not None else None
        blocks = self._of.get(body)
        if number is None or not blocks:
            return None
        block = blocks[bisect_right(blocks, number, key=lambda each: each.start) - 1]
        return block.opener if block.start <= number < block.end else None


def _numbered(inner: Mapping[Body, Mapping[NodeId, list[str]]]) -> dict[str, int]:
    """Each region that lies in the whole, before those in it; those of a block follow each other."""
    numbers: dict[str, int] = {}
    rest: list[Body] = [None]
    while rest:
        body = rest.pop()
        if body is not None:
            if body in numbers:
                continue
            numbers[body] = len(numbers)
        rest.extend(reversed([path for paths in inner.get(body, {}).values() for path in paths]))
    return numbers


def _sizes(numbers: Mapping[str, int], parents: Mapping[str, Body]) -> dict[str, int]:
    """How many regions each one is with all that lie in it."""
    sizes = dict.fromkeys(numbers, 1)
    for path in reversed(list(numbers)):
        parent = parents[path]
        if parent in sizes:
            sizes[parent] += sizes[path]
    return sizes
