"""Checks of blocks: regions nest between the right two nodes, and edges cross their borders only where they may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from symphony_model.block_forms import AGAIN, BODY, DONE, is_alone, value_port
from symphony_model.edges import DataEdge, Edge
from symphony_model.ids import NodeId
from symphony_model.nodes import CLOSER_OF, ControlNode, Node
from symphony_model.problem import InvalidEdge, InvalidRegion, ValidationError
from symphony_model.structure import Structure, closes, opens

if TYPE_CHECKING:
    from symphony_model.region import Region


def check_regions(structure: Structure) -> Iterator[ValidationError]:
    seen: set[str] = set()
    for region in structure.regions:
        if region.path in seen:
            yield _region(region, "stands there twice; each region has a path of its own")
        seen.add(region.path)
        yield from _frame(structure, region)
    for node in structure.nodes.values():
        if node.base.region is not None:
            yield from _stands(structure, node, node.base.region)


def _frame(structure: Structure, region: Region) -> Iterator[ValidationError]:
    """The two ends of a region exist, fit each other and stand in its parent; its path is made from its closer's."""
    opener, closer = (structure.nodes.get(end) for end in (region.opener, region.closer))
    if not isinstance(opener, ControlNode) or not opens(opener):
        yield _region(region, "has no opening node")
        return
    needed = CLOSER_OF[opener.control_type]
    if not isinstance(closer, ControlNode) or closer.control_type is not needed:
        kind = opener.control_type
        yield _region(region, f"is opened by a {kind}, but not closed by what closes one, a {needed}")
        return
    if closer.config.opener != opener.base.path:
        yield _region(region, f"closes at `{closer.base.path}`, which closes `{closer.config.opener}`")
    if closer.config.mode != opener.config.mode:
        modes = f"`{opener.config.mode}`", f"`{closer.config.mode}`"
        yield _region(region, f"is opened by a node of the mode {modes[0]}, but closed by one of the mode {modes[1]}")
    if not opener.base.region == closer.base.region == region.parent:
        yield _region(region, "does not stand where its opening and its closing node stand")
    named = closer.base.path if is_alone(opener.config.mode) else f"{closer.base.path}:{region.name}"
    if region.path != named:
        yield _region(region, f"is not called after its closing node `{closer.base.path}`: `{named}`")


def _stands(structure: Structure, node: Node, region: str) -> Iterator[ValidationError]:
    path = node.base.path
    if region not in structure.by_path:
        yield InvalidRegion("WF0607", f"`{path}` stands in a region `{region}` that is not there", path)
    if not path.startswith(f"{region}/"):
        yield InvalidRegion("WF0607", f"`{path}` is not called after its region `{region}`: `{region}/…`", path)


def _region(region: Region, what: str) -> InvalidRegion:
    return InvalidRegion("WF0607", f"the region `{region.path}` {what}", region.path)


def check_pairs(structure: Structure) -> Iterator[ValidationError]:
    opened: dict[NodeId, list[Region]] = {}
    for region in structure.regions:
        opened.setdefault(region.opener, []).append(region)
    for node_id, node in structure.nodes.items():
        path = node.base.path
        if opens(node):
            yield from _opening(path, opened.get(node_id, []))
        if closes(node) and node_id not in structure.closed:
            yield InvalidRegion("WF0608", f"`{path}` closes no region", path)


def _opening(path: str, regions: list[Region]) -> Iterator[ValidationError]:
    if not regions:
        yield InvalidRegion("WF0608", f"`{path}` opens no region", path)
    if len({region.closer for region in regions}) > 1:
        yield InvalidRegion("WF0608", f"the regions of `{path}` do not close at one node", path)
    for what, count in (
        ("place in its order", Counter(region.order for region in regions)),
        ("name", Counter(region.name for region in regions)),
    ):
        if len(count) < len(regions):
            yield InvalidRegion("WF0608", f"two regions of `{path}` have the same {what}", path)


def check_borders(structure: Structure) -> Iterator[ValidationError]:
    """Edges go inwards, or to the closer of the region that they start in; a block is entered and left by its ends."""
    if not structure.regions:
        return
    for edge in structure.edges:
        wrong = _crossing(structure, edge)
        if wrong:
            message = f"the edge {structure.way(edge)} {wrong}"
            yield InvalidEdge("WF0609", message, structure.path(edge.target_node), edge.id, wrong)


