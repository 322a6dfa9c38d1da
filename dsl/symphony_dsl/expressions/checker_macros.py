"""Macros: `xs.map(x, …)`, `filter`, `all`, `exists`, `reduce`, `groupBy`, `sortBy`."""

from __future__ import annotations

from collections.abc import Sequence

from symphony_dsl.base.flows import a, flows, join
from symphony_dsl.base.types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    NEVER,
    STRING,
    UNKNOWN,
    EnumType,
    ListType,
    MapType,
    Type,
)
from symphony_dsl.expressions.checking import Checking, Context, there, words
from symphony_dsl.expressions.functions_numbers import ORDERED
from symphony_dsl.expressions.macros import MACROS, Binding, binding
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Call, Literal, Name

_FORMS = {
    "map": "`xs.map(x, …)` or `xs.map(x, condition, …)`",
    "reduce": "`xs.reduce(result, x, start, …)`",
}


def check_macro(ctx: Context, node: Call, scope: Scope) -> Checking:
    assert node.target is not None, "a macro is called on something"
    of = yield ctx.visit(node.target, scope)
    bound = binding(node)
    if bound is None:
        form = _FORMS.get(node.name, f"`xs.{node.name}(x, …)`")
        return ctx.report("WF0309", node.span, f"`{node.name}` is written as {form}")
    item = _item(ctx, node, there(ctx, node.target, of))
    scope = _with_variables(ctx, bound.variables, item, scope)
    if node.name == "reduce":
        return (yield from _reduce(ctx, bound, scope))
    return (yield from _by_element(ctx, node, bound, scope, item))


def _item(ctx: Context, node: Call, of: Type) -> Type:
    """What the variable stands for: an element of a list, a key of a map."""
    if isinstance(of, ListType):
        return of.item
    if isinstance(of, MapType):
        return STRING
    if of in (JSON, UNKNOWN, NEVER):
        return JSON if of == JSON else UNKNOWN
    assert node.target is not None, "a macro is called on something"
    message = f"`.{node.name}` works on a list or a map, and {words(node.target)} is {a(of)}"
    return ctx.report("WF0304", node.name_span, message)


def _with_variables(ctx: Context, variables: Sequence[Name], item: Type, scope: Scope) -> Scope:
    for variable in variables:
        if (scope.find(variable.name) or UNKNOWN) != UNKNOWN or variable.name in scope.enums:
            message = f"`{variable.name}` is a name already; call this variable something else"
            ctx.report("WF0203", variable.span, message)
    return scope.with_variables({variables[-1].name: item})


def _by_element(ctx: Context, node: Call, bound: Binding, scope: Scope, item: Type) -> Checking:
    """Macros with one variable; all but the last argument are conditions."""
    *conditions, last = bound.inside
    for condition in conditions:
        yield ctx.visit(condition, scope, BOOL)
    truth = node.name in _TRUTH
    of = yield ctx.visit(last, scope, BOOL if truth else None)
    if truth:
        return ListType(item) if node.name == "filter" else BOOL
    if node.name == "map":
        return ListType(of)
    of = there(ctx, last, of)
    if node.name == "sortBy":
        return _sorted(ctx, node, of, item)
    return _grouped(ctx, node, of, item)


_TRUTH = frozenset(MACROS) - {"map", "sortBy", "groupBy", "reduce"}


def _sorted(ctx: Context, node: Call, key: Type, item: Type) -> Type:
    if key not in (*ORDERED, JSON, UNKNOWN, NEVER):
        return ctx.report("WF0304", node.arguments[1].span, f"`sortBy` cannot order by {a(key)}")
    return ListType(item)


def _grouped(ctx: Context, node: Call, key: Type, item: Type) -> Type:
    if key not in (STRING, JSON, UNKNOWN, NEVER) and not isinstance(key, EnumType):
        at = node.arguments[1].span
        fix = ctx.wrapped("write `string(…)`", at, "string(", ")")
        message = f"`groupBy` makes a map, whose keys are strings, and this is {a(key)}; write `string(…)`"
        return ctx.report("WF0304", at, message, fix=fix)
    return MapType(ListType(item))


def _reduce(ctx: Context, bound: Binding, scope: Scope) -> Checking:
    (start,), (body,) = bound.outside, bound.inside
    first = yield ctx.visit(start, scope)
    first = there(ctx, start, first)
    scope = scope.with_variables({bound.variables[0].name: first})
    of = yield ctx.visit(body, scope)
    if flows(of, first).ok:
        return first
    joined = join(first, of)
    if joined is not None and _open(first):
        return joined
    if (first, of) == (INT, FLOAT) and isinstance(start, Literal):
        text = f"{start.value}.0"
        message = f"it starts with an int and goes on with a float; start with `{text}`"
        return ctx.report("WF0301", start.span, message, fix=ctx.replaced(start.span, text))
    return ctx.report("WF0301", body.span, f"it starts with {a(first)} and goes on with {a(of)}; both need one type")


def _open(of: Type) -> bool:
    """Whether a type comes from `[]` or `{}`, so that what follows settles it."""
    match of:
        case ListType(item) | MapType(item):
            return _open(item)
    return of == NEVER
