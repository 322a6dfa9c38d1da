"""From blocks to regions: what the arms of a block are, and what they are called.

A branch has an arm for each label of its conditional edges, a `try` besides the `body` to which its control edges lead. A `for`
has the one region `each`, a `finally` its one. The regions of a loop are told by the node that says whether it ends, which
feeds the port `until`: the `body` comes before it, `again` and `done` come behind it, and what feeds the port `yield` is in
`done`; all else is `else`. A `finally` is of the region whose ends lead to it. The arms of another parallel are the parts of it
that no edge joins, each called after the port of the closing node that it feeds, else after its first node: an arm of several
parts has to be given, as has one in which nothing stands.

A region's path starts with that of its closing node, and the path of what stands in it with the region's. A graph that is
made by hand has no such paths; `with_regions` gives them, and leaves ids and names alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_model.block_forms import BODY, FORMS, UNTIL, is_alone
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge
from symphony_model.inference import Block, Blocks, blocks_of
from symphony_model.nodes import ControlNode, ControlType, Node
from symphony_model.problem import InvalidEdge, ValidationError
from symphony_model.region import Region
from symphony_model.rounds import Links, rounds
from symphony_model.structure import Structure

if TYPE_CHECKING:
    from symphony_model.edges import Edge
    from symphony_model.ids import NodeId
    from symphony_model.workflow import Workflow


@frozen
class InferredRegions:
    """`places` says in which region a node stands, `paths` what it is called there; nodes at the top are not among them."""

    regions: tuple[Region, ...] = ()
    places: dict[NodeId, str] = field(default_factory=dict)
    paths: dict[NodeId, str] = field(default_factory=dict)
    problems: tuple[ValidationError, ...] = ()


@dataclass(slots=True)
class _Work:
    """`arms` says in which arm of its block a node stands."""

    structure: Structure
    blocks: Blocks
    openers: dict[NodeId, NodeId]
    arms: dict[NodeId, str] = field(default_factory=dict)
    problems: list[ValidationError] = field(default_factory=list)


Arms: TypeAlias = "dict[str, int]"
"""The names of a block's arms, and their places in its order."""


def infer_regions(workflow: Workflow) -> InferredRegions:
    """The regions of a graph without cycles, whatever regions it says that it has; or the problems that keep it from any."""
    return infer(Structure.of(workflow))


def infer(structure: Structure) -> InferredRegions:
    if structure.index.has_cycle():
        return InferredRegions()  # nodes that wait for each other stand nowhere; that they do is told elsewhere
    blocks = blocks_of(structure)
    if blocks.problems:
        return InferredRegions(problems=tuple(blocks.problems))
    closers = {block.closer.base.id: block.opener.base.id for block in blocks.found if block.closer}
    work = _Work(structure, blocks, closers)
    found = [(block, _arms(work, block)) for block in blocks.found]
    return InferredRegions(problems=tuple(work.problems)) if work.problems else _named(work, found)


def _arms(work: _Work, block: Block) -> Arms:
    opener = block.opener
    form = FORMS.get(opener.config.mode)
    if form and form.alone:
        return _whole(work, block, form.regions[0])
    if opener.control_type is ControlType.BRANCH:
        return _labelled(work, block)
    return _rounds(work, block) if opener.control_type is ControlType.LOOP else _parts(work, block)


def _whole(work: _Work, block: Block, name: str) -> Arms:
    work.arms.update(dict.fromkeys(block.members, name))
    return {name: 0}


# ---- the arms of a branch ----


def _labelled(work: _Work, block: Block) -> Arms:
    arms: Arms = {BODY: 0} if block.opener.config.mode == "try" else {}
    for edge in work.structure.outgoing[block.opener.base.id]:
        if isinstance(edge, ConditionalEdge):
            arms[edge.label] = min(edge.order, arms.get(edge.label, edge.order))
    for node in block.members:
        arm = _arm(work, block, node)
        if arm is not None:
            work.arms[node] = arm
    return arms


