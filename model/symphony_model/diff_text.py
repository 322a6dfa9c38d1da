"""A diff in lines that people read: `+` for what came, `-` for what went, `~` for what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from symphony_dsl.base.canonical import canonical_json
from symphony_model.edges import ConditionalEdge, DataEdge, DataTransform, Edge
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlNode, InputNode, InstrumentNode, Node, OperatorNode, OutputNode
from symphony_model.ports import Constant, Expression, PortDefinition
from symphony_model.region import Region
from symphony_model.sameness import MISSING, Difference

if TYPE_CHECKING:
    from symphony_model.diff import Changes, WorkflowDiff

T = TypeVar("T")
LONGEST = 80


def lines(diff: WorkflowDiff) -> Iterator[str]:
    for each in diff.about:
        yield _difference(each)
    yield from _changes(diff.nodes, _node)
    yield from _changes(diff.edges, lambda edge: _edge(edge, diff.paths))
    yield from _changes(diff.regions, _region)
    for name in diff.reordered:
        yield f"~ the order of {name}"


def _changes(changes: Changes[T], named: Callable[[T], str]) -> Iterator[str]:
    for each in changes.removed:
        yield f"- {named(each)}"
    for each in changes.added:
        yield f"+ {named(each)}"
    for change in changes.changed:
        yield f"~ {named(change.before)}"
        for difference in change.differences:
            yield f"    {_difference(difference)}"


def _difference(difference: Difference) -> str:
    path = difference.path.removeprefix("base.")
    if difference.before is MISSING:
        return f"+ {path}: {shown(difference.after)}"
    if difference.after is MISSING:
        return f"- {path}: {shown(difference.before)}"
    start = f"{path}: " if path else ""
    return f"{start}{shown(difference.before)} → {shown(difference.after)}"


def _node(node: Node) -> str:
    return f"{node.kind} `{node.base.path}`"


def _region(region: Region) -> str:
    return f"region `{region.path}`"


def _edge(edge: Edge, paths: Mapping[NodeId, str]) -> str:
    source, target = (paths.get(end, str(end)) for end in (edge.source_node, edge.target_node))
    if isinstance(edge, DataEdge):
        return f"edge `{source}.{edge.source_port}` → `{target}.{edge.target_port}`"
    label = f" ({edge.label})" if isinstance(edge, ConditionalEdge) else ""
    return f"edge `{source}` → `{target}`{label}"


def shown(value: object) -> str:
    text = _written(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _written(value: object) -> str:
    match value:
        case None:
            return "none"
        case Expression():
            return f"`{value.source}`"
        case Constant():
            return _json(value.value)
        case PortDefinition():
            return str(value.data_type)
        case DataTransform():
            return f"{value.transform_type} `{value.expression.source}`"
        case InstrumentNode() | OperatorNode() | ControlNode() | InputNode() | OutputNode():
            return value.kind
        case StrEnum():
            return str(value)
        case str() | bool() | int() | float() | list() | tuple() | dict():
            return _json(value)
    return str(value)


def _json(value: object) -> str:
    """As JSON where it is some."""
    try:
        return canonical_json(value)
    except ValueError:
        return str(value)
