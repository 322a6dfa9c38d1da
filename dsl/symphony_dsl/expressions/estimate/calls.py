"""What calls may cost: of functions, which go once over what they are given, and of macros, which visit each element."""

from __future__ import annotations

from dataclasses import replace

from symphony_dsl.base.types import MapType
from symphony_dsl.expressions.estimate.estimating import Context, Sight, Sizing, parts_of
from symphony_dsl.expressions.estimate.sizes import UNSIZED, Size, result_size
from symphony_dsl.expressions.macros import NAMESPACES, Binding, binding, is_bind
from symphony_dsl.expressions.tree import Call, Name
from symphony_dsl.expressions.walk import children


def estimate_call(ctx: Context, node: Call, sight: Sight) -> Sizing:
    bound = binding(node)
    if bound is None:
        return (yield from _function(ctx, node, sight))
    if is_bind(node):
        of = yield ctx.visit(bound.outside[0], sight)
        return (yield from _visited(ctx, node, bound, of, 1, sight))
    assert node.target is not None, "all other macros are methods"
    of = yield ctx.visit(node.target, sight)
    for each in bound.outside:
        yield ctx.visit(each, sight)
    count = 1 if node.name in _ONCE else of.items
    if count is None:
        return UNSIZED
    return (yield from _visited(ctx, node, bound, of, count, sight))


_ONCE = frozenset({"optMap", "optFlatMap"})


def _function(ctx: Context, node: Call, sight: Sight) -> Sizing:
    name, given = node.name, children(node)
    if isinstance(node.target, Name) and node.target.name in NAMESPACES:
        name, given = f"{node.target.name}.{node.name}", given[1:]
    sizes: list[Size] = []
    for each in given:
        sizes.append((yield ctx.visit(each, sight)))
    made = result_size(name, sizes)
    ctx.effort(node, (made,) if name == "lists.range" else tuple(sizes), sight)
    return made


def _visited(ctx: Context, node: Call, bound: Binding, of: Size, count: int, sight: Sight) -> Sizing:
    """A macro that evaluates its body so many times."""
    over = parts_of(of) if count > 1 else ()
    inside = Sight(
        {**sight.names, **_variables(ctx, node, bound, of)},
        sight.times * count,
        sight.parts + over,
        sight.within or (node if over else None),
    )
    ctx.charge(ctx.prices.bodies[node], node, inside)
    last = UNSIZED
    for each in bound.inside:
        last = yield ctx.visit(each, inside)
    return _result(node.name, of, last)


def _variables(ctx: Context, node: Call, bound: Binding, of: Size) -> dict[str, Size]:
    """An element stands for the last variable, but for the key of a map where that is the only one."""
    *others, last = (variable.name for variable in bound.variables)
    sizes = dict.fromkeys(others, UNSIZED)
    if is_bind(node) or node.name in _ONCE:
        return {**sizes, last: of}
    assert node.target is not None, "all other macros are methods"
    keys = not others and isinstance(ctx.type_of(node.target), MapType)
    return {**sizes, last: UNSIZED if keys else of.each}


def _result(name: str, of: Size, last: Size) -> Size:
    if name in ("map", "transformList", "transformMap"):
        return replace(of, item=last)
    if name in ("filter", "sortBy"):
        return of
    if name == "groupBy":
        return Size(items=of.items, item=of, source=of.source)
    return last if name in ("bind", *_ONCE) else UNSIZED
