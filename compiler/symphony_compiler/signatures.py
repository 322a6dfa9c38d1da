"""Interfaces: the parameters and results of callables, the inputs and outputs of workflows.

Needs types and constants to be known; no body is looked at. Guarantees a signature for every callable, with UNKNOWN
where a type has an error.
"""

from __future__ import annotations

from symphony_compiler.annotations import constraints_of
from symphony_compiler.chains import chain_idents
from symphony_compiler.constants import default
from symphony_compiler.notes import without_metadata
from symphony_compiler.site import Site
from symphony_compiler.symbols import RESULT, OutputPort, Parameter, Result
from symphony_compiler.typerefs import TypeReader
from symphony_dsl.base.flows import hidden_in
from symphony_dsl.base.types import SECRET, TYPE, UNKNOWN, Constraint, Field, RecordType, Type
from symphony_dsl.expressions.tree import Expr
from symphony_dsl.syntax.tree import Input, NamedTypeRef, Output, Param, RecordTypeRef, Statement, TypeRef

NO_RESULT = Result(None, (), is_record=False)


def type_reader(site: Site, opaque: frozenset[str] = frozenset()) -> TypeReader:
    return TypeReader(site, default, opaque)


def parameters_of(site: Site, params: tuple[Param, ...]) -> tuple[Parameter, ...]:
    """The parameters of a callable. Those of type `type` may be used as types behind them."""
    made: dict[str, Parameter] = {}
    opaque: frozenset[str] = frozenset()
    for each in params:
        if each.name.name in made:
            site.report("WF0202", each.name.span, f"there is a parameter `{each.name.name}` already")
            continue
        made[each.name.name] = found = _parameter(site, each, opaque)
        if found.type in (TYPE, UNKNOWN):
            opaque |= {found.name}
    return tuple(made.values())


def _parameter(site: Site, param: Param, opaque: frozenset[str]) -> Parameter:
    without_metadata(site, param.lead)
    reader = type_reader(site, opaque)
    of = reader.read(param.type)
    if of == TYPE:
        return _type_parameter(site, param, reader)
    constraints = constraints_of(site, param.lead, of, reader.alias_constraints(param.type)).constraints
    has_default, value = False, None
    if param.default is not None and of == UNKNOWN:
        has_default = True  # which may be a type: nobody knows what the parameter is
    elif param.default is not None:
        has_default, value = default(site, param.default, of, constraints)
    location = site.location(param.name.span)
    return Parameter(param.name.name, location, of, has_default, value, constraints, param.lead.doc)


def _type_parameter(site: Site, param: Param, reader: TypeReader) -> Parameter:
    value = None if param.default is None else type_argument(site, param.default, reader)
    return Parameter(param.name.name, site.location(param.name.span), TYPE, value is not None, value)


def type_argument(site: Site, expr: Expr, reader: TypeReader) -> Type | None:
    """The type that a name stands for: what a parameter of type `type` is given."""
    names = _dotted(expr)
    if names is None:
        message = "a type is given by its name; `type Lines = Line[]` gives a longer one a name"
        site.report("WF0209", expr.span, message)
        return None
    of = reader.read(names)
    if of == TYPE:
        site.report("WF0209", expr.span, "`type` is the type of types; name one whose values are data")
        return None
    return of


def _dotted(expr: Expr) -> NamedTypeRef | None:
    idents = chain_idents(expr)
    return None if idents is None else NamedTypeRef(expr.span, idents)


def result_of(site: Site, ref: TypeRef | None, parameters: tuple[Parameter, ...]) -> Result:
    """`-> T` is a value; `-> { a: T }` a record with a port a field; nothing is no value."""
    if ref is None:
        return NO_RESULT
    opaque = frozenset(each.name for each in parameters if each.type in (TYPE, UNKNOWN))
    reader = type_reader(site, opaque)
    of = reader.read(ref)
    if of == TYPE:
        site.report("WF0210", ref.span, "`type` is the type of a parameter, not of a result")
        of = UNKNOWN
    if isinstance(ref, RecordTypeRef) and isinstance(of, RecordType):
        return record_result(of)
    return value_result(of, reader.alias_constraints(ref))


def value_result(of: Type, constraints: tuple[Constraint, ...] = ()) -> Result:
    return Result(of, (OutputPort(RESULT, of, constraints=constraints),), is_record=False)


def record_result(of: RecordType) -> Result:
    return Result(of, tuple(_port_of(each) for each in of.fields), is_record=True)


def _port_of(field: Field) -> OutputPort:
    return OutputPort(
        field.name, field.type, field.has_default, field.default, field.constraints, field.wire, field.doc
    )


def inputs_of(site: Site, statements: tuple[Statement, ...]) -> tuple[Parameter, ...]:
    made: dict[str, Parameter] = {}
    for each in statements:
        if isinstance(each, Input) and each.name.name not in made:
            made[each.name.name] = _input(site, each)
    return tuple(made.values())


def _input(site: Site, statement: Input) -> Parameter:
    reader = type_reader(site)
    of = reader.read(statement.type)
    if of == TYPE:
        site.report("WF0210", statement.type.span, "`type` is the type of a callable's parameter, not of an input")
        of = UNKNOWN
    constraints = constraints_of(site, statement.lead, of, reader.alias_constraints(statement.type)).constraints
    has_default, value = False, None
    if statement.default is not None:
        has_default, value = default(site, statement.default, of, constraints)
    location = site.location(statement.name.span)
    return Parameter(statement.name.name, location, of, has_default, value, constraints, statement.lead.doc)


def outputs_of(site: Site, statements: tuple[Statement, ...]) -> Result:
    """A workflow is always a record of its outputs. One without a type is reported where the body is worked on."""
    found: dict[str, Field] = {}
    for each in statements:
        if isinstance(each, Output) and each.name.name not in found:
            found[each.name.name] = Field(each.name.name, _output(site, each))
    if not found:
        return NO_RESULT
    return record_result(RecordType(tuple(found.values())))


def _output(site: Site, statement: Output) -> Type:
    if statement.type is None:
        return UNKNOWN
    of = type_reader(site).read(statement.type)
    if hidden_in(of) == SECRET:
        site.report("WF0417", statement.type.span, "an output cannot be a secret: it would be written down")
        return UNKNOWN
    return of
