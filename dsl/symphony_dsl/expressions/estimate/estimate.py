"""What an expression may cost on the largest data that its constraints allow, by the prices that hold at run time.

Only what is bounded counts. A macro over a list of unknown length costs nothing here, and neither does what stands in it:
nobody has said how large its data are, so nobody is warned of them. A function is taken to go once over what it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from symphony_dsl.base.diagnostic import Reporter
from symphony_dsl.base.types import EnumType, RecordType, Type
from symphony_dsl.expressions.checker.check import Checked
from symphony_dsl.expressions.checker.checking import words
from symphony_dsl.expressions.estimate.calls import estimate_call
from symphony_dsl.expressions.estimate.estimating import Context, Estimate, Sight, Sizing
from symphony_dsl.expressions.estimate.sizes import (
    UNSIZED,
    Size,
    bounded_by,
    either,
    of_constant,
    together,
    units_of_all,
)
from symphony_dsl.expressions.meter import BUDGET, UNIT
from symphony_dsl.expressions.pricing import COMPARISONS
from symphony_dsl.expressions.tree import (
    Binary,
    Brace,
    Call,
    Conditional,
    Expr,
    Index,
    ListLiteral,
    Literal,
    Name,
    Select,
    Text,
    Unary,
)
from symphony_dsl.expressions.walk import settle


def warn_of_cost(expr: Expr, checked: Checked, known: Mapping[str, Size], reporter: Reporter) -> None:
    """Warn where an expression may cost more than an evaluation has. `known` are the sizes of what its names stand for."""
    ctx = _gone_through(expr, checked, known)
    if not ctx.found.units:  # nothing is bounded
        return
    found = _with_text(ctx)
    if found.units <= BUDGET:
        return
    visits = ", and for each of them ".join(
        f"up to {each.count:,} {each.kind} of {each.source}" for each in found.parts
    )
    message = (
        f"this may cost about {_rounded(found.units):,} units, and an evaluation has {BUDGET:,}: it goes over {visits}; "
        "allow less with a constraint such as `@max_items`, or make steps of parts of it"
    )
    reporter.report("WF0322", found.node.span, message)


def _rounded(units: int) -> int:
    """Two digits, for an estimate is no more exact."""
    scale: int = 10 ** (len(str(units)) - 2)
    return round(units / scale) * scale


def estimate(expr: Expr, checked: Checked, known: Mapping[str, Size]) -> Estimate:
    """The most that an expression may cost, as far as sizes are known."""
    return _with_text(_gone_through(expr, checked, known))


def _gone_through(expr: Expr, checked: Checked, known: Mapping[str, Size]) -> Context:
    ctx = Context(expr, checked, Estimate(0, expr), _visit)
    settle(_visit(ctx, expr, Sight(known)))
    return ctx


def _with_text(ctx: Context) -> Estimate:
    """What was found, and what the text outside of macros costs."""
    ctx.found.units += ctx.prices.top
    return ctx.found


def _visit(ctx: Context, node: Expr, sight: Sight) -> Sizing:
    return (yield from _SIZES[type(node)](ctx, node, sight))


def _literal(_ctx: Context, node: Literal, _sight: Sight) -> Sizing:
    yield from ()
    return of_constant(node.value, "")


def _name(ctx: Context, node: Name, sight: Sight) -> Sizing:
    yield from ()
    size = sight.names.get(node.name, UNSIZED)
    return size if size.item or size.fields else _of_type(ctx.type_of(node), size)


def _select(ctx: Context, node: Select, sight: Sight) -> Sizing:
    operand = yield ctx.visit(node.operand, sight)
    if node.field in operand.fields:
        return operand.fields[node.field]
    of = ctx.type_of(node.operand)
    field = of.get(node.field) if isinstance(of, RecordType) else None
    size = bounded_by(field.constraints, words(node)) if field and field.constraints else UNSIZED
    return _of_type(ctx.type_of(node), size)


def _of_type(of: Type, size: Size) -> Size:
    if isinstance(of, EnumType):
        return Size(characters=max(len(wire) for _, wire in of.values))
    return replace(size, of=of)


def _index(ctx: Context, node: Index, sight: Sight) -> Sizing:
    operand = yield ctx.visit(node.operand, sight)
    yield ctx.visit(node.index, sight)
    return operand.each


def _text(ctx: Context, node: Text, sight: Sight) -> Sizing:
    """What is put in is written out; how long the whole is stays unknown."""
    for part in node.parts:
        if not isinstance(part, str):
            size = yield ctx.visit(part, sight)
            ctx.charge(2 * units_of_all(size), node, sight, size, deep=True)  # it is gone through, and written
    return UNSIZED


def _unary(ctx: Context, node: Unary, sight: Sight) -> Sizing:
    yield ctx.visit(node.operand, sight)
    return UNSIZED


def _binary(ctx: Context, node: Binary, sight: Sight) -> Sizing:
    left = yield ctx.visit(node.left, sight)
    right = yield ctx.visit(node.right, sight)
    if node.operator in COMPARISONS:
        ctx.charge(_comparison(left, right), node, sight, either(left, right), deep=True)
    elif node.operator not in ("&&", "||", "??"):
        ctx.effort(node, (left, right), sight)
    if node.operator == "+":
        return together(left, right)
    return either(left, right) if node.operator == "??" else UNSIZED


def _comparison(left: Size, right: Size) -> int:
    if left.characters is not None and right.characters is not None:
        return min(left.characters, right.characters) // UNIT
    return units_of_all(left) + units_of_all(right) if left.items and right.items else 0


def _conditional(ctx: Context, node: Conditional, sight: Sight) -> Sizing:
    """One arm is evaluated: the dearer one counts."""
    found = ctx.found
    yield ctx.visit(node.condition, sight)
    before = found.units
    then = yield ctx.visit(node.then, sight)
    dearer, found.units = found.units, before
    otherwise = yield ctx.visit(node.otherwise, sight)
    found.units = max(dearer, found.units)
    return either(then, otherwise)


def _list(ctx: Context, node: ListLiteral, sight: Sight) -> Sizing:
    sizes: list[Size] = []
    for each in node.elements:
        sizes.append((yield ctx.visit(each.value, sight)))
    return Size(items=len(sizes), item=reduce(either, sizes) if sizes else None)


def _brace(ctx: Context, node: Brace, sight: Sight) -> Sizing:
    fields: dict[str, Size] = {}
    for each in node.entries:
        if isinstance(each.key, str):
            fields[each.key] = yield ctx.visit(each.value, sight)
        else:
            yield ctx.visit(each.key, sight)
            yield ctx.visit(each.value, sight)
    return Size(fields=fields) if node.is_record else Size(items=len(node.entries))


_SIZES: dict[type, Callable[[Context, Any, Sight], Sizing]] = {
    Literal: _literal,
    Text: _text,
    Name: _name,
    Select: _select,
    Index: _index,
    Call: estimate_call,
    Unary: _unary,
    Binary: _binary,
    Conditional: _conditional,
    ListLiteral: _list,
    Brace: _brace,
}
