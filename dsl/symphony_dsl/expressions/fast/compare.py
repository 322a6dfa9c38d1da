"""Equality, order and `in` in the fast tier.

Python takes `true` for 1, which CEL does not. So where a value is known at run time only, and is compared with a number,
it must not be a bool. What is costly to compare is charged as the exact tier charges it.
"""

from __future__ import annotations

import ast
from collections.abc import Sized

from symphony_dsl.base.equality import equal
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.expressions.fast.code import (
    Code,
    both,
    choose,
    compare,
    compute,
    constant,
    either,
    name,
    negated,
    value_of,
)
from symphony_dsl.expressions.fast.help import compared
from symphony_dsl.expressions.fast.making import FEW, NUMBERS, TEXTS, Classes, Maker
from symphony_dsl.expressions.meter import COLLECTION, UNIT
from symphony_dsl.expressions.tree import ListLiteral, Literal

_ORDER = frozenset({"<", "<=", ">", ">="})
_IN_ONE_STEP = NUMBERS | {bool, Timestamp, Duration}


def equality(maker: Maker, operator: str, left: Code, right: Code, classes: Classes) -> Code:
    inline = _equal(maker, operator, left, right, classes) or _equal(maker, operator, right, left, classes[::-1])
    if inline is not None:
        return inline
    (one, one_again), (other, other_again) = maker.kept(left), maker.kept(right)
    found = maker.call(equal, one_again(), other_again())
    return maker.weighed(compared, [one, other], found if operator == "==" else negated(found))


def _equal(maker: Maker, operator: str, left: Code, right: Code, classes: Classes) -> Code | None:
    """Python's equality, where what is known of the left side allows it."""
    one, other = classes
    if NUMBERS.issuperset(classes):
        return _numbers(maker, operator, left, right, classes)
    if one in _IN_ONE_STEP and one is other:
        return compare(left, operator, right)
    if one in TEXTS and one is other:
        return _texts(maker, operator, left, right)
    if other is None and isinstance(left, ast.Constant):
        return _with_constant(maker, operator, right, left)
    return None


def _with_constant(maker: Maker, operator: str, value: Code, literal: ast.Constant) -> Code | None:
    """A value of any class beside a literal."""
    if literal.value is None or isinstance(literal.value, bool):
        return compare(value, "is" if operator == "==" else "is not", literal)
    if isinstance(literal.value, int | float):
        return _with_number(maker, operator, value, literal) if _small(literal) else None
    return compare(value, operator, literal) if len(value_of(literal)) < UNIT else None


def _with_number(maker: Maker, operator: str, value: Code, literal: ast.Constant) -> Code:
    if literal.value not in (0, 1):
        return compare(value, operator, literal)
    first, again = maker.kept(value)
    if operator == "!=":
        return either(_is_bool(first, again()), compare(again(), "!=", literal))
    return both(negated(_is_bool(first, again())), compare(again(), "==", literal))


def _numbers(maker: Maker, operator: str, left: Code, right: Code, classes: Classes) -> Code:
    """Beside a float, an int counts as the float next to it; Python would tell apart what is equal to CEL."""
    if classes[0] is classes[1] or _small(left) or _small(right):
        return compare(left, operator, right)
    one, other = (
        code if of is float else maker.call(float, code) for code, of in zip((left, right), classes, strict=True)
    )
    return compare(one, operator, other)


_EXACT = 2**53
"""Below it, a whole number is next to no float but itself."""


def _small(code: Code) -> bool:
    """Whether it is a number that all numbers compare with as Python has it."""
    return isinstance(code, ast.Constant) and isinstance(code.value, int | float) and abs(code.value) < _EXACT


def _is_bool(first: Code, again: Code) -> Code:
    return either(compare(first, "is", constant(True)), compare(again, "is", constant(False)))


def ordering(maker: Maker, operator: str, left: Code, right: Code, classes: Classes) -> Code | None:
    one, other = classes
    if operator not in _ORDER:
        return None
    if one in TEXTS and one is other:
        return _texts(maker, operator, left, right)
    if NUMBERS.issuperset(classes):
        return _numbers(maker, operator, left, right, classes)
    if one in _IN_ONE_STEP and one is other:
        return compare(left, operator, right)
    if one is None and other in NUMBERS and _small(right):
        first, again = maker.kept(left)
        return choose(_is_bool(first, again()), maker.stop(), compare(again(), operator, right))
    if other is None and one in NUMBERS and _small(left):
        first, again = maker.kept(right)
        return choose(_is_bool(first, again()), maker.stop(), compare(left, operator, again()))
    return None


def _texts(maker: Maker, operator: str, left: Code, right: Code) -> Code:
    """A unit is charged for so many characters of the shorter text: nothing, where one of them is short."""
    if any(isinstance(each, ast.Constant) and len(value_of(each)) < UNIT for each in (left, right)):
        return compare(left, operator, right)
    (one, one_again), (other, other_again) = maker.kept(left), maker.kept(right)
    shorter = maker.call(min, maker.call(len, one), maker.call(len, other))
    return maker.charged(compute(shorter, "//", constant(UNIT)), compare(one_again(), operator, other_again()), FEW)


def _in_price(values: Sized) -> int:
    """What it costs to look among scalars, beside their characters."""
    return 3 * len(values) + COLLECTION


def in_constants(maker: Maker, value: Code, of: type | None, among: ListLiteral) -> Code | None:
    """A scalar among literals of its class: Python finds it in a constant."""
    literals = [each.value for each in among.elements if isinstance(each.value, Literal) and not each.optional]
    values = tuple(each.value for each in literals)
    if not values or len(values) < len(among.elements):
        return None
    kinds = {type(each) for each in values}
    first, again = maker.kept(value)
    found = compare(again(), "in", constant(values))
    if kinds == {int} and of is int:
        return maker.charged(constant(_in_price(values)), compare(value, "in", constant(values)))
    if kinds != {str} or of not in (str, None):
        return None
    characters = compute(maker.call(len, first), "+", constant(sum(map(len, values))))
    made = maker.charged(
        compute(constant(_in_price(values)), "+", compute(characters, "//", constant(UNIT))), found, FEW
    )
    return made if of is str else choose(maker.call(isinstance, first, name(maker.value(str))), made, maker.stop())
