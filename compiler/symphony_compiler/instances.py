"""`workflow name = template(arguments)` → the body of the template with the arguments in it.

Needs the symbol of the template. Guarantees that each parameter has a value that fits its type and keeps its constraints. The body
is worked out anew, with the parameters as names that stand for the values; nothing is put into a text. What is wrong in it then
is told at the instance, with the place in the template beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from symphony_compiler.chains import as_written
from symphony_compiler.constants import evaluate, hold
from symphony_compiler.generic import replaced
from symphony_compiler.models import names_a_model
from symphony_compiler.names import WORD
from symphony_compiler.signatures import inputs_of, outputs_of, type_argument, type_reader
from symphony_compiler.site import Site
from symphony_compiler.symbols import BrokenSymbol, CallableSymbol, Parameter, TemplateSymbol
from symphony_compiler.templates import function_of, named
from symphony_compiler.typerefs import find_declared
from symphony_dsl.base.diagnostic import Label, Reporter, Severity
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import TYPE, FunctionType, Type
from symphony_dsl.expressions.tree import Argument, Name
from symphony_dsl.syntax.tree import Instance


@frozen
class Filled:
    """`inside` is where the body is worked out, with reports of its own."""

    site: Site
    declaration: Instance
    template: TemplateSymbol
    inside: Site
    given: Mapping[str, Argument]


@dataclass(slots=True)
class Arguments:
    """What an instance gives, by parameter: constants and expressions, and types."""

    given: dict[str, Argument] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    wrong: bool = False


def fill_in(site: Site, declaration: Instance) -> Filled | None:
    """None where there is an error, which has been reported or stands in the template."""
    template = _template(site, declaration)
    if template is None:
        return None
    arguments = _matched(site, declaration, template)
    for each in template.parameters:
        _value(site, each, arguments)
    if arguments.wrong or not template.sound or not site.sound:
        site.tainted = True
        return None
    origin = template.origin
    names = named(template, arguments.values, arguments.types)
    reporter = Reporter(origin.names.path, origin.site.reporter.base, [])
    inside = Site(names, reporter, origin.site.text, origin.site.ghosts, origin.site.at_run_time)
    return Filled(site, declaration, template, inside, arguments.given)


def interface(filled: Filled) -> CallableSymbol:
    """The workflow as others see it."""
    declaration, statements = filled.declaration, filled.template.origin.declaration.body.statements
    outputs = outputs_of(filled.inside, statements)
    return CallableSymbol(
        declaration.name.name,
        filled.site.location(declaration.name.span),
        "workflow",
        inputs_of(filled.inside, statements),
        outputs,
        sound=filled.inside.sound,
        outputs=outputs.ports,
    )


def tell(filled: Filled) -> None:
    """Say at the instance what is wrong in the body that it fills in, unless that is wrong in the template itself."""
    wrong = [each for each in filled.inside.reporter.found if each.severity is Severity.ERROR]
    if wrong:
        filled.site.tainted = True
    if any(each.severity is Severity.ERROR for each in filled.template.origin.site.reporter.found):
        wrong = []
    for each in wrong:
        labels = [Label(each.location, "here in the template"), *each.labels]
        message = f"filled in like this, `{filled.template.name}` is wrong: {each.message}"
        filled.site.report(each.code.code, _fault(filled, each.location.span), message, labels=labels)


def _fault(filled: Filled, wrong: Span) -> Span:
    """The argument that a wrong part of the body names, where it is the only one; else the name of the template."""
    origin = filled.template.origin
    start = origin.site.reporter.base
    named = set(WORD.findall(origin.site.text[wrong.start - start : wrong.end - start]))
    found = [each.value.span for name, each in filled.given.items() if name in named]
    return found[0] if len(found) == 1 else filled.declaration.call.name_span


def _template(site: Site, declaration: Instance) -> TemplateSymbol | None:
    def known() -> list[str]:
        return [name for name, each in site.file.declarations.items() if isinstance(each, TemplateSymbol)]

    # the parser has said of what is no name that it is none
    found = find_declared(site, declaration.template, known, "WF0201", "template") if declaration.template else None
    if isinstance(found, TemplateSymbol):
        return found
    if found is not None and not isinstance(found, BrokenSymbol):
        site.wrong_kind(declaration.template[-1].span, found, "a template")
    site.tainted = True
    return None


# ---- arguments ----


def _matched(site: Site, declaration: Instance, template: TemplateSymbol) -> Arguments:
    arguments = Arguments()
    parameters = {each.name: each for each in template.parameters}
    for at, each in enumerate(declaration.call.arguments):
        name = _named(site, each, at, template, parameters)
        if name is None:
            arguments.wrong = True
        elif name in arguments.given:
            labels = [site.reporter.label(arguments.given[name].span, "given here")]
            site.report("WF0404", each.span, f"`{name}` is given twice", labels=labels)
        else:
            arguments.given[name] = each
    missing = [f"`{name}`" for name, each in parameters.items() if each.is_needed and name not in arguments.given]
    if missing and not arguments.wrong and template.complete:
        labels = [Label(template.location, "declared here")]
        message = f"`{template.name}` needs {', '.join(missing)}"
        site.report("WF0402", declaration.call.name_span, message, labels=labels)
    return arguments


def _named(
    site: Site, argument: Argument, at: int, template: TemplateSymbol, parameters: dict[str, Parameter]
) -> str | None:
    """The parameter that an argument is for: by its name, or a bare name that is the parameter's."""
    name = argument.name or (argument.value.name if isinstance(argument.value, Name) else None)
    if name in parameters:
        return name
    labels = [Label(template.location, "declared here")]
    if argument.name is not None:
        if template.complete:
            message = f"`{template.name}` has no parameter `{argument.name}`"
            span = argument.span._replace(end=argument.span.start + len(argument.name))
            site.unknown("WF0403", span, message, argument.name, parameters)
        return None
    if at >= len(parameters):
        site.report("WF0403", argument.span, f"`{template.name}` does not take so many arguments", labels=labels)
        return None
    wanted = list(parameters)[at]
    start = argument.span._replace(end=argument.span.start)
    fix = site.reporter.replacement(f"write `{wanted}: …`", start, f"{wanted}: ")
    message = f"arguments of `{template.name}` have names: write `{wanted}: …`"
    site.report("WF0405", argument.span, message, labels=labels, fixes=[fix])
    return None


def _value(site: Site, parameter: Parameter, arguments: Arguments) -> None:
    """The value of a parameter; the types that are given before may be in its type."""
    given = arguments.given.get(parameter.name)
    if parameter.type == TYPE:
        of = parameter.default if given is None else type_argument(site, given.value, type_reader(site))
        if of is None:
            arguments.wrong = True
        else:
            arguments.types[parameter.name] = of
        return
    if given is None:
        arguments.values[parameter.name] = parameter.default
        return
    wanted = replaced(parameter.type, arguments.types)
    if isinstance(wanted, FunctionType):
        body = function_of(site, given.value, wanted)
        arguments.wrong = arguments.wrong or body is None
        arguments.values[parameter.name] = body
        return
    _constant(site, parameter, given, wanted, arguments)


def _constant(site: Site, parameter: Parameter, given: Argument, wanted: Type, arguments: Arguments) -> None:
    made = evaluate(site, given.value, as_written(given.value, wanted))
    if not made.known:
        arguments.wrong = True
        return
    if not names_a_model(site, given.value, wanted, made.value):
        arguments.wrong = True
    labels = [Label(parameter.location, "declared here")]
    hold(site, given.value.span, f"`{parameter.name}`", made.value, parameter.constraints, labels)
    arguments.values[parameter.name] = made.value