def _arm(work: _Work, block: Block, node: NodeId) -> str | None:
    """The arm that the edges into a node say, the first of them where they do not agree."""
    if node in work.openers:
        return work.arms.get(work.openers[node])
    inside = [edge for edge in work.structure.incoming[node] if work.blocks.behind[edge.source_node] is block]
    inside.sort(key=lambda edge: work.structure.index.position[edge.source_node])
    said = [(edge, arm) for edge in inside if (arm := _said(work, block, edge)) is not None]
    if not said:
        _refuse_unlabelled(work, block, inside)
        return None
    arm = said[0][1]
    for edge, other in said:
        if other != arm:
            path = block.opener.base.path
            _refuse(
                work, edge, "WF0609", f"joins the arm `{other}` of `{path}` to its arm `{arm}`; only one of them runs"
            )
    return arm


def _said(work: _Work, block: Block, edge: Edge) -> str | None:
    if isinstance(edge, ConditionalEdge):
        return edge.label
    if edge.source_node != block.opener.base.id:
        return work.arms.get(edge.source_node)
    return BODY if block.opener.config.mode == "try" and isinstance(edge, ControlEdge) else None


def _refuse_unlabelled(work: _Work, block: Block, edges: list[Edge]) -> None:
    """What follows a node that was refused is not told of."""
    for edge in edges:
        if edge.source_node == block.opener.base.id:
            _refuse(work, edge, "WF0611", "leaves a branch without saying when; make it a conditional edge")
            return


def _refuse(work: _Work, edge: Edge, code: str, wrong: str) -> None:
    message = f"the edge {work.structure.way(edge)} {wrong}"
    work.problems.append(InvalidEdge(code, message, work.structure.path(edge.target_node), edge.id, wrong))


# ---- the arms of a parallel ----


def _parts(work: _Work, block: Block) -> Arms:
    """The parts of a block that no edge joins, in the order of their first nodes."""
    arms: Arms = {}
    feeds = _feeds(work, block)
    taken: Counter[str] = Counter()
    for part in _joined(work, block):
        ports = sorted(port for node in part for port in feeds.get(node, ()))
        wanted = ports[0] if ports else work.structure.path(part[0]).rpartition("/")[2]
        name = wanted
        while name in arms:
            taken[wanted] += 1
            name = f"{wanted}.{taken[wanted] + 1}"
        arms[name] = len(arms)
        work.arms.update(dict.fromkeys(part, name))
    return arms


def _feeds(work: _Work, block: Block) -> dict[NodeId, list[str]]:
    """The ports of a block's closing node that each node feeds."""
    assert block.closer is not None, "only closed blocks have regions"
    found: dict[NodeId, list[str]] = {}
    for edge in work.structure.incoming[block.closer.base.id]:
        if isinstance(edge, DataEdge):
            found.setdefault(edge.source_node, []).append(edge.target_port)
    return found


def _joined(work: _Work, block: Block) -> list[list[NodeId]]:
    """The nodes of a block, those together that edges inside of it join; a block within it is joined to its two ends."""
    leader = {node: node for node in block.members}
    for node in block.members:
        for other in _beside(work, block, node):
            leader[_leader(leader, other)] = _leader(leader, node)
    parts: dict[NodeId, list[NodeId]] = {}
    for node in sorted(block.members, key=work.structure.index.position.__getitem__):
        parts.setdefault(_leader(leader, node), []).append(node)
    return list(parts.values())


def _beside(work: _Work, block: Block, node: NodeId) -> Iterator[NodeId]:
    """The members of a block that an edge leads to, or that hold what it leads to; of a closing node its opening one too."""
    if node in work.openers:
        yield work.openers[node]
    yield from _following(work, block, node)


def _following(work: _Work, block: Block, node: NodeId) -> Iterator[NodeId]:
    """The members that edges of a member lead to; for one that lies in a block within, it is the opening node of that."""
    for edge in work.structure.outgoing[node]:
        place = work.blocks.place[edge.target_node]
        while place and place is not block and place.around is not block:
            place = place.around
        if place:
            yield edge.target_node if place is block else place.opener.base.id


def _leader(leader: dict[NodeId, NodeId], node: NodeId) -> NodeId:
    while leader[node] != node:
        leader[node] = node = leader[leader[node]]
    return node


