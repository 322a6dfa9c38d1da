"""Values that change their type in the fast tier, and how the value of an expression leaves it."""

from __future__ import annotations

from collections.abc import Callable

from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FLOAT,
    INT,
    JSON,
    STRING,
    TIMESTAMP,
    ListType,
    OptionalType,
    Type,
    plain,
)
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.conversions import conversion
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
    name,
    negative,
)
from symphony_dsl.expressions.fast.making import FEW, Maker, Making
from symphony_dsl.expressions.meter import MAX_CHARACTERS, MAX_ELEMENTS, UNIT
from symphony_dsl.expressions.tree import Expr


def as_type(maker: Maker, node: Expr, target: Type) -> Making:
    """A node whose value is changed to another type, where it has to be."""
    code = yield maker.make(node)
    return converted(maker, code, maker.type_of(node), target)


def converted(maker: Maker, code: Code, source: Type, target: Type) -> Code:
    """A change that cannot fail. Whether a value is absent does not change."""
    inner, wanted = plain(source), plain(target)
    if (inner, wanted) == (INT, FLOAT) and inner == source:
        return maker.call(float, code)
    if conversion(inner, wanted) is not None:
        raise Unserved
    return code


def truth(maker: Maker, node: Expr) -> Making:
    """A node that has to be true or false."""
    code = yield maker.make(node)
    return code if maker.type_of(node) == BOOL else true_or_false(maker, code)


def true_or_false(maker: Maker, value: Code) -> Code:
    first, again = maker.kept(value)
    fails = both(compare(again(), "is not", constant(False)), maker.stop())
    return either(compare(first, "is", constant(True)), fails)


def finished(maker: Maker, value: Code, of: Type, result: Type, finish: Callable[[Value], Value]) -> Code:
    """The value as it may leave: of the right type, finite, and no larger than anything may be.

    `finish` does that for any value; what is so by its type, or is seen at a glance, is spared the call.
    """
    if isinstance(result, OptionalType) and isinstance(of, OptionalType):
        first, again = maker.kept(value)
        present = finished(maker, again(), of.item, result.item, finish)
        return choose(compare(first, "is", constant(None)), constant(None), present)
    made = None if isinstance(of, OptionalType) else _at_a_glance(maker, value, of, plain(result))
    return made or maker.call(finish, value)


_AS_IT_IS = frozenset({INT, BOOL, BYTES, TIMESTAMP, DURATION})
_JSON = frozenset({INT, BOOL, STRING, FLOAT})
_INFINITE = constant(float("inf"))


def _at_a_glance(maker: Maker, value: Code, of: Type, result: Type) -> Code | None:
    if (of, result) == (JSON, BOOL):
        return true_or_false(maker, value)
    if (of, result) == (INT, FLOAT):
        return maker.call(float, value)
    if of != result and not (result == JSON and of in _JSON):
        return None
    if of in _AS_IT_IS:
        return value
    return _if_fine(maker, value, of)


def _if_fine(maker: Maker, value: Code, of: Type) -> Code | None:
    first, again = maker.kept(value)
    fine = _fine(maker, first, again(), of)
    return choose(fine, again(), maker.stop()) if fine else None


def _fine(maker: Maker, first: Code, again: Code, of: Type) -> Code | None:
    """Whether a value is as it should be."""
    if of == FLOAT:
        return between(negative(_INFINITE), "<", first, "<", _INFINITE)
    if of == STRING:
        return compare(maker.call(len, first), "<=", constant(MAX_CHARACTERS))
    if not isinstance(of, ListType) or of.item not in (INT, BOOL, STRING):
        return None
    length = maker.call(len, first)
    if of.item != STRING:
        return compare(length, "<=", constant(MAX_ELEMENTS))
    characters = maker.call(sum, maker.call(map, name(maker.value(len)), again))
    return compare(compute(length, "+", compute(characters, "//", constant(UNIT))), "<=", constant(FEW))
