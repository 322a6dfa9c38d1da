"""An edge by itself: from where to where, what it carries, and when."""

from __future__ import annotations

from collections.abc import Iterator

from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, Edge
from symphony_model.ids import NodeId
from symphony_model.nodes import Node, port_named
from symphony_model.printing.about import fact
from symphony_model.printing.config import PrettyConfig
from symphony_model.printing.names import is_unnamed
from symphony_model.printing.page import Line, Part
from symphony_model.printing.values import type_text
from symphony_model.workflow import Workflow


def edge_lines(edge: Edge, config: PrettyConfig, of: Workflow | None) -> Iterator[Line]:
    yield Line(0, (Part(f"{edge.kind} ", "word"), *_ends(edge, of)))
    yield from (fact(name, text, 1) for name, text in _facts(edge, of))
    if config.show_metadata:
        yield from (fact(name, text, 1) for name, text in _ids(edge))


def edge_summary(edge: Edge, of: Workflow | None) -> Iterator[Part]:
    """An edge on one line."""
    yield from _ends(edge, of)
    for name, text in _facts(edge, None):
        yield Part(f"  {name} ", "quiet")
        yield Part(text)


def _ends(edge: Edge, of: Workflow | None) -> Iterator[Part]:
    ports = (edge.source_port, edge.target_port) if isinstance(edge, DataEdge) else ("", "")
    yield Part(_end(edge.source_node, ports[0], of), "name")
    yield Part(" → ", "quiet")
    yield Part(_end(edge.target_node, ports[1], of), "name")
    target = _step(edge.target_node, of)
    if target and is_unnamed(target):
        yield Part(f"  {target.base.name}", "quiet")


def _step(node: NodeId, of: Workflow | None) -> Node | None:
    """A node, or the one that a synthetic node makes a value for."""
    found = of.nodes.get(node) if of else None
    if of and found and found.base.synthetic:
        return of.at(found.base.path.rpartition(".")[0])
    return found


def _end(node: NodeId, port: str, of: Workflow | None) -> str:
    """A path and a port; a synthetic node is called as the port that it makes a value for."""
    found = of.nodes.get(node) if of else None
    path = found.base.path if found else node
    return path if not port or (found and found.base.synthetic) else f"{path}.{port}"


def _facts(edge: Edge, of: Workflow | None) -> Iterator[tuple[str, str]]:
    match edge:
        case DataEdge():
            yield from _types(edge, of)
            if edge.transform:
                yield edge.transform.transform_type.value, edge.transform.expression.source
        case ControlEdge(priority=priority):
            if priority:
                yield "priority", str(priority)
        case ConditionalEdge(condition=condition):
            yield f"{edge.label}, arm {edge.order}", f"when {condition.source}" if condition else "in every other case"


def _types(edge: DataEdge, of: Workflow | None) -> Iterator[tuple[str, str]]:
    source, target = (of.nodes.get(node) if of else None for node in (edge.source_node, edge.target_node))
    given = port_named(source.outputs, edge.source_port) if source else None
    taken = port_named(target.inputs, edge.target_port) if target else None
    if given and taken:
        types = dict.fromkeys((type_text(given.data_type), type_text(taken.data_type)))
        yield "carries", " → ".join(types)


def _ids(edge: Edge) -> Iterator[tuple[str, str]]:
    yield "id", edge.id
    yield "from", edge.source_node
    yield "to", edge.target_node
