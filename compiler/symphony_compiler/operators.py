"""What runs an operator: a Python function, a shell command, an HTTP request, or a built-in of the standard library."""

from __future__ import annotations

from symphony_compiler.bindings import Frame
from symphony_compiler.instruments import parameter_frame
from symphony_compiler.library import is_own
from symphony_compiler.python_targets import check_target
from symphony_compiler.reading import read, text_of
from symphony_compiler.requests import effect_of, request_of
from symphony_compiler.setting_values import text
from symphony_compiler.settings import OPERATOR, WAYS
from symphony_compiler.site import Site
from symphony_compiler.symbols import Code, Parameter
from symphony_dsl.base.diagnostic import Fix, TextEdit
from symphony_dsl.base.flows import hidden_in
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import SECRET
from symphony_dsl.expressions.tree import Expr, ListLiteral, Name, Text
from symphony_dsl.syntax.tree import Callable, Setting
from symphony_model.nodes import Effect, OperatorConfig, OperatorType
from symphony_model.ports import Expression

BUILTINS = ("json_parse", "json_format", "text", "read", "write", "ask", "wait")


def code_of(
    site: Site, declared: Callable, parameters: tuple[Parameter, ...], given: dict[str, Setting]
) -> Code | None:
    ways = [given[name] for name in WAYS if name in given]
    if not ways and any(each.name.name not in OPERATOR.known for each in declared.block.settings):
        return None  # what is not known was meant to say it
    if not ways:
        message = f'the operator `{declared.name.name}` does not say what runs it: `python: "module:function"`, `shell:` or `http:`'
        site.report("WF0504", declared.name.span, message)
        return None
    for more in ways[1:]:
        labels = [site.reporter.label(ways[0].name.span, "given here")]
        message = f"`{declared.name.name}` says already what runs it, by `{ways[0].name.name}`"
        site.report("WF0505", more.name.span, message, labels=labels)
    return _way(site, declared, parameters, ways[0])


def _way(site: Site, declared: Callable, parameters: tuple[Parameter, ...], way: Setting) -> Code | None:
    match way.name.name:
        case "python":
            return _python(site, declared, parameters, way.value)
        case "shell":
            return _shell(site, declared, parameters, way.value)
        case "builtin":
            return _builtin(site, declared, way)
        case "http":
            return _http(site, declared, parameters, way.value)
    site.not_here(way.name.span, f"an operator by `{way.name.name}`")
    return None


def _effect(declared: Callable, usual: Effect) -> Effect:
    return Effect(declared.effect) if declared.effect else usual


def _python(site: Site, declared: Callable, parameters: tuple[Parameter, ...], value: Expr) -> Code | None:
    if isinstance(value, Text):
        site.report("WF0508", value.span, 'a Python target is a plain string: "module:function"')
        return None
    target = text(site, value)
    if target is None:
        return None
    check_target(site, target, value.span, parameters)
    effect = _effect(declared, Effect.REPEATABLE)
    return Code(OperatorType.PYTHON, OperatorConfig(callee=declared.name.name, python=target, effect=effect))


def _builtin(site: Site, declared: Callable, way: Setting) -> Code | None:
    if not is_own(site.file.path):
        site.report("WF0507", way.name.span, "`builtin` stands in the standard library only")
        return None
    name = text(site, way.value)
    if name is None:
        return None
    if name not in BUILTINS:
        site.report("WF0507", way.value.span, f"there is no built-in `{name}`")
        return None
    effect = _effect(declared, Effect.REPEATABLE)
    return Code(OperatorType(name), OperatorConfig(callee=declared.name.name, effect=effect))


def _http(site: Site, declared: Callable, parameters: tuple[Parameter, ...], value: Expr) -> Code | None:
    request = request_of(site, parameter_frame(declared, parameters), value)
    if request is None:
        return None
    effect = _effect(declared, effect_of(request))
    return Code(OperatorType.HTTP, OperatorConfig(callee=declared.name.name, http=request, effect=effect))


def _shell(site: Site, declared: Callable, parameters: tuple[Parameter, ...], value: Expr) -> Code | None:
    if isinstance(value, Text):
        _refuse_interpolation(site, value)
        return None
    command = _arguments(site, parameter_frame(declared, parameters), value)
    if not command:
        return None
    effect = _effect(declared, Effect.ONCE)
    return Code(OperatorType.SHELL, OperatorConfig(callee=declared.name.name, shell=command, effect=effect))


def _arguments(site: Site, frame: Frame, value: Expr) -> str | tuple[Expression, ...] | None:
    if not isinstance(value, ListLiteral):
        return text(site, value)
    if not value.elements:
        site.report("WF0503", value.span, 'an argument list starts with a program: `["convert", path, out]`')
        return None
    made = []
    for each in value.elements:
        reading = read(site, frame, each.value)
        if hidden_in(reading.type) == SECRET:
            message = "a secret is no argument of a program, where others could see it; write it into no command line"
            site.report("WF0503", each.value.span, message)
        elif reading.sound:
            made.append(Expression(text_of(site, reading), reading.type))
    return tuple(made)


def _refuse_interpolation(site: Site, value: Text) -> None:
    """Text from outside would become code. Parameters are there as variables of the environment."""
    names = [part for part in value.parts if isinstance(part, Name)]
    shown = names[0].name if names else "path"
    edits = [edit for name in names for edit in _as_variable(site, value, name)]
    fixes = [Fix("use variables of the environment", tuple(edits))] if edits else []
    message = (
        "a shell command takes no `${…}`: the value would become part of the program; "
        f'its parameters are variables of the environment: "${shown}"'
    )
    site.report("WF0506", value.span, message, fixes=fixes)


def _as_variable(site: Site, value: Text, name: Name) -> list[TextEdit]:
    """`${path}` becomes `"$path"`, with the quotes escaped where the string needs that."""
    start = site.text.rfind("${", value.span.start, name.span.start)
    end = site.text.find("}", name.span.end, value.span.end)
    if start < 0 or end < 0:
        return []
    plain = site.text[value.span.start :]
    quote = '\\"' if plain.startswith('"') and not plain.startswith('"""') else '"'
    return [TextEdit(site.location(Span(start, end + 1)), f"{quote}${name.name}{quote}")]
