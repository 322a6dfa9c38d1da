"""`if` and `match` → a Branch, a region an arm, a Merge.

Before: `step s = if c { yield a } else { yield b }`; after: `s.if` with conditional edges to `s:then/yield` and
`s:else/yield`, and the Merge `s` with a port an arm.
"""

from __future__ import annotations

from symphony_compiler.bindings import Frame, Path, fields
from symphony_compiler.computed import Applied, of_block
from symphony_compiler.joins import add_closer, joined, port_that_may_lack, type_of
from symphony_compiler.patterns import Arm, arms_of
from symphony_compiler.reading import Reading, read, text_of
from symphony_compiler.regions import Border, close, led_by_condition, open_region
from symphony_compiler.spot import Block, Content, Made, Place, Spot
from symphony_compiler.wiring import inputs_of, mention_edges
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import BOOL, Type
from symphony_dsl.expressions.narrowing import narrow
from symphony_dsl.expressions.tree import Expr
from symphony_dsl.syntax.tree import If, Match
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlConfig, ControlNode, ControlType
from symphony_model.ports import Expression


@frozen
class Way:
    """An arm to be worked on: its region's name, when it is taken (None: otherwise), what it has, what is known in it."""

    name: str
    condition: Expression | None
    content: Content
    narrowed: frozenset[Path] = frozenset()


def lower_if(spot: Spot, place: Place, value: If, expected: Type | None) -> Made:
    place = place.saying(value.span, "if")
    settings, place = of_block(spot, place, "if", value.settings)
    ways: list[Way] = []
    readings: list[Reading] = []
    untrue: frozenset[Path] = frozenset()
    for at, arm in enumerate(value.arms):
        reading = read(spot.site, Frame(spot.frame, narrowed=set(untrue)), arm.condition, BOOL)
        known = narrow(arm.condition)
        name = "then" if at == 0 else f"then{at + 1}"
        ways.append(Way(name, _condition(spot, reading), arm.body, untrue | fields(known.when_true)))
        readings.append(reading)
        untrue |= fields(known.when_false)
    if value.otherwise is not None:
        ways.append(Way("else", None, value.otherwise, untrue))
    branch = _branch(spot, place, "if", tuple(readings), settings)
    return _merge(spot, place, branch, ways, expected, complete=value.otherwise is not None)


def _condition(spot: Spot, reading: Reading, expr: Expr | None = None) -> Expression:
    return Expression(text_of(spot.site, reading, expr) if reading.sound else "", BOOL)


def lower_match(spot: Spot, place: Place, value: Match, expected: Type | None) -> Made:
    place = place.saying(value.span, "match")
    settings, place = of_block(spot, place, "match", value.settings)
    subject = read(spot.site, spot.frame, value.subject)
    arms = arms_of(spot.site, value, subject)
    branch = _branch(spot, place, "match", (subject,), settings)
    return _merge(spot, place, branch, [_way(spot, arm, subject) for arm in arms], expected, complete=True)


def _way(spot: Spot, arm: Arm, subject: Reading) -> Way:
    if arm.condition is None:
        return Way(arm.name, None, arm.content)
    return Way(arm.name, _condition(spot, subject, arm.condition), arm.content)


def _branch(spot: Spot, place: Place, mode: str, readings: tuple[Reading, ...], settings: Applied) -> NodeId:
    opening = place.opening(mode)
    ports = {port.name: port for each in readings if each.sound for port in inputs_of(each)}
    config = ControlConfig(mode, settings=settings.settings)
    inputs = (*ports.values(), *settings.ports)
    node = spot.add(ControlNode(spot.base(opening), ControlType.BRANCH, config, inputs), opening)
    mention_edges(spot, node, *readings)
    settings.connect(spot, node)
    spot.enter(node, opening)
    return node


def _merge(spot: Spot, place: Place, opener: NodeId, ways: list[Way], expected: Type | None, *, complete: bool) -> Made:
    closer = spot.graph.id(place.path)
    blocks: list[Block] = []
    for number, way in enumerate(ways):
        border = Border(f"{place.path}:{way.name}", way.name, opener, closer, number)
        inside = open_region(spot, border, led_by_condition(spot, border, way.condition), way.narrowed)
        blocks.append(inside.block(way.content, way.name, expected))
    of = joined(spot, place, blocks, expected, complete=complete)
    inputs = tuple(port_that_may_lack(each.name, type_of(each)) for each in blocks if each.value)
    made = add_closer(spot, place, opener, ControlType.MERGE, inputs, of)
    for number, (way, block) in enumerate(zip(ways, blocks, strict=True)):
        if block.empty:
            spot.graph.conditional(opener, closer, way.condition, way.name, number)
        close(spot, closer, block, way.name)
    spot.leave(closer, place)
    return made
