"""Whether an edge may be added to a workflow: its ends are there, and what flows over it fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from symphony_dsl.base.flows import a, flows
from symphony_dsl.base.types import optional
from symphony_model.edges import DataEdge, Edge
from symphony_model.errors import (
    CycleError,
    DuplicateEdgeError,
    TypeMismatchError,
    UnknownNodeError,
    UnknownPortError,
)
from symphony_model.ids import NodeId
from symphony_model.nodes import flowing
from symphony_model.paths import find_path
from symphony_model.ways_out import conversion_help, ports_listed

if TYPE_CHECKING:
    from symphony_model.nodes import Node
    from symphony_model.ports import PortDefinition
    from symphony_model.workflow import Workflow


def check_edge(workflow: Workflow, edge: Edge, *, allow_cycle: bool) -> None:
    """Raises the EdgeError or UnknownNodeError that keeps an edge out."""
    check_ends(workflow.name, workflow.nodes, edge)
    check_new(workflow, edge)
    if isinstance(edge, DataEdge):
        _check_fit(workflow, edge)
    if not allow_cycle and workflow.would_create_cycle(edge.source_node, edge.target_node):
        found = find_path(workflow.index, edge.target_node, edge.source_node)
        assert found is not None, "the edge closes a cycle"
        raise CycleError(found, tuple(workflow.nodes[node].base.path for node in found))


def check_ends(name: str, nodes: Mapping[NodeId, Node], edge: Edge) -> None:
    """`name` is that of the workflow."""
    for end, other in ((edge.source_node, edge.target_node), (edge.target_node, edge.source_node)):
        if end not in nodes:
            known = nodes.get(other)
            beside = f"; its other end is `{known.base.path}`" if known else ""
            raise UnknownNodeError(f"an edge ends at {end}, which is no node of `{name}`{beside}")


def check_new(workflow: Workflow, edge: Edge) -> None:
    if workflow.get_edge(edge.id) is not None:
        raise DuplicateEdgeError(f"the edge {way(workflow.nodes, edge)} is there already")


def _check_fit(workflow: Workflow, edge: DataEdge) -> None:
    """The ports are there, and what flows fits. Raises UnknownPortError or TypeMismatchError."""
    source, target = workflow.nodes[edge.source_node], workflow.nodes[edge.target_node]
    given = workflow.ports.find(source.outputs, edge.source_port)
    taken = workflow.ports.find(target.inputs, edge.target_port)
    if given is None:
        raise _unknown_port(source, source.outputs, edge.source_port, "output")
    if taken is None:
        raise _unknown_port(target, target.inputs, edge.target_port, "input")
    _check_type(edge, source, given, target, taken)


def way(nodes: Mapping[NodeId, Node], edge: Edge) -> str:
    """The two ends of an edge, as people call them."""
    source, target = nodes[edge.source_node].base.path, nodes[edge.target_node].base.path
    if isinstance(edge, DataEdge):
        return f"from `{source}.{edge.source_port}` to `{target}.{edge.target_port}`"
    return f"from `{source}` to `{target}`"


def _unknown_port(node: Node, ports: tuple[PortDefinition, ...], name: str, side: str) -> UnknownPortError:
    return UnknownPortError(f"`{node.base.path}` has no {side} port `{name}`; {ports_listed(ports, name)}")


def _check_type(edge: DataEdge, source: Node, given: PortDefinition, target: Node, taken: PortDefinition) -> None:
    of = edge.transform.expression.type if edge.transform else flowing(source, given, target)
    wanted = optional(taken.data_type) if taken.has_default else taken.data_type
    flow = flows(of, wanted)
    if flow.ok:
        return
    ends = f"from `{source.base.path}.{given.name}` to `{target.base.path}.{taken.name}`"
    message = f"{a(of)} cannot flow {ends}, which takes {a(taken.data_type)}: {flow.reason}"
    raise TypeMismatchError(f"{message}{conversion_help(of, taken.data_type)}")
