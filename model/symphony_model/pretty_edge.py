"""An edge by itself: from where to where, what it carries, and when."""

from __future__ import annotations

from collections.abc import Iterator

from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, Edge
from symphony_model.ids import NodeId
from symphony_model.nodes import port_named
from symphony_model.pretty_about import fact
from symphony_model.pretty_config import PrettyConfig
from symphony_model.pretty_page import Line, Part
from symphony_model.pretty_values import type_text
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
    source, target = (_path(node, of) for node in (edge.source_node, edge.target_node))
    if isinstance(edge, DataEdge):
        source, target = f"{source}.{edge.source_port}", f"{target}.{edge.target_port}"
    yield Part(source, "name")
    yield Part(" → ", "quiet")
    yield Part(target, "name")


def _path(node: NodeId, of: Workflow | None) -> str:
    found = of.nodes.get(node) if of else None
    return found.base.path if found else node


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
