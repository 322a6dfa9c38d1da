"""`try` → a Branch, the region of what is tried, one for each `catch`, a Merge.

Before: `step s = try f(x) catch e: timeout { yield 0 }`; after: `s.try` with a control edge to `s:body/yield` and, under the condition
`error.code in ["timeout"]`, a conditional edge to `s:catch/yield`; its port `error` is `e`; the Merge `s` has a port a region.
"""

from __future__ import annotations

from symphony_compiler.bindings import Binding, Port
from symphony_compiler.computed import Applied, of_block
from symphony_compiler.joins import add_closer, joined, port_that_may_lack, type_of
from symphony_compiler.regions import Border, close, led_by_condition, led_by_control, open_region
from symphony_compiler.site import Site
from symphony_compiler.spot import NOWHERE, Block, Made, Place, Spot
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import BOOL, Type
from symphony_dsl.expressions.tree import Literal
from symphony_dsl.expressions.unparse import unparse
from symphony_dsl.syntax.tree import Catch, Try
from symphony_model.block_forms import FAILURE
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlConfig, ControlNode, ControlType
from symphony_model.ports import Expression, PortDefinition

BODY, CATCH, ERROR = "body", "catch", "error"

NEVER_CAUGHT = {
    "cancelled": "who cancels a run wants it to end; `finally` runs all the same",
    "lost": "whether it took effect is not known, so a person decides",
}
"""Codes that no `catch` gets, and why."""


def lower_try(spot: Spot, place: Place, value: Try, expected: Type | None) -> Made:
    settings, place = of_block(spot, place.saying(value.span, "try"), "try", value.settings)
    _check_codes(spot.site, value)
    opener = _opener(spot, place, settings)
    closer = spot.graph.id(place.path)
    body = Border(f"{place.path}:{BODY}", BODY, opener, closer, 0)
    inside = open_region(spot, body, led_by_control(spot, opener))
    borders, blocks = [body], [inside.block(value.body, BODY, expected)]
    for number, catch in enumerate(value.catches, 1):
        name = CATCH if number == 1 else f"{CATCH}{number}"
        borders.append(Border(f"{place.path}:{name}", name, opener, closer, number))
        blocks.append(_catch(spot, catch, borders[-1], expected))
    of = joined(spot, place, blocks, expected, names="ways")
    ports = tuple(port_that_may_lack(each.name, type_of(each)) for each in blocks if each.value)
    made = add_closer(spot, place, opener, ControlType.MERGE, ports, of)
    if blocks[0].empty:
        spot.graph.control(opener, closer)
    for catch, border, block in zip(value.catches, borders[1:], blocks[1:], strict=True):
        if block.empty:
            led_by_condition(spot, border, condition_of(catch))(closer)
    for block in blocks:
        close(spot, closer, block, block.name)
    spot.leave(closer, place)
    return made


def _opener(spot: Spot, place: Place, settings: Applied) -> NodeId:
    opening = place.opening("try")
    outputs = (PortDefinition(ERROR, FAILURE),)
    config = ControlConfig("try", settings=settings.settings)
    node = spot.add(ControlNode(spot.base(opening), ControlType.BRANCH, config, settings.ports, outputs), opening)
    settings.connect(spot, node)
    spot.enter(node, opening)
    return node


def _catch(spot: Spot, catch: Catch, border: Border, expected: Type | None) -> Block:
    inside = open_region(spot, border, led_by_condition(spot, border, condition_of(catch)))
    port = Port(border.opener, ERROR, FAILURE)
    binding = Binding(catch.name.name, "variable", catch.name.span, FAILURE, {"": port}, node=border.opener, quiet=True)
    inside.define(binding)
    return inside.block(catch.body, border.name, expected)


def condition_of(catch: Catch) -> Expression | None:
    """When a `catch` is taken; None where it takes every failure."""
    if not catch.codes:
        return None
    listed = ", ".join(unparse(Literal(NOWHERE, "string", code.name)) for code in catch.codes)
    return Expression(f"{ERROR}.code in [{listed}]", BOOL)


def _check_codes(site: Site, value: Try) -> None:
    """Every `catch`, and every code of it, can be taken."""
    seen: dict[str, Span] = {}
    everything: Span | None = None
    for catch in value.catches:
        if everything is not None:
            labels = [site.reporter.label(everything, "takes every failure")]
            message = "this `catch` is never taken, since one above it takes every failure; put that one last"
            site.report("WF0410", _head(catch), message, labels=labels)
            return
        for code in catch.codes:
            _check_code(site, code.name, code.span, seen)
        everything = None if catch.codes else _head(catch)


def _head(catch: Catch) -> Span:
    """`catch e`."""
    return Span(catch.span.start, catch.name.span.end)


def _check_code(site: Site, name: str, span: Span, seen: dict[str, Span]) -> None:
    first = seen.setdefault(name, span)
    if first is not span:
        labels = [site.reporter.label(first, "caught here")]
        site.report("WF0410", span, f"`{name}` is caught already, so this is never taken", labels=labels)
    elif name in NEVER_CAUGHT:
        site.report("WF0410", span, f"`{name}` is never caught: {NEVER_CAUGHT[name]}")