# ---- the regions of a loop ----


def _rounds(work: _Work, block: Block) -> Arms:
    decides = _source(work, block, UNTIL)
    if decides is None or decides not in block.members:
        return _whole(work, block, BODY)
    finals = [node for node in block.members if _is_final(work.structure.nodes[work.openers.get(node, node)])]
    work.arms.update(rounds(_within(work, block, frozenset(finals)), decides, _source(work, block, "yield")))
    for node in finals:
        work.arms[node] = work.arms[work.openers[node]] if node in work.openers else _ended(work, block, node)
    said = {work.arms[node] for node in block.members}
    return {name: order for order, name in enumerate(FORMS["until"].regions) if name in said}


def _source(work: _Work, block: Block, port: str) -> NodeId | None:
    """What feeds a port of a block's closing node."""
    assert block.closer is not None, "only closed blocks have regions"
    edges = work.structure.incoming[block.closer.base.id]
    fed = (edge for edge in edges if isinstance(edge, DataEdge) and edge.target_port == port)
    return next((edge.source_node for edge in fed), None)


def _is_final(node: Node) -> bool:
    return isinstance(node, ControlNode) and node.config.mode == "finally"


def _ended(work: _Work, block: Block, final: NodeId) -> str:
    """A `finally` is of the region whose ends lead to it, though it comes behind all of that."""
    sources = (edge.source_node for edge in work.structure.incoming[final])
    return next((work.arms[node] for node in sources if work.blocks.place[node] is block and node in work.arms), BODY)


def _within(work: _Work, block: Block, without: frozenset[NodeId]) -> Links:
    """What follows each member of a block but for some; the closing node of a block within follows its opening node."""
    kept = [node for node in block.members if node not in without]
    closers = {work.openers[node]: node for node in kept if node in work.openers}
    following = {node: set(_following(work, block, node)) - without for node in kept}
    for opener, closer in closers.items():
        following[opener].add(closer)
    return following


# ---- names ----


def _named(work: _Work, found: list[tuple[Block, Arms]]) -> InferredRegions:
    """Blocks come before those that lie in them, so that a region's path is known when a region within needs it."""
    regions: list[Region] = []
    places: dict[NodeId, str] = {}
    paths: dict[NodeId, str] = {}
    for block, arms in found:
        assert block.closer is not None, "only closed blocks have regions"
        opener, closer = block.opener.base.id, block.closer.base.id
        around = paths.get(closer, block.closer.base.path)
        alone = is_alone(block.opener.config.mode)
        named = {name: around if alone else f"{around}:{name}" for name in arms}
        parent = places.get(opener)
        regions += [Region(named[name], name, opener, closer, order, parent) for name, order in arms.items()]
        for node in block.members:
            region = places[node] = named[work.arms[node]]
            own = work.structure.path(node)
            paths[node] = own if own.startswith(f"{region}/") else f"{region}/{own}"
    return InferredRegions(tuple(regions), places, paths)


def with_regions(workflow: Workflow, inferred: InferredRegions) -> Workflow:
    """The workflow with regions, its nodes standing in them and called after them; ids, names and edges stay.

    Raises DuplicateNodeError where a path that is made is taken.
    """
    made = workflow.subgraph(())
    made.regions = inferred.regions
    openers = {region.closer: region.opener for region in inferred.regions}
    for node_id, node in workflow.nodes.items():
        opener = openers.get(node_id)
        made.add_node(_placed(node, inferred, workflow.nodes[opener] if opener else None))
    for edge in workflow.edges:
        made.put_edge(edge)
    return made


def _placed(node: Node, inferred: InferredRegions, opener: Node | None) -> Node:
    base = node.base
    path, region = inferred.paths.get(base.id, base.path), inferred.places.get(base.id)
    if isinstance(opener, ControlNode) and isinstance(node, ControlNode):
        opener_path = inferred.paths.get(opener.base.id, opener.base.path)
        node = replace(node, config=replace(node.config, mode=opener.config.mode, opener=opener_path))
    return replace(node, base=replace(base, path=path, region=region))
