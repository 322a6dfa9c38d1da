"""How the value of an expression reaches a port, by the number of ports that the expression mentions.

None: the value stands in the node's configuration. Exactly a port: a plain edge. One port otherwise: an edge with a
transform over `it`. Several: a node of its own, `NODE.PARAM`, whose result is wired to the port; so, too, what a `finally` makes of a
step outside of it, for only the port of a node says that the value may be absent.
"""

from __future__ import annotations

from symphony_compiler.bindings import Port
from symphony_compiler.graph import Link
from symphony_compiler.reading import Reading, text_of
from symphony_compiler.spot import Made, Place, Spot
from symphony_compiler.symbols import RESULT
from symphony_dsl.base.conform import ConversionError, conform, to_json
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import UNKNOWN, OptionalType, Type
from symphony_dsl.expressions.folding import NotConstant, constant
from symphony_dsl.expressions.names import substitute
from symphony_dsl.expressions.tree import Brace, Call, Entry, Expr, Name
from symphony_model.edges import DataTransform, TransformType
from symphony_model.ids import NodeId
from symphony_model.nodes import OperatorConfig, OperatorNode, OperatorType
from symphony_model.ports import Argument, Constant, Expression, PortDefinition

IT = "it"
MACROS = {kind.value: kind for kind in TransformType if kind is not TransformType.CUSTOM}


@frozen
class Feed:
    """Either an argument or an edge from a port; neither where the expression has an error."""

    argument: Argument | None = None
    source: Port | None = None
    transform: DataTransform | None = None


def feed(spot: Spot, place: Place, port: str, reading: Reading, target: Type) -> Feed:
    """How a value reaches a port of the node at `place`."""
    if not reading.sound:
        return Feed()
    if not reading.ports:
        return Feed(argument=_argument(spot, reading, target))
    source = next(iter(reading.ports.values()))
    if len(reading.mentions) == 1 and reading.mentions[0].node is reading.expr and not reading.mentions[0].whole:
        return Feed(source=source)
    if len(reading.ports) > 1 or any(each.binding.what == "ended" for each in reading.mentions):
        made = expression_node(spot, place.inside(port), reading, target)
        return Feed(source=made.ports[""])
    return Feed(source=source, transform=_transform(spot, reading, target))


def connect(spot: Spot, node: NodeId, port: str, fed: Feed, link: Link | None = None) -> None:
    if fed.source is not None:
        spot.graph.data(fed.source, node, port, link or spot.order.linked, fed.transform)


def _argument(spot: Spot, reading: Reading, target: Type) -> Argument | None:
    try:
        value = constant(reading.expr)
        if value is None and isinstance(reading.expected, OptionalType) and not isinstance(target, OptionalType):
            return None  # what may be absent goes only where a default waits for it
        return Constant(to_json(conform(value, target), target))
    except NotConstant:
        return Expression(text_of(spot.site, reading), target)
    except ConversionError as problem:
        spot.site.report("WF0301", reading.written.span, str(problem))
        return None


def _transform(spot: Spot, reading: Reading, target: Type) -> DataTransform:
    over = {each.node: _it(each.node, each.ports[0] if each.whole else None) for each in reading.mentions if each.ports}
    expr = substitute(reading.expr, over.get)
    return DataTransform(_kind(expr), Expression(text_of(spot.site, reading, expr), target))


def _it(node: Expr, field: str | None) -> Expr:
    """`it`, or the record that has it as its only field."""
    it = Name(node.span, IT)
    if field is None:
        return it
    return Brace(node.span, (Entry(node.span, field.partition(".")[2], node.span, it),))


def _kind(expr: Expr) -> TransformType:
    if isinstance(expr, Call) and isinstance(expr.target, Name) and expr.target.name == IT:
        return MACROS.get(expr.name, TransformType.CUSTOM)
    return TransformType.CUSTOM


def inputs_of(reading: Reading) -> tuple[PortDefinition, ...]:
    """A port for each that is mentioned, named as written."""
    return tuple(PortDefinition(name, port.type) for name, port in reading.ports.items())


def expression_node(spot: Spot, place: Place, reading: Reading, of: Type) -> Made:
    """A node that computes an expression."""
    expression = Expression(text_of(spot.site, reading), of) if reading.sound else None
    node = OperatorNode(
        spot.base(place),
        OperatorType.EXPRESSION,
        OperatorConfig(expression=expression),
        inputs_of(reading),
        (PortDefinition(RESULT, of),),
    )
    made = spot.add(node, place)
    mention_edges(spot, made, reading)
    spot.enter(made, place)
    spot.leave(made, place)
    return Made(made, of, {"": Port(made, RESULT, of)})


def mention_edges(spot: Spot, node: NodeId, *readings: Reading) -> None:
    ports = {name: port for each in readings if each.sound for name, port in each.ports.items()}
    for name, port in ports.items():
        spot.graph.data(port, node, name, spot.order.linked)


def whole_record(spot: Spot, place: Place, made: Made) -> Made:
    """A node that puts the fields of a record-valued call together: a region ends with one value."""
    of = UNKNOWN if made.type is None else made.type
    inside = place.inside("value")
    inputs = tuple(PortDefinition(f"{IT}.{name}", port.type) for name, port in made.ports.items())
    config = OperatorConfig(expression=Expression(IT, of))
    node = OperatorNode(spot.base(inside), OperatorType.EXPRESSION, config, inputs, (PortDefinition(RESULT, of),))
    whole = spot.add(node, inside)
    for name, port in made.ports.items():
        spot.graph.data(port, whole, f"{IT}.{name}", spot.order.linked)
    spot.enter(whole, inside)
    spot.leave(whole, inside)
    return Made(whole, of, {"": Port(whole, RESULT, of)})
