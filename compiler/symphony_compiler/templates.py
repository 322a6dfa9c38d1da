"""`template` → its parameters, and the names that its body sees.

Needs types and constants. Guarantees a symbol for each template. In the body a parameter is a constant, a type, or a function: of a
template that nobody has filled in yet, one whose value nobody knows; so the body is checked once for all values.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from symphony_compiler.annotations import constraints_of, without_type
from symphony_compiler.bindings import OWN, Binding, Frame, Port
from symphony_compiler.constants import default
from symphony_compiler.functions import LocalFunction
from symphony_compiler.generic import replaced
from symphony_compiler.names import hides, may_name
from symphony_compiler.origins import Origin
from symphony_compiler.reading import read
from symphony_compiler.signatures import type_argument
from symphony_compiler.site import FileNames, Site
from symphony_compiler.symbols import BrokenSymbol, ConstSymbol, Declared, Parameter, TemplateSymbol, TypeSymbol
from symphony_compiler.typerefs import TypeReader
from symphony_dsl.base.types import TYPE, UNKNOWN, FunctionType, OpaqueType, Type
from symphony_dsl.expressions.tree import Expr
from symphony_dsl.syntax.tree import Param, Template


def template_of(site: Site, declaration: Template) -> TemplateSymbol:
    without_type(site, declaration.lead)
    parameters = _parameters(site, declaration)
    return TemplateSymbol(
        declaration.name.name,
        site.location(declaration.name.span),
        parameters,
        Origin(site, declaration),
        sound=site.sound,
        complete=not site.broken,
    )


def _parameters(site: Site, declaration: Template) -> tuple[Parameter, ...]:
    made: dict[str, Parameter] = {}
    opaque: frozenset[str] = frozenset()
    for each in declaration.parameters:
        name = each.name.name
        if not may_name(site, name, each.name.span) or hides(site, None, name, each.name.span):
            continue
        if name in made:
            site.report("WF0202", each.name.span, f"there is a parameter `{name}` already")
            continue
        made[name] = found = _parameter(site, each, TypeReader(site, default, opaque, functions=True))
        if found.type in (TYPE, UNKNOWN):
            opaque |= {name}
    return tuple(made.values())


def _parameter(site: Site, param: Param, reader: TypeReader) -> Parameter:
    of = reader.read(param.type)
    location = site.location(param.name.span)
    if of == TYPE:
        value = None if param.default is None else type_argument(site, param.default, replace(reader, functions=False))
        return Parameter(param.name.name, location, TYPE, param.default is not None, value)
    if isinstance(of, FunctionType):
        body = None if param.default is None else function_of(site, param.default, of)
        return Parameter(param.name.name, location, of, param.default is not None, body)
    constraints = constraints_of(site, param.lead, of, reader.alias_constraints(param.type)).constraints
    has_default, value = False, None
    if param.default is not None:
        has_default, value = default(site, param.default, of, constraints)
    return Parameter(param.name.name, location, of, has_default, value, constraints)


def function_of(site: Site, expr: Expr, of: FunctionType) -> Expr | None:
    """The expression of a function, closed over its parameters; None where it has an error."""
    frame = Frame()
    for each in of.parameters:
        port = Port(OWN, each.name, each.type)
        frame.names[each.name] = Binding(each.name, "parameter", expr.span, each.type, {"": port})
    reading = read(site, frame, expr, of.result)
    return reading.expr if reading.sound else None


def open_names(template: TemplateSymbol) -> FileNames:
    """The names of a template's file, with its parameters as what nobody has given yet."""
    return named(template, {}, {each.name: OpaqueType(each.name) for each in template.parameters if each.type == TYPE})


def named(template: TemplateSymbol, values: Mapping[str, Any], types: Mapping[str, Type]) -> FileNames:
    """The names of a template's file, with its parameters as `values` (constants, and expressions of functions) and `types`.

    What the file declares further on is seen when it is there.
    """
    names = template.origin.names
    constants: dict[str, ConstSymbol | BrokenSymbol] = {}
    functions: dict[str, LocalFunction] = {}
    symbols: dict[str, Declared] = {}
    for each in template.parameters:
        if each.type == TYPE:
            symbols[each.name] = TypeSymbol(each.name, each.location, "type", types.get(each.name, UNKNOWN))
            continue
        of = replaced(each.type, types)
        if isinstance(of, FunctionType):
            functions[each.name] = LocalFunction(of, values.get(each.name))
        else:
            known = each.name in values
            constants[each.name] = ConstSymbol(each.name, each.location, of, values.get(each.name), known)
    return replace(
        names,
        declarations=ChainMap(symbols, names.declarations),
        constants=ChainMap(constants, names.constants),
        functions=functions,
    )
