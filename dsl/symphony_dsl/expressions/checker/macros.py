"""Macros over lists and maps: `xs.map(x, …)`, `filter`, `all`, `transformMap`, `reduce`, `groupBy` …

One variable is an element of a list or a key of a map; two are an index or key and what is there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from symphony_dsl.base.flows import flows, join
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
    RecordType,
    Type,
    plain,
)
from symphony_dsl.expressions.checker.bindings import bind, check_bind, check_opt, shaped
from symphony_dsl.expressions.checker.celtypes import agree, common
from symphony_dsl.expressions.checker.checking import Checking, Context, there, words
from symphony_dsl.expressions.functions.numbers import ORDERED
from symphony_dsl.expressions.macros import Binding, is_bind
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Call, Expr, Literal


def check_macro(ctx: Context, node: Call, scope: Scope, expected: Type | None) -> Checking:
    if is_bind(node):
        return (yield from check_bind(ctx, node, scope, expected))
    assert node.target is not None, "a macro is called on something"
    of = yield ctx.visit(node.target, scope)
    bound = shaped(ctx, node)
    if bound is None:
        return UNKNOWN
    if node.name in ("optMap", "optFlatMap"):
        return (yield from check_opt(ctx, node, bound, scope, of, expected))
    of = _range(ctx, node, there(ctx, node.target, of))
    if node.name == "reduce":
        return (yield from _reduce(ctx, bound, scope, of))
    scope = bind(ctx, bound, _items(of, len(bound.variables)), scope)
    for condition in bound.inside[:-1]:
        yield ctx.visit(condition, scope, BOOL)
    made = yield ctx.visit(bound.inside[-1], scope, _needed(node, expected))
    return _RESULTS.get(node.name, _truth)(ctx, node, of, made)


def _range(ctx: Context, node: Call, of: Type) -> Type:
    """What a macro runs over: a list, a map, or what may be either at run time."""
    if isinstance(of, ListType | MapType) or of in (JSON, UNKNOWN):
        return of
    if of == NEVER:
        return JSON
    assert node.target is not None, "a macro is called on something"
    message = f"`.{node.name}` works on a list or a map, and {words(node.target)} is {ctx.a(of)}"
    return ctx.report("WF0304", node.name_span, message)


def _items(of: Type, count: int) -> tuple[Type, ...]:
    """What the variables stand for."""
    match of:
        case ListType(item):
            return (item,) if count == 1 else (INT, item)
        case MapType(value, key):
            return (key,) if count == 1 else (key, value)
    return (of,) * count


def _needed(node: Call, expected: Type | None) -> Type | None:
    """What the last argument has to be, where the macro or its place says so."""
    wanted = plain(expected) if expected else None
    match wanted:
        case ListType(item) if node.name in ("map", "transformList"):
            return item
        case MapType(value) if node.name == "transformMap":
            return value
    return BOOL if node.name not in _RESULTS or node.name == "filter" else None


_Result: TypeAlias = Callable[[Context, Call, Type, Type], Type]
"""The type of a macro, from what it runs over and from what its last argument is."""


def _truth(_ctx: Context, _node: Call, _of: Type, _made: Type) -> Type:
    return BOOL


def _filtered(_ctx: Context, _node: Call, of: Type, _made: Type) -> Type:
    return ListType(_items(of, 1)[0])


def _listed(_ctx: Context, _node: Call, _of: Type, made: Type) -> Type:
    return ListType(made)


def _mapped(_ctx: Context, _node: Call, of: Type, made: Type) -> Type:
    return MapType(made, _items(of, 2)[0])


def _entries(ctx: Context, node: Call, _of: Type, made: Type) -> Type:
    if isinstance(made, MapType) or made == UNKNOWN:
        return made
    if made in (JSON, NEVER):
        return MapType(JSON, JSON)
    at = node.arguments[-1].span
    if isinstance(made, RecordType):
        message = "an entry is a map: write its key in parentheses, `{(key): value}`"
        return ctx.report("WF0304", at, message)
    message = f"`{node.name}` makes an entry of a map, `{{(key): value}}`, and this is {ctx.a(made)}"
    return ctx.report("WF0304", at, message)


def _sorted(ctx: Context, node: Call, of: Type, made: Type) -> Type:
    key = there(ctx, node.arguments[1].value, made)
    if key not in (*ORDERED, JSON, UNKNOWN, NEVER):
        return ctx.report("WF0304", node.arguments[1].span, f"`sortBy` cannot order by {ctx.a(key)}")
    return _filtered(ctx, node, of, made)


def _grouped(ctx: Context, node: Call, of: Type, made: Type) -> Type:
    key = there(ctx, node.arguments[1].value, made)
    item = _items(of, 1)[0]
    if key in (STRING, JSON, UNKNOWN, NEVER) or isinstance(key, EnumType):
        return MapType(ListType(item))
    at = node.arguments[1].span
    fix = ctx.wrapped("write `string(…)`", at, "string(", ")")
    message = f"`groupBy` makes a map, whose keys are strings, and this is {ctx.a(key)}; write `string(…)`"
    return ctx.report("WF0304", at, message, fix=fix)


_RESULTS: dict[str, _Result] = {
    "filter": _filtered,
    "map": _listed,
    "transformList": _listed,
    "transformMap": _mapped,
    "transformMapEntry": _entries,
    "sortBy": _sorted,
    "groupBy": _grouped,
}
"""All others are true or false."""


def _reduce(ctx: Context, bound: Binding, scope: Scope, of: Type) -> Checking:
    (start,), (body,) = bound.outside, bound.inside
    first = yield ctx.visit(start, scope)
    first = there(ctx, start, first)
    made = yield ctx.visit(body, bind(ctx, bound, (first, *_items(of, 1)), scope))
    if ctx.cel:
        return common(first, made) if agree(first, made) else _no_result(ctx, start, body, first, made)
    if flows(made, first).ok:
        return first
    joined = join(first, made)
    if joined is not None and _open(first):
        return joined
    return _no_result(ctx, start, body, first, made)


def _no_result(ctx: Context, start: Expr, body: Expr, first: Type, made: Type) -> Type:
    if (first, made) == (INT, FLOAT) and isinstance(start, Literal):
        text = f"{start.value}.0"
        message = f"it starts with {ctx.a(INT)} and goes on with {ctx.a(FLOAT)}; start with `{text}`"
        return ctx.report("WF0301", start.span, message, fix=ctx.replaced(start.span, text))
    message = f"it starts with {ctx.a(first)} and goes on with {ctx.a(made)}; both need one type"
    return ctx.report("WF0301", body.span, message)


def _open(of: Type) -> bool:
    """Whether a type comes from `[]` or `{}`, so that what follows settles it."""
    match of:
        case ListType(item) | MapType(item):
            return _open(item)
    return of == NEVER
