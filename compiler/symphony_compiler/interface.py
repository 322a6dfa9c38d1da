"""`input` and `output` → the ends of a workflow's graph."""

from __future__ import annotations

from dataclasses import replace

from symphony_compiler.annotations import constraints_of, only_of_steps
from symphony_compiler.bindings import Binding, Port
from symphony_compiler.chains import as_written
from symphony_compiler.names import may_name
from symphony_compiler.notes import NodeNotes, node_notes
from symphony_compiler.reading import read
from symphony_compiler.signatures import type_reader
from symphony_compiler.spot import Place, Spot
from symphony_compiler.wiring import connect, feed
from symphony_dsl.base.flows import hidden_in
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import SECRET, UNKNOWN, OptionalType, Type
from symphony_dsl.expressions.tree import Name
from symphony_dsl.syntax.tree import Input, Output
from symphony_model.nodes import InputNode, OutputNode
from symphony_model.ports import PortDefinition

INPUT, OUTPUT = "input", "output"


def lower_input(spot: Spot, statement: Input) -> None:
    name = statement.name.name
    parameter = spot.symbol.parameter(name)
    assert parameter is not None
    place = Place(spot.graph.free(f"input.{name}"), name, statement.span, notes=_notes(spot, statement))
    spot.keep_id(place, statement.lead)
    of = parameter.type
    required = not parameter.has_default and not isinstance(of, OptionalType)
    port = PortDefinition(OUTPUT, of, required, parameter.has_default, parameter.default, parameter.constraints)
    node = spot.add(InputNode(spot.base(place), port), place)
    ports = {"": Port(node, OUTPUT, of)}
    spot.define(Binding(name, "input", statement.name.span, of, ports, node=node, constraints=parameter.constraints))


def _notes(spot: Spot, statement: Input | Output) -> NodeNotes:
    """A label stands beside the name, which is what others know the input or output by."""
    only_of_steps(spot.site, statement.lead, "an input or an output is always there", ("disabled",))
    notes = node_notes(spot.site, statement.lead)
    if notes.label is None:
        return notes
    metadata = notes.metadata
    return NodeNotes(None, replace(metadata, custom={**metadata.custom, "label": notes.label}), notes.id)


def lower_output(spot: Spot, statement: Output) -> None:
    name = statement.name.name
    if not _is_new(spot, statement):
        return
    of = _declared(spot, name) if statement.type is not None else None
    expr = Name(statement.name.span, name) if statement.value is None else statement.value
    reading = read(spot.site, spot.frame, expr, None if of is None else as_written(expr, of))
    if of is None:
        of = _without_type(spot, statement, reading.type)
    reader = type_reader(spot.site)
    inherited = reader.alias_constraints(statement.type) if statement.type else ()
    constraints = constraints_of(spot.site, statement.lead, of, inherited).constraints
    place = Place(f"output.{name}", name, statement.span, notes=_notes(spot, statement))
    spot.keep_id(place, statement.lead)
    fed = feed(spot, place, INPUT, reading, of)
    port = PortDefinition(INPUT, of, required=not isinstance(of, OptionalType), constraints=constraints)
    node = spot.add(OutputNode(spot.base(place), port, fed.argument), place)
    connect(spot, node, INPUT, fed, spot.order.seen)
    spot.enter(node, place)


def _is_new(spot: Spot, statement: Output) -> bool:
    name = statement.name
    if not may_name(spot.site, name.name, name.span):
        return False
    first = spot.outputs.setdefault(name.name, name.span)
    if first is not name.span:
        labels = [spot.site.reporter.label(first, "defined here")]
        spot.site.report("WF0202", name.span, f"there is an output `{name.name}` already", labels=labels)
        return False
    return True


def _declared(spot: Spot, name: str) -> Type:
    """The type of an output; UNKNOWN where the workflow could not be read whole."""
    return next((each.type for each in spot.symbol.outputs if each.name == name), UNKNOWN)


def _without_type(spot: Spot, statement: Output, inferred: Type | None) -> Type:
    site, name = spot.site, statement.name
    fixes = []
    if inferred not in (None, UNKNOWN) and hidden_in(inferred) != SECRET:
        end = Span(name.span.end, name.span.end)
        fixes = [site.reporter.replacement(f"write `: {inferred}`", end, f": {inferred}")]
    message = f"the output `{name.name}` needs a type, since others build on it"
    site.report("WF0406", name.span, message, fixes=fixes)
    return UNKNOWN
