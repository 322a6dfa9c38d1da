"""Calls of functions and methods, and `has`."""

from __future__ import annotations

from collections.abc import Sequence

from symphony_dsl.base.diagnostic import Fix
from symphony_dsl.base.flows import a, hidden_in
from symphony_dsl.base.types import BOOL, SECRET, UNKNOWN, OpaqueType, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker_macros import check_macro
from symphony_dsl.expressions.checker_paths import suggestion
from symphony_dsl.expressions.checking import Checking, Context, listed_types, there, words
from symphony_dsl.expressions.functions import FUNCTIONS, METHODS, overloads
from symphony_dsl.expressions.functions_text import matches
from symphony_dsl.expressions.macros import MACROS, NAMESPACES
from symphony_dsl.expressions.narrowing import path_of
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.signatures import FUNCTION, METHOD, Choice, FunctionError, Overload, choose, result_of
from symphony_dsl.expressions.spines import path_nodes
from symphony_dsl.expressions.tree import Call, Expr, Literal, Name


def check_call(ctx: Context, node: Call, scope: Scope, _expected: Type | None) -> Checking:
    if full_name(node) in scope.callables:
        return (yield from _callable(ctx, node, scope))
    if node.target is None and node.name == "has":
        return (yield from _has(ctx, node, scope))
    if node.target is None or namespaced(node):
        return (yield from _function(ctx, node, scope))
    if node.name in MACROS:
        return (yield from check_macro(ctx, node, scope))
    return (yield from _method(ctx, node, scope))


def full_name(node: Call) -> str | None:
    """The name of what is called, with what stands before it where that is a path."""
    path = path_of(node.target) if node.target else ()
    return None if path is None else ".".join((*path, node.name))


def namespaced(node: Call) -> bool:
    """Whether it is a function with a dot in its name, such as `math.abs`."""
    return isinstance(node.target, Name) and node.target.name in NAMESPACES


def _arguments(ctx: Context, node: Call, scope: Scope) -> Checking:
    """Check the arguments for themselves only."""
    for argument in node.arguments:
        yield ctx.visit(argument.value, scope)
    return UNKNOWN


def _callable(ctx: Context, node: Call, scope: Scope) -> Checking:
    yield from _arguments(ctx, node, scope)
    message = f"`{node.name}` is called inside an expression; make it a step of its own and use its name here"
    return ctx.report("WF0401", node.span, message)


def _has(ctx: Context, node: Call, scope: Scope) -> Checking:
    if len(node.arguments) != 1 or path_of(node.arguments[0].value) is None:
        yield from _arguments(ctx, node, scope)
        return ctx.report("WF0309", node.span, "`has` takes one path, such as `has(ticket.url)`") and BOOL
    tested = node.arguments[0].value
    ctx.soft.update(path_nodes(tested))
    of = yield ctx.visit(tested, scope)
    if of != UNKNOWN and not any(each in ctx.absent for each in path_nodes(tested)):
        ctx.report("WF0306", node.span, f"{words(tested)} is always there; leave `has` out")
    return BOOL


def _function(ctx: Context, node: Call, scope: Scope) -> Checking:
    name = full_name(node) or node.name
    known = overloads(FUNCTION, name)
    if not known:
        yield from _arguments(ctx, node, scope)
        return _unknown_function(ctx, node, name, scope)
    types: list[Type] = []
    for argument in node.arguments:
        types.append((yield ctx.visit(argument.value, scope)))
    return _called(ctx, node, name, known, types, [each.value for each in node.arguments])


def _unknown_function(ctx: Context, node: Call, name: str, scope: Scope) -> Type:
    if name in METHODS:
        return ctx.report("WF0309", node.name_span, f"`{name}` is called on a value: write `x.{name}(…)`")
    at = node.target.span.to(node.name_span) if node.target else node.name_span
    end, fix = _elsewhere(ctx, node) or suggestion(ctx, name, [*FUNCTIONS, *scope.callables], at)
    return ctx.report("WF0303", node.name_span, f"there is no function `{name}`{end}", fix=fix)


_ELSEWHERE = {
    **dict.fromkeys(("len", "length", "count"), "size"),
    **dict.fromkeys(("str", "toString", "to_string"), "string"),
    **dict.fromkeys(("lower", "toLowerCase", "tolower"), "lowerAscii"),
    **dict.fromkeys(("upper", "toUpperCase", "toupper"), "upperAscii"),
    **dict.fromkeys(("includes", "has_substring"), "contains"),
    **dict.fromkeys(("any", "some"), "exists"),
    **dict.fromkeys(("every", "forall"), "all"),
    **dict.fromkeys(("startswith", "starts_with", "hasPrefix"), "startsWith"),
    **dict.fromkeys(("endswith", "ends_with", "hasSuffix"), "endsWith"),
    **dict.fromkeys(("unique", "uniq"), "distinct"),
    "strip": "trim",
    "mean": "avg",
    "fold": "reduce",
    "where": "filter",
    "flatMap": "map",
    "abs": "math.abs",
    "round": "math.round",
}
"""What other languages call our functions."""


