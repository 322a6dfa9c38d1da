"""Calls of functions and methods, and `has`."""

from __future__ import annotations

from collections.abc import Sequence

from symphony_dsl.base.dynamic import Uint
from symphony_dsl.base.flows import a, flows, hidden_in
from symphony_dsl.base.types import BOOL, SECRET, UNKNOWN, FunctionType, OpaqueType, OptionalType, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker.checking import Checking, Context, there, words
from symphony_dsl.expressions.checker.choices import choices, places_of_optionals
from symphony_dsl.expressions.checker.macros import check_macro
from symphony_dsl.expressions.checker.mismatch import no_fit, wrong_count
from symphony_dsl.expressions.checker.unknown import (
    BIND,
    almost_namespaced,
    means_bind,
    means_macro,
    misspelled,
    unknown_function,
    unknown_method,
)
from symphony_dsl.expressions.functions.signatures import FUNCTION, METHOD, Choice, FunctionError, Overload, result_of
from symphony_dsl.expressions.functions.table import overloads
from symphony_dsl.expressions.macros import NAMESPACES, is_macro
from symphony_dsl.expressions.narrowing import path_of
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.spines import path_nodes
from symphony_dsl.expressions.tree import Call, Expr, Literal, Name, Select


def check_call(ctx: Context, node: Call, scope: Scope, expected: Type | None) -> Checking:
    if scope.callables and full_name(node) in scope.callables:
        return (yield from _callable(ctx, node, scope))
    if node.target is None and node.name in scope.functions:
        return (yield from _own_function(ctx, node, scope, scope.functions[node.name]))
    if node.target is None and node.name == "has":
        return (yield from _has(ctx, node, scope))
    if is_macro(node):
        return (yield from check_macro(ctx, node, scope, expected))
    if _is_function(node, scope):
        return (yield from _function(ctx, node, scope))
    return (yield from _method(ctx, node, scope))


def full_name(node: Call) -> str | None:
    """The name of what is called, with what stands before it where that is a path."""
    path = path_of(node.target) if node.target else ()
    return None if path is None else ".".join((*path, node.name))


def namespaced(node: Call) -> bool:
    """Whether it is a function with a dot in its name, such as `math.abs`."""
    return isinstance(node.target, Name) and node.target.name in NAMESPACES


def _is_function(node: Call, scope: Scope) -> bool:
    """Whether it is no method. In CEL, a value may be called `math`."""
    head = node.target
    if not isinstance(head, Name):
        return head is None
    if head.name not in NAMESPACES:
        return False
    return bool(overloads(FUNCTION, f"{head.name}.{node.name}")) or scope.find(head.name) is None


def _arguments(ctx: Context, node: Call, scope: Scope) -> Checking:
    """Check the arguments for themselves only."""
    for argument in node.arguments:
        yield ctx.visit(argument.value, scope)
    return UNKNOWN


def _callable(ctx: Context, node: Call, scope: Scope) -> Checking:
    yield from _arguments(ctx, node, scope)
    message = f"`{node.name}` is called inside an expression; make it a step of its own and use its name here"
    return ctx.report("WF0401", node.span, message)


def _own_function(ctx: Context, node: Call, scope: Scope, function: FunctionType) -> Checking:
    """A function that the text has of its own: one signature, and arguments in order."""
    named = next((argument for argument in node.arguments if argument.name), None)
    if named:
        ctx.report("WF0309", named.span, f"`{node.name}` is a function: its arguments have no names, only an order")
    types: list[Type] = []
    for argument in node.arguments:
        types.append((yield ctx.visit(argument.value, scope)))
    wanted = function.parameters
    if len(types) != len(wanted):
        signature = ", ".join(f"{each.name}: {each.type}" for each in wanted)
        ctx.report("WF0309", node.name_span, f"`{node.name}` takes ({signature}), not {len(types)} arguments")
        return function.result
    for argument, of, parameter in zip(node.arguments, types, wanted, strict=True):
        found = flows(of, parameter.type)
        if not found.ok:
            message = f"`{node.name}` takes {a(parameter.type)} here, not {a(of)}: {found.reason}"
            ctx.report("WF0301", argument.value.span, message)
    return function.result


def _has(ctx: Context, node: Call, scope: Scope) -> Checking:
    tested = node.arguments[0].value if len(node.arguments) == 1 else None
    if tested is None or not _may_ask(ctx, tested):
        yield from _arguments(ctx, node, scope)
        what = "a field of a value" if ctx.cel else "one path"
        return ctx.report("WF0309", node.span, f"`has` takes {what}, such as `has(ticket.url)`") and BOOL
    ctx.soft.update(path_nodes(tested))
    of = yield ctx.visit(tested, scope)
    if not ctx.cel and of != UNKNOWN and not any(each in ctx.absent for each in path_nodes(tested)):
        ctx.report("WF0306", node.span, f"{words(tested)} is always there; leave `has` out")
    return BOOL


