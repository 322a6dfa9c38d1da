"""Ways to break regions, and edges that cross their borders."""

from __future__ import annotations

from dataclasses import replace

from tests.model.generators.breaking import STRANGER, arrow, aside, edit, nodes, peopled_regions, regions
from tests.model.generators.parts import Parts

from symphony_model.edges import Edge
from symphony_model.nodes import ControlConfig, ControlNode, ControlType, Node, NodeBase
from symphony_model.region import Region


@edit(peopled_regions, "WF0607 invalid_region")
def a_region_is_gone(parts: Parts, region: Region) -> Parts:
    return parts.with_region(region, None)


@edit(regions, "WF0607 invalid_region")
def a_region_stands_there_twice(parts: Parts, region: Region) -> Parts:
    return replace(parts, regions=(*parts.regions, region))


@edit(regions, "WF0607 invalid_region")
def a_region_opens_nowhere(parts: Parts, region: Region) -> Parts:
    return parts.with_region(region, replace(region, opener=region.closer))


@edit(regions, "WF0607 invalid_region")
def a_region_closes_nowhere(parts: Parts, region: Region) -> Parts:
    return parts.with_region(region, replace(region, closer=region.opener))


@edit(regions, "WF0607 invalid_region")
def a_region_stands_elsewhere(parts: Parts, region: Region) -> Parts:
    return parts.with_region(region, replace(region, parent="nowhere"))


@edit(regions, "WF0607 invalid_region")
def a_region_has_another_name(parts: Parts, region: Region) -> Parts:
    return parts.with_region(region, replace(region, name=f"{region.name}x"))


def _beside(parts: Parts) -> list[tuple[Region, Region]]:
    """Two regions of one block."""
    return [
        (one, other)
        for one in parts.regions
        for other in parts.regions
        if one.opener == other.opener and one is not other
    ]


@edit(_beside, "WF0608 invalid_region")
def two_regions_have_one_place(parts: Parts, both: tuple[Region, Region]) -> Parts:
    return parts.with_region(both[0], replace(both[0], order=both[1].order))


@edit(lambda parts: [node for node in parts.control() if node.config.opener], "WF0607 invalid_region")
def a_closing_node_closes_another_block(parts: Parts, node: ControlNode) -> Parts:
    return parts.with_node(replace(node, config=replace(node.config, opener="nowhere")))


@edit(nodes, "WF0608 invalid_region")
def an_opening_node_opens_nothing(parts: Parts, node: Node) -> Parts:
    opener = ControlNode(NodeBase(STRANGER, "aside.if", "aside.if"), ControlType.BRANCH, ControlConfig("if"))
    return parts.with_node(opener).with_edges(arrow(STRANGER, node.base.id))


@edit(regions)
def all_regions_are_gone(parts: Parts, _: Region) -> Parts:
    return replace(parts, regions=())


def _two(parts: Parts) -> list[tuple[Region, Region]]:
    return [(one, other) for one in parts.regions for other in parts.regions]


@edit(_two)
def a_region_opens_and_closes_as_another(parts: Parts, both: tuple[Region, Region]) -> Parts:
    return parts.with_region(both[0], replace(both[0], opener=both[1].opener, closer=both[1].closer))


@edit(_two)
def a_region_stands_in_another(parts: Parts, both: tuple[Region, Region]) -> Parts:
    return parts.with_region(both[0], replace(both[0], parent=both[1].path))


@edit(_two)
def a_region_is_called_as_another(parts: Parts, both: tuple[Region, Region]) -> Parts:
    return parts.with_region(both[0], replace(both[0], path=both[1].path, name=both[1].name))


# ---- borders ----


def _inner(parts: Parts) -> list[Node]:
    return [node for node in parts.nodes.values() if node.base.region is not None]


@edit(_inner, "WF0609 invalid_edge", "WF0607 invalid_region")  # the latter where it opens or closes a block itself
def a_node_is_taken_out_of_its_block(parts: Parts, node: Node) -> Parts:
    return parts.with_node(replace(node, base=replace(node.base, region=None)))


@edit(_inner, "WF0609 invalid_edge")
def an_edge_leaves_a_block(parts: Parts, node: Node) -> Parts:
    return parts.with_node(aside()).with_edges(arrow(node.base.id, STRANGER))


@edit(regions, "WF0609 invalid_edge")
def an_edge_enters_a_block_by_its_end(parts: Parts, region: Region) -> Parts:
    return parts.with_node(aside()).with_edges(arrow(STRANGER, region.closer))


def _strays(parts: Parts) -> list[tuple[Node, Region]]:
    return [(node, region) for node in parts.nodes.values() for region in parts.regions]


@edit(_strays)
def a_node_stands_in_any_region(parts: Parts, both: tuple[Node, Region]) -> Parts:
    node, region = both
    return parts.with_node(replace(node, base=replace(node.base, region=region.path)))


def _arms(parts: Parts) -> list[tuple[Node, Node]]:
    """Nodes of two regions of one block; what the body of a loop makes is seen where it goes on and where it ends."""
    apart = [(one, other) for one, other in _beside(parts) if one.name != "body" or other.name not in ("again", "done")]
    both = [(parts.inside(one), parts.inside(other)) for one, other in apart]
    return [(one[0], other[0]) for one, other in both if one and other]


@edit(_arms, "WF0609 invalid_edge")
def an_edge_leads_from_arm_to_arm(parts: Parts, both: tuple[Node, Node]) -> Parts:
    return parts.with_edges(arrow(both[0].base.id, both[1].base.id))


def _firsts(parts: Parts) -> list[tuple[Region, Node]]:
    """Nodes that nothing in their region comes before; there `[0]` of what an opening node leads to."""
    return [
        (region, node)
        for region in parts.regions
        for node in parts.inside(region)
        if not (isinstance(node, ControlNode) and node.config.opener)
        and _alone(parts, parts.incoming(node.base.id), node)
    ]


def _lasts(parts: Parts) -> list[tuple[Region, Node]]:
    return [
        (region, node)
        for region in parts.regions
        for node in parts.inside(region)
        if not (isinstance(node, ControlNode) and not node.config.opener)
        and _alone(parts, parts.outgoing(node.base.id), node)
    ]


def _alone(parts: Parts, beside: list[Edge], node: Node) -> bool:
    ends = {end for edge in beside for end in (edge.source_node, edge.target_node)} - {node.base.id}
    return not any(parts.nodes[end].base.region == node.base.region for end in ends if end in parts.nodes)


@edit(_firsts, "WF0610 invalid_region")
def nothing_leads_into_a_block(parts: Parts, both: tuple[Region, Node]) -> Parts:
    region, node = both
    return parts.without_edges(edge for edge in parts.incoming(node.base.id) if edge.source_node == region.opener)


@edit(_lasts, "WF0610 invalid_region")
def nothing_leads_out_of_a_block(parts: Parts, both: tuple[Region, Node]) -> Parts:
    region, node = both
    return parts.without_edges(edge for edge in parts.outgoing(node.base.id) if edge.target_node == region.closer)
