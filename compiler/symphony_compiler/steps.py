"""`step` in every form: with and without a name, with a type, `after` others."""

from __future__ import annotations

from dataclasses import replace

from symphony_compiler.annotations import without_type
from symphony_compiler.bindings import Binding
from symphony_compiler.effects import digest
from symphony_compiler.notes import node_notes
from symphony_compiler.outline import outline
from symphony_compiler.reading import unknown_value
from symphony_compiler.signatures import type_reader
from symphony_compiler.spot import Made, Place, Spot
from symphony_compiler.values import lower_value
from symphony_dsl.base.types import NEVER, UNKNOWN, RecordType, optional
from symphony_dsl.expressions.tree import Call
from symphony_dsl.syntax.tree import For, If, Loop, Match, Node, Parallel, Step, Try, Value
from symphony_model.ids import NodeId
from symphony_model.nodes import OperatorNode, OperatorType

WORDS = {If: "if", Match: "match", For: "for", Loop: "loop", Parallel: "parallel", Try: "try"}


def lower_step(spot: Spot, statement: Step) -> Made:
    expected = None if statement.type is None else type_reader(spot.site).read(statement.type)
    without_type(spot.site, statement.lead)
    place = _place(spot, statement)
    spot.keep_id(place, statement.lead)
    made = lower_value(spot, place, statement.value, expected)
    if statement.name is None:
        return made
    if place.notes.disabled:
        made = _perhaps(made)
    binding = made.bind(statement.name.name, statement.name.span)
    if made.type == NEVER or not spot.site.reporter.reads(statement.span):
        binding.type = UNKNOWN
    binding.quiet = not _is_expression(spot, made)
    spot.define(binding)
    return made


def _perhaps(made: Made) -> Made:
    """What others see of a step that may be passed over: a value that may be absent, or a record of such."""
    ports = {name: replace(port, type=port.type and optional(port.type)) for name, port in made.ports.items()}
    of = made.type
    if made.is_record and isinstance(of, RecordType):
        of = replace(of, fields=tuple(replace(each, type=optional(each.type)) for each in of.fields))
    elif of is not None and of != NEVER:
        of = optional(of)
    return replace(made, type=of, ports=ports)


def _place(spot: Spot, statement: Step) -> Place:
    notes = node_notes(spot.site, statement.lead)
    after = _after(spot, statement)
    if statement.name is not None:
        name = statement.name.name
        return Place(spot.graph.free(spot.path(name)), name, statement.span, notes=notes, after=after)
    path = spot.graph.free(spot.path(f"step.{digest(outline(statement.value))}"))
    return Place(path, _unnamed(statement.value), statement.span, notes=notes, barrier=True, after=after)


def _unnamed(value: Value) -> str:
    """What people read of a step without a name: what it calls, or its word."""
    if isinstance(value, Node):
        return value.expr.name if isinstance(value.expr, Call) else "expression"
    return WORDS[type(value)]


def _is_expression(spot: Spot, made: Made) -> bool:
    """Whether nothing but a value comes of a step."""
    node = spot.graph.workflow.nodes[made.node]
    return isinstance(node, OperatorNode) and node.operator_type is OperatorType.EXPRESSION


def _after(spot: Spot, statement: Step) -> tuple[tuple[NodeId, int], ...]:
    found: dict[NodeId, int] = {}
    for each in statement.after:
        binding = spot.frame.find(each.name.name)
        if binding is None:
            unknown_value(spot.site, spot.frame, each.name.name, each.name.span)
        elif binding.what != "step":
            spot.site.report("WF0209", each.name.span, _no_step(binding))
        elif binding.node is not None:
            binding.used = True
            found[binding.node] = each.priority or 0
    return tuple(found.items())


def _no_step(binding: Binding) -> str:
    if binding.what == "ended":
        return f"`finally` begins when `{binding.name}` has ended; `after` takes the steps in it"
    return f"`{binding.name}` is there from the start; `after` takes steps"
