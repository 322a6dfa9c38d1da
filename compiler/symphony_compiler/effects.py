"""`require`, `fail` and `until` → nodes that stand in line."""

from __future__ import annotations

from symphony_compiler.annotations import only_of_steps, without_type
from symphony_compiler.bindings import fields
from symphony_compiler.notes import node_notes
from symphony_compiler.reading import Reading, read, text_of
from symphony_compiler.spot import Made, Place, Spot
from symphony_compiler.wiring import expression_node, inputs_of, mention_edges
from symphony_dsl.base.types import BOOL, JSON, STRING, Field, OptionalType, RecordType, Type
from symphony_dsl.expressions.narrowing import narrow, path_of
from symphony_dsl.expressions.tree import Brace, Expr
from symphony_dsl.expressions.unparse import unparse
from symphony_dsl.syntax.tree import Fail, Require, Until
from symphony_model.block_forms import FAILURE as CAUGHT
from symphony_model.nodes import OperatorConfig, OperatorNode, OperatorType
from symphony_model.ports import Expression, PortDefinition

FAILURE = RecordType(
    (
        Field("code", STRING, has_default=True, default="failed"),
        Field("message", STRING),
        Field("data", OptionalType(JSON)),
    ),
    "failure",
)


def digest(text: str) -> str:
    from hashlib import sha256

    return sha256(text.encode()).hexdigest()[:8]


def lower_require(spot: Spot, statement: Require) -> None:
    condition = read(spot.site, spot.frame, statement.condition, BOOL)
    failure = _failure(spot, statement.otherwise)
    place = _place(spot, statement, "require", statement.condition)
    config = OperatorConfig(expression=_expression(spot, condition), failure=_expression(spot, failure))
    _add(spot, place, OperatorType.REQUIRE, config, (condition, failure))
    spot.frame.narrowed |= fields(narrow(statement.condition).when_true)


def lower_fail(spot: Spot, statement: Fail) -> None:
    failure = _failure(spot, statement.value)
    place = _place(spot, statement, "fail", statement.value)
    _add(spot, place, OperatorType.FAIL, OperatorConfig(failure=_expression(spot, failure)), (failure,))


def lower_until(spot: Spot, statement: Until) -> Made:
    """The condition that ends a loop, as a value."""
    without_type(spot.site, statement.lead)
    only_of_steps(spot.site, statement.lead, "what it holds up would be let through", ("disabled",))
    notes = node_notes(spot.site, statement.lead)
    place = Place(spot.graph.free(spot.path("until")), "until", statement.span, notes=notes, barrier=True)
    return expression_node(spot, place, read(spot.site, spot.frame, statement.condition, BOOL), BOOL)


def _failure(spot: Spot, expr: Expr) -> Reading:
    """What a step fails with: a text, a record of code, message and data, or what a `catch` has got, which goes on as it was."""
    of = _type_of(spot, expr)
    if of == CAUGHT:
        return read(spot.site, spot.frame, expr, CAUGHT)
    is_record = isinstance(expr, Brace) or isinstance(of, RecordType)
    return read(spot.site, spot.frame, expr, FAILURE if is_record else STRING)


def _type_of(spot: Spot, expr: Expr) -> Type | None:
    """The type of a name with fields behind it, as far as that is known before it is checked."""
    path = path_of(expr) or ("",)
    binding = spot.frame.find(path[0])
    of = binding.type if binding else None
    for name in path[1:]:
        found = of.get(name) if isinstance(of, RecordType) else None
        of = found.type if found else None
    return of


def _expression(spot: Spot, reading: Reading) -> Expression | None:
    return Expression(text_of(spot.site, reading), reading.expected) if reading.sound else None


def _place(spot: Spot, statement: Require | Fail, word: str, text: Expr) -> Place:
    without_type(spot.site, statement.lead)
    only_of_steps(spot.site, statement.lead, "what it holds up would be let through", ("disabled",))
    path = spot.graph.free(spot.path(f"{word}.{digest(unparse(text))}"))
    return Place(path, word, statement.span, notes=node_notes(spot.site, statement.lead), barrier=True)


def _add(spot: Spot, place: Place, kind: OperatorType, config: OperatorConfig, readings: tuple[Reading, ...]) -> None:
    ports: dict[str, PortDefinition] = {port.name: port for each in readings for port in inputs_of(each)}
    node = spot.add(OperatorNode(spot.base(place), kind, config, tuple(ports.values())), place)
    mention_edges(spot, node, *readings)
    spot.enter(node, place)
    spot.leave(node, place)
