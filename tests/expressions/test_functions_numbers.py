"""Arithmetic, comparisons and `math.…`."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.expressions.calls import fails, holds

from symphony_dsl.base.conform import INT_MAX, INT_MIN
from symphony_dsl.base.dynamic import UINT_MAX, Uint
from symphony_dsl.expressions.functions.dispatch import resolve
from symphony_dsl.expressions.functions.signatures import FUNCTION, OPERATOR, FunctionError

VALUES: list[tuple[str, Any]] = [
    ("7 / 2", 3),
    ("-7 / 2", -3),
    ("7 / -2", -3),
    ("-7 % 2", -1),
    ("7 % -2", 1),
    ("9223372036854775807 + 0", INT_MAX),
    ("18446744073709551614u + 1u", Uint(UINT_MAX)),
    ("7u / 2u", Uint(3)),
    ("7u % 4u", Uint(3)),
    ("7u - 7u", Uint(0)),
    ("3u * 4u", Uint(12)),
    ("1 + 0.5", 1.5),
    ("0.5 - 1", -0.5),
    ("2u * 1.5", 3.0),
    ("3.0 / 2u", 1.5),
    ("1.0 / 0.0", math.inf),
    ("-1.0 / 0.0", -math.inf),
    ("1.0 / -0.0", -math.inf),
    ("0.0 / 0.0", math.nan),
    ("-(0.0)", -0.0),
    ("1 < 1.5 && 2u > 1.5 && 1u < 2 && -1 < 0u", True),
    ("9007199254740993 <= 9007199254740992.0", True),
    ("18446744073709551615u > 9223372036854775807", True),
    ("0.0/0.0 < 1.0 || 0.0/0.0 >= 1.0", False),
    ("false < true", True),
    ("b'a' < b'ab' && b'\\377' > b'z'", True),
    ("'Z' < 'a' && 'é' > 'z' && '😀' > '\\uFFFD'", True),
    ("math.least(3)", 3),
    ("math.least(3, 1u, 2.0)", Uint(1)),
    ("math.greatest(1, 2.5, 2u)", 2.5),
    ("math.greatest(1, 1u, 1.0)", 1),
    ("math.greatest([1, 7u, 2.5])", Uint(7)),
    ("math.least(" + ", ".join(map(str, range(40, 0, -1))) + ")", 1),
    ("math.greatest(9223372036854775807, 9223372036854775808.0)", INT_MAX),
    ("math.least(9007199254740993, 9007199254740992u)", Uint(2**53)),
    ("math.abs(-3)", 3),
    ("math.abs(3u)", Uint(3)),
    ("math.abs(-2.5)", 2.5),
    ("math.sign(-9)", -1),
    ("math.sign(7u)", Uint(1)),
    ("math.sign(-0.0)", 0.0),
    ("math.sign(0.0/0.0)", math.nan),
    ("math.ceil(1.2)", 2.0),
    ("math.ceil(-0.2)", -0.0),
    ("math.floor(-1.2)", -2.0),
    ("math.trunc(-1.9)", -1.0),
    ("math.round(2.5)", 3.0),
    ("math.round(-2.5)", -3.0),
    ("math.round(0.49999999999999994)", 0.0),
    ("math.round(1.0/0.0)", math.inf),
    ("math.sqrt(81)", 9.0),
    ("math.sqrt(4u)", 2.0),
    ("math.sqrt(-15.0)", math.nan),
    ("math.isNaN(0.0/0.0) && math.isInf(-1.0/0.0) && math.isFinite(1.5)", True),
    ("math.isNaN(1.0) || math.isInf(0.0/0.0) || math.isFinite(1.0/0.0)", False),
    ("math.bitAnd(-3, -5)", -7),
    ("math.bitAnd(3u, 5u)", Uint(1)),
    ("math.bitOr(-2, -4)", -2),
    ("math.bitXor(3u, 5u)", Uint(6)),
    ("math.bitNot(5)", -6),
    ("math.bitNot(1u)", Uint(UINT_MAX - 1)),
    ("math.bitShiftLeft(1, 63)", INT_MIN),
    ("math.bitShiftLeft(-1, 1)", -2),
    ("math.bitShiftLeft(1, 64)", 0),
    ("math.bitShiftLeft(18446744073709551615u, 1)", Uint(UINT_MAX - 1)),
    ("math.bitShiftRight(-1, 1)", INT_MAX),
    ("math.bitShiftRight(-1, 0)", -1),
    ("math.bitShiftRight(1024u, 3)", Uint(128)),
    ("math.bitShiftRight(1, 9223372036854775807)", 0),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_values(text: str, value: Any) -> None:
    holds(text, value)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("9223372036854775807 + 1", "does not fit into an int"),
        ("-9223372036854775807 - 2", "does not fit into an int"),
        ("4611686018427387904 * 2", "does not fit into an int"),
        ("(-9223372036854775807 - 1) / -1", "does not fit into an int"),
        ("(-9223372036854775807 - 1) % -1", "does not fit into an int"),
        ("-(-9223372036854775807 - 1)", "does not fit into an int"),
        ("math.abs(-9223372036854775807 - 1)", "does not fit into an int"),
        ("1 / 0", "divided by zero"),
        ("1 % 0", "divided by zero"),
        ("1u / 0u", "divided by zero"),
        ("1u % 0u", "divided by zero"),
        ("1u - 2u", "does not fit into a uint"),
        ("18446744073709551615u * 2u", "does not fit into a uint"),
        ("math.bitShiftLeft(1, -1)", "not by -1"),
        ("math.bitShiftRight(1u, -9223372036854775807)", "not negative"),
        ("math.greatest([])", "the list is empty"),
        ("math.least([1, 'a'])", "not all elements of the list are numbers"),
        ("math.least(1.0, 0.0/0.0)", "NaN is neither"),
    ],
)
def test_failures(text: str, part: str) -> None:
    fails(text, part)


@pytest.mark.parametrize(
    "text",
    [
        "1 + 1u",
        "1 + '1'",
        "1.5 % 1.0",
        "-(1u)",
        "-'a'",
        "true + true",
        "null + null",
        "1 < '1'",
        "[1] < [2]",
        "null < null",
        "true < 1",
        "math.round(1)",
        "math.bitAnd(1, 1u)",
        "math.isNaN(1)",
        "math.least()",
        "math.least('a')",
        "math.least(1, true)",
    ],
)
def test_what_has_no_signature(text: str) -> None:
    fails(text, "does not take", "conversion")


WHOLE = st.one_of(st.integers(-10, 10), st.integers(INT_MIN, INT_MAX), st.sampled_from([INT_MIN, INT_MAX]))


@given(WHOLE, WHOLE)
def test_division_and_remainder_belong_together(a: int, b: int) -> None:
    if b == 0 or (a, b) == (INT_MIN, -1):
        return
    quotient, remainder = operate("/", a, b), operate("%", a, b)
    assert quotient * b + remainder == a
    assert abs(remainder) < abs(b)
    assert remainder == 0 or (remainder < 0) == (a < 0)


@given(WHOLE, WHOLE, st.sampled_from("+-*"))
def test_whole_results_are_exact_or_refused(a: int, b: int, operator: str) -> None:
    exact = {"+": a + b, "-": a - b, "*": a * b}[operator]
    if INT_MIN <= exact <= INT_MAX:
        assert operate(operator, a, b) == exact
    else:
        with pytest.raises(FunctionError):
            operate(operator, a, b)


@given(st.integers(INT_MIN, INT_MAX), st.integers(0, 63))
def test_shifts_are_those_of_64_bits(a: int, by: int) -> None:
    bits = a % 2**64
    assert call("math.bitShiftLeft", a, by) % 2**64 == (bits << by) % 2**64
    assert call("math.bitShiftRight", a, by) % 2**64 == bits >> by
    assert call("math.bitShiftRight", Uint(bits), by) == bits >> by


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_rounding_stays_near(number: float) -> None:
    rounded = call("math.round", number)
    assert rounded.is_integer()
    assert abs(rounded - number) <= 0.5
    assert call("math.floor", number) <= number <= call("math.ceil", number)
    assert math.copysign(1, rounded) == math.copysign(1, number)


def operate(name: str, *values: Any) -> Any:
    overload = resolve(OPERATOR, name, tuple(map(type, values)), False)
    assert overload is not None
    return overload.run(*values)


def call(name: str, *values: Any) -> Any:
    overload = resolve(FUNCTION, name, tuple(map(type, values)), False)
    assert overload is not None
    return overload.run(*values)
