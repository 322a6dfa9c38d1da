"""Conversions, types as values and base64."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.expressions.calls import fails, holds

from symphony_dsl.base.conform import INT_MAX, INT_MIN
from symphony_dsl.base.dynamic import UINT_MAX, TypeValue, Uint
from symphony_dsl.base.times import SECOND, Duration, Timestamp
from symphony_dsl.expressions.functions.dispatch import resolve
from symphony_dsl.expressions.functions.signatures import FUNCTION, FunctionError

VALUES: list[tuple[str, Any]] = [
    ("int('-42') + int('+2') + int('007')", -33),
    ("int('9223372036854775807')", INT_MAX),
    ("int('-9223372036854775808')", INT_MIN),
    ("int(9223372036854775807u)", INT_MAX),
    ("int(-1.9)", -1),
    ("int(9223372036854774784.0)", 9223372036854774784),
    ("int(timestamp('1969-12-31T23:59:59.5Z'))", -1),
    ("uint('18446744073709551615')", Uint(UINT_MAX)),
    ("uint(7)", Uint(7)),
    ("uint(25.9)", Uint(25)),
    ("uint(18446744073709549568.0)", Uint(18446744073709549568)),
    ("uint(-0.0)", Uint(0)),
    ("double(9007199254740993)", 9007199254740992.0),
    ("double(18446744073709551615u)", 18446744073709551616.0),
    ("double('-1.5e3') + float('.5') + double('1.')", -1498.5),
    ("double('NaN')", math.nan),
    ("double('-Infinity')", -math.inf),
    ("double('+inf')", math.inf),
    ("double('1e-400')", 0.0),
    ("float(3)", 3.0),
    ("bool('t') && bool('1') && bool('TRUE') && bool(true)", True),
    ("bool('f') || bool('0') || bool('False')", False),
    ("string(-7) + string(7u) + string(true) + string('x')", "-77truex"),
    ("string(18446744073709551615u)", "18446744073709551615"),
    ("[1.0, 0.1, -4.5e-3, 1e100, 123456789.0, 1e-7].map(x, string(x))", ["1", "0.1", "-0.0045", "1e+100", "123456789", "1e-07"]),
    ("[0.0/0.0, 1.0/0.0, -1.0/0.0].map(x, string(x))", ["NaN", "Infinity", "-Infinity"]),
    ("string(b'\\303\\251')", "é"),
    ("bytes('é')", b"\xc3\xa9"),
    ("bytes(b'x')", b"x"),
    ("string(timestamp('2024-01-02T03:04:05.120+02:00'))", "2024-01-02T01:04:05.12Z"),
    ("string(duration('1h0.5s')) + string(duration('-1ns'))", "3600.5s-0.000000001s"),
    ("timestamp(1.0 > 0.5 ? 1 : 2)", Timestamp(SECOND)),
    ("timestamp('2024-01-02T03:04:05.123456789-08:00')", Timestamp.parse("2024-01-02T11:04:05.123456789Z")),
    ("timestamp(timestamp(5))", Timestamp(5 * SECOND)),
    ("[duration('1h30m'), duration('-1.5s'), duration('100ns'), duration('0')]", [
        Duration(5400 * SECOND), Duration(-1_500_000_000), Duration(100), Duration(0),
    ]),
    ("dyn(1u)", Uint(1)),
    ("[1, 1u, 1.0, true, '', b'', null, [], {}].map(x, string('%s'.format([type(x)])))", [
        "int", "uint", "double", "bool", "string", "bytes", "null_type", "list", "map",
    ]),
    ("type(timestamp(0))", TypeValue("google.protobuf.Timestamp")),
    ("type(duration('0'))", TypeValue("google.protobuf.Duration")),
    ("type(optional.none())", TypeValue("optional_type")),
    ("type(type(1))", TypeValue("type")),
    ("base64.encode(b'hello') + base64.encode(b'')", "aGVsbG8="),
    ("base64.decode('aGVsbG8=') + base64.decode('aGVsbG8') + base64.decode('')", b"hellohello"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_values(text: str, value: Any) -> None:
    holds(text, value)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("int('9223372036854775808')", "does not fit into an int"),
        ("int(9223372036854775808u)", "does not fit into an int"),
        ("int(9223372036854775808.0)", "does not fit into an int"),
        ("int(-9223372036854775808.0)", "does not fit into an int"),
        ("int(0.0/0.0)", "NaN does not fit"),
        ("int(1.0/0.0)", "Infinity does not fit"),
        ("int('')", "is no whole number"),
        ("int(' 1')", "is no whole number"),
        ("int('1.0')", "is no whole number"),
        ("int('0x1f')", "is no whole number"),
        ("int('1_0')", "is no whole number"),
        ("int('\u0661')", "is no whole number"),
        (f"int('{'1' * 5_000}')", "is no whole number"),
        ("uint('-1')", "is no whole number without a sign"),
        ("uint('+1')", "is no whole number without a sign"),
        ("uint('18446744073709551616')", "does not fit into a uint"),
        ("uint(-1)", "does not fit into a uint"),
        ("uint(-0.5)", "does not fit into a uint"),
        ("uint(18446744073709551616.0)", "does not fit into a uint"),
        ("double('1e400')", "larger than any float"),
        (f"double('{'9' * 350}.')", "larger than any float"),
        ("double('1.5x')", "is no number"),
        ("double(' 1')", "is no number"),
        ("double('')", "is no number"),
        ("bool('yes')", "neither true nor false"),
        ("bool('TrUe')", "neither true nor false"),
        ("string(b'\\377')", "not UTF-8"),
        ("timestamp('2024-01-02')", "is no timestamp"),
        ("timestamp('2024-13-02T00:00:00Z')", "is no timestamp"),
        ("timestamp(253402300800)", "between the years 1 and 9999"),
        ("timestamp(-62135596801)", "between the years 1 and 9999"),
        ("duration('1')", "is no duration"),
        ("duration('1h-1m')", "is no duration"),
        ("duration('9223372037s')", "no longer than 292 years"),
        ("base64.decode('a')", "is no base64"),
        ("base64.decode('aGV-bG8')", "is no base64"),
        ("base64.decode('aGVs bG8')", "is no base64"),
    ],
)
def test_failures(text: str, part: str) -> None:
    fails(text, part)


@pytest.mark.parametrize(
    "text",
    ["int(true)", "int(null)", "uint(true)", "double(true)", "bool(1)", "string(null)", "string([])", "bytes(1)",
     "timestamp(1.0)", "duration(1)", "type()", "base64.encode('a')", "base64.decode(b'a')"],
)  # fmt: skip
def test_what_has_no_signature(text: str) -> None:
    fails(text, "does not take", "conversion")


@pytest.mark.parametrize("number", [2**64, -(10**400)])
def test_a_number_of_data_that_is_too_long_has_no_text(number: int) -> None:
    with pytest.raises(FunctionError, match="longer than 64 bits"):
        call("string", number)


@given(st.floats())
def test_a_float_comes_back_from_its_text(number: float) -> None:
    assert repr(call("double", call("string", number))) == repr(number)


@given(st.floats(allow_nan=False))
def test_whole_parts_of_floats_are_exact_or_refused(number: float) -> None:
    if abs(number) < 2.0**63:
        assert call("int", number) == math.trunc(number)
    if 0 <= number < 2.0**64:
        assert call("uint", number) == math.trunc(number)


@given(st.binary(max_size=20))
def test_bytes_come_back_from_base64(data: bytes) -> None:
    text = call("base64.encode", data)
    assert call("base64.decode", text) == data
    assert call("base64.decode", text.rstrip("=")) == data


def call(name: str, *values: Any) -> Any:
    overload = resolve(FUNCTION, name, tuple(map(type, values)), False)
    assert overload is not None
    return overload.run(*values)