def _elsewhere(ctx: Context, node: Call) -> tuple[str, Fix] | None:
    ours = _ELSEWHERE.get(node.name)
    return (f"; it is called `{ours}` here", ctx.replaced(node.name_span, ours)) if ours else None


def _method(ctx: Context, node: Call, scope: Scope) -> Checking:
    assert node.target is not None, "a method is called on something"
    types = [(yield ctx.visit(node.target, scope))]
    for argument in node.arguments:
        types.append((yield ctx.visit(argument.value, scope)))
    known = overloads(METHOD, node.name)
    if known:
        return _called(ctx, node, node.name, known, types, [node.target, *(each.value for each in node.arguments)])
    if types[0] == UNKNOWN:
        return UNKNOWN
    return _unknown_method(ctx, node)


def _unknown_method(ctx: Context, node: Call) -> Type:
    if node.name in FUNCTIONS:
        return ctx.report("WF0309", node.name_span, f"`{node.name}` is called with its value: write `{node.name}(…)`")
    end, fix = _elsewhere(ctx, node) or suggestion(ctx, node.name, METHODS, node.name_span)
    return ctx.report("WF0303", node.name_span, f"there is no function `.{node.name}`{end}", fix=fix)


def _called(
    ctx: Context, node: Call, name: str, known: Sequence[Overload], types: Sequence[Type], values: Sequence[Expr]
) -> Type:
    named = next((argument for argument in node.arguments if argument.name), None)
    if named:
        message = f"`{name}` is a function: its arguments have no names, only an order"
        return ctx.report("WF0309", named.span, message)
    there_types = [there(ctx, value, of) for value, of in zip(values, types, strict=True)]
    if not any(len(each.parameters) == len(types) for each in known):
        return _wrong_count(ctx, node, name, known)
    if UNKNOWN in there_types:
        return _anyway(known, len(types))
    return chosen(ctx, node, known, there_types, values) or _no_fit(ctx, node, name, known, there_types)


def _anyway(known: Sequence[Overload], count: int) -> Type:
    """The result of a call whose arguments were reported, where it does not depend on them."""
    results = {each.result for each in known if len(each.parameters) == count}
    one = results.pop()
    return UNKNOWN if results or "T" in str(one).split("[")[0] or isinstance(one, OpaqueType) else one


def _wrong_count(ctx: Context, node: Call, name: str, known: Sequence[Overload]) -> Type:
    forms = " or ".join(f"`{each}`" for each in {len(each.parameters): each for each in reversed(known)}.values())
    count = len(node.arguments)
    given = "1 argument" if count == 1 else f"{count} arguments"
    return ctx.report("WF0309", node.span, f"`{name}` does not take {given}; it is written as {forms}")


def _no_fit(ctx: Context, node: Call, name: str, known: Sequence[Overload], types: Sequence[Type]) -> Type:
    on = known[0].style == METHOD
    rest = types[1:] if on else types
    if on and all(_differs(each.parameters[0], types[0]) for each in known):
        takers = listed_types(tuple(dict.fromkeys(each.parameters[0] for each in known))[:3]).replace(" and ", " or ")
        return ctx.report("WF0304", node.name_span, f"`.{name}` works on {takers}, and this is {a(types[0])}")
    forms = " or ".join(f"`{each}`" for each in known[:3])
    return ctx.report("WF0304", node.span, f"`{name}` does not take {listed_types(rest or types)}; it takes {forms}")


def _differs(wanted: Type, given: Type) -> bool:
    return not choose([Overload("", METHOD, (wanted,), BOOL, bool)], [given])


def chosen(
    ctx: Context, node: Expr, known: Sequence[Overload], types: Sequence[Type], values: Sequence[Expr]
) -> Type | None:
    """Keep which signatures may be meant, and give the type of the result; None where there is none."""
    choices = choose(known, types)
    if not choices:
        return None
    ctx.choices[node] = choices
    if choices[0].overload.deep and any(hidden_in(of) == SECRET for of in types):
        ctx.report("WF0304", node.span, "a secret is not compared; its value is not known here")
    _try_constants(ctx, node, choices, values)
    return result_of(choices)


def _try_constants(ctx: Context, node: Expr, choices: Sequence[Choice], values: Sequence[Expr]) -> None:
    """A call of literals that is bound to fail is a mistake in the text."""
    if choices[0].overload.name == "matches" and isinstance(values[1], Literal):
        values = [Literal(node.span, "string", ""), values[1]]
        _try(ctx, node, matches, values)
    elif len(choices) == 1 and not choices[0].dynamic and choices[0].overload.name in _CONVERSIONS:
        _try(ctx, node, choices[0].overload.run, values)


_CONVERSIONS = frozenset({"int", "float", "double", "bool", "timestamp", "duration", "/", "%", "+", "-", "*"})


def _try(ctx: Context, node: Expr, run: Value, values: Sequence[Expr]) -> None:
    literals = [each.value for each in values if isinstance(each, Literal)]
    if len(literals) != len(values):
        return
    try:
        run(*literals)
    except FunctionError as problem:
        ctx.report("WF0311", node.span, str(problem))
