"""Declarations → symbols: types, constants, policies, callables with what runs them, and the interfaces of workflows.

Needs the outline of the file, and goes through it in its order. Guarantees a symbol for each declaration; `sound` says
whether it can be used in a graph.
"""

from __future__ import annotations

from collections.abc import Callable as Function
from dataclasses import replace
from typing import Any

from symphony_compiler.annotations import constraints_of, hints, of_declaration, without_type
from symphony_compiler.constants import evaluate, hold
from symphony_compiler.declare import Named, Outline, in_order
from symphony_compiler.instances import fill_in, interface
from symphony_compiler.instruments import model_of
from symphony_compiler.models import MODEL_READERS
from symphony_compiler.notes import without_metadata
from symphony_compiler.operators import code_of
from symphony_compiler.settings import (
    FILE_DEFAULTS,
    INSTRUMENT,
    NO_DEFAULTS,
    OPERATOR,
    POLICY,
    FileDefaults,
    constant_settings,
    known_settings,
    settings_of,
)
from symphony_compiler.signatures import inputs_of, outputs_of, parameters_of, result_of, type_reader, value_result
from symphony_compiler.site import Site
from symphony_compiler.symbols import (
    BrokenSymbol,
    CallableSymbol,
    Code,
    ConstSymbol,
    Declared,
    Model,
    PolicySymbol,
    TypeSymbol,
)
from symphony_compiler.templates import template_of
from symphony_compiler.tools import link_tools
from symphony_dsl.base.types import TYPE, UNKNOWN, EnumType, RecordType
from symphony_dsl.syntax.tree import (
    Alias,
    Callable,
    Const,
    Defaults,
    Enum,
    Instance,
    Policy,
    Record,
    Template,
    Workflow,
)
from symphony_model.settings import Settings


def resolve(outline: Outline) -> FileDefaults:
    """Put a symbol for each declaration into the file's names; the file's `defaults` are the answer."""
    rest = in_order(outline)
    early = [each for each in rest if not isinstance(each[1], LATE)]
    late = [each for each in rest if isinstance(each[1], LATE)]
    for site, declaration in early:
        _declare(outline, site, declaration, NO_DEFAULTS)
    defaults = NO_DEFAULTS
    for site, found in outline.defaults:
        defaults = _defaults(site, found)
    for site, declaration in late:
        _declare(outline, site, declaration, defaults)
    link_tools(outline)
    return defaults


LATE = (Callable, Workflow, Template, Instance)
"""Declarations that see all types and constants, and the `defaults` of the file."""


def _defaults(site: Site, declaration: Defaults) -> FileDefaults:
    given = known_settings(site, declaration.block, FILE_DEFAULTS)
    of_model = {name: reader(site, given[name].value) for name, reader in MODEL_READERS.items() if name in given}
    return FileDefaults(**of_model, settings=constant_settings(site, given))


def _declare(outline: Outline, site: Site, declaration: Named, defaults: FileDefaults) -> None:
    names, name = outline.names, declaration.name.name
    if isinstance(declaration, Const):
        if not isinstance(names.constants.get(name), BrokenSymbol):
            names.constants[name] = _const(site, declaration)
        return
    before = names.declarations.get(name)
    symbol = _symbol(outline, site, declaration, defaults)
    if not isinstance(symbol, TypeSymbol):
        names.declarations[name] = symbol
    elif not isinstance(before, BrokenSymbol):
        names.declarations[name] = BrokenSymbol(name, symbol.location) if site.broken else symbol


def _symbol(outline: Outline, site: Site, declaration: Named, defaults: FileDefaults) -> Declared:
    match declaration:
        case Callable():
            return _callable(site, declaration, defaults)
        case Workflow():
            return _workflow(site, declaration)
        case Template():
            outline.templates.append(template := template_of(site, declaration))
            return template
        case Instance():
            return _instance(outline, site, declaration)
    return PLAIN[type(declaration)](site, declaration)


def _record(site: Site, declaration: Record) -> TypeSymbol:
    without_type(site, declaration.lead)
    without_metadata(site, declaration.lead)
    name = declaration.name.name
    of = type_reader(site).checked(type_reader(site).record(declaration.fields, name), declaration.name.span)
    return TypeSymbol(name, site.location(declaration.name.span), "record", of, sound=site.sound)


