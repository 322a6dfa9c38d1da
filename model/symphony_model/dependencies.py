"""What a node waits for and what waits for it, directly and in all."""

from __future__ import annotations

from collections.abc import Iterable

from symphony_dsl.base.frozen import frozen
from symphony_model.ids import NodeId
from symphony_model.index import Index, beyond


@frozen
class NodeDependencies:
    """Dependencies are the nodes that a node waits for, dependents those that wait for it. All are in declaration order."""

    node_id: NodeId
    direct_dependencies: tuple[NodeId, ...]
    all_dependencies: tuple[NodeId, ...]
    direct_dependents: tuple[NodeId, ...]
    all_dependents: tuple[NodeId, ...]


MOST = 1_000
"""Of how many nodes the dependencies are kept: those of all nodes of a chain would take memory that grows with its square."""


def dependencies(index: Index, node: NodeId) -> NodeDependencies:
    """Found out when it is first asked, and given at once from then on."""
    found = index.kept.get(node)
    if found is None:
        if len(index.kept) == MOST:
            index.kept.clear()
        found = index.kept[node] = _found(index, node)
    return found


def _found(index: Index, node: NodeId) -> NodeDependencies:
    return NodeDependencies(
        node, predecessors(index, node), ancestors(index, node), successors(index, node), descendants(index, node)
    )


def predecessors(index: Index, node: NodeId) -> tuple[NodeId, ...]:
    """The sources of a node's edges."""
    return _declared(index, set(index.predecessors[index.position[node]]))


def successors(index: Index, node: NodeId) -> tuple[NodeId, ...]:
    """The targets of a node's edges."""
    return _declared(index, set(index.successors[index.position[node]]))


def ancestors(index: Index, node: NodeId) -> tuple[NodeId, ...]:
    """All nodes from which a way leads to a node; the node itself only where it lies in a cycle."""
    return _declared(index, beyond(index.position[node], index.predecessors))


def descendants(index: Index, node: NodeId) -> tuple[NodeId, ...]:
    """All nodes to which a way leads from a node; the node itself only where it lies in a cycle."""
    return _declared(index, beyond(index.position[node], index.successors))


def affected_by(index: Index, changed: Iterable[NodeId]) -> tuple[NodeId, ...]:
    """The changed nodes, and all that may give something else because of them."""
    found: set[int] = set()
    rest = [index.position[node] for node in changed]
    while rest:
        node = rest.pop()
        if node not in found:
            found.add(node)
            rest.extend(index.successors[node])
    return _declared(index, found)


def _declared(index: Index, positions: set[int]) -> tuple[NodeId, ...]:
    return tuple(index.names(sorted(positions)))
