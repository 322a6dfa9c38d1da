"""`math.…`: rounding, signs, roots, bits, and the least and the greatest of numbers of any types."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

from symphony_dsl.base.conform import INT_MAX
from symphony_dsl.base.dynamic import UINT_MAX, Uint
from symphony_dsl.base.types import BOOL, FLOAT, INT, JSON, UINT, ListType, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.functions.numbers import whole
from symphony_dsl.expressions.functions.order import NUMBERS, greatest, least
from symphony_dsl.expressions.functions.signatures import FUNCTION, NUMBER, FunctionError, Overload, sizes


def _absolute(a: int) -> int:
    return whole(abs(a))


def _itself(a: Value) -> Value:
    return a


def _sign(a: int) -> int:
    return (a > 0) - (a < 0)


def _sign_unsigned(a: int) -> Uint:
    return Uint(a > 0)


def _sign_float(a: float) -> float:
    """NaN has the sign NaN; both zeros have 0."""
    return a if math.isnan(a) else float(_sign(a))  # type: ignore[arg-type]  # a float compares with 0 as well


def _rounded(run: Callable[[float], int]) -> Callable[[float], float]:
    """Rounding keeps floats floats, the infinities and NaN included, and a zero its sign."""
    return lambda a: math.copysign(run(a), a) if math.isfinite(a) else a


def _half_away(a: float) -> int:
    """To the nearest whole number; halves away from zero."""
    below = math.floor(abs(a))
    return (below + (abs(a) - below >= 0.5)) * (-1 if a < 0 else 1)


def _square_root(a: float) -> float:
    return math.sqrt(a) if a >= 0 else math.nan


def _not(a: int) -> int:
    return ~a


def _not_unsigned(a: int) -> Uint:
    return Uint(UINT_MAX - int(a))


def _unsigned(run: Callable[[int, int], int]) -> Callable[[int, int], Uint]:
    return lambda a, b: Uint(run(int(a), int(b)))


def _shifted_left(a: int, by: int) -> int:
    """The 64 bits that remain; what is shifted out is lost, without an error."""
    return (int(a) << _places(by)) & UINT_MAX


def _shifted_right(a: int, by: int) -> int:
    """The bits of a negative number shift like any other: zeros come in from the left."""
    return (int(a) & UINT_MAX) >> _places(by)


def _places(by: int) -> int:
    if by < 0:
        raise FunctionError(f"bits are shifted by a number that is not negative, not by {by}")
    return min(by, 64)


def _signed(run: Callable[[int, int], int]) -> Callable[[int, int], int]:
    """The int that has the bits of the result."""

    def signed(a: int, by: int) -> int:
        bits = run(a, by)
        return bits if bits <= INT_MAX else bits - UINT_MAX - 1

    return signed


_SHIFTS = (("math.bitShiftLeft", _shifted_left), ("math.bitShiftRight", _shifted_right))
_BITS = (("math.bitAnd", operator.and_), ("math.bitOr", operator.or_), ("math.bitXor", operator.xor))
_TESTS = (("math.isNaN", math.isnan), ("math.isInf", math.isinf), ("math.isFinite", math.isfinite))


def _of_list(run: Callable[..., Value]) -> Callable[[list[Value]], Value]:
    def of_list(values: list[Value]) -> Value:
        if not NUMBERS.issuperset(map(type, values)):
            raise FunctionError("not all elements of the list are numbers")
        return run(*values)

    return of_list


def _extreme(name: str, run: Callable[..., Value]) -> tuple[Overload, ...]:
    """Of one number or more, or of the numbers of a list. Where their types differ, the result has that of the one found."""
    of_list = _of_list(run)

    def of(one: Type, result: Type) -> Overload:
        return Overload(name, FUNCTION, (one,), result, run, more=one)

    return (
        *(of(each, each) for each in (INT, UINT, FLOAT)),
        of(NUMBER, JSON),
        *(Overload(name, FUNCTION, (ListType(each),), each, of_list, sizes) for each in (INT, UINT, FLOAT)),
    )


def _function(name: str, parameter: Type, result: Type, run: Callable[..., Value]) -> Overload:
    return Overload(name, FUNCTION, (parameter,), result, run)


OVERLOADS: tuple[Overload, ...] = (
    *_extreme("math.least", least),
    *_extreme("math.greatest", greatest),
    _function("math.abs", INT, INT, _absolute),
    _function("math.abs", UINT, UINT, _itself),
    _function("math.abs", FLOAT, FLOAT, abs),
    _function("math.sign", INT, INT, _sign),
    _function("math.sign", UINT, UINT, _sign_unsigned),
    _function("math.sign", FLOAT, FLOAT, _sign_float),
    _function("math.ceil", FLOAT, FLOAT, _rounded(math.ceil)),
    _function("math.floor", FLOAT, FLOAT, _rounded(math.floor)),
    _function("math.trunc", FLOAT, FLOAT, _rounded(math.trunc)),
    _function("math.round", FLOAT, FLOAT, _rounded(_half_away)),
    *(_function("math.sqrt", of, FLOAT, _square_root) for of in (FLOAT, INT, UINT)),
    *(_function(name, FLOAT, BOOL, run) for name, run in _TESTS),
    *(Overload(name, FUNCTION, (INT, INT), INT, run) for name, run in _BITS),
    *(Overload(name, FUNCTION, (UINT, UINT), UINT, _unsigned(run)) for name, run in _BITS),
    _function("math.bitNot", INT, INT, _not),
    _function("math.bitNot", UINT, UINT, _not_unsigned),
    *(Overload(name, FUNCTION, (INT, INT), INT, _signed(run)) for name, run in _SHIFTS),
    *(Overload(name, FUNCTION, (UINT, INT), UINT, _unsigned(run)) for name, run in _SHIFTS),
)
