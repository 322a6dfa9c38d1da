"""`finally` → a Branch behind the ends of its body, the region that is entered in every case, a Merge.

Before: `step f = open() … finally { step close(f ?? "") }`, last in a body; after: `finally.always`, for which all ends of the body
wait, `finally/step.…` in the region `finally`, and `finally`, which leads to the end of the block that the body is.

It runs after success, failure and cancel. So it sees every step outside of it as one that may not have ended, and knows
nothing of what was tested there. A record-valued call becomes one value, by a node in the region.
"""

from __future__ import annotations

from dataclasses import replace

from symphony_compiler.annotations import only_of_steps, without_type
from symphony_compiler.bindings import Binding, Port
from symphony_compiler.joins import add_closer
from symphony_compiler.notes import node_notes
from symphony_compiler.regions import Border, close, led_by_control, open_region
from symphony_compiler.spot import Home, Part, Place, Spot
from symphony_compiler.symbols import RESULT
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import UNKNOWN, OptionalType, RecordType, Type, optional
from symphony_dsl.expressions.tree import Argument, Binary, Brace, Call, Conditional, Entry, Expr, Name, Select
from symphony_dsl.expressions.unparse import unparse
from symphony_dsl.syntax.tree import Finally
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlConfig, ControlNode, ControlType, OperatorConfig, OperatorNode, OperatorType
from symphony_model.ports import Expression, PortDefinition

FINALLY = "finally"


@frozen
class Final:
    """A `finally` that has been worked on: where it ends, and whether it ever does."""

    node: NodeId
    returns: bool


def lower_finally(spot: Spot, statement: Finally) -> Final:
    without_type(spot.site, statement.lead)
    only_of_steps(spot.site, statement.lead, "what it holds up would be let through", ("disabled",))
    notes = node_notes(spot.site, statement.lead)
    place = Place(spot.graph.free(spot.path(FINALLY)), FINALLY, statement.span, notes=notes)
    opener = _opener(spot, place)
    closer = spot.graph.id(place.path)
    border = Border(place.path, FINALLY, opener, closer, 0)
    inside = replace(open_region(spot, border, led_by_control(spot, opener)), final=True)
    inside.frame.view = lambda binding: _as_seen(inside, binding)
    block = inside.block(Part(statement.body.statements, Home.FINALLY, statement.body.lost), FINALLY, None)
    add_closer(spot, place, opener, ControlType.MERGE, (), None)
    if block.empty:
        spot.graph.control(opener, closer)
    close(spot, closer, block, FINALLY)
    return Final(closer, block.returns)


def _opener(spot: Spot, place: Place) -> NodeId:
    opening = place.opening("always")
    node = spot.add(ControlNode(spot.base(opening), ControlType.BRANCH, ControlConfig(FINALLY)), opening)
    ends = spot.order.ends()
    for end in ends:
        spot.graph.control(end, node)
    if not ends:
        spot.order.entered(node)
    return node


# ---- what is seen from inside ----


def _as_seen(inside: Spot, binding: Binding) -> Binding:
    binding.used = True
    if binding.what != "step":
        return binding
    if binding.type in (None, UNKNOWN):
        return replace(binding, what="ended")
    of = optional(binding.type or UNKNOWN)
    ports = {"": _whole(inside, binding, of)} if binding.is_record else _maybe(binding.ports)
    return replace(binding, what="ended", type=of, ports=ports, is_record=False)


def _maybe(ports: dict[str, Port]) -> dict[str, Port]:
    return {name: replace(port, type=optional(port.type)) for name, port in ports.items()}


def _whole(inside: Spot, binding: Binding, of: Type) -> Port:
    """A record whose fields are ports, made whole again; it is absent where one of those is that never is by itself."""
    place = Place(inside.path(binding.name), binding.name, binding.span, synthetic=True)
    ports = {f"{binding.name}.{name}": port for name, port in _maybe(binding.ports).items()}
    inputs = tuple(PortDefinition(name, port.type) for name, port in ports.items())
    config = OperatorConfig(expression=Expression(unparse(_if_there(binding)), of))
    base = inside.base(place)
    node = inside.add(OperatorNode(base, OperatorType.EXPRESSION, config, inputs, (PortDefinition(RESULT, of),)), place)
    for name, port in ports.items():
        inside.graph.data(port, node, name, inside.order.linked)
    inside.enter(node, place)
    inside.leave(node, place)
    return Port(node, RESULT, of)


def _if_there(binding: Binding) -> Expr:
    """`has(k.a) && has(k.b) ? { a: k.a, b: k.b } : optional.none()`."""
    span = binding.span
    whole = Brace(span, tuple(Entry(span, name, span, _field(binding, name)) for name in binding.ports))
    tests = [_has(_field(binding, each)) for each in _always_there(binding)]
    if not tests:
        return whole
    test = tests[0]
    for each in tests[1:]:
        test = Binary(span, "&&", span, test, each)
    return Conditional(span, test, whole, Call(span, Name(span, "optional"), "none", span, ()))


def _always_there(binding: Binding) -> list[str]:
    assert isinstance(binding.type, RecordType), "a record-valued call has a record"
    return [each.name for each in binding.type.fields if not isinstance(each.type, OptionalType)]


def _field(binding: Binding, name: str) -> Expr:
    return Select(binding.span, Name(binding.span, binding.name), name, binding.span)


def _has(expr: Expr) -> Expr:
    span: Span = expr.span
    return Call(span, None, "has", span, (Argument(span, None, expr),))
