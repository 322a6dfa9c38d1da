"""Checks of loops: something says when they end, what follows that comes behind it, and they do not turn for ever without a pause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from symphony_model.block_forms import AGAIN, BODY, DONE, UNTIL
from symphony_model.edges import DataEdge
from symphony_model.nodes import WAITING, ControlNode, Node, OperatorNode, port_named
from symphony_model.problem import InvalidNode, InvalidRegion, ValidationError
from symphony_model.structure import Structure, closes

if TYPE_CHECKING:
    from symphony_model.ids import NodeId
    from symphony_model.region import Region


def check_loops(structure: Structure) -> Iterator[ValidationError]:
    """Loops whose regions are known."""
    free: list[NodeId] = []
    for opener, regions in structure.opened.items():
        node = structure.nodes.get(opener)
        if isinstance(node, ControlNode) and node.config.mode == "until":
            yield from _end(structure, regions)
            if node.config.maximum is None and node.config.every is None:
                free.append(opener)
    if free:
        yield from _endless(structure, free)


# ---- the end ----


def _end(structure: Structure, regions: dict[str, Region]) -> Iterator[ValidationError]:
    closer = structure.nodes.get(next(iter(regions.values())).closer)
    if not isinstance(closer, ControlNode) or not closes(closer):
        return
    path = closer.base.path
    port = port_named(closer.inputs, UNTIL)
    if (port is None) == (closer.condition is None):
        both = "a port `until` and a condition" if port else "neither a port `until` nor a condition"
        yield _wrong("WF0612", closer, f"`{path}` has {both}; one of them says when the loop ends")
    decides = _decides(structure, closer.base.id)
    if decides is not None:
        behind = (regions[name].path for name in (AGAIN, DONE) if name in regions)
        yield from _late(structure, decides, behind)


def _decides(structure: Structure, closer: NodeId) -> NodeId | None:
    edges = structure.incoming[closer]
    return next((e.source_node for e in edges if isinstance(e, DataEdge) and e.target_port == UNTIL), None)


def _late(structure: Structure, decides: NodeId, behind: Iterable[str]) -> Iterator[ValidationError]:
    """What comes first when a loop goes on, or has ended, follows the node that says so."""
    for place in behind:
        for node in structure.standing.get(place, ()):
            if not closes(structure.nodes[node]) and not _follows(structure, node, decides, place):
                path, until = structure.path(node), structure.path(decides)
                message = f"`{path}` comes behind the `until` of its loop, but does not follow `{until}`; join them by a control edge"
                yield InvalidRegion("WF0610", message, path)


def _follows(structure: Structure, node: NodeId, decides: NodeId, place: str) -> bool:
    sources = [edge.source_node for edge in structure.incoming[node]]
    return decides in sources or any(structure.places.get(source) == place for source in sources)


# ---- rounds ----


def _endless(structure: Structure, openers: list[NodeId]) -> Iterator[ValidationError]:
    """Of loops with no most and no pause, those in whose rounds nothing waits."""
    slow = _slow(structure)
    for opener in openers:
        regions = structure.opened[opener]
        if not any(name in regions and regions[name].path in slow for name in (BODY, AGAIN)):
            node = structure.nodes[opener]
            message = (
                f"nothing keeps the loop `{node.base.path}` from turning for ever: give it a `maximum` of rounds, "
                "or `every`, the time between two"
            )
            yield _wrong("WF0419", node, message)


def _slow(structure: Structure) -> set[str]:
    """The regions in which something waits for a person or for a time, however deep."""
    found: set[str] = set()
    for node_id, node in structure.nodes.items():
        place = structure.places.get(node_id) if _waits(node) else None
        while place is not None and place not in found:
            found.add(place)
            region = structure.by_path.get(place)
            place = structure.places.get(region.opener) if region else None
    return found


def _waits(node: Node) -> bool:
    return isinstance(node, OperatorNode) and node.operator_type in WAITING


def _wrong(code: str, node: Node, message: str) -> InvalidNode:
    return InvalidNode(code, message, node.base.path, node.base.id)
