"""The graph of a workflow while it grows, and where in the text each of its nodes was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from symphony_compiler.bindings import Port
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, DataTransform
from symphony_model.ids import NodeId, WorkflowId, edge_id, node_id
from symphony_model.nodes import WAITING, Node, OperatorNode, Position
from symphony_model.ports import Expression
from symphony_model.region import Region
from symphony_model.workflow import Workflow

Link = Callable[[NodeId, NodeId], None]
"""Is told of an edge: `Order.linked`, or `Order.seen`."""


@dataclass(slots=True)
class Graph:
    """`places` are offsets in the file by the path of a node. `callees` are the workflows that are called, by hash.

    `positions` are by dotted path. `waiting` are the paths of the nodes that wait for a person or for a time. `kept` are
    ids that the text gives, by path.
    """

    workflow: Workflow
    places: dict[str, int] = field(default_factory=dict)
    callees: dict[str, tuple[str, str]] = field(default_factory=dict)
    regions: list[Region] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    kept: dict[str, NodeId] = field(default_factory=dict)
    workflow_id: WorkflowId = field(init=False)

    def __post_init__(self) -> None:
        self.workflow_id = self.workflow.id

    def free(self, path: str) -> str:
        """The path itself the first time, with `.2`, `.3` behind it after that."""
        count = self.taken[path] = self.taken.get(path, 0) + 1
        return path if count == 1 else self.free(f"{path}.{count}")

    def id(self, path: str) -> NodeId:
        return self.kept.get(path) or node_id(self.workflow_id, path)

    def add(self, node: Node, place: int) -> NodeId:
        self.places[node.base.path] = place
        if isinstance(node, OperatorNode) and node.operator_type in WAITING:
            self.waiting.append(node.base.path)
        return self.workflow.add_node(node)

    def data(self, source: Port, target: NodeId, port: str, link: Link, transform: DataTransform | None = None) -> None:
        ends = (f"{source.node}.{source.name}", f"{target}.{port}")
        made = edge_id(self.workflow_id, DataEdge.kind, *ends)
        self.workflow.put_edge(DataEdge(made, source.node, source.name, target, port, transform))
        link(source.node, target)

    def control(self, source: NodeId, target: NodeId, priority: int = 0) -> None:
        made = edge_id(self.workflow_id, ControlEdge.kind, str(source), str(target))
        self.workflow.put_edge(ControlEdge(made, source, target, priority))

    def conditional(self, source: NodeId, target: NodeId, condition: Expression | None, label: str, order: int) -> None:
        made = edge_id(self.workflow_id, ConditionalEdge.kind, f"{source}.{label}", str(target))
        self.workflow.put_edge(ConditionalEdge(made, source, target, condition, label, order))
