"""Checks of expressions: each can be read, names what there is where it stands, and has the type that it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import BOOL, JSON, UNKNOWN, Type
from symphony_model.edges import ConditionalEdge, DataEdge
from symphony_model.expression_mistakes import Names, heads, mistakes
from symphony_model.nodes import (
    ControlNode,
    InstrumentNode,
    InstrumentTool,
    Node,
    OperatorNode,
    OperatorTool,
    OutputNode,
    flowing,
    tools_of,
)
from symphony_model.ports import Expression, PortDefinition
from symphony_model.problem import InvalidExpression, ValidationError
from symphony_model.run_names import RUN, RUN_FACTS

if TYPE_CHECKING:
    from symphony_model.http_request import HttpRequest
    from symphony_model.ids import EdgeId
    from symphony_model.nodes import Tool
    from symphony_model.structure import Structure

Ports: TypeAlias = "tuple[PortDefinition, ...]"

_FACTS: Names = ((RUN, RUN_FACTS),)

MANY = 32
"""Of more ports than that only those are shown to an expression that it mentions."""


@frozen
class Place:
    """An expression where it stands: `what` names it in a sentence; it mentions `ports`, or the one value `it`.

    `running`: facts of the run are known there.
    """

    what: str
    expression: Expression
    node: Node
    ports: Ports = ()
    it: Type | None = None
    edge: EdgeId | None = None
    running: bool = True


@dataclass(slots=True)
class _Names:
    """The ports of nodes by the first word of their names, made for nodes that have many."""

    by_head: dict[int, dict[str, list[tuple[str, Type]]]] = field(default_factory=dict)

    def of(self, place: Place) -> Names:
        """A port comes before a fact of the run that has its name."""
        return (*_FACTS, *self._own(place)) if place.running else self._own(place)

    def _own(self, place: Place) -> Names:
        if place.it is not None:
            return (("it", place.it),)
        if len(place.ports) <= MANY:
            return tuple((port.name, port.data_type) for port in place.ports)
        known = self.by_head.get(id(place.ports)) or self._grouped(place.ports)
        return tuple(name for head in sorted(heads(place.expression.source)) for name in known.get(head, ()))

    def _grouped(self, ports: Ports) -> dict[str, list[tuple[str, Type]]]:
        made = self.by_head[id(ports)] = defaultdict(list)
        for port in ports:
            made[port.name.partition(".")[0]].append((port.name, port.data_type))
        return made


def check_expressions(structure: Structure) -> Iterator[ValidationError]:
    names = _Names()
    for place in places(structure):
        expression, base = place.expression, place.node.base
        for code, message in mistakes(expression.source, names.of(place), expression.type):
            sentence = f"{place.what} cannot be used: {message}"
            yield InvalidExpression(code, sentence, base.path, base.id, expression.source, place.edge)


def places(structure: Structure) -> Iterator[Place]:
    """Every expression of a graph."""
    for node in structure.nodes.values():
        yield from _checks(node)
        if isinstance(node, (InstrumentNode, OperatorNode)):
            yield from _arguments(node, node, node.base.path)
        for name, expression in _configured(node):
            ports = () if isinstance(node, OutputNode) else node.inputs
            yield Place(f"the {name} of `{node.base.path}`", expression, node, ports)
        for tool in tools_of(node):
            yield from _tool(node, tool)
    for edge in structure.edges:
        if isinstance(edge, DataEdge) and edge.transform is not None:
            yield _transform(structure, edge, edge.transform.expression)
        elif isinstance(edge, ConditionalEdge) and edge.condition is not None:
            node = structure.nodes[edge.source_node]
            what = f"the condition `{edge.label}` of `{node.base.path}`"
            yield Place(what, edge.condition, node, _chosen_by(node), edge=edge.id)


def _chosen_by(node: Node) -> Ports:
    """The ports that the conditions of a branch are over: those of a `try` are over the error that it gives."""
    return node.outputs if isinstance(node, ControlNode) and node.config.mode == "try" else node.inputs


def _tool(node: Node, tool: Tool) -> Iterator[Place]:
    """The expressions of a tool are over its own ports."""
    path = f"{node.base.path}` → `{tool.name}"
    yield from _arguments(tool, node, path)
    for name, expression in _configured(tool):
        yield Place(f"the {name} of `{path}`", expression, node, tool.inputs)


def _transform(structure: Structure, edge: DataEdge, expression: Expression) -> Place:
    flow = structure.flow(edge)
    way = f"from `{flow.source.base.path}.{edge.source_port}` to `{flow.target.base.path}.{edge.target_port}`"
    it = flowing(flow.source, flow.given, flow.target) if flow.given else UNKNOWN
    return Place(f"the transform {way}", expression, flow.target, it=it, edge=edge.id)


def _configured(node: Node | Tool) -> Iterator[tuple[str, Expression]]:
    """The expressions of a node's configuration, by what they are called there."""
    for name, given in _parts(node):
        if isinstance(given, Expression):
            yield name, given


def _parts(node: Node | Tool) -> tuple[tuple[str, object], ...]:
    match node:
        case InstrumentNode(config=config) | InstrumentTool(config=config):
            return ("system text", config.system), ("prompt", config.prompt), ("messages", config.messages)
        case OperatorNode(config=config) | OperatorTool(config=config):
            command = config.shell if isinstance(config.shell, tuple) else ()
            return (
                ("expression", config.expression),
                ("failure", config.failure),
                *(("command", part) for part in command),
                *(_request(config.http) if config.http else ()),
            )
        case ControlNode(config=config):
            rounds = ("maximum", config.maximum), ("every", config.every)
            return ("limit", config.limit), *rounds, ("condition", node.condition)
        case OutputNode():
            return (("value", node.argument),)
    return ()


def _request(http: HttpRequest) -> tuple[tuple[str, object], ...]:
    url = tuple(("url", part) for part in http.url)
    return *url, ("headers", http.headers), ("query", http.query), ("body", http.body)


def _arguments(of: InstrumentNode | OperatorNode | Tool, node: Node, path: str) -> Iterator[Place]:
    for name, argument in of.config.arguments.items():
        if isinstance(argument, Expression):
            yield Place(f"the argument `{name}` of `{path}`", argument, node)


def _checks(node: Node) -> Iterator[Place]:
    """The checks that values have to keep."""
    for port in (*node.inputs, *node.outputs):
        for constraint in port.constraints:
            if constraint.kind == "check" and isinstance(constraint.value, str):
                what = f"the check of `{node.base.path}.{port.name}`"
                yield Place(what, Expression(constraint.value, BOOL), node, it=JSON, running=False)
