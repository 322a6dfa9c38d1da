"""The lines of a node among others: what it does, its ports with their types and where their values are from, its settings.

2 found = assess  openai/gpt-4o
    alert  Alert   ← alert
    logs   string  ← logs.trim()
    → severity: Severity
    after note · timeout 20s
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import OptionalType
from symphony_model.edges import ControlEdge, DataEdge
from symphony_model.nodes import (
    ControlNode,
    InputNode,
    InstrumentNode,
    Node,
    OperatorNode,
    OperatorType,
    OutputNode,
)
from symphony_model.ports import PortDefinition
from symphony_model.printing.bodies import Bodies, Unit
from symphony_model.printing.config import PrettyConfig
from symphony_model.printing.heads import ITEMS, doing, how
from symphony_model.printing.names import Names, is_unnamed, own_name
from symphony_model.printing.page import Line, Part, cells, head, padded, visible
from symphony_model.printing.values import argument_text, json_text, settings_texts, type_text, value_text
from symphony_model.structure import opens

WIDEST_NAME, WIDEST_TYPE = 24, 20
"""Names and types of ports are aligned up to this width."""

SELF_TOLD = (OperatorType.EXPRESSION, OperatorType.REQUIRE, OperatorType.FAIL)
"""Operators whose text mentions every port: one that is called as its value is told already."""

FINALLY = "finally"

WORDS = frozenset({"yield", "until", "next"})
"""Names of steps that are words of the language, and are read as such."""


@frozen
class Source:
    """Where a port has its value from."""

    text: str
    style: str = ""
    sign: str = "←"


class Steps:
    """Lines of the nodes of one workflow."""

    def __init__(self, bodies: Bodies, config: PrettyConfig) -> None:
        self.bodies = bodies
        self.config = config
        self.names = Names(bodies)
        self._openers = bodies.openers
        self._closers = {opener: closer for closer, opener in bodies.openers.items()}

    # ---- heads ----

    def head(self, unit: Unit, number: str) -> tuple[Part, ...]:
        """The first line; `number` is its level, with the blanks behind."""
        given = {name: source.text for name, source in self.sources(unit.node).items()}
        made, outputs = doing(unit.node, given), (unit.closer or unit.node).outputs
        assigned = self._assigned(unit.node, made, outputs)
        return (Part(number, "quiet"), *assigned, *how(unit.node), *self._label(unit.node))

    def _assigned(self, node: Node, made: Iterator[Part], outputs: Sequence[PortDefinition]) -> Iterator[Part]:
        """`name: type = what is done`; `yield what is done → type`; what is done alone, where it has no name."""
        name = self.names.of(node)
        has_name = not (is_unnamed(self.names.whole(node)) or name == FINALLY)
        if has_name and name not in WORDS:
            yield Part(name, "name")
            yield from self._typed(": ", outputs, WIDEST_TYPE)
            yield Part(" = ", "quiet")
            yield from made
            return
        if has_name:
            yield Part(f"{name} ", "word")
        else:
            first = next(made, Part(""))
            yield Part(first.text, first.style or "name")
        yield from made
        yield from self._typed(" → ", outputs)

    def _typed(self, sign: str, outputs: Sequence[PortDefinition], most: int | None = None) -> Iterator[Part]:
        """The type of a value; of several there are lines of their own."""
        if is_value(outputs):
            yield Part(sign, "quiet")
            yield Part(self.type(outputs[0], most), "type")

    def _label(self, node: Node) -> Iterator[Part]:
        """What people read instead of the name."""
        told = self.names.of(node)
        if is_unnamed(node) and isinstance(node, (InstrumentNode, OperatorNode)) and node.config.callee:
            told = node.config.callee
        if node.base.name not in (told, node.base.path):
            yield Part(f'  "{node.base.name}"', "quiet")

    def ends(self, nodes: Sequence[InputNode | OutputNode]) -> Iterator[Line]:
        """The inputs or outputs of the workflow; a value that is called as the output is told by that. What was written of them stands behind."""
        ports = [replace(node.port, name=own_name(node)) for node in nodes]
        about = [(node.base.description or "").partition("\n")[0] for node in nodes]
        values = {port.name: self._end(node) for port, node in zip(ports, nodes, strict=True)}
        told = {name: source for name, source in values.items() if source and source.text != name}
        for line, text in zip(port_lines(ports, told, self.type, 1), about, strict=True):
            said = (Part(f"  // {text}", "quiet"),) if text and not self.config.show_metadata else ()
            yield Line(line.depth, (*line.parts, *said))

    def _end(self, node: InputNode | OutputNode) -> Source | None:
        if isinstance(node, OutputNode):
            return self.sources(node).get(node.port.name)
        return unfed(node, replace(node.port, required=False))

    # ---- below a head ----

    def details(self, unit: Unit, depth: int) -> Iterator[Line]:
        yield from self.inputs(unit.node, depth)
        outputs = () if unit.closer or opens(unit.node) else unit.node.outputs
        if not is_value(outputs):
            yield from (Line(depth, (Part("→ ", "quiet"), *self.port(port))) for port in outputs)
        facts = " · ".join([*self.order(unit.node), *said_of(unit.node), *tools_of(unit.node)])
        if facts:
            yield Line(depth, (Part(facts, "quiet"),), wraps=True)

    def inputs(self, node: Node, depth: int) -> Iterator[Line]:
        sources = self.sources(node)
        shown = [port for port in node.inputs if not self._is_told(node, port, sources)]
        yield from port_lines(shown, sources, self.type, depth)

    def _is_told(self, node: Node, port: PortDefinition, sources: dict[str, Source]) -> bool:
        if port.name not in sources:
            return False
        if isinstance(node, ControlNode) and (node.config.mode, port.name) == ("each", ITEMS):
            return True
        tells = isinstance(node, ControlNode) or (isinstance(node, OperatorNode) and node.operator_type in SELF_TOLD)
        return tells and sources[port.name].text == port.name

    def port(self, port: PortDefinition) -> Iterator[Part]:
        yield Part(f"{port.name}: ")
        yield Part(self.type(port), "type")

    def type(self, port: PortDefinition, most: int | None = None) -> str:
        """The type of a port; where lines have a width, so short that there is room for what stands behind it."""
        is_left_out = not (port.required or port.has_default or isinstance(port.data_type, OptionalType))
        text = type_text(port.data_type) + (" (optional)" if is_left_out else "")
        if self.config.width is None:
            return text
        room = most or self.config.width // 2
        return text if len(text) <= room else f"{head(text, room - 1)}…"

    # ---- where values are from ----

    def sources(self, node: Node) -> dict[str, Source]:
        """Of each port that has a value, or has none and needs one."""
        found = {port.name: unfed(node, port) for port in node.inputs}
        flows: dict[str, list[str]] = {}
        for edge in self.bodies.incoming[node.base.id]:
            if isinstance(edge, DataEdge):
                flows.setdefault(edge.target_port, []).append(self.names.flow(edge))
        found |= {port: Source(", ".join(texts)) for port, texts in flows.items()}
        return {port: source for port, source in found.items() if source}

    def order(self, node: Node) -> Iterator[str]:
        """What a step waits for beside its data, in its own body."""
        edges = (edge for edge in self.bodies.incoming[node.base.id] if isinstance(edge, ControlEdge))
        ways = [self.names.way(edge) for edge in edges if self._beside(edge, node)]
        if ways:
            yield f"after {', '.join(dict.fromkeys(ways))}"

    def _beside(self, edge: ControlEdge, node: Node) -> bool:
        source = self.bodies.workflow.nodes.get(edge.source_node)
        return not source or (source.base.region == node.base.region and source.base.id not in self._closers)


def port_lines(
    ports: Sequence[PortDefinition], sources: Mapping[str, Source], type_of: Callable[[PortDefinition], str], depth: int
) -> Iterator[Line]:
    """A line a port, with names and types below each other."""
    names = [visible(port.name) for port in ports]
    types = [visible(type_of(port)) for port in ports]
    name_width, type_width = widest(names, WIDEST_NAME), widest(types, WIDEST_TYPE)
    for port, name, of in zip(ports, names, types, strict=True):
        source = sources.get(port.name)
        if source is None:
            yield Line(depth, (Part(f"{padded(name, name_width)}  "), Part(of, "type")))
        else:
            parts = Part(f"{padded(name, name_width)}  "), Part(padded(of, type_width), "type")
            yield Line(depth, (*parts, Part(f" {source.sign} ", "quiet"), Part(source.text, source.style)))


def widest(texts: Sequence[str], most: int) -> int:
    """The width of the widest text that is not too wide for a column."""
    return max((width for width in map(cells, texts) if width <= most), default=0)


def is_value(outputs: Sequence[PortDefinition]) -> bool:
    return len(outputs) == 1 and outputs[0].name in ("result", "output")


def unfed(node: Node, port: PortDefinition) -> Source | None:
    """What a port has where no edge leads to it."""
    arguments = {} if isinstance(node, (ControlNode, InputNode, OutputNode)) else node.config.arguments
    argument = node.argument if isinstance(node, OutputNode) else arguments.get(port.name)
    if argument is not None:
        return Source(argument_text(argument, port.data_type), "value", "=")
    if port.has_default:
        return Source(value_text(port.default_value, port.data_type), "value", "=")
    return Source("nothing", "wrong") if port.required else None


def said_of(node: Node) -> Iterator[str]:
    """What is set for a node beside its ports."""
    if not node.base.enabled:
        yield "disabled"
    if isinstance(node, (InstrumentNode, OperatorNode, ControlNode)):
        yield from settings_texts(node.config.settings)
    if isinstance(node, InstrumentNode):
        config = node.config
        yield from _numbers(temperature=config.temperature, max_tokens=config.max_tokens)
        yield from _numbers(max_turns=config.max_turns)
        yield from [f"fallback {', '.join(config.fallback)}"] if config.fallback else []


def tools_of(node: Node) -> Iterator[str]:
    if isinstance(node, InstrumentNode) and node.config.tools:
        yield f"tools {', '.join(tool.name for tool in node.config.tools)}"


def _numbers(**given: float | None) -> Iterator[str]:
    return (f"{name} {json_text(value)}" for name, value in given.items() if value is not None)
