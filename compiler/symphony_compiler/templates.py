"""`template` → its parameters, and the names that its body sees.

Needs types and constants. Guarantees a symbol for each template. In the body a parameter is a constant, a type, or a function: of a
template that nobody has filled in yet, one whose value nobody knows; so the body is checked once for all values.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from symphony_compiler.annotations import constraints_of, of_declaration
from symphony_compiler.bindings import OWN, Binding, Frame, Port
from symphony_compiler.constants import default
from symphony_compiler.functions import LocalFunction
from symphony_compiler.generic import replaced
from symphony_compiler.models import names_a_model
from symphony_compiler.names import hides, hides_declaration, may_declare, may_name
from symphony_compiler.origins import Origin
from symphony_compiler.reading import read
from symphony_compiler.signatures import type_argument
from symphony_compiler.site import FileNames, Site
from symphony_compiler.symbols import BrokenSymbol, ConstSymbol, Declared, Parameter, TemplateSymbol, TypeSymbol
from symphony_compiler.typerefs import TypeReader
from symphony_dsl.base.flows import hidden_in
from symphony_dsl.base.types import SECRET, TYPE, UNKNOWN, FunctionType, OpaqueType, Type
from symphony_dsl.expressions.tree import Expr
from symphony_dsl.syntax.tree import Param, Template


def template_of(site: Site, declaration: Template) -> TemplateSymbol:
    of_declaration(site, declaration.lead)
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
        if name in made:
            site.report("WF0202", each.name.span, f"there is a parameter `{name}` already")
            continue
        if not may_name(site, name, each.name.span):
            continue
        hides(site, None, name, each.name.span)
        made[name] = found = _parameter(site, each, TypeReader(site, default, opaque, functions=True))
        if found.type in (TYPE, UNKNOWN):
            opaque |= {name}
    return tuple(made.values())


def _parameter(site: Site, param: Param, reader: TypeReader) -> Parameter:
    of = reader.read(param.type)
    if of == TYPE or isinstance(of, FunctionType):
        of_declaration(site, param.lead)
        given = None if param.default is None else _not_a_value(site, param.default, of, reader)
        return Parameter(param.name.name, site.location(param.name.span), of, param.default is not None, given)
    if hidden_in(of) == SECRET:
        message = (
            f"`{param.name.name}` cannot be a secret, since what fills a template in is written down: make it an input"
        )
        site.report("WF0210", param.type.span, message)
        of = UNKNOWN
    constraints = constraints_of(site, param.lead, of, reader.alias_constraints(param.type)).constraints
    has_default, value = param.default is not None, None
    if param.default is not None and of != UNKNOWN:
        has_default, value = default(site, param.default, of, constraints)
        value = value if names_a_model(site, param.default, of, value) else None
    return Parameter(param.name.name, site.location(param.name.span), of, has_default, value, constraints)


def _not_a_value(site: Site, expr: Expr, of: Type, reader: TypeReader) -> Any:  # noqa: ANN401 - a type or an expression
    """The default of a parameter that is a type or a function."""
    if isinstance(of, FunctionType):
        return function_of(site, expr, of)
    return type_argument(site, expr, replace(reader, functions=False))


def refuse_hiding(template: TemplateSymbol) -> None:
    """A type or a function that is a parameter hides no declaration. Needs all that the file declares."""
    site = template.origin.site
    for each in template.origin.declaration.parameters:
        found = template.parameter(each.name.name)
        if found and found.location == site.location(each.name.span) and _is_declaration(found.type):
            name = found.name
            _ = may_declare(site, name, each.name.span) and hides_declaration(site, name, each.name.span)


def _is_declaration(of: Type) -> bool:
    return of == TYPE or isinstance(of, FunctionType)


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
