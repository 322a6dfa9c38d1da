"""Operators. Chains of `&&`, `||`, `??` and `? :` are checked as a whole, from left to right."""

from __future__ import annotations

from symphony_dsl.base.flows import a, hidden_in
from symphony_dsl.base.types import (
    BOOL,
    INT,
    JSON,
    NULL,
    SECRET,
    STRING,
    UINT,
    UNKNOWN,
    EnumType,
    ListType,
    MapType,
    OptionalType,
    Type,
    plain,
)
from symphony_dsl.expressions.checker.calls import chosen
from symphony_dsl.expressions.checker.checking import Checking, Context, comparable, enum_needed, there, words
from symphony_dsl.expressions.functions.signatures import OPERATOR
from symphony_dsl.expressions.functions.table import overloads
from symphony_dsl.expressions.narrowing import narrow, path_of
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.spines import alternatives, branches, operands, path_nodes
from symphony_dsl.expressions.tree import Binary, Conditional, Expr, Literal, Unary

_VERBS = {"<": "compare", "<=": "compare", ">": "compare", ">=": "compare"}


def check_unary(ctx: Context, node: Unary, scope: Scope, expected: Type | None) -> Checking:
    if node.operator == "!":
        yield ctx.visit(node.operand, scope, BOOL)
        return BOOL
    of = yield ctx.visit(node.operand, scope)
    of = there(ctx, node.operand, of)
    if of == UNKNOWN:
        return UNKNOWN
    return chosen(ctx, node, overloads(OPERATOR, "negate"), [of], [node.operand]) or ctx.report(
        "WF0304", node.span, f"`-` takes a number or a duration, and this is {ctx.a(of)}"
    )


def check_binary(ctx: Context, node: Binary, scope: Scope, expected: Type | None) -> Checking:
    if node.operator in ("&&", "||"):
        return (yield from _logic(ctx, node, scope))
    if node.operator == "??":
        return (yield from _default(ctx, node, scope, expected))
    left = yield ctx.visit(node.left, scope)
    right = yield ctx.visit(node.right, scope)
    if node.operator in ("==", "!="):
        _compare(ctx, node, left, right, scope)
        return BOOL
    types = [there(ctx, node.left, left), there(ctx, node.right, right)]
    if UNKNOWN in types:
        return BOOL if node.operator in (*_VERBS, "in") else UNKNOWN
    if set(types) == {INT, UINT} and node.operator in _ARITHMETIC:
        return _signs_differ(ctx, node, types)
    found = chosen(ctx, node, overloads(OPERATOR, node.operator), types, [node.left, node.right])
    return found or _no_operator(ctx, node, types, scope)


_ARITHMETIC = frozenset("+-*/%")


def _signs_differ(ctx: Context, node: Binary, types: list[Type]) -> Type:
    signed = node.left if types[0] == INT else node.right
    text = f"{signed.value}u" if isinstance(signed, Literal) and signed.value >= 0 else None
    fix = ctx.replaced(signed.span, text) if text else ctx.wrapped("write `uint(…)`", signed.span, "uint(", ")")
    message = f"`{node.operator}` does not take {ctx.listed(types)}; write `{text or 'uint(…)'}`"
    return ctx.report("WF0304", node.span, message, fix=fix)


def _logic(ctx: Context, node: Binary, scope: Scope) -> Checking:
    """What a side says holds for the sides behind it."""
    nodes, sides = operands(node)
    for side in sides:
        yield ctx.visit(side, scope, BOOL)
        found = narrow(side)
        scope = scope.with_narrowed(found.when_true if node.operator == "&&" else found.when_false)
    ctx.types.update(dict.fromkeys(nodes, BOOL))
    return BOOL


def _default(ctx: Context, node: Binary, scope: Scope, expected: Type | None) -> Checking:
    nodes, values = alternatives(node)
    types = []
    for value in values[:-1]:
        ctx.soft.update(path_nodes(value))
        of = yield ctx.visit(value, scope)
        _needs_default(ctx, value, of)
        types.append(plain(of))
    last = yield ctx.visit(values[-1], scope, expected)
    for each, value, of in zip(reversed(nodes), reversed(values[:-1]), reversed(types), strict=True):
        joined = ctx.join(of, last)
        if joined is None:
            message = f"{words(value)} is {ctx.a(of)}, and its default is {ctx.a(last)}; both need one type"
            last = ctx.report("WF0314", each.span, message)
        else:
            last = joined
        ctx.types[each] = last
    return last


def _needs_default(ctx: Context, node: Expr, of: Type) -> None:
    if isinstance(of, OptionalType) or of in (UNKNOWN, JSON) or may_miss(ctx, node):
        return
    ctx.report("WF0321", node.span, f"{words(node)} is always there, so its default is never used")


