"""`for` → a Parallel, the region of an item, a Join.

Before: `step s = for x in xs parallel 8 { yield f(x) }`; after: `s.for`, whose port `item` feeds `s/yield`, and the Join `s`
with the list of what the items yield.
"""

from __future__ import annotations

from symphony_compiler.bindings import Binding, Port
from symphony_compiler.computed import Applied, of_block
from symphony_compiler.joins import add_closer
from symphony_compiler.limits import read_limits
from symphony_compiler.reading import Reading, read
from symphony_compiler.regions import Border, close, led_by_control, open_region
from symphony_compiler.setting_values import SKIP, STOP, word
from symphony_compiler.settings import FOR
from symphony_compiler.spot import Made, Place, Spot
from symphony_compiler.wiring import Feed, connect, expression_node, feed
from symphony_dsl.base.flows import a, flows
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import INT, JSON, NEVER, STRING, UNKNOWN, ListType, MapType, OptionalType, Type
from symphony_dsl.syntax.tree import For
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlConfig, ControlNode, ControlType
from symphony_model.ports import PortDefinition

ITEMS, ITEM, KEY, VALUE = "items", "item", "key", "value"
_SKIP = word("`on_error` of a `for`", (SKIP, STOP))


@frozen
class Items:
    """What a `for` runs over: the type of the whole, of an item, and of its key."""

    whole: Type
    item: Type
    key: Type


NOTHING = Items(UNKNOWN, UNKNOWN, UNKNOWN)


def lower_for(spot: Spot, place: Place, value: For, expected: Type | None) -> Made:
    reading = read(spot.site, spot.frame, value.items)
    items = _items(spot, value, reading.type)
    settings, place = of_block(spot, place, "for", value.settings, FOR)
    opener = _opener(spot, place, value, reading, items, settings)
    closer = spot.graph.id(place.path)
    border = Border(place.path, "each", opener, closer, 0)
    inside = open_region(spot, border, led_by_control(spot, opener), fed=True)
    _variables(inside, value, items, opener)
    item = expected.item if isinstance(expected, ListType) else None
    block = inside.block(value.body, VALUE, item)
    of = _type(spot, value, expected, block.value.type if block.value else UNKNOWN if block.lost else None)
    ports = () if of is None else (PortDefinition(VALUE, of.item if isinstance(of, ListType) else UNKNOWN),)
    made = add_closer(spot, place, opener, ControlType.JOIN, ports, of)
    if block.empty:
        spot.graph.control(opener, closer)
    close(spot, closer, block, VALUE)
    spot.leave(closer, place)
    return made


def _items(spot: Spot, value: For, of: Type) -> Items:
    match of:
        case ListType(item):
            return Items(of, item, INT)
        case MapType(item):
            _map_takes_two(spot, value)
            return Items(of, item, STRING)
        case OptionalType():
            message = "this may be absent; give it a default: `?? []`"
            spot.site.report("WF0305", value.items.span, message)
            return NOTHING
    if of == JSON:
        return Items(ListType(JSON), JSON, INT)
    if of != UNKNOWN:
        spot.site.report("WF0415", value.items.span, f"`for` runs over a list or a map, but this is {a(of)}")
    return NOTHING


def _map_takes_two(spot: Spot, value: For) -> None:
    if value.key is None:
        name = value.item.name
        fix = spot.site.reporter.replacement("name the key too", value.item.span, f"key, {name}")
        message = f"a map is run over with two names, its key and its value: `for key, {name} in …`"
        spot.site.report("WF0415", value.item.span, message, fixes=[fix])


def _opener(spot: Spot, place: Place, value: For, reading: Reading, items: Items, settings: Applied) -> NodeId:
    opening = place.opening("for")
    limits = read_limits(spot, opening, {"limit": value.limit}, ITEMS)
    fed = feed(spot, opening, ITEMS, reading, items.whole)
    if fed.argument is not None:  # a control node has no arguments
        fed = Feed(source=expression_node(spot, opening.inside(ITEMS), reading, items.whole).ports[""])
    outputs = [PortDefinition(ITEM, items.item)]
    if value.key is not None:
        outputs.append(PortDefinition(KEY, items.key))
    inputs = (PortDefinition(ITEMS, items.whole), *limits.definitions(), *settings.ports)
    limit = limits.values.get("limit", 0 if value.parallel else None)
    config = ControlConfig("each", limit=limit, on_error=_on_error(spot, settings), settings=settings.settings)
    base = spot.base(opening)
    node = spot.add(ControlNode(base, ControlType.PARALLEL, config, inputs, tuple(outputs)), opening)
    connect(spot, node, ITEMS, fed)
    limits.connect(spot, node)
    settings.connect(spot, node)
    spot.enter(node, opening)
    return node


def _on_error(spot: Spot, settings: Applied) -> str:
    given = settings.own.get("on_error")
    return (given and _SKIP(spot.site, given.value)) or STOP


def _variables(inside: Spot, value: For, items: Items, opener: NodeId) -> None:
    named = [(value.key, KEY, items.key), (value.item, ITEM, items.item)]
    for ident, port, of in named:
        if ident is not None:
            binding = Binding(ident.name, "variable", ident.span, of, {"": Port(opener, port, of)}, node=opener)
            inside.define(binding)


def _type(spot: Spot, value: For, expected: Type | None, item: Type | None) -> Type | None:
    word = Span(value.span.start, value.span.start + len("for"))
    if item is None:
        if expected is not None:
            spot.site.report("WF0409", word, "this `for` yields no value")
        return expected
    made = ListType(UNKNOWN if item == NEVER else item)
    if expected is None or isinstance(expected, ListType):
        return expected or made
    return _other(spot, word, made, expected)


def _other(spot: Spot, word: Span, made: Type, expected: Type) -> Type:
    found = flows(made, expected)
    if not found.ok:
        spot.site.report("WF0301", word, f"`for` gives {a(made)}, where {a(expected)} is needed: {found.reason}")
    return expected
