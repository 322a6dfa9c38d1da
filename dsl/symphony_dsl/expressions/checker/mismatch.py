"""What to say of a call whose arguments no signature takes: what was given, and what the nearest signatures take."""

from __future__ import annotations

from collections.abc import Sequence

from symphony_dsl.base.types import BOOL, JSON, ListType, MapType, OpaqueType, OptionalType, Type
from symphony_dsl.expressions.checker.celtypes import cel_name
from symphony_dsl.expressions.checker.checking import Context, words
from symphony_dsl.expressions.checker.choices import strictly
from symphony_dsl.expressions.functions.signatures import METHOD, Overload, choose
from symphony_dsl.expressions.tree import Call, Expr

_SHOWN = 3


def wrong_count(ctx: Context, node: Call, name: str, known: Sequence[Overload]) -> Type:
    by_count = {len(each.parameters): each for each in reversed(known)}
    forms = " or ".join(f"`{form(ctx, each)}`" for each in by_count.values())
    count = len(node.arguments)
    given = "1 argument" if count == 1 else f"{count} arguments"
    return ctx.report("WF0309", node.span, f"`{name}` does not take {given}; it is written as {forms}")


def no_fit(ctx: Context, node: Call, name: str, known: Sequence[Overload], types: Sequence[Type]) -> Type:
    known = [each for each in known if each.takes(len(types))]
    on_value = node.target if known[0].style == METHOD else None
    if on_value and not any(_works_on(ctx, each.parameters[0], types[0]) for each in known):
        return _wrong_target(ctx, node, on_value, known, types[0])
    rest = types[1:] if on_value else types
    forms = " or ".join(f"`{form(ctx, each)}`" for each in _nearest(ctx, known, types))
    message = f"`{name}` does not take {ctx.listed(rest or types)}; it takes {forms}"
    return ctx.report("WF0304", node.span, message)


def _wrong_target(ctx: Context, node: Call, target: Expr, known: Sequence[Overload], of: Type) -> Type:
    if all(isinstance(each.parameters[0], OptionalType) for each in known):
        return never_absent(ctx, node, target, of)
    takers = list(dict.fromkeys(_taker(ctx, each.parameters[0]) for each in known))
    listed = " or ".join([", ".join(takers[:-1]), takers[-1]] if len(takers) > 1 else takers)
    return ctx.report("WF0304", node.name_span, f"`.{node.name}` works on {listed}, and this is {ctx.a(of)}")


def _taker(ctx: Context, of: Type) -> str:
    """What a method is called on, in a sentence."""
    match of:
        case ListType(OpaqueType()):
            return "a list"
        case ListType(ListType(OpaqueType())):
            return "a list of lists"
        case MapType(OpaqueType()):
            return "a map"
        case OptionalType(OpaqueType()):
            return "what may be absent"
    return ctx.a(of)


def _works_on(ctx: Context, wanted: Type, given: Type) -> bool:
    return _fits(ctx, wanted, given) and (ctx.cel or strictly(given, wanted))


def never_absent(ctx: Context, node: Call, target: Expr, of: Type) -> Type:
    if of == JSON:
        message = f"`.{node.name}` works on what may be absent, and {words(target)} is json; write `?? …` or `has(…)`"
        return ctx.report("WF0304", node.name_span, message)
    message = f"{words(target)} is always there; leave `.{node.name}(…)` out"
    return ctx.report("WF0306", node.name_span, message)


def form(ctx: Context, overload: Overload) -> str:
    """How a signature is written, in the words of who has written the expression."""
    if not ctx.cel:
        return str(overload)
    listed = [*map(cel_name, overload.parameters), *(["…"] if overload.more else [])]
    if overload.style == METHOD:
        return f"{listed[0]}.{overload.name}({', '.join(listed[1:])})"
    return f"{overload.name}({', '.join(listed)})"


def _nearest(ctx: Context, known: Sequence[Overload], types: Sequence[Type]) -> list[Overload]:
    """The signatures to which most of the arguments fit."""
    scores = [_score(ctx, each.parameters_for(len(types)), types) for each in known]
    best = max(scores)
    return [each for each, score in zip(known, scores, strict=True) if score == best][:_SHOWN]


def _score(ctx: Context, wanted: Sequence[Type], given: Sequence[Type]) -> int:
    return sum(_fits(ctx, one, other) for one, other in zip(wanted, given, strict=True))


def _fits(ctx: Context, wanted: Type, given: Type) -> bool:
    return bool(choose([Overload("", METHOD, (wanted,), BOOL, bool)], [given], lenient=not ctx.cel))
