"""A node by itself: everything that it is, its texts whole, and what is beside it.

instrument found  assess  openai/gpt-4o
  prompt  "${alert.service}: ${alert.text}"
  retry 2
  takes
    alert  Alert   ← alert
    logs   string  ← logs.trim()
  gives
    severity  Severity
  leads to
    found.severity → action.match.found.severity
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symphony_dsl.base.constraints import shown
from symphony_model.edges import DataEdge, Edge
from symphony_model.nodes import ControlNode, InputNode, InstrumentNode, Node, OperatorNode, OutputNode, Tool
from symphony_model.ports import Expression, PortDefinition
from symphony_model.printing.about import about_node, fact, prose
from symphony_model.printing.bodies import Bodies, Unit
from symphony_model.printing.config import PrettyConfig
from symphony_model.printing.edge import edge_summary
from symphony_model.printing.heads import doing, how, url_text
from symphony_model.printing.names import own_name
from symphony_model.printing.page import Line, Part
from symphony_model.printing.steps import Source, Steps, port_lines, said_of, unfed
from symphony_model.printing.values import type_text
from symphony_model.printing.workflow import Walk
from symphony_model.workflow import Workflow

Facts = Iterator[tuple[str, str]]


def node_lines(node: Node, config: PrettyConfig, of: Workflow | None) -> Iterator[Line]:
    if of is None:
        yield from _page(Unit(node, None), _own(node), config)
        return
    bodies = Bodies(of)
    steps = Steps(bodies, config)
    unit = bodies.block(node.base.id)
    unit = unit if unit and unit.closer is node else Unit(node, None)
    yield from _page(unit, steps.sources(unit.node), config)
    yield from _beside(unit, bodies)
    if unit.arms:
        yield Line(1, (Part("holds", "word"),))
        yield from Walk(bodies, steps).block(unit, 2)


def _page(unit: Unit, sources: dict[str, Source], config: PrettyConfig) -> Iterator[Line]:
    """What is known without a workflow; a block is called as its closing node, and is what its opening node does."""
    node, named = unit.node, unit.closer or unit.node
    given = {port: source.text for port, source in sources.items()}
    kind = "block" if unit.closer else node.kind
    yield Line(0, (Part(f"{kind} ", "word"), Part(named.base.path, "name"), *_called(named), *_does(node, given)))
    if named.base.description and not config.show_metadata:
        yield from prose(named.base.description, 1)
    yield from (fact(name, text, 1) for name, text in _texts(node))
    yield from (Line(1, (Part(said, "quiet"),), wraps=True) for said in said_of(node))
    if config.show_metadata:
        yield from about_node(named, 1)
    yield from _ports("takes", node.inputs, sources)
    begun = unfed(node, node.port) if isinstance(node, InputNode) and node.port.has_default else None
    yield from _ports("gives", named.outputs, {"output": begun} if begun else {})


def node_summary(node: Node, of: Workflow | None) -> Iterator[Part]:
    """A node on one line: its path, what it does, and its ports."""
    yield Part(node.base.path, "name")
    yield from _does(node, {})
    yield Part("  (", "quiet")
    yield Part(", ".join(f"{port.name}: {type_text(port.data_type)}" for port in node.inputs))
    yield Part(") → (", "quiet")
    yield Part(", ".join(f"{port.name}: {type_text(port.data_type)}" for port in node.outputs))
    yield Part(")", "quiet")


def _called(node: Node) -> Iterator[Part]:
    """What people read, where it is not what the path ends with."""
    if node.base.name != own_name(node):
        yield Part(f' "{node.base.name}"', "quiet")


def _does(node: Node, given: dict[str, str]) -> Iterator[Part]:
    if not isinstance(node, (InputNode, OutputNode)):
        yield Part("  ")
        yield from doing(node, given)
        yield from how(node)


# ---- ports ----


def _own(node: Node) -> dict[str, Source]:
    """Where ports have their values from, as far as a node says it itself."""
    known = {port.name: unfed(node, port) for port in node.inputs}
    return {name: source for name, source in known.items() if source and source.sign == "="}


def _ports(heading: str, ports: Sequence[PortDefinition], sources: dict[str, Source]) -> Iterator[Line]:
    if not ports:
        return
    yield Line(1, (Part(heading, "word"),))
    lines = port_lines(ports, sources, lambda port: type_text(port.data_type), 2)
    for port, line in zip(ports, lines, strict=True):
        yield line
        yield from (fact(name, text, 3) for name, text in _rules(port))


def _rules(port: PortDefinition) -> Facts:
    """What a type does not say of a port."""
    for constraint in port.constraints:
        yield f"@{constraint.kind}", shown(constraint.value)
    if port.wire:
        yield "in JSON", port.wire
    if port.documentation:
        yield "about", port.documentation


def _beside(unit: Unit, bodies: Bodies) -> Iterator[Line]:
    """What a step waits for, and what waits for it."""
    first, last = unit.node, unit.closer or unit.node
    waits = [edge for edge in bodies.incoming[first.base.id] if not isinstance(edge, DataEdge)]
    yield from _edges("waits for", bodies.workflow, waits)
    yield from _edges("leads to", bodies.workflow, bodies.outgoing[last.base.id])


def _edges(heading: str, of: Workflow, edges: Sequence[Edge]) -> Iterator[Line]:
    if edges:
        yield Line(1, (Part(heading, "word"),))
        yield from (Line(2, tuple(edge_summary(edge, of))) for edge in edges)


# ---- what each kind is made of ----


def _texts(node: Node) -> Facts:
    if isinstance(node, InstrumentNode):
        yield from _instrument(node)
    elif isinstance(node, OperatorNode):
        yield from _operator(node)
    elif isinstance(node, ControlNode):
        yield from _control(node)


def _instrument(node: InstrumentNode) -> Facts:
    config = node.config
    yield "effect", config.effect.value
    yield from _sources_of({"system": config.system, "prompt": config.prompt, "messages": config.messages})
    yield from (("tool", _tool(tool)) for tool in config.tools)


def _operator(node: OperatorNode) -> Facts:
    config = node.config
    yield "runs", node.operator_type.value
    yield "effect", config.effect.value
    yield from _sources_of({"expression": config.expression, "failure": config.failure})
    if config.python:
        yield "python", config.python
    if isinstance(config.shell, str):
        yield "shell", config.shell
    yield from (("word", each.source) for each in config.shell or () if isinstance(each, Expression))
    if config.http:
        yield config.http.method, url_text(config.http)
        yield from _sources_of({name: getattr(config.http, name) for name in ("headers", "query", "body")})
    if config.workflow:
        yield "workflow", config.workflow


def _control(node: ControlNode) -> Facts:
    yield "kind", node.control_type.value
    if node.config.opener:
        yield "closes", node.config.opener
    yield from _sources_of({"condition": node.condition})


def _sources_of(expressions: dict[str, Expression | None]) -> Facts:
    return ((name, each.source) for name, each in expressions.items() if each)


def _tool(tool: Tool) -> str:
    ports = ", ".join(f"{port.name}: {type_text(port.data_type)}" for port in tool.inputs)
    return f"{tool.name}({ports})" + (f"  {tool.description}" if tool.description else "")
