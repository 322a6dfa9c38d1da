"""Checks of blocks: regions nest between the right two nodes, and edges cross their borders only where they may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from symphony_dsl.base.types import BOOL
from symphony_model.edges import ConditionalEdge, DataEdge, Edge
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlNode, ControlType, Node
from symphony_model.problem import InvalidEdge, InvalidRegion, ValidationError
from symphony_model.structure import CLOSER_OF, Structure, closes, opens

if TYPE_CHECKING:
    from symphony_model.region import Region


def check_regions(structure: Structure) -> Iterator[ValidationError]:
    seen: set[str] = set()
    for region in structure.workflow.regions:
        if region.path in seen:
            yield _region(region, "stands there twice")
        seen.add(region.path)
        yield from _frame(structure, region)
    for node in structure.workflow.nodes.values():
        yield from _stands(structure, node)


def _frame(structure: Structure, region: Region) -> Iterator[ValidationError]:
    """The two ends of a region exist, fit each other and stand in its parent; its path is made from its closer's."""
    opener, closer = (structure.workflow.nodes.get(end) for end in (region.opener, region.closer))
    if not isinstance(opener, ControlNode) or not opens(opener):
        yield _region(region, "has no opening node")
        return
    if not isinstance(closer, ControlNode) or closer.control_type is not CLOSER_OF[opener.control_type]:
        yield _region(region, f"is opened by a {opener.control_type}, but not closed by what closes one")
        return
    if closer.config.opener != opener.base.path:
        yield _region(region, f"closes at `{closer.base.path}`, which closes `{closer.config.opener}`")
    if not opener.base.region == closer.base.region == region.parent:
        yield _region(region, "does not stand where its opening and its closing node stand")
    named = closer.base.path if opener.config.mode == "each" else f"{closer.base.path}:{region.name}"
    if region.path != named:
        yield _region(region, f"is not called after its closing node `{closer.base.path}`")


def _stands(structure: Structure, node: Node) -> Iterator[ValidationError]:
    region = node.base.region
    if region is None:
        return
    if region not in structure.regions:
        yield InvalidRegion(
            "WF0607", f"`{node.base.path}` stands in a region `{region}` that is not there", node.base.path
        )
    if not node.base.path.startswith(f"{region}/"):
        yield InvalidRegion("WF0607", f"`{node.base.path}` is not called after its region `{region}`", node.base.path)


def _region(region: Region, what: str) -> InvalidRegion:
    return InvalidRegion("WF0607", f"the region `{region.path}` {what}", region.path)


def check_pairs(structure: Structure) -> Iterator[ValidationError]:
    for node_id, node in structure.workflow.nodes.items():
        if opens(node):
            yield from _opening(structure, node_id, node)
        if closes(node) and node_id not in structure.closed:
            yield InvalidRegion("WF0608", f"`{node.base.path}` closes no region", node.base.path)


def _opening(structure: Structure, node_id: NodeId, node: Node) -> Iterator[ValidationError]:
    regions = structure.opened.get(node_id, [])
    path = node.base.path
    if not regions:
        yield InvalidRegion("WF0608", f"`{path}` opens no region", path)
    if len({region.closer for region in regions}) > 1:
        yield InvalidRegion("WF0608", f"the regions of `{path}` do not close at one node", path)
    if len({region.order for region in regions}) < len(regions):
        yield InvalidRegion("WF0608", f"two regions of `{path}` have the same place in its order", path)


def check_borders(structure: Structure) -> Iterator[ValidationError]:
    """Edges go inwards, or to the closer of the region that they start in; a block is entered and left by its ends."""
    for edge in structure.workflow.edges:
        source, target = structure.ends(edge)
        wrong = _crossing(structure, edge, source, target)
        if wrong:
            message = f"the edge from `{source.base.path}` to `{target.base.path}` {wrong}"
            yield InvalidEdge("WF0609", message, target.base.path, edge.id, wrong)


def _crossing(structure: Structure, edge: Edge, source: Node, target: Node) -> str | None:
    closing = structure.closed.get(edge.target_node, [])
    if closing:
        return _into_closer(edge, source, closing)
    if opens(source):
        inside = any(structure.within(target.base.region, region.path) for region in _opened(structure, edge))
        return None if inside else "leaves a block by its opening node"
    if not structure.within(target.base.region, source.base.region):
        return "leaves a block other than by its closing node"
    return None


