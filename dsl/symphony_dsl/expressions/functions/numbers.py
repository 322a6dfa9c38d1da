"""Arithmetic and comparisons. An int has 64 bits, a uint as many without a sign; what does not fit is an error.

Numbers of all types compare with each other; beside a float, any number counts as a float. Arithmetic mixes a float with
an int or a uint, which CEL does not; an int and a uint are never mixed.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

from symphony_dsl.base.conform import INT_MAX, INT_MIN
from symphony_dsl.base.dynamic import UINT_MAX, Uint
from symphony_dsl.base.types import BOOL, BYTES, DURATION, FLOAT, INT, STRING, TIMESTAMP, UINT, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.functions.signatures import OPERATOR, FunctionError, Overload, sizes


def whole(number: int) -> int:
    """The number, if 64 bits hold it."""
    if INT_MIN <= number <= INT_MAX:
        return number
    raise FunctionError("the result does not fit into an int, which has 64 bits")


def unsigned(number: int) -> Uint:
    """The number, if 64 bits without a sign hold it."""
    if 0 <= number <= UINT_MAX:
        return Uint(number)
    raise FunctionError("the result does not fit into a uint, which has 64 bits and no sign")


def _add(a: int, b: int) -> int:
    return whole(a + b)


def _subtract(a: int, b: int) -> int:
    return whole(a - b)


def _multiply(a: int, b: int) -> int:
    return whole(a * b)


def divide(a: int, b: int) -> int:
    """Division that drops the fraction, towards zero."""
    _refuse_zero(b)
    return whole(abs(a) // abs(b) if (a < 0) == (b < 0) else -(abs(a) // abs(b)))


def remainder(a: int, b: int) -> int:
    """The rest of that division; it has the sign of `a`, and there is none where the division has no result."""
    return a - b * divide(a, b)


def _refuse_zero(divisor: int) -> None:
    if divisor == 0:
        raise FunctionError("a whole number is divided by zero")


def _negate(a: int) -> int:
    return whole(-a)


def _add_unsigned(a: int, b: int) -> Uint:
    return unsigned(a + b)


def _subtract_unsigned(a: int, b: int) -> Uint:
    return unsigned(a - b)


def _multiply_unsigned(a: int, b: int) -> Uint:
    return unsigned(a * b)


def _divide_unsigned(a: int, b: int) -> Uint:
    _refuse_zero(b)
    return Uint(a // b)


def _remainder_unsigned(a: int, b: int) -> Uint:
    _refuse_zero(b)
    return Uint(a % b)


def _divide_floats(a: float, b: float) -> float:
    """Division as IEEE 754 has it: by zero it gives an infinity, or no number."""
    if b:
        return a / b
    if a == 0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def _float(run: Callable[[float, float], Value]) -> Callable[[float, float], Value]:
    return lambda a, b: run(float(a), float(b))


MIXED = ((FLOAT, FLOAT), (INT, FLOAT), (FLOAT, INT), (UINT, FLOAT), (FLOAT, UINT))

_WHOLE: dict[str, Callable[[int, int], int]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": divide,
    "%": remainder,
}
_UNSIGNED: dict[str, Callable[[int, int], Uint]] = {
    "+": _add_unsigned,
    "-": _subtract_unsigned,
    "*": _multiply_unsigned,
    "/": _divide_unsigned,
    "%": _remainder_unsigned,
}
_FLOATING: dict[str, Callable[[float, float], Value]] = {
    "+": _float(operator.add),
    "-": _float(operator.sub),
    "*": _float(operator.mul),
    "/": _float(_divide_floats),
}
_ORDER: dict[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ORDERED: tuple[Type, ...] = (INT, UINT, FLOAT, STRING, BOOL, BYTES, TIMESTAMP, DURATION)
"""Types whose values have an order."""

_WHOLE_PAIRS = ((INT, UINT), (UINT, INT))
_SIZED = (STRING, BYTES)

OVERLOADS: tuple[Overload, ...] = (
    *(Overload(name, OPERATOR, (INT, INT), INT, run) for name, run in _WHOLE.items()),
    *(Overload(name, OPERATOR, (UINT, UINT), UINT, run) for name, run in _UNSIGNED.items()),
    *(Overload(name, OPERATOR, pair, FLOAT, run) for name, run in _FLOATING.items() for pair in MIXED),
    Overload("negate", OPERATOR, (INT,), INT, _negate),
    Overload("negate", OPERATOR, (FLOAT,), FLOAT, operator.neg),
    *(
        Overload(name, OPERATOR, (of, of), BOOL, run, sizes if of in _SIZED else None)
        for name, run in _ORDER.items()
        for of in ORDERED
    ),
    *(Overload(name, OPERATOR, pair, BOOL, run) for name, run in _ORDER.items() for pair in _WHOLE_PAIRS),
    *(Overload(name, OPERATOR, pair, BOOL, _float(run)) for name, run in _ORDER.items() for pair in MIXED[1:]),
)
