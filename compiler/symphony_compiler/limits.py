"""The numbers of a block's header: `parallel N` of a `for`, `max N` and `every D` of a `loop`.

One that is known when the text is read stands in the configuration of the opening node; one that mentions ports is an
expression there, over ports of the node that are named as written. Where such a name is that of a port that the node has anyway,
the numbers are computed by nodes of their own, and the ports are called after their words.
"""

from __future__ import annotations

from dataclasses import field

from symphony_compiler.bindings import Port
from symphony_compiler.reading import Reading, read, text_of
from symphony_compiler.spot import Place, Spot
from symphony_compiler.wiring import expression_node
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import DURATION, INT, Type
from symphony_dsl.expressions.folding import NotConstant, constant
from symphony_dsl.expressions.tree import Expr
from symphony_model.ids import NodeId
from symphony_model.ports import Expression, PortDefinition

TOO_SMALL = {
    "limit": "at least one item runs at once, but this is {}",
    "max": "a loop has at least one round, but this is {}",
    "every": "the time from one round to the next is longer than nothing",
}
"""What is wrong with a number that is not positive, by what it is the number of."""


@frozen
class Limits:
    """`values` are numbers, nanoseconds or expressions by name; `ports` are what those are over."""

    values: dict[str, int | Expression] = field(default_factory=dict)
    ports: dict[str, Port] = field(default_factory=dict)

    def definitions(self) -> tuple[PortDefinition, ...]:
        return tuple(PortDefinition(name, port.type) for name, port in self.ports.items())

    def connect(self, spot: Spot, node: NodeId) -> None:
        for name, port in self.ports.items():
            spot.graph.data(port, node, name, spot.order.linked)


def read_limits(spot: Spot, opening: Place, given: dict[str, Expr | None], taken: str) -> Limits:
    """`taken` is the port that the opening node has anyway."""
    readings = {name: _read(spot, name, expr) for name, expr in given.items() if expr is not None}
    sound = {name: reading for name, reading in readings.items() if reading.sound}
    mentioned = {port.partition(".")[0] for reading in sound.values() for port in reading.ports}
    limits = Limits()
    for name, reading in sound.items():
        if reading.ports and taken in mentioned:
            made = expression_node(spot, opening.inside(name), reading, reading.expected)
            limits.values[name] = Expression(name, reading.expected)
            limits.ports[name] = made.ports[""]
        else:
            limits.values[name] = _value(spot, name, reading)
            limits.ports.update(reading.ports)
    return limits


def _read(spot: Spot, name: str, expr: Expr) -> Reading:
    of: Type = DURATION if name == "every" else INT
    return read(spot.site, spot.frame, expr, of)


def _value(spot: Spot, name: str, reading: Reading) -> int | Expression:
    expression = Expression(text_of(spot.site, reading), reading.expected)
    if reading.ports:
        return expression
    try:
        found = constant(reading.expr)
    except NotConstant:
        return expression
    number: int = found.ns if reading.expected == DURATION else int(found)
    if number < 1:
        spot.site.report("WF0503", reading.written.span, TOO_SMALL[name].format(number))
    return number