def _opened(structure: Structure, edge: Edge) -> list[Region]:
    return structure.opened.get(edge.source_node, [])


def _into_closer(edge: Edge, source: Node, closing: list[Region]) -> str | None:
    if edge.source_node == closing[0].opener:
        return None
    region = next((region for region in closing if region.path == source.base.region), None)
    if region is None:
        return "enters a block by its closing node"
    is_arm = region.path.endswith(f":{region.name}")
    if isinstance(edge, DataEdge) and is_arm and edge.target_port != region.name:
        return f"brings the value of `{region.name}` to the port `{edge.target_port}`"
    return None


def check_entries(structure: Structure) -> Iterator[ValidationError]:
    """What nothing in its region comes before follows the opening node; what nothing follows leads to the closing one."""
    for node_id, node in structure.workflow.nodes.items():
        region = structure.regions.get(node.base.region or "")
        if region is None:
            continue
        path = node.base.path
        if not closes(node) and not _joined(structure, _sources(structure, node_id), region, region.opener):
            yield InvalidRegion(
                "WF0610", f"`{path}` comes first in its block, but does not follow its opening node", path
            )
        if not opens(node) and not _joined(structure, _targets(structure, node_id), region, region.closer):
            yield InvalidRegion(
                "WF0610", f"`{path}` comes last in its block, but does not lead to its closing node", path
            )


def _sources(structure: Structure, node: NodeId) -> Iterator[NodeId]:
    return (edge.source_node for edge in structure.workflow.incoming(node))


def _targets(structure: Structure, node: NodeId) -> Iterator[NodeId]:
    return (edge.target_node for edge in structure.workflow.outgoing(node))


def _joined(structure: Structure, neighbours: Iterator[NodeId], region: Region, end: NodeId) -> bool:
    """Whether one of the neighbours is in the region too, or is the end that it should be joined to."""
    nodes = structure.workflow.nodes
    return any(node == end or nodes[node].base.region == region.path for node in neighbours)


def check_conditions(structure: Structure) -> Iterator[ValidationError]:
    arms: dict[tuple[NodeId, str], ConditionalEdge] = {}
    for edge in structure.workflow.edges:
        if not isinstance(edge, ConditionalEdge):
            continue
        first = arms.setdefault((edge.source_node, edge.label), edge)
        wrong = _condition(structure, edge, first)
        if wrong:
            path = structure.workflow.nodes[edge.source_node].base.path
            message = f"the conditional edge `{edge.label}` of `{path}` {wrong}"
            yield InvalidEdge("WF0611", message, path, edge.id, wrong)
    yield from _untaken(structure, arms)


def _condition(structure: Structure, edge: ConditionalEdge, first: ConditionalEdge) -> str | None:
    source, target = structure.ends(edge)
    regions = _opened(structure, edge)
    region = next((region for region in regions if region.name == edge.label), None)
    if not isinstance(source, ControlNode) or source.control_type is not ControlType.BRANCH:
        return "does not leave a branch"
    if region is None:
        return "names no region"
    if target.base.region != region.path and edge.target_node != region.closer:
        return f"leads to `{target.base.path}`, which is not in its region"
    if (edge.condition, edge.order) != (first.condition, first.order) or edge.order != region.order:
        return "has another condition or place than its region"
    if edge.condition is None and edge.order != max(other.order for other in regions):
        return "has no condition and is not the last"
    if edge.condition is not None and edge.condition.type != BOOL:
        return f"has a condition that is {edge.condition.type}, not bool"
    return None


def _untaken(structure: Structure, arms: dict[tuple[NodeId, str], ConditionalEdge]) -> Iterator[ValidationError]:
    """Every region of a branch has a way in; that of a `try` is no choice, and needs no condition."""
    for region in structure.workflow.regions:
        chooses = _chooses(structure.workflow.nodes.get(region.opener))
        if chooses and (region.opener, region.name) not in arms:
            yield InvalidRegion("WF0611", f"no conditional edge leads into the region `{region.path}`", region.path)


def _chooses(node: Node | None) -> bool:
    return isinstance(node, ControlNode) and node.control_type is ControlType.BRANCH and node.config.mode != "try"
