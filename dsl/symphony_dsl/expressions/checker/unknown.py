"""What to say of a function that does not exist, or that is not called as it should be."""

from __future__ import annotations

from symphony_dsl.base.diagnostic import Fix
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import Type
from symphony_dsl.expressions.checker.checking import Context
from symphony_dsl.expressions.checker.guesses import ELSEWHERE, Guesses
from symphony_dsl.expressions.checker.paths import suggestion
from symphony_dsl.expressions.functions.table import FUNCTIONS, METHODS
from symphony_dsl.expressions.macros import MACROS
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Call, Name

_NAMESPACED = sorted(name for name in FUNCTIONS if "." in name)

BIND = "cel.bind"


def unknown_function(ctx: Context, node: Call, name: str, scope: Scope) -> Type:
    if name in METHODS:
        return ctx.report("WF0309", node.name_span, f"`{name}` is called on a value: write `x.{name}(…)`")
    at = _whole(node)
    end, fix = _elsewhere(ctx, node, at) or suggestion(ctx, name, [*FUNCTIONS, *scope.callables], at)
    return ctx.report("WF0303", node.name_span, f"there is no function `{name}`{end}", fix=fix)


def unknown_method(ctx: Context, node: Call) -> Type:
    if node.name in FUNCTIONS:
        return ctx.report("WF0309", node.name_span, f"`{node.name}` is called with its value: write `{node.name}(…)`")
    end, fix = _elsewhere(ctx, node, node.name_span) or suggestion(ctx, node.name, METHODS, node.name_span)
    return ctx.report("WF0303", node.name_span, f"there is no function `.{node.name}`{end}", fix=fix)


def means_macro(guesses: Guesses, node: Call) -> bool:
    """Whether it is a macro with another name. Its arguments may hold a variable, which is no mistake of its own."""
    return (ELSEWHERE.get(node.name) or guesses.near(node.name, METHODS)) in MACROS


def means_bind(guesses: Guesses, name: str) -> bool:
    return guesses.near(name, _NAMESPACED) == BIND


def almost_namespaced(ctx: Context, node: Call, scope: Scope) -> str | None:
    """The function with a dot in its name that `maths.abs(…)` means, where there is no `maths`."""
    head = node.target
    if not isinstance(head, Name) or scope.find(head.name) is not None or head.name in scope.enums:
        return None
    return near_namespaced(ctx.guesses, node)


def near_namespaced(guesses: Guesses, node: Call) -> str | None:
    head = node.target
    return guesses.near(f"{head.name}.{node.name}", _NAMESPACED) if isinstance(head, Name) else None


def misspelled(ctx: Context, node: Call, ours: str) -> Type:
    assert isinstance(node.target, Name), "a namespace stands before the name"
    message = f"there is no function `{node.target.name}.{node.name}`; did you mean `{ours}`?"
    at = _whole(node)
    return ctx.report("WF0303", at, message, fix=ctx.replaced(at, ours))


def _whole(node: Call) -> Span:
    return node.target.span.to(node.name_span) if node.target else node.name_span


def _elsewhere(ctx: Context, node: Call, at: Span) -> tuple[str, Fix] | None:
    ours = ELSEWHERE.get(node.name)
    if ours is None or (node.name == ours.rpartition(".")[2] and node.target is not None):
        return None
    return f"; it is called `{ours}` here", ctx.replaced(at, ours)
