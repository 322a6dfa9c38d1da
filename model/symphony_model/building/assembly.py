"""From what a builder was told to a workflow, with everything that is wrong.

Nodes stand in the order of the calls, edges in that of their targets, as the compiler writes them. An edge that lacks an
end or a port is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import replace

from symphony_dsl.base.types import JSON, UNKNOWN
from symphony_model.arms import InferredRegions, infer_regions, with_regions
from symphony_model.block_forms import AGAIN, BODY, DONE
from symphony_model.building.blocks import ways
from symphony_model.building.drafts import ArmDraft, BlockDraft, DataDraft, Drafts, NodeDraft
from symphony_model.building.edges import Edges
from symphony_model.building.forms import Form, Opening, Value, ending
from symphony_model.building.names import SOURCES, Names
from symphony_model.building.problems import Assembled
from symphony_model.building.state import INPUT, OUTPUT
from symphony_model.edges import Edge
from symphony_model.errors import DuplicateNodeError
from symphony_model.ids import node_id
from symphony_model.nodes import ControlNode, InputNode, InstrumentNode, Node, OperatorNode, OutputNode, port_named
from symphony_model.ports import Argument, Constant, DataType, PortDefinition
from symphony_model.problem import DuplicateNodeId, InvalidNode, InvalidRegion, Problem
from symphony_model.region import Region
from symphony_model.workflow import Workflow


def assemble(head: Workflow, drafts: Drafts) -> Assembled:
    """`head` is a workflow without nodes; nothing of it is shared with the result, nor is anything of the drafts."""
    told: list[Problem] = [*drafts.misuses]
    nodes = _nodes(drafts, told)
    names = Names(nodes, {arm.path: _seen_from(block, arm) for block, arm in drafts.regions})
    computed = {draft.node.base.path for draft in drafts.nodes if draft.computed}
    for block in drafts.blocks:
        if block.closer in computed:
            _finish(block, nodes, names, told)
    edges = Edges(head.id, names, told=told, doubtful={(each.place, None) for each in drafts.misuses})
    edges.know(drafts.blocks)
    for draft in drafts.edges:
        edges.add(draft)
    for edge in ways(drafts.blocks, nodes, edges):
        edges.made.setdefault(edge.id, edge)
    workflow = _workflow(head, nodes.values(), edges.made.values(), _regions(head, drafts))
    placed = _placed(workflow, told)
    return Assembled(placed, tuple(told), frozenset(edges.doubtful))


def _seen_from(block: BlockDraft, arm: ArmDraft) -> str | None:
    """The region whose names are seen in an arm: where a loop goes on or has ended, those of its body are."""
    behind_body = block.form is Form.LOOP and arm.name in (AGAIN, DONE)
    return f"{block.closer}:{BODY}" if behind_body else block.region


def _placed(workflow: Workflow, told: list[Problem]) -> Workflow:
    """Where no block was made by `region`, those that opening and closing nodes make; validation tells why there are none."""
    inferred = infer_regions(workflow) if not workflow.regions else InferredRegions()
    if inferred.problems or not inferred.regions:
        return workflow
    try:
        return with_regions(workflow, inferred)
    except DuplicateNodeError as problem:
        told.append(InvalidRegion("WF0607", f"the blocks of this graph cannot be named: {problem}", workflow.name))
        return workflow


# ---- nodes ----


def _nodes(drafts: Drafts, told: list[Problem]) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for draft in drafts.nodes:
        node = _own(_with_ports(draft))
        path = node.base.path
        if nodes.setdefault(path, node) is not node:
            told.append(DuplicateNodeId("WF0202", f"more than one node is called `{path}`", path, node.base.id))
    return nodes


def _with_ports(draft: NodeDraft) -> Node:
    """Those of a control node that was given none may stay empty."""
    node = draft.node
    if draft.ported or draft.computed or isinstance(node, InputNode | OutputNode):
        return node
    needed = not isinstance(node, ControlNode)
    return replace(node, inputs=(PortDefinition(INPUT, JSON, needed),), outputs=(PortDefinition(OUTPUT, JSON),))


def _own(node: Node) -> Node:
    """The node with mappings of its own: whoever changes one of those changes no other workflow."""
    metadata = node.base.metadata
    if metadata.custom:
        node = replace(node, base=replace(node.base, metadata=replace(metadata, custom=deepcopy(metadata.custom))))
    if isinstance(node, InstrumentNode):
        return replace(node, config=replace(node.config, arguments=_own_arguments(node.config.arguments)))
    if isinstance(node, OperatorNode):
        return replace(node, config=replace(node.config, arguments=_own_arguments(node.config.arguments)))
    return node


def _own_arguments(arguments: Mapping[str, Argument]) -> dict[str, Argument]:
    return {
        name: Constant(deepcopy(each.value)) if isinstance(each, Constant) else each for name, each in arguments.items()
    }


# ---- blocks ----


def _finish(block: BlockDraft, nodes: dict[str, Node], names: Names, told: list[Problem]) -> None:
    """Give the closing node the ports that its arms need."""
    closer = nodes[block.closer]
    if not isinstance(closer, ControlNode):  # another node has its name, and that is told
        return
    values = [Value(arm.name, _type(arm.value, names)) for arm in block.arms]
    found = ending(block.form, values, Opening(block.count, _variable(nodes[block.opener])))
    if found.clash and block.result is None:
        shown = ", ".join(str(each) for each in found.clash)
        message = f"the arms of `{block.closer}` have no type in common ({shown}); say which is meant by `result`"
        told.append(InvalidNode("WF0414", message, block.closer, closer.base.id))
    if block.result is not None:
        found = replace(found, result=block.result)
    nodes[block.closer] = replace(closer, inputs=found.inputs, outputs=found.outputs)


def _variable(opener: Node) -> DataType | None:
    port = port_named(opener.outputs, "variable")
    return port.data_type if port else None


def _type(value: DataDraft | None, names: Names) -> DataType | None:
    """The type of what an arm yields; unknown where its edge is wrong, which is told when edges are made."""
    if value is None:
        return None
    if value.transform is not None:
        return value.transform.expression.type
    node = names.find(value.source, SOURCES)
    if node is None:
        return UNKNOWN
    port = names.start_of(node, value.source_port)
    return port.data_type if port else UNKNOWN


def _regions(head: Workflow, drafts: Drafts) -> tuple[Region, ...]:
    return tuple(
        Region(
            arm.path, arm.name, node_id(head.id, block.opener), node_id(head.id, block.closer), arm.order, block.region
        )
        for block, arm in drafts.regions
    )


# ---- the whole ----


def _workflow(head: Workflow, nodes: Iterable[Node], edges: Iterable[Edge], regions: tuple[Region, ...]) -> Workflow:
    places = {node.base.id: place for place, node in enumerate(nodes)}
    return Workflow.of(
        head.name,
        nodes=nodes,
        edges=sorted(edges, key=lambda edge: places[edge.target_node]),
        package=head.package,
        version=head.version,
        description=head.description,
        metadata=replace(head.metadata, custom=deepcopy(head.metadata.custom)),
        regions=regions,
        settings=head.settings,
    )
