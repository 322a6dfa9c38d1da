"""Arithmetic, comparisons and `math.…`. An int has 64 bits; what does not fit is an error, never a wrong number."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence

from symphony_dsl.base.conform import INT_MAX, INT_MIN
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FLOAT,
    INT,
    STRING,
    TIMESTAMP,
    ListType,
    Type,
)
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.signatures import FUNCTION, OPERATOR, FunctionError, Overload, sizes


def whole(number: int) -> int:
    """The number, if 64 bits hold it."""
    if INT_MIN <= number <= INT_MAX:
        return number
    raise FunctionError("the result does not fit into an int, which has 64 bits")


def _add(a: int, b: int) -> int:
    return whole(a + b)


def _subtract(a: int, b: int) -> int:
    return whole(a - b)


def _multiply(a: int, b: int) -> int:
    return whole(a * b)


def _divide(a: int, b: int) -> int:
    """Division that drops the fraction, towards zero."""
    if b == 0:
        raise FunctionError("a whole number is divided by zero")
    return whole(abs(a) // abs(b) if (a < 0) == (b < 0) else -(abs(a) // abs(b)))


def _remainder(a: int, b: int) -> int:
    """The rest of that division; it has the sign of `a`."""
    if b == 0:
        raise FunctionError("a whole number is divided by zero")
    return abs(a) % abs(b) if a >= 0 else -(abs(a) % abs(b))


def _negate(a: int) -> int:
    return whole(-a)


def _divide_floats(a: float, b: float) -> float:
    """Division as IEEE 754 has it: by zero it gives an infinity, or no number."""
    a, b = float(a), float(b)
    if b:
        return a / b
    if a == 0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def _float(run: Callable[[float, float], float]) -> Callable[[float, float], float]:
    return lambda a, b: run(float(a), float(b))


MIXED = ((FLOAT, FLOAT), (INT, FLOAT), (FLOAT, INT))

_WHOLE: dict[str, Callable[[int, int], int]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "%": _remainder,
}
_FLOATING: dict[str, Callable[[float, float], float]] = {
    "+": _float(operator.add),
    "-": _float(operator.sub),
    "*": _float(operator.mul),
    "/": _divide_floats,
}
_ORDER: dict[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ORDERED: tuple[Type, ...] = (INT, FLOAT, STRING, BOOL, BYTES, TIMESTAMP, DURATION)
"""Types whose values have an order."""

_SIZED = (STRING, BYTES)


def _least(*numbers: float) -> float:
    return min(numbers)


def _greatest(*numbers: float) -> float:
    return max(numbers)


def _of_list(run: Callable[..., Value]) -> Callable[[Sequence[Value]], Value]:
    def of_list(values: Sequence[Value]) -> Value:
        if not values:
            raise FunctionError("the list is empty")
        return run(values)

    return of_list


def _absolute(a: int) -> int:
    return whole(abs(a))


def _sign(a: float) -> float:
    return 0 * a if a == 0 or a != a else type(a)(math.copysign(1, a))  # noqa: PLR0124  # only NaN differs from itself


def _rounded(run: Callable[[float], int]) -> Callable[[float], float]:
    """Rounding keeps floats floats, the infinities and NaN included."""
    return lambda a: float(run(a)) if math.isfinite(a) else a


def _half_away(a: float) -> int:
    """To the nearest whole number; halves away from zero."""
    return int(math.copysign(math.floor(abs(a) + 0.5), a))


def _square_root(a: float) -> float:
    return math.sqrt(a) if a >= 0 else math.nan


_NUMBERS = ((INT, INT), *MIXED)

OVERLOADS: tuple[Overload, ...] = (
    *(Overload(name, OPERATOR, (INT, INT), INT, run) for name, run in _WHOLE.items()),
    *(Overload(name, OPERATOR, pair, FLOAT, run) for name, run in _FLOATING.items() for pair in MIXED),
    Overload("negate", OPERATOR, (INT,), INT, _negate),
    Overload("negate", OPERATOR, (FLOAT,), FLOAT, operator.neg),
    *(
        Overload(name, OPERATOR, (of, of), BOOL, run, sizes if of in _SIZED else None)
        for name, run in _ORDER.items()
        for of in ORDERED
    ),
    *(Overload(name, OPERATOR, pair, BOOL, run) for name, run in _ORDER.items() for pair in MIXED[1:]),
    *(
        Overload(f"math.{name}", FUNCTION, pair, INT if pair == (INT, INT) else FLOAT, run)
        for name, run in (("least", _least), ("greatest", _greatest))
        for pair in _NUMBERS
    ),
    *(
        Overload(f"math.{name}", FUNCTION, (ListType(of),), of, _of_list(run), sizes)
        for name, run in (("least", min), ("greatest", max))
        for of in (INT, FLOAT)
    ),
    Overload("math.abs", FUNCTION, (INT,), INT, _absolute),
    Overload("math.abs", FUNCTION, (FLOAT,), FLOAT, abs),
    Overload("math.sign", FUNCTION, (INT,), INT, _sign),
    Overload("math.sign", FUNCTION, (FLOAT,), FLOAT, _sign),
    Overload("math.ceil", FUNCTION, (FLOAT,), FLOAT, _rounded(math.ceil)),
    Overload("math.floor", FUNCTION, (FLOAT,), FLOAT, _rounded(math.floor)),
    Overload("math.trunc", FUNCTION, (FLOAT,), FLOAT, _rounded(math.trunc)),
    Overload("math.round", FUNCTION, (FLOAT,), FLOAT, _rounded(_half_away)),
    Overload("math.sqrt", FUNCTION, (FLOAT,), FLOAT, _square_root),
)
