"""What nodes are called where they are printed, and where values come from, in the writer's words.

A node is called by what it is in its block: `decision`, whatever its path is; inputs and outputs by their own names; a block by
its step. A value that a synthetic node makes is the expression in it, and what the nearest block gives is called as its port is.
"""

from __future__ import annotations

from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge
from symphony_model.ids import NodeId
from symphony_model.nodes import InputNode, Node, OperatorNode, OutputNode
from symphony_model.printing.bodies import Bodies
from symphony_model.printing.values import on_the_way

UNNAMED = ("step", "fail", "require")
"""Where a step has no name, its path has one of these, a dot and a number."""

RESULTS = ("result", "output")
"""Ports whose value is called as the node is."""


def own_name(node: Node) -> str:
    """The last part of a node's path; of an input or output its name."""
    own = node.base.path.rpartition("/")[2]
    if isinstance(node, (InputNode, OutputNode)):
        return own.removeprefix(f"{node.kind}.")
    return own


def is_unnamed(node: Node) -> bool:
    word, dot, _ = own_name(node).partition(".")
    return bool(dot) and word in UNNAMED


class Names:
    """Names in one workflow."""

    def __init__(self, bodies: Bodies) -> None:
        self.workflow = bodies.workflow
        self.nodes = bodies.workflow.nodes
        self._closers = {opener: closer for closer, opener in bodies.openers.items()}
        self._regions = {region.path: region for region in bodies.workflow.regions}
        self._nearest: dict[tuple[str, str], NodeId | None] = {}

    def whole(self, node: Node) -> Node:
        """What a node is a part of: the step of an opening node, the node whose value a synthetic one makes."""
        if node.base.synthetic:
            node = self.workflow.at(node.base.path.rpartition(".")[0]) or node
        closer = self._closers.get(node.base.id)
        return node if closer is None else self.nodes.get(closer, node)

    def of(self, node: Node) -> str:
        whole = self.whole(node)
        return whole.base.name if is_unnamed(whole) else own_name(whole)

    def at(self, node: NodeId) -> str:
        """Of a node that is not there its id."""
        found = self.nodes.get(node)
        return self.of(found) if found else node

    def flow(self, edge: DataEdge) -> str:
        """What a data edge brings."""
        given = self._value(edge)
        return on_the_way(given, edge.transform.expression.source) if edge.transform else given

    def way(self, edge: ControlEdge | ConditionalEdge) -> str:
        """What an edge of order comes from."""
        priority = f" priority {edge.priority}" if isinstance(edge, ControlEdge) and edge.priority else ""
        return self.at(edge.source_node) + priority

    def _value(self, edge: DataEdge) -> str:
        source, target, port = self.nodes.get(edge.source_node), self.nodes.get(edge.target_node), edge.source_port
        if source and source.base.synthetic and isinstance(source, OperatorNode) and source.config.expression:
            return source.config.expression.source
        if target and source and self._gives(target.base.region, port) == source.base.id:
            return port
        name = self.at(edge.source_node)
        return name if port in RESULTS else f"{name}.{port}"

    def _gives(self, region: str | None, port: str) -> NodeId | None:
        """The opening node, of those of the blocks around, that gives a value of that name; the nearest where there are several."""
        passed: list[tuple[str, str]] = []
        found: NodeId | None = None
        while region is not None and found is None and region in self._regions and len(passed) <= len(self._regions):
            if (region, port) in self._nearest:
                found = self._nearest[region, port]
                break
            passed.append((region, port))
            opener = self.nodes.get(self._regions[region].opener)
            found = opener.base.id if opener and any(each.name == port for each in opener.outputs) else None
            region = self._regions[region].parent
        self._nearest.update(dict.fromkeys(passed, found))
        return found
