"""Edges from what a builder was told of them: their ends are looked up, and what is wrong is told with both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from symphony_model.building.drafts import (
    OTHERWISE,
    BlockDraft,
    ConditionalDraft,
    ControlDraft,
    DataDraft,
    EdgeDraft,
    Reference,
)
from symphony_model.building.forms import Form, arm_name
from symphony_model.building.names import SOURCES, TARGETS, Names, listed
from symphony_model.building.state import canonical
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, DataTransform, Edge
from symphony_model.ids import EdgeId, NodeId, WorkflowId, edge_id, node_id
from symphony_model.nodes import Node
from symphony_model.ports import Expression, PortDefinition
from symphony_model.problem import InvalidEdge, Problem
from symphony_model.ways_out import near_port, ports_listed


@dataclass(slots=True)
class Edges:
    """`doubtful` are ports, by path and name, of which nothing more is told; without a name it is all of a node.

    `orders` are the places of a branch's arms by label.
    """

    workflow: WorkflowId
    names: Names
    made: dict[EdgeId, Edge] = field(default_factory=dict)
    told: list[Problem] = field(default_factory=list)
    doubtful: set[tuple[str, str | None]] = field(default_factory=set)
    orders: dict[NodeId, dict[str, int]] = field(default_factory=dict)

    def know(self, blocks: Iterable[BlockDraft]) -> None:
        """The arms that branches have already."""
        for block in blocks:
            self.orders[node_id(self.workflow, block.opener)] = {arm.name: arm.order for arm in block.arms}

    # ---- from drafts ----

    def add(self, draft: EdgeDraft) -> None:
        source, target = self._ends(draft)
        if source is None or target is None:
            self._lost(draft, source, target)
            return
        edge = self._edge(draft, source, target)
        if edge is None:
            return
        if edge.id in self.made:
            reason = "is there twice"
            message = f"the edge {_way(draft, source, target)} {reason}"
            self.told.append(InvalidEdge("WF0616", message, target.base.path, edge.id, reason))
            return
        self.made[edge.id] = edge

    def _ends(self, draft: EdgeDraft) -> tuple[Node | None, Node | None]:
        if not isinstance(draft, DataDraft):
            return self.names.find(draft.source, SOURCES), self.names.find(draft.target, TARGETS)
        names = self.names
        source = names.find(draft.source, SOURCES, lambda node: names.start_of(node, draft.source_port) is not None)
        target = names.find(draft.target, TARGETS, lambda node: names.end_of(node, draft.target_port) is not None)
        return source, target

    def _edge(self, draft: EdgeDraft, source: Node, target: Node) -> Edge | None:
        match draft:
            case DataDraft():
                return self._data(draft, source, target)
            case ControlDraft():
                return self.control(source.base.id, target.base.id, draft.priority)
            case ConditionalDraft():
                label, order = self._place(draft, source.base.id)
                return self.conditional(source.base.id, target.base.id, draft.condition, label, order)

    def _place(self, draft: ConditionalDraft, source: NodeId) -> tuple[str, int]:
        """The label of an arm and its place: edges into one arm share both."""
        arms = self.orders.setdefault(source, {})
        label = draft.label or (OTHERWISE if draft.condition is None else arm_name(Form.IF, len(arms)) or "")
        return label, arms.setdefault(label, len(arms))

    def _data(self, draft: DataDraft, source: Node, target: Node) -> DataEdge | None:
        start = self.names.start_of(source, draft.source_port)
        end = self.names.end_of(target, draft.target_port)
        if start is None:
            self._no_port(draft, source, target, _no_start(source, draft.source_port), "WF0302")
        if end is None:
            lacks = _lacks(target, "input", draft.target_port, target.inputs)
            self._no_port(draft, source, target, lacks, "WF0403")
        if start is None or end is None:
            return None
        return self.data(source.base.id, start.name, target.base.id, end.name, draft.transform)

    # ---- made ----

    def data(
        self, source: NodeId, source_port: str, target: NodeId, target_port: str, transform: DataTransform | None
    ) -> DataEdge:
        made = edge_id(self.workflow, DataEdge.kind, f"{source}.{source_port}", f"{target}.{target_port}")
        written = transform and replace(transform, expression=canonical(transform.expression))
        return DataEdge(made, source, source_port, target, target_port, written)

    def control(self, source: NodeId, target: NodeId, priority: int = 0) -> ControlEdge:
        return ControlEdge(edge_id(self.workflow, ControlEdge.kind, str(source), str(target)), source, target, priority)

    def conditional(
        self, source: NodeId, target: NodeId, condition: Expression | None, label: str, order: int
    ) -> ConditionalEdge:
        made = edge_id(self.workflow, ConditionalEdge.kind, f"{source}.{label}", str(target))
        return ConditionalEdge(made, source, target, condition, label, order)

    # ---- what is wrong ----

    def _lost(self, draft: EdgeDraft, source: Node | None, target: Node | None) -> None:
        port = draft.target_port if isinstance(draft, DataDraft) else None
        for node, reference, what in ((source, draft.source, "starts"), (target, draft.target, "ends")):
            if node is not None:
                self.doubtful.add((node.base.path, port if node is target else ""))
                continue
            near = self.names.near(reference.name)
            meant = near and self.names.find(replace(reference, name=near), TARGETS)
            if meant:
                self.doubtful.add((meant.base.path, port if reference is draft.target else ""))
            reason = f"{what} nowhere: there is no node `{reference.name}`" + (
                f"; did you mean `{near}`?" if near else ""
            )
            self._tell(draft, source, target, reason)

    def _no_port(self, draft: DataDraft, source: Node, target: Node, reason: str, code: str) -> None:
        there = self.names.end_of(target, draft.target_port)
        meant = there.name if there else near_port(target.inputs, draft.target_port)
        self.doubtful.add((target.base.path, meant))
        self.doubtful.add((source.base.path, ""))
        self._tell(draft, source, target, f"does not fit: {reason}", code)

    def _tell(
        self, draft: EdgeDraft, source: Node | None, target: Node | None, reason: str, code: str = "WF0201"
    ) -> None:
        paths = _path(source, draft.source), _path(target, draft.target)
        ends = (str(node_id(self.workflow, path)) for path in paths)
        message = f"the edge {_way(draft, source, target)} {reason}"
        self.told.append(InvalidEdge(code, message, paths[1], edge_id(self.workflow, draft.kind, *ends), reason))


def _path(node: Node | None, reference: Reference) -> str:
    return node.base.path if node else reference.name


def _way(draft: EdgeDraft, source: Node | None, target: Node | None) -> str:
    """Both ends, as far as they are known."""
    start, end = _path(source, draft.source), _path(target, draft.target)
    if isinstance(draft, DataDraft):
        start = f"{start}.{draft.source_port}" if draft.source_port else start
        end = f"{end}.{draft.target_port}"
    return f"from `{start}` to `{end}`"


def _no_start(node: Node, port: str | None) -> str:
    if port is not None:
        return _lacks(node, "output", port, node.outputs)
    if not node.outputs:
        return f"`{node.base.path}` has no output port"
    return f"`{node.base.path}` has several output ports, {listed(node.outputs)}; name one by `data_edge`"


def _lacks(node: Node, side: str, port: str, ports: tuple[PortDefinition, ...]) -> str:
    return f"`{node.base.path}` has no {side} port `{port}`; {ports_listed(ports, port)}"
