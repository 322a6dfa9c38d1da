"""From an artifact's workflows to plans: roles, who waits for whom, and where each port's value comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.types import BOOL, UNKNOWN
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge
from symphony_model.nodes import (
    ControlNode,
    ControlType,
)
from symphony_model.setting_ports import MARK, is_setting_port, setting_port
from symphony_runtime.plans.formula import Formula
from symphony_runtime.plans.nodes import argument_of, configure, known_feed, role_of
from symphony_runtime.plans.plan import (
    Arm,
    Feed,
    FromBlock,
    FromNode,
    NodePlan,
    RegionPlan,
    Role,
    Source,
    WorkflowPlan,
)
from symphony_runtime.plans.tools import add_tools

if TYPE_CHECKING:
    from symphony_model.artifact import Artifact
    from symphony_model.edges import Edge
    from symphony_model.ids import NodeId
    from symphony_model.nodes import Node
    from symphony_model.ports import PortDefinition
    from symphony_model.workflow import Workflow


BODY, AGAIN, DONE, ELSE = "body", "again", "done", "else"
"""The regions of a loop: its rounds, what goes on below `until`, what is yielded, and what is left when there are no more rounds."""

SEES_BODY = frozenset({AGAIN, DONE})


@dataclass(slots=True)
class Plans:
    """The plans of an artifact's workflows, each made when it is first needed."""

    artifact: Artifact
    made: dict[str, WorkflowPlan] = field(default_factory=dict)

    @property
    def main(self) -> WorkflowPlan:
        return self.of(self.artifact.content_hash)

    def of(self, content_hash: str) -> WorkflowPlan:
        if content_hash not in self.made:
            self.made[content_hash] = plan_of(self._workflow(content_hash), content_hash, self._sources(content_hash))
        return self.made[content_hash]

    def _workflow(self, content_hash: str) -> Workflow:
        if content_hash == self.artifact.content_hash:
            return self.artifact.workflow
        return self.artifact.callees[content_hash]

    def _sources(self, content_hash: str) -> dict[str, tuple[str, int]]:
        return self.artifact.sources.get(content_hash, {})


def plan_of(workflow: Workflow, content_hash: str, sources: dict[str, tuple[str, int]]) -> WorkflowPlan:
    """Raises UserError for what this version cannot run."""
    plan = WorkflowPlan(workflow, content_hash, sources)
    _add_regions(plan)
    for node in workflow.nodes.values():
        _add_node(plan, node)
    _pair(plan)
    for node_plan in plan.nodes.values():
        _connect(plan, node_plan)
    return plan


def _add_regions(plan: WorkflowPlan) -> None:
    plan.regions[None] = RegionPlan(plan, "", "", "", None, 0)
    bodies: dict[NodeId, RegionPlan] = {}
    for region in sorted(plan.workflow.regions, key=lambda region: (region.path.count("/"), region.order)):
        around = plan.regions[region.parent]
        local = region.path[len(around.path) + 1 :] if around.path else region.path
        parent = bodies.get(region.opener, around) if region.name in SEES_BODY else around
        made = RegionPlan(plan, region.name, local, region.path, parent, parent.depth + 1)
        plan.regions[region.path] = made
        if region.name == BODY and _opens_loop(plan.workflow, region.opener):
            bodies[region.opener] = made


def _opens_loop(workflow: Workflow, opener: NodeId) -> bool:
    node = workflow.nodes[opener]
    return isinstance(node, ControlNode) and node.control_type is ControlType.LOOP


def _add_node(plan: WorkflowPlan, node: Node) -> None:
    region = plan.regions[node.base.region]
    local = node.base.path[len(region.path) + 1 :] if region.path else node.base.path
    made = NodePlan(node, role_of(node), region, len(region.nodes), local)
    region.nodes.append(made)
    plan.nodes[node.base.id] = made
    plan.paths[node.base.path] = made
    configure(made)


def _pair(plan: WorkflowPlan) -> None:
    for region in plan.workflow.regions:
        made, opener = plan.regions[region.path], plan.nodes[region.opener]
        made.opener = opener
        opener.closer = plan.nodes[region.closer]
        opener.regions[made.name] = made
        if opener.role is Role.FINALLY:
            opener.region.last = opener
    for node in plan.workflow.nodes.values():
        opened = plan.paths.get(node.config.opener or "") if isinstance(node, ControlNode) else None
        if opened:
            opened.closer = plan.nodes[node.base.id]


