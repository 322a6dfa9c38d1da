"""Ways from one node to another."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from symphony_model.ids import NodeId
from symphony_model.index import Index, reachable


def find_path(index: Index, source: NodeId, target: NodeId) -> tuple[NodeId, ...] | None:
    """A shortest way, both ends included; of equally short ones the one over the edges that came first. None without any."""
    start, end = index.position[source], index.position[target]
    came_from: dict[int, int] = {start: start}
    rest = deque([start])
    while rest and end not in came_from:
        node = rest.popleft()
        for each in index.successors[node]:
            if each not in came_from:
                came_from[each] = node
                rest.append(each)
    if end not in came_from:
        return None
    path = [end]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return tuple(index.names(reversed(path)))


def all_paths(index: Index, source: NodeId, target: NodeId, limit: int | None = None) -> Iterator[tuple[NodeId, ...]]:
    """Every way that passes no node twice, one after the other, at most `limit` of them.

    There may be exponentially many, but each is found at once where there is no cycle: only nodes that lead to the target
    are entered. Two edges between two nodes are one way.
    """
    start, end = index.position[source], index.position[target]
    useful = reachable(end, index.predecessors)
    if start not in useful or (limit is not None and limit <= 0):
        return
    if start == end:
        yield (source,)
        return
    found = 0
    path = [start]
    entered = {start}
    rest = [_onwards(index, start, useful)]
    while path:
        node = next(rest[-1], None)
        if node is None:
            entered.discard(path.pop())
            rest.pop()
        elif node == end:
            yield tuple(index.names([*path, end]))
            found += 1
            if found == limit:
                return
        elif node not in entered:
            path.append(node)
            entered.add(node)
            rest.append(_onwards(index, node, useful))


def _onwards(index: Index, node: int, useful: set[int]) -> Iterator[int]:
    """The next nodes of a way, each once."""
    return iter([each for each in dict.fromkeys(index.successors[node]) if each in useful])
