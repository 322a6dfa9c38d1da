"""The variables of macros, and the macros that bind one value: `cel.bind(x, value, …)`, `o.optMap(x, …)`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symphony_dsl.base.diagnostic import Fix, TextEdit
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import JSON, NEVER, UNKNOWN, OptionalType, Type
from symphony_dsl.expressions.checker.checking import Checking, Context
from symphony_dsl.expressions.checker.mismatch import never_absent
from symphony_dsl.expressions.macros import MACROS, Binding, binding, is_bind
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Brace, Call, Expr, Name
from symphony_dsl.expressions.walk import every

_PAIR = "`xs.{0}(i, x, …)` or `xs.{0}(i, x, condition, …)`"
_FORMS = {
    **dict.fromkeys(("all", "exists", "exists_one", "existsOne"), "`xs.{0}(x, …)` or `xs.{0}(i, x, …)`"),
    **dict.fromkeys(("transformList", "transformMap", "transformMapEntry"), _PAIR),
    **dict.fromkeys(("optMap", "optFlatMap"), "`value.{0}(x, …)`"),
    "map": "`xs.map(x, …)` or `xs.map(x, condition, …)`",
    "reduce": "`xs.reduce(result, x, start, …)`",
    "bind": "`cel.bind(x, value, …)`",
}


def shaped(ctx: Context, node: Call) -> Binding | None:
    """What a macro binds. One that is not written as it should be is reported, and its arguments are left alone."""
    bound = binding(node)
    if bound is None:
        _report_shape(ctx, node)
    return bound


def _report_shape(ctx: Context, node: Call) -> None:
    form = _FORMS.get(node.name, "`xs.{0}(x, …)`").format(node.name)
    name = f"cel.{node.name}" if is_bind(node) else node.name
    named = next((argument for argument in node.arguments if argument.name), None)
    variables = [argument.value for argument in node.arguments[: _variables(node)]]
    other = next((each for each in variables if not isinstance(each, Name) or each.absolute), None)
    if named:
        message = f"the arguments of `{name}` have no names; it is written as {form}"
        ctx.report("WF0309", named.span, message)
    elif not variables:
        ctx.report("WF0309", node.span, f"`{name}` is written as {form}")
    elif other is not None:
        message = f"`{name}` gives a name to what it runs over, and this is no name; it is written as {form}"
        ctx.report("WF0309", other.span, message)
    else:
        again = variables[-1]
        assert isinstance(again, Name), "all variables are names"
        ctx.report("WF0202", again.span, f"`{again.name}` is given twice; each variable has a name of its own")


def _variables(node: Call) -> int:
    """How many variables a macro with so many arguments has; none where it cannot have so many arguments."""
    if is_bind(node):
        return 1 if len(node.arguments) == 3 else 0
    return next((each.variables for each in MACROS[node.name] if each.arguments == len(node.arguments)), 0)


def bind(ctx: Context, bound: Binding, types: Sequence[Type], scope: Scope) -> Scope:
    """The scope of a body. In `.wf`, no variable hides what is visible."""
    if not ctx.cel:
        for variable in bound.variables:
            if (scope.find(variable.name) or UNKNOWN) != UNKNOWN or variable.name in scope.enums:
                message = f"`{variable.name}` is a name already; call this variable something else"
                ctx.report("WF0203", variable.span, message, fix=_renamed(ctx, bound, variable, scope))
    names = [each.name for each in bound.variables]
    return scope.with_variables(dict(zip(names, types, strict=True)))


def _renamed(ctx: Context, bound: Binding, variable: Name, scope: Scope) -> Fix:
    """A fix that gives a variable another name, everywhere."""
    taken = {*scope.variables, *scope.values, *scope.enums, *(each.name for each in bound.variables)}
    new = next(name for name in _others(variable.name) if name not in taken)
    edits = [(variable.span, new)]
    for body in bound.inside:
        edits.extend(_edits(body, variable.name, new))
    return Fix(f"call it `{new}`", tuple(TextEdit(ctx.reporter.location(at), text) for at, text in edits))


def _others(name: str) -> Iterator[str]:
    yield "each"
    number = 2
    while True:
        yield f"{name}{number}"
        number += 1


def _edits(body: Expr, name: str, new: str) -> Iterator[tuple[Span, str]]:
    """What is written in place of each use; the field of `{x}` keeps its name."""
    short: set[Expr] = set()
    for node, within in every(body):
        if isinstance(node, Brace):
            short.update(each.value for each in node.entries if each.shorthand)
        if isinstance(node, Name) and node.name == name and not node.absolute and name not in within:
            yield node.span, f"{name}: {new}" if node in short else new


def check_bind(ctx: Context, node: Call, scope: Scope, expected: Type | None) -> Checking:
    bound = shaped(ctx, node)
    if bound is None:
        return UNKNOWN
    of = yield ctx.visit(bound.outside[0], scope)
    return (yield ctx.visit(bound.inside[0], bind(ctx, bound, (of,), scope), expected))


def check_opt(ctx: Context, node: Call, bound: Binding, scope: Scope, of: Type, expected: Type | None) -> Checking:
    flat = node.name == "optFlatMap"
    wanted = None if flat and not isinstance(expected, OptionalType) else expected
    made = yield ctx.visit(bound.inside[0], bind(ctx, bound, (_held(ctx, node, of),), scope), wanted)
    if not flat:
        return ctx.some(made)
    if isinstance(made, OptionalType) or made == UNKNOWN:
        return made
    if made in (JSON, NEVER):
        return OptionalType(made)
    at = node.arguments[1].span
    message = f"`optFlatMap` makes a value that may be absent, and this is {ctx.a(made)}; write `optMap`"
    return ctx.report("WF0304", at, message, fix=ctx.replaced(node.name_span, "optMap"))


def _held(ctx: Context, node: Call, of: Type) -> Type:
    """What an optional holds."""
    if isinstance(of, OptionalType):
        return of.item
    if of in (UNKNOWN, NEVER) or (of == JSON and ctx.cel):
        return of
    assert node.target is not None, "a macro is called on something"
    return never_absent(ctx, node, node.target, of)
