"""What a drawing of a workflow shows: boxes within each other, nodes in them, and labelled arrows between nodes.

Synthetic nodes are left out; an edge that ends at one goes on to where its value goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from symphony_dsl.base.frozen import frozen
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, Edge
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlNode, Node
from symphony_model.region import Region
from symphony_model.structure import opens
from symphony_model.workflow import Workflow

UNSAID = frozenset({"result", "output", "input", "value", "items"})
"""Ports whose names tell a reader nothing."""

FORMS = {"each": "for", "all": "parallel all", "first": "parallel first", "until": "loop"}
"""How a block is written, where that is not the name of its mode."""


@frozen
class Arrow:
    source: NodeId
    target: NodeId
    label: str
    kind: str  # of the edge that it starts with


def arrows(workflow: Workflow) -> list[Arrow]:
    """The edges between visible nodes, each once, in declaration order."""
    found = (arrow for edge in workflow.edges if _visible(workflow, edge.source_node) for arrow in _on(workflow, edge))
    return list(dict.fromkeys(found))


def _visible(workflow: Workflow, node: NodeId) -> bool:
    return not workflow.nodes[node].base.synthetic


def _on(workflow: Workflow, edge: Edge) -> Iterator[Arrow]:
    """Follow an edge through synthetic nodes to the visible ones."""
    seen: set[NodeId] = set()
    rest: list[Edge] = [edge]
    while rest:
        last = rest.pop()
        target = last.target_node
        if _visible(workflow, target):
            yield Arrow(edge.source_node, target, _label(workflow, edge, last), edge.kind)
        elif target not in seen:
            seen.add(target)
            rest.extend(reversed(workflow.outgoing(target)))


def _label(workflow: Workflow, first: Edge, last: Edge) -> str:
    """What a reader has to know: of data the ports, of a condition its arm and itself, of order a priority."""
    match first:
        case ConditionalEdge(condition=None):
            return first.label
        case ConditionalEdge(condition=condition):
            return f"{first.label}: {condition.source}" if condition else first.label
        case ControlEdge():
            return f"priority {first.priority}" if first.priority else ""
        case DataEdge():
            target = last.target_port if isinstance(last, DataEdge) else ""
            return _ports(workflow.nodes[first.source_node].base.name, first.source_port, target)


def _ports(name: str, source: str, target: str) -> str:
    """Both ports; one where the other tells no more, none where the arrow's start says it already."""
    if source in UNSAID and target == name:
        return ""
    if target == source or target.endswith(f".{source}"):
        return target
    return " → ".join(port for port in (source, target) if port and port not in UNSAID)


@frozen
class Line:
    """A line of the outline: a node, or where a region begins or ends."""

    depth: int
    what: Node | Region
    ends: bool = False


def outline(workflow: Workflow) -> Iterator[Line]:
    """Every visible node within the regions that it stands in; a region's own nodes before the regions in it.

    Without recursion: blocks nest as deep as a writer likes.
    """
    nodes: dict[str | None, list[Node]] = defaultdict(list)
    inner: dict[str | None, list[Region]] = defaultdict(list)
    for node in workflow.nodes.values():
        if not node.base.synthetic:
            nodes[node.base.region].append(node)
    for region in workflow.regions:
        inner[region.parent].append(region)
    yield from (Line(0, node) for node in nodes[None])
    rest = [Line(0, region) for region in reversed(inner[None])]
    while rest:
        line = rest.pop()
        yield line
        if line.ends or not isinstance(line.what, Region):
            continue
        path, depth = line.what.path, line.depth + 1
        yield from (Line(depth, node) for node in nodes[path])
        rest.append(Line(line.depth, line.what, ends=True))
        rest.extend(Line(depth, region) for region in reversed(inner[path]))


def title(workflow: Workflow, region: Region) -> str:
    """The step that a block belongs to, and which of its blocks it is."""
    step = workflow.nodes[region.closer].base.name
    return step if region.path == workflow.nodes[region.closer].base.path else f"{step}: {region.name}"


def name_of(node: Node) -> str:
    """What a node is called; an opening node has the name of its step, so that its form is said too."""
    if isinstance(node, ControlNode) and opens(node):
        return f"{node.base.name}: {FORMS.get(node.config.mode, node.config.mode)}"
    return node.base.name