def _connect(plan: WorkflowPlan, target: NodePlan) -> None:
    fed: dict[str, DataEdge] = {}
    sources: dict[NodeId, NodePlan] = {}
    for edge in plan.workflow.incoming(target.node.base.id):
        if isinstance(edge, DataEdge):
            fed[edge.target_port] = edge
        if not isinstance(edge, ConditionalEdge):
            sources[edge.source_node] = plan.nodes[edge.source_node]
    target.priority = _priority(plan, target)
    if target.role is Role.CLOSER:
        target.inner_feeds = {edge.target_port: _inner_feed(plan, target, edge) for edge in fed.values()}
        return
    for source in sources.values():
        _wait(target, source)
    computed = {port.name for port in target.node.inputs if is_setting_port(port.name)}
    target.computes = frozenset(name.removeprefix(MARK) for name in computed)
    target.takes_slots |= target.role is Role.CALL and bool(computed & LIMITS)
    target.feeds = tuple(_feed(plan, target, port, fed.get(port.name)) for port in target.node.inputs)
    if target.role in ARMED:
        target.arms = _arms(plan, target)
    if target.role is Role.TOOLS:
        add_tools(plan, target)


def _priority(plan: WorkflowPlan, target: NodePlan) -> int:
    """The highest that is written, which may be below that of steps for which none is."""
    edges = plan.workflow.incoming(target.node.base.id)
    return max((edge.priority for edge in edges if isinstance(edge, ControlEdge) and edge.priority), default=0)


LIMITS = frozenset(map(setting_port, ("concurrency", "rate_limit")))


ARMED = frozenset({Role.BRANCH, Role.TRY})
"""Blocks of which conditions choose the arm: over what they read, or over the error that they give."""


def _wait(target: NodePlan, source: NodePlan) -> None:
    if _around(target, source) is not None:
        return
    hops = _hops(target, source)
    if hops == 0:
        target.needs += 1
        source.followers.append(target.index)
    else:
        target.captures.append((hops, source.index))


def _around(target: NodePlan, opener: NodePlan) -> int | None:
    """How many regions out the region is that `opener` opens, where the target stands in it."""
    region: RegionPlan | None = target.region
    hops = 0
    while region:
        if region.opener is opener:
            return hops
        region, hops = region.parent, hops + 1
    return None


def _hops(target: NodePlan, source: NodePlan) -> int:
    hops, region = target.region.depth - source.region.depth, target.region
    for _ in range(hops):
        region = region.parent or region
    if region is not source.region:
        raise UserError(f"the node reads `{source.path}`, which stands inside another block", place=target.path)
    return hops


def _feed(plan: WorkflowPlan, target: NodePlan, port: PortDefinition, edge: DataEdge | None) -> Feed:
    if edge is None:
        return known_feed(port, _label(target, port), argument_of(target.node, port.name))
    source = plan.nodes[edge.source_node]
    hops = _around(target, source)
    of: Source
    if hops is None:
        of = FromNode(_hops(target, source), source.index, edge.source_port)
    else:
        of = FromBlock(hops, edge.source_port)
    return _feed_of(target, port, of, source, edge)


def _label(target: NodePlan, port: PortDefinition) -> str:
    return target.node.base.name if target.role is Role.OUTPUT else port.name


def _inner_feed(plan: WorkflowPlan, target: NodePlan, edge: DataEdge) -> Feed:
    source = plan.nodes[edge.source_node]
    port = next(port for port in target.node.inputs if port.name == edge.target_port)
    return _feed_of(target, port, FromNode(0, source.index, edge.source_port), source, edge)


def _feed_of(target: NodePlan, port: PortDefinition, of: Source, source: NodePlan, edge: DataEdge) -> Feed:
    given = next((out.data_type for out in source.node.outputs if out.name == edge.source_port), UNKNOWN)
    transform = None
    if edge.transform:
        expression = edge.transform.expression
        transform, given = Formula(expression.source, {"it": given}, expression.type), expression.type
    return Feed(port, _label(target, port), of, transform, convert=given != port.data_type)


def _arms(plan: WorkflowPlan, opener: NodePlan) -> tuple[Arm, ...]:
    ports = opener.node.inputs if opener.role is Role.BRANCH else opener.node.outputs
    names = {port.name: port.data_type for port in ports}
    found: dict[str, Arm] = {}
    for edge in sorted(_conditional(plan.workflow.outgoing(opener.node.base.id)), key=lambda edge: edge.order):
        condition = Formula(edge.condition.source, names, BOOL) if edge.condition else None
        found.setdefault(edge.label, Arm(edge.label, condition, opener.regions.get(edge.label)))
    return tuple(found.values())


def _conditional(edges: list[Edge]) -> list[ConditionalEdge]:
    return [edge for edge in edges if isinstance(edge, ConditionalEdge)]
