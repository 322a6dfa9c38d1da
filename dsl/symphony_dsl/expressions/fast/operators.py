"""Operators in the fast tier: Python's own, wherever they mean the same on the classes at hand."""

from __future__ import annotations

import ast
from collections.abc import Callable

from symphony_dsl.base.types import OptionalType, plain
from symphony_dsl.expressions.fast.calls import table_call
from symphony_dsl.expressions.fast.code import (
    Code,
    Unserved,
    between,
    both,
    choose,
    compare,
    compute,
    constant,
    either,
    negated,
    negative,
    value_of,
)
from symphony_dsl.expressions.fast.compare import equality, in_constants, ordering
from symphony_dsl.expressions.fast.making import FEW, NUMBERS, Classes, Maker, Making
from symphony_dsl.expressions.fast.paths import soft
from symphony_dsl.expressions.fast.values import as_type, converted, true_or_false, truth
from symphony_dsl.expressions.functions.dispatch import resolve
from symphony_dsl.expressions.functions.numbers import whole
from symphony_dsl.expressions.functions.signatures import OPERATOR
from symphony_dsl.expressions.spines import alternatives, branches, operands
from symphony_dsl.expressions.tree import Binary, Conditional, ListLiteral, Unary

SMALL = 2**30 - 1
"""Python compares ints within these bounds in one step; all others are looked at by a function."""


def logic(maker: Maker, node: Binary) -> Making:
    _, sides = operands(node)
    codes: list[Code] = []
    for side in sides:
        codes.append((yield from truth(maker, side)))
    return both(*codes) if node.operator == "&&" else either(*codes)


def conditional(maker: Maker, node: Conditional) -> Making:
    target = maker.type_of(node)
    nodes, last = branches(node)
    arms: list[tuple[Code, Code]] = []
    for each in nodes:
        condition = yield from truth(maker, each.condition)
        arms.append((condition, (yield from as_type(maker, each.then, target))))
    made = yield from as_type(maker, last, target)
    for condition, then in reversed(arms):
        made = choose(condition, then, made)
    return made


def default(maker: Maker, node: Binary) -> Making:
    """`a ?? b ?? c`: None stands for all that is absent, null or missing."""
    target = maker.type_of(node)
    _, values = alternatives(node)
    found: list[tuple[Code, Code]] = []
    for value in values[:-1]:
        there, again = maker.found((yield from soft(maker, value)))
        found.append((there, converted(maker, again(), plain(maker.type_of(value)), target)))
    made = yield from as_type(maker, values[-1], target)
    for there, present in reversed(found):
        made = choose(there, present, made)
    return made


def unary(maker: Maker, node: Unary, operand: Code) -> Making:
    yield from ()
    of = maker.class_of(node.operand)
    if node.operator == "!":
        return negated(operand if of is bool else true_or_false(maker, operand))
    if of is int:
        return in_64_bits(maker, negative(operand))
    if of is float:
        return negative(operand)
    return table_call(maker, node, OPERATOR, "negate", [node.operand], [operand])


def in_64_bits(maker: Maker, number: Code) -> Code:
    first, again = maker.kept(number)
    small = between(constant(-SMALL), "<", first, "<", constant(SMALL))
    return choose(small, again(), maker.call(whole, again()))


def binary(maker: Maker, node: Binary, left: Code) -> Making:
    """An operator that evaluates both its sides."""
    if node.operator == "in" and isinstance(node.right, ListLiteral):
        among = in_constants(maker, left, maker.class_of(node.left), node.right)
        if among is not None:
            return among
    right = yield maker.make(node.right)
    if any(isinstance(maker.type_of(side), OptionalType) for side in (node.left, node.right)):
        raise Unserved
    classes = (maker.class_of(node.left), maker.class_of(node.right))
    if node.operator in ("==", "!="):
        return equality(maker, node.operator, left, right, classes)
    inline = ordering(maker, node.operator, left, right, classes) or _inline(maker, node.operator, left, right, classes)
    return inline or table_call(maker, node, OPERATOR, node.operator, [node.left, node.right], [left, right])


def _inline(maker: Maker, operator: str, left: Code, right: Code, classes: Classes) -> Code | None:
    if classes == (int, int) and operator in ("+", "-", "*"):
        return in_64_bits(maker, compute(left, operator, right))
    if classes == (int, int) and operator in _FLOOR:
        return _truncated(maker, operator, left, right)
    if NUMBERS.issuperset(classes) and operator in ("+", "-", "*", "/"):
        return compute(left, operator, right)
    if operator == "+" and classes in ((str, str), (bytes, bytes)):
        first, again = maker.kept(compute(left, "+", right))
        return maker.charged(maker.text_units(first), again(), FEW)
    if operator == "in" and classes == (str, dict):
        return compare(left, "in", right)
    return None


_FLOOR = {"/": "//", "%": "%"}


def _truncated(maker: Maker, operator: str, left: Code, right: Code) -> Code:
    """Python rounds down; that is the same where neither side is negative."""
    if not isinstance(right, ast.Constant) or value_of(right) <= 0:
        return maker.call(_TRUNCATING[operator], left, right)
    first, again = maker.kept(left)
    floor = compute(again(), _FLOOR[operator], right)
    return choose(compare(first, ">=", constant(0)), floor, maker.call(_TRUNCATING[operator], again(), right))


def _run_of(operator: str) -> Callable[[int, int], int]:
    found = resolve(OPERATOR, operator, (int, int), False)
    assert found is not None, "ints are divided"
    return found.run


_TRUNCATING = {operator: _run_of(operator) for operator in _FLOOR}