def _may_ask(ctx: Context, tested: Expr) -> bool:
    if ctx.cel:
        return isinstance(tested, Select) and not tested.optional
    return path_of(tested) is not None


def _function(ctx: Context, node: Call, scope: Scope) -> Checking:
    name = full_name(node) or node.name
    known = overloads(FUNCTION, name)
    if not known:
        if not means_bind(ctx.guesses, name):
            yield from _arguments(ctx, node, scope)
        return unknown_function(ctx, node, name, scope)
    types: list[Type] = []
    for argument in node.arguments:
        types.append((yield ctx.visit(argument.value, scope)))
    return _called(ctx, node, name, known, types, [each.value for each in node.arguments])


def _method(ctx: Context, node: Call, scope: Scope) -> Checking:
    assert node.target is not None, "a method is called on something"
    meant = almost_namespaced(ctx, node, scope)
    if meant:
        if meant != BIND:
            yield from _arguments(ctx, node, scope)
        return misspelled(ctx, node, meant)
    known = overloads(METHOD, node.name)
    types = [(yield ctx.visit(node.target, scope))]
    for argument in node.arguments if known or not means_macro(ctx.guesses, node) else ():
        types.append((yield ctx.visit(argument.value, scope)))
    if known:
        return _called(ctx, node, node.name, known, types, [node.target, *(each.value for each in node.arguments)])
    return UNKNOWN if types[0] == UNKNOWN else unknown_method(ctx, node)


def _called(
    ctx: Context, node: Call, name: str, known: Sequence[Overload], types: Sequence[Type], values: Sequence[Expr]
) -> Type:
    named = next((argument for argument in node.arguments if argument.name), None)
    if named:
        message = f"`{name}` is a function: its arguments have no names, only an order"
        return ctx.report("WF0309", named.span, message)
    if not any(each.takes(len(types)) for each in known):
        return wrong_count(ctx, node, name, known)
    operands = _operands(ctx, known[0].style, name, types, values)
    if UNKNOWN in operands:
        return _anyway(known, len(types))
    return chosen(ctx, node, known, operands, values) or no_fit(ctx, node, name, known, operands)


def _operands(ctx: Context, style: str, name: str, types: Sequence[Type], values: Sequence[Expr]) -> Sequence[Type]:
    """The types of arguments, with each reported that may be absent and must not be."""
    if ctx.cel or not any(isinstance(each, OptionalType) for each in types):
        return types
    asked = places_of_optionals(style, name, len(types))
    pairs = enumerate(zip(values, types, strict=True))
    return [of if at in asked else there(ctx, value, of) for at, (value, of) in pairs]


def _anyway(known: Sequence[Overload], count: int) -> Type:
    """The result of a call whose arguments were reported, where it does not depend on them."""
    results = {each.result for each in known if each.takes(count)}
    one = results.pop()
    return UNKNOWN if results or _is_open(one) else one


def _is_open(of: Type) -> bool:
    """Whether a result depends on what is given."""
    while inner := getattr(of, "item", None) or getattr(of, "value", None):
        of = inner
    return isinstance(of, OpaqueType)


def chosen(
    ctx: Context, node: Expr, known: Sequence[Overload], types: Sequence[Type], values: Sequence[Expr]
) -> Type | None:
    """Keep which signatures may be meant, and give the type of the result; None where there is none."""
    found = choices(known[0].style, known[0].name, types, cel=ctx.cel)
    if not found:
        return None
    ctx.choices[node] = found
    if found[0].overload.deep and any(hidden_in(of) == SECRET for of in types):
        ctx.report("WF0304", node.span, "a secret is not compared; its value is not known here")
    if not ctx.cel:
        _try_constants(ctx, node, found, values)
    return _flat(ctx, result_of(found))


def _flat(ctx: Context, of: Type) -> Type:
    return ctx.some(of.item) if isinstance(of, OptionalType) else of


def _try_constants(ctx: Context, node: Expr, found: Sequence[Choice], values: Sequence[Expr]) -> None:
    """A call of literals that is bound to fail is a mistake in the text. (In CEL, `true || 1 / 0 > 0` is true.)"""
    if found[0].overload.name == "matches" and isinstance(values[1], Literal):
        values = [Literal(node.span, "string", ""), values[1]]
        _try(ctx, node, found[0].overload.run, values)
    elif len(found) == 1 and not found[0].dynamic and found[0].overload.name in _CONVERSIONS:
        _try(ctx, node, found[0].overload.run, values)


_CONVERSIONS = frozenset({"int", "uint", "float", "double", "bool", "timestamp", "duration", "/", "%", "+", "-", "*"})


def _try(ctx: Context, node: Expr, run: Value, values: Sequence[Expr]) -> None:
    literals = [_value(each) for each in values if isinstance(each, Literal)]
    if len(literals) != len(values):
        return
    try:
        run(*literals)
    except FunctionError as problem:
        ctx.report("WF0311", node.span, str(problem))


def _value(literal: Literal) -> Value:
    return Uint(literal.value) if literal.kind == "uint" else literal.value