def may_miss(ctx: Context, node: Expr) -> bool:
    """Whether something on a path may be missing."""
    return any(each in ctx.absent for each in path_nodes(node))


def _compare(ctx: Context, node: Binary, left: Type, right: Type, scope: Scope) -> None:
    if not ctx.cel and NULL in (left, right) and left != right:
        _compare_null(ctx, node, left, right)
        return
    left, right = there(ctx, node.left, left), there(ctx, node.right, right)
    if UNKNOWN in (left, right):
        return
    if SECRET in (hidden_in(left), hidden_in(right)):
        ctx.report("WF0304", node.span, "a secret is not compared; its value is not known here")
        return
    if STRING in (left, right) and (isinstance(left, EnumType) or isinstance(right, EnumType)):
        _enum_and_string(ctx, node, left, right, scope)
        return
    if not comparable(ctx, left, right):
        message = f"{ctx.listed([left, right])} are never equal"
        ctx.report("WF0304", node.span, message)


def _enum_and_string(ctx: Context, node: Binary, left: Type, right: Type, scope: Scope) -> None:
    if isinstance(left, EnumType):
        enum_needed(ctx, node.right, left, scope)
    elif isinstance(right, EnumType):
        enum_needed(ctx, node.left, right, scope)


def _compare_null(ctx: Context, node: Binary, left: Type, right: Type) -> None:
    other, of = (node.left, left) if right == NULL else (node.right, right)
    if of in (JSON, UNKNOWN):
        return
    if not isinstance(of, OptionalType):
        message = f"only json can be null, and {words(other)} is {a(of)}, which is always there"
        ctx.report("WF0307", node.span, message)
        return
    path = path_of(other)
    text = f"{'!' if node.operator == '==' else ''}has({words(other)[1:-1] if path else '…'})"
    fix = ctx.replaced(node.span, text) if path else None
    ctx.report("WF0307", node.span, f"what is absent is not null; write `{text}`", fix=fix)


def _no_operator(ctx: Context, node: Binary, types: list[Type], scope: Scope) -> Type:
    left, right = types
    operator = node.operator
    if operator == "+" and STRING in types:
        return _no_joining(ctx, node, types)
    if operator == "in":
        return _not_in(ctx, node, left, right, scope)
    if operator in _VERBS:
        message = f"`{operator}` cannot compare {ctx.listed(types)}"
        return ctx.report("WF0304", node.span, message) and BOOL
    return ctx.report("WF0304", node.span, f"`{operator}` does not take {ctx.listed(types)}")


def _no_joining(ctx: Context, node: Binary, types: list[Type]) -> Type:
    other = node.right if types[0] == STRING else node.left
    path = path_of(other)
    name = ".".join(path) if path else "…"
    message = f"`+` cannot join {ctx.listed(types)}; write `string({name})` or put it into the text as `${{{name}}}`"
    fix = ctx.wrapped("write `string(…)`", other.span, "string(", ")")
    return ctx.report("WF0304", node.span, message, fix=fix)


def _not_in(ctx: Context, node: Binary, left: Type, right: Type, scope: Scope) -> Type:
    item = right.item if isinstance(right, ListType) else right.key if isinstance(right, MapType) else None
    if isinstance(left, EnumType) and item == STRING:
        message = f"{a(left)} is never in a list of strings; write its values as `{left}.{left.values[0][0]}`"
        return ctx.report("WF0308", node.right.span, message) and BOOL
    if item is not None and comparable(ctx, left, item):
        return BOOL
    return ctx.report("WF0304", node.span, f"{ctx.a(left)} is never in {ctx.a(right)}") and BOOL


def check_conditional(ctx: Context, node: Conditional, scope: Scope, expected: Type | None) -> Checking:
    nodes, last = branches(node)
    types = []
    for each in nodes:
        yield ctx.visit(each.condition, scope, BOOL)
        found = narrow(each.condition)
        types.append((yield ctx.visit(each.then, scope.with_narrowed(found.when_true), expected)))
        scope = scope.with_narrowed(found.when_false)
    otherwise = yield ctx.visit(last, scope, expected)
    for each, then in zip(reversed(nodes), reversed(types), strict=True):
        otherwise = _joined(ctx, each, then, otherwise, expected)
        ctx.types[each] = otherwise
    return otherwise


def _joined(ctx: Context, node: Conditional, then: Type, otherwise: Type, expected: Type | None) -> Type:
    joined = ctx.join(then, otherwise) or expected
    if joined is not None:
        return joined
    return ctx.report("WF0314", node.span, f"the two values are {ctx.listed([then, otherwise])}; both need one type")
