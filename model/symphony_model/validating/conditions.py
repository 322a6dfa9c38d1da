"""Checks of conditional edges: they leave branches, each for the region that it names, under one condition."""

from __future__ import annotations

from collections.abc import Iterator

from symphony_dsl.base.types import BOOL
from symphony_model.block_forms import is_chosen
from symphony_model.edges import ConditionalEdge
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlNode, ControlType, Node
from symphony_model.problem import InvalidEdge, InvalidRegion, ValidationError
from symphony_model.structure import Structure


def check_conditions(structure: Structure) -> Iterator[ValidationError]:
    arms: dict[tuple[NodeId, str], ConditionalEdge] = {}
    last = {opener: max(each.order for each in regions.values()) for opener, regions in structure.opened.items()}
    for edge in structure.edges:
        if not isinstance(edge, ConditionalEdge):
            continue
        first = arms.setdefault((edge.source_node, edge.label), edge)
        wrong = _condition(structure, edge, first, last.get(edge.source_node))
        if wrong:
            code, reason = wrong
            path = structure.path(edge.source_node)
            message = f"the conditional edge `{edge.label}` of `{path}` {reason}"
            yield InvalidEdge(code, message, path, edge.id, reason)
    yield from _untaken(structure, arms)


def _condition(
    structure: Structure, edge: ConditionalEdge, first: ConditionalEdge, last: int | None
) -> tuple[str, str] | None:
    """The code and the sentence, after its beginning, of what is wrong with an edge by itself."""
    wrong = _misplaced(structure, edge, first)
    if wrong:
        return "WF0611", wrong
    if edge.condition is None and edge.order != last:
        return "WF0410", "has no condition and is not the last: what comes behind it is never taken"
    if edge.condition is not None and edge.condition.type != BOOL:
        return "WF0301", f"has a condition that is {edge.condition.type}, not bool"
    return None


def _misplaced(structure: Structure, edge: ConditionalEdge, first: ConditionalEdge) -> str | None:
    source, target = structure.ends(edge)
    regions = structure.opened.get(edge.source_node, {})
    region = regions.get(edge.label)
    if not isinstance(source, ControlNode) or source.control_type is not ControlType.BRANCH:
        return f"does not leave a branch; to `{target.base.path}` leads a control edge"
    if region is None:
        return f"names no region; there are {', '.join(f'`{name}`' for name in list(regions)[:5]) or 'none'}"
    if not is_chosen(source.config.mode, region.name):
        return f"leads into a region that no condition chooses; to `{target.base.path}` leads a control edge"
    if structure.places.get(edge.target_node) != region.path and edge.target_node != region.closer:
        return f"leads to `{target.base.path}`, which is not in its region"
    if (edge.condition, edge.order) != (first.condition, first.order) or edge.order != region.order:
        return "has another condition or place than its region"
    return None


def _untaken(structure: Structure, arms: dict[tuple[NodeId, str], ConditionalEdge]) -> Iterator[ValidationError]:
    """Every region that a condition chooses has a way in."""
    for region in structure.regions:
        opener = structure.nodes.get(region.opener)
        if _chooses(opener, region.name) and (region.opener, region.name) not in arms:
            yield InvalidRegion("WF0611", f"no conditional edge leads into the region `{region.path}`", region.path)


def _chooses(opener: Node | None, name: str) -> bool:
    if not isinstance(opener, ControlNode) or opener.control_type is not ControlType.BRANCH:
        return False
    return is_chosen(opener.config.mode, name)