def _crossing(structure: Structure, edge: Edge) -> str | None:
    opener = structure.closed.get(edge.target_node)
    if opener is not None:
        return None if edge.source_node == opener else _into_closer(structure, edge)
    source, target = structure.places.get(edge.source_node), structure.places.get(edge.target_node)
    if source is None and edge.source_node not in structure.opened:
        return None
    within = structure.nesting.within
    if opens(structure.nodes[edge.source_node]):
        inside = edge.source_node in structure.opened and within(target, edge.source_node)
        return None if inside else f"leaves a block by its opening node; {_out(structure, edge)}"
    if within(target, source) or _goes_on(structure, edge.source_node, target):
        return None
    return f"leaves a block other than by its closing node; {_out(structure, edge)}"


def _goes_on(structure: Structure, source: NodeId, target: str | None) -> bool:
    """Whether an edge leads from the body of a loop to where the loop goes on or ends: names of the body are seen there."""
    body = structure.by_path.get(structure.places.get(source, ""))
    if body is None or body.name != BODY or _mode(structure, body.opener) != "until":
        return False
    regions = structure.opened[body.opener]
    return any(name in regions and structure.nesting.within(target, regions[name].path) for name in (AGAIN, DONE))


def _mode(structure: Structure, opener: NodeId) -> str:
    node = structure.nodes.get(opener)
    return node.config.mode if isinstance(node, ControlNode) else ""


def _out(structure: Structure, edge: Edge) -> str:
    """The way out of the innermost block at the start of an edge."""
    regions = structure.opened.get(edge.source_node)
    place = structure.places.get(edge.source_node)
    region = next(iter(regions.values())) if regions else structure.by_path.get(place) if place else None
    closer = structure.nodes.get(region.closer) if region else None
    return f"let it start at `{closer.base.path}`" if closer else "nothing closes that block"


def _into_closer(structure: Structure, edge: Edge) -> str | None:
    place = structure.places.get(edge.source_node)
    region = structure.by_path.get(place) if place else None
    if region is None or region.closer != edge.target_node:
        return "enters a block by its closing node; if it belongs inside, let it stand there"
    return _wrong_port(structure, edge, region) if isinstance(edge, DataEdge) else None


def _wrong_port(structure: Structure, edge: DataEdge, region: Region) -> str | None:
    """What a region gives flows to the port of its own; a loop that ends by a condition has any port that it is over."""
    closer, mode = structure.nodes[edge.target_node], _mode(structure, region.opener)
    port = value_port(mode, region.name)
    if edge.target_port == port or (isinstance(closer, ControlNode) and closer.condition and region.name == BODY):
        return None
    what = f"brings the value of `{region.name}` to the port `{edge.target_port}`"
    return f"{what}; it flows to `{port}`" if port else f"{what}, but a `{mode}` has no value"


def check_entries(structure: Structure) -> Iterator[ValidationError]:
    """What nothing in its region comes before follows the opening node; what nothing follows leads to the closing one."""
    for node, place in structure.places.items():
        region = structure.by_path.get(place)
        if region is None or node in structure.loose:
            continue
        sources = (edge.source_node for edge in structure.incoming[node])
        targets = (edge.target_node for edge in structure.outgoing[node])
        if not closes(structure.nodes[node]) and not _joined(structure, sources, place, region.opener):
            yield _apart(structure, node, "first", "follow its opening node", region.opener)
        if not opens(structure.nodes[node]) and not _joined(structure, targets, place, region.closer):
            yield _apart(structure, node, "last", "lead to its closing node", region.closer)


def _joined(structure: Structure, neighbours: Iterator[NodeId], place: str, end: NodeId) -> bool:
    """Whether one of the neighbours is in the region too, or is the end that it should be joined to."""
    return any(node == end or structure.places.get(node) == place for node in neighbours)


def _apart(structure: Structure, node: NodeId, where: str, lacks: str, end: NodeId) -> InvalidRegion:
    path = structure.path(node)
    named = f" `{structure.path(end)}`" if end in structure.nodes else ""
    message = f"`{path}` comes {where} in its block, but does not {lacks}{named}; join them by a control edge"
    return InvalidRegion("WF0610", message, path)