def _enum(site: Site, declaration: Enum) -> TypeSymbol:
    without_type(site, declaration.lead)
    without_metadata(site, declaration.lead)
    values: dict[str, str] = {}
    wires: set[str] = set()
    for each in declaration.values:
        hints(site, each.lead)
        without_metadata(site, each.lead)
        wire = each.name.name if each.wire is None else each.wire
        if each.name.name in values:
            site.report("WF0202", each.name.span, f"the enum has a value `{each.name.name}` already")
        elif wire in wires:
            site.report("WF0202", each.span, f'another value of the enum is written "{wire}" already')
        else:
            values[each.name.name] = wire
            wires.add(wire)
    of = EnumType(declaration.name.name, tuple(values.items()))
    return TypeSymbol(of.name, site.location(declaration.name.span), "enum", of, sound=site.sound)


def _alias(site: Site, declaration: Alias) -> TypeSymbol:
    name = declaration.name.name
    reader = type_reader(site)
    of = reader.read(declaration.type)
    without_metadata(site, declaration.lead)
    if of == TYPE:
        site.report("WF0210", declaration.type.span, "`type` is the type of a parameter, which needs no other name")
        of = UNKNOWN
    constraints = constraints_of(site, declaration.lead, of, reader.alias_constraints(declaration.type)).constraints
    if isinstance(of, RecordType) and of.name is None:
        of = replace(of, name=name)
    return TypeSymbol(name, site.location(declaration.name.span), "type", of, constraints, site.sound)


def _const(site: Site, declaration: Const) -> ConstSymbol:
    without_type(site, declaration.lead)
    without_metadata(site, declaration.lead)
    reader = type_reader(site)
    expected = None if declaration.type is None else reader.read(declaration.type)
    made = evaluate(site, declaration.value, expected)
    if made.known and declaration.type is not None:
        hold(site, declaration.value.span, "the constant", made.value, reader.alias_constraints(declaration.type))
    sound = made.known and site.sound
    of = made.type if made.type is not None else UNKNOWN
    return ConstSymbol(declaration.name.name, site.location(declaration.name.span), of, made.value, sound)


def _policy(site: Site, declaration: Policy) -> PolicySymbol:
    without_type(site, declaration.lead)
    without_metadata(site, declaration.lead)
    name = declaration.name.name
    settings = _in_bucket(settings_of(site, declaration.block, POLICY), f"{site.file.package}:{site.file.path}:{name}")
    return PolicySymbol(name, site.location(declaration.name.span), settings, site.sound)


def _in_bucket(settings: Settings, bucket: str) -> Settings:
    """A limit in a policy is one for all that take the policy."""
    concurrency, rate = settings.concurrency, settings.rate_limit
    return replace(
        settings,
        concurrency=concurrency and replace(concurrency, bucket=bucket),
        rate_limit=rate and replace(rate, bucket=bucket),
    )


def _callable(site: Site, declaration: Callable, defaults: FileDefaults) -> CallableSymbol:
    without_type(site, declaration.lead)
    without_metadata(site, declaration.lead)
    parameters = parameters_of(site, declaration.parameters)
    result = result_of(site, declaration.result, parameters)
    given = known_settings(site, declaration.block, INSTRUMENT if declaration.kind == "instrument" else OPERATOR)
    body: Model | Code | None
    if declaration.kind == "instrument":
        body = model_of(site, declaration, parameters, defaults, given)
    else:
        body = code_of(site, declaration, parameters, given)
    complete = all(at >= declaration.block.span.start for at in site.mistakes)  # the signature has none
    return CallableSymbol(
        declaration.name.name,
        site.location(declaration.name.span),
        declaration.kind,
        parameters,
        result if complete else value_result(UNKNOWN),
        constant_settings(site, given),
        body,
        site.sound,
        complete=complete,
        documentation=declaration.lead.doc,
    )


def _instance(outline: Outline, site: Site, declaration: Instance) -> CallableSymbol | BrokenSymbol:
    of_declaration(site, declaration.lead)
    filled = fill_in(site, declaration)
    if filled is None:
        return BrokenSymbol(declaration.name.name, site.location(declaration.name.span))
    outline.filled.append(filled)
    return interface(filled)


def _workflow(site: Site, declaration: Workflow) -> CallableSymbol:
    of_declaration(site, declaration.lead)
    outputs = outputs_of(site, declaration.body.statements)
    return CallableSymbol(
        declaration.name.name,
        site.location(declaration.name.span),
        "workflow",
        inputs_of(site, declaration.body.statements),
        value_result(UNKNOWN) if site.broken else outputs,
        sound=site.sound,
        complete=not site.broken,
        outputs=outputs.ports,
        documentation=declaration.lead.doc,
    )


PLAIN: dict[type, Function[[Site, Any], Declared]] = {Record: _record, Enum: _enum, Alias: _alias, Policy: _policy}
"""How declarations are worked out that need nothing but their site; each takes the class that it stands beside."""
