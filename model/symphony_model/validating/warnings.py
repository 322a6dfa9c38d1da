"""What keeps nothing from running, and is hardly meant."""

from __future__ import annotations

from collections.abc import Iterator

from symphony_dsl.base.types import ListType, OptionalType, RecordType, Type
from symphony_model.nodes import InputNode, InstrumentNode, Node, OperatorNode
from symphony_model.problem import ValidationWarning
from symphony_model.structure import Flow, Structure

DEEP = 8
"""From how many blocks within each other on nobody follows."""


def unused(structure: Structure) -> Iterator[ValidationWarning]:
    """Inputs and results that nothing reads, as the compiler says them of names."""
    for node_id, node in structure.nodes.items():
        edges = structure.outgoing[node_id]
        if not edges and structure.incoming[node_id] and _gives(node):
            what = f"nothing reads what `{node.base.path}` gives, and nothing waits for it"
            yield ValidationWarning("WF0212", what, node.base.path)


def _gives(node: Node) -> bool:
    return isinstance(node, (InstrumentNode, OperatorNode)) and bool(node.outputs)


def orphans(structure: Structure) -> Iterator[Node]:
    """Nodes at which no edge ends. A node that is alone in its workflow is none."""
    for node_id, node in structure.nodes.items() if len(structure.nodes) > 1 else ():
        if not structure.incoming[node_id] and not structure.outgoing[node_id] and node_id not in structure.loose:
            yield node


def allowed_orphans(structure: Structure) -> Iterator[ValidationWarning]:
    for node in orphans(structure):
        path = node.base.path
        if isinstance(node, InputNode):
            yield ValidationWarning("WF0212", f"the input `{node.base.name}` is never used", path)
        elif _gives(node):
            yield ValidationWarning("WF0212", f"nothing reads what `{path}` gives, and nothing waits for it", path)
        else:
            yield ValidationWarning("WF0620", f"no edge starts or ends at `{path}`", path)


def lost_fields(structure: Structure) -> Iterator[ValidationWarning]:
    """Fields of a record that the port at the end of an edge does not take."""
    for flow in structure.data:
        lost = _lost(flow)
        if lost:
            message = f"the edge {structure.way(flow.edge)} leaves {lost} behind; the port at its end has no such field"
            yield ValidationWarning("WF0622", message, flow.target.base.path)


def _lost(flow: Flow) -> str | None:
    given, taken = flow.given, flow.taken
    if flow.edge.transform is not None or given is None or taken is None or given.data_type is taken.data_type:
        return None
    one, other = _record(given.data_type), _record(taken.data_type)
    if one is None or other is None:
        return None
    names = [each.name for each in one.fields if other.get(each.name) is None]
    return ", ".join(f"`{name}`" for name in names[:5]) or None


def _record(of: Type) -> RecordType | None:
    """The record in a type, in lists and optionals too."""
    while isinstance(of, (ListType, OptionalType)):
        of = of.item
    return of if isinstance(of, RecordType) else None


def deep(structure: Structure) -> Iterator[ValidationWarning]:
    depths: dict[str, int] = {}
    for region in structure.regions:  # outer regions come first, but in a graph that is wrong elsewhere
        depths[region.path] = 1 + depths.get(region.parent or "", 0)
        if depths[region.path] == DEEP + 1:
            message = f"`{region.path}` lies in {DEEP} other blocks; call a workflow of its own for what is inside"
            yield ValidationWarning("WF0623", message, region.path)
