"""Strings, bytes and `format`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.expressions.calls import fails, holds

from symphony_dsl.base.dynamic import ABSENT
from symphony_dsl.expressions.functions.dispatch import resolve
from symphony_dsl.expressions.functions.signatures import METHOD, FunctionError
from symphony_dsl.expressions.meter import MAX_CHARACTERS

VALUES: list[tuple[str, Any]] = [
    ("'a' + 'b'", "ab"),
    ("b'a' + b'\\377'", b"a\xff"),
    ("size('πέντε') + '😀'.size() + size(b'é') + b'ab'.size()", 10),
    ("'abc'.contains('') && 'abc'.contains('bc') && !'abc'.contains('cb')", True),
    ("'abc'.startsWith('ab') && 'abc'.endsWith('')", True),
    ("'TacoCÆt ß'.lowerAscii()", "tacocÆt ß"),
    ("'tacocæt ß'.upperAscii()", "TACOCæT ß"),
    ("' \\f\\n\\r\\t\\v\\u0085\\u00a0\\u2028x\\u3000'.trim()", "x"),
    ("'\\u200bx\\u001c'.trim()", "\u200bx\x1c"),
    ("'a,b,c'.split(',')", ["a", "b", "c"]),
    ("'a,b,c'.split(',', 2)", ["a", "b,c"]),
    ("'a,b,c'.split(',', 0)", []),
    ("'a,b,c'.split(',', 1)", ["a,b,c"]),
    ("'a,b,c'.split(',', -5)", ["a", "b", "c"]),
    ("''.split(',')", [""]),
    ("''.split('')", []),
    ("''.split('', 3)", []),
    ("'aé😀'.split('')", ["a", "é", "😀"]),
    ("'abc'.split('', 2)", ["a", "bc"]),
    ("'abc'.split('', 9)", ["a", "b", "c"]),
    ("'aaa'.replace('a', 'bb')", "bbbbbb"),
    ("'aaa'.replace('a', 'b', 2)", "bba"),
    ("'aaa'.replace('a', 'b', 0)", "aaa"),
    ("'aaa'.replace('a', 'b', -1)", "bbb"),
    ("'ab'.replace('', '-')", "-a-b-"),
    ("'ab'.replace('', '-', 2)", "-a-b"),
    ("'tacocat'.substring(4)", "cat"),
    ("'tacocat'.substring(7)", ""),
    ("'tacocat'.substring(0, 4)", "taco"),
    ("'©λT'.charAt(1)", "λ"),
    ("'abc'.charAt(3)", ""),
    ("'tacocat'.indexOf('ac')", 1),
    ("'tacocat'.indexOf('')", 0),
    ("'tacocat'.indexOf('', 3)", 3),
    ("'tacocat'.indexOf('a', 3)", 5),
    ("'tacocat'.indexOf('t', 7)", -1),
    ("'tacocat'.indexOf('zebra')", -1),
    ("'tacocat'.lastIndexOf('a')", 5),
    ("'tacocat'.lastIndexOf('')", 7),
    ("'tacocat'.lastIndexOf('', 3)", 3),
    ("'tacocat'.lastIndexOf('at', 5)", 5),
    ("'tacocat'.lastIndexOf('at', 4)", -1),
    ("'ab'.lastIndexOf('abc')", -1),
    ("'aXaaaaa'.lastIndexOf('aXa')", 0),
    ("'aé😀'.reverse()", "😀éa"),
    ("['a', 'b'].join() + ['a', 'b'].join('-') + [].join('-')", "aba-b"),
    ("strings.quote('a\\\"\\\\\\n\\u0007')", '"a\\"\\\\\\n\\a"'),
]

FORMATTED: list[tuple[str, str]] = [
    ("''.format([])", ""),
    ("'%d%%|%s'.format([5, 'x'])", "5%|x"),
    ("'%s'.format(['%d'])", "%d"),
    ("'{0} %s {1}'.format(['x'])", "{0} x {1}"),
    ("'%d %d %d'.format([-7, 18446744073709551615u, 1e22])", "-7 18446744073709551615 10000000000000000000000"),
    ("'%d'.format([1.5])", "1.5"),
    ("'%f %f %f'.format([1, 2u, 3.25])", "1.000000 2.000000 3.250000"),
    ("'%.0f %.1f %.3f'.format([2.5, 0.25, 1.0005])", "2 0.2 1.000"),
    ("'%e %.1e %e'.format([0.0, 12345, -1e-100])", "0.000000e+00 1.2e+04 -1.000000e-100"),
    ("'%f %e %d %s'.format([1.0/0.0, -1.0/0.0, 0.0/0.0, 0.0/0.0])", "Infinity -Infinity NaN NaN"),
    ("'%b %b %b %b'.format([5, -5, 5u, false])", "101 -101 101 0"),
    ("'%o %o %o'.format([64, -8, 8u])", "100 -10 10"),
    ("'%x %X %x %X %x'.format([255, -255, 171u, 'é', b'\\377'])", "ff -FF ab C3A9 ff"),
    ("'%s %s %s %s'.format([null, true, 1u, b'bytes'])", "null true 1 bytes"),
    ("'%s %s'.format([1.0, 1e-7])", "1 0.0000001"),
    ("'%s'.format([1e21])", "1000000000000000000000"),
    ("'%s %s'.format([duration('1h30m'), timestamp('2024-01-02T03:04:05.5Z')])", "5400s 2024-01-02T03:04:05.5Z"),
    ("'%s %s %s'.format([type(1), type([]), type(timestamp(0))])", "int list google.protobuf.Timestamp"),
    ("'%s'.format([[1, [], ['a', {}], null]])", "[1, [], [a, {}], null]"),
    ("'%s'.format([{'b': [1], 'a': {true: 1u}, 10: 2, 9: 3}])", "{10: 2, 9: 3, a: {true: 1}, b: [1]}"),
    ("'%.3d|%.3s'.format([1, 'abcdef'])", "1|abcdef"),
    ("'%s'.format(['left', 'over'])", "left"),
]


@pytest.mark.parametrize(("text", "value"), [*VALUES, *FORMATTED])
def test_values(text: str, value: Any) -> None:
    holds(text, value)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("'abc'.charAt(4)", "there is no character 4 in a string of 3"),
        ("'abc'.charAt(-1)", "there is no character -1"),
        ("'abc'.indexOf('a', 4)", "there is no character 4"),
        ("'abc'.lastIndexOf('a', -1)", "there is no character -1"),
        ("'abc'.substring(2, 1)", "the range 2 to 1"),
        ("'abc'.substring(4)", "the range 4 to 3"),
        ("'abc'.substring(-1)", "the range -1 to 3"),
        ("'abc'.substring(0, 4)", "the range 0 to 4"),
        ("['a', 1].join()", "only strings are joined"),
        ("'%s'.format([])", "more places than the list has values, which are 0"),
        ("'%s %s'.format([1])", "which are 1"),
        ("'%'.format([1])", "there is no `%`"),
        ("'%.'.format([1])", "there is no `%.`"),
        ("'%.2'.format([1])", "there is no `%`"),
        ("'%5d'.format([1])", "there is no `%5`"),
        ("'%-d'.format([1])", "there is no `%-`"),
        ("'%F'.format([1.0])", "there is no `%F`; there are `%s`, `%d`"),
        ("'%n'.format([1])", "there is no `%n`"),
        ("'%d'.format(['1'])", '`%d` does not write the string "1"'),
        ("'%d'.format([true])", "`%d` does not write true"),
        ("'%f'.format([null])", "`%f` does not write null"),
        ("'%e'.format([[1]])", "`%e` does not write a list"),
        ("'%b'.format([1.0])", "`%b` does not write the number 1.0"),
        ("'%o'.format(['8'])", "`%o` does not write"),
        ("'%x'.format([1.5])", "`%x` does not write"),
        ("'%X'.format([{}])", "`%x` does not write"),
        ("'%s'.format([optional.of(1)])", "`%s` does not write"),
        ("'%s'.format([[{'a': optional.none()}]])", "`%s` does not write"),
        ("'%s'.format([b'\\377'])", "not UTF-8"),
        ("'%.1001f'.format([1.0])", "no more than 1,000 digits"),
        ("'%.99999999999999999999f'.format([1.0])", "no more than 1,000 digits"),
    ],
)
def test_failures(text: str, part: str) -> None:
    fails(text, part)


@pytest.mark.parametrize(
    "text",
    ["'a' + 1", "'a' + b'a'", "1.charAt(0)", "'a'.charAt('0')", "'a'.split()", "'a'.format('a')", "'a'.trim(' ')"],
)
def test_what_has_no_signature(text: str) -> None:
    fails(text, "does not take", "conversion")


TEXT = st.text("ab😀", max_size=12)


@given(TEXT, st.text("ab😀", max_size=3), st.integers(0, 12))
def test_places_are_found_as_python_finds_them(text: str, part: str, at: int) -> None:
    at = min(at, len(text))
    assert method("indexOf", text, part) == text.find(part)
    assert method("lastIndexOf", text, part) == text.rfind(part)
    assert method("lastIndexOf", text, part, at) == text.rfind(part, 0, at + len(part))


@given(TEXT, st.text("ab😀", max_size=2), st.integers(-2, 6))
def test_what_was_split_is_joined_again(text: str, separator: str, limit: int) -> None:
    parts = method("split", text, separator, limit)
    assert limit < 0 or len(parts) <= limit
    assert limit == 0 or method("join", parts, separator) == text


@given(st.integers(-(2**63), 2**63 - 1))
def test_whole_numbers_are_written_in_any_base(number: int) -> None:
    for verb, base in (("%d", 10), ("%b", 2), ("%o", 8), ("%x", 16), ("%X", 16)):
        assert int(method("format", verb, [number]), base) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_written_so_that_they_are_read_back(number: float) -> None:
    for verb in ("%s", "%d", "%.16e"):
        assert float(method("format", verb, [number])) == number
    assert "e" not in method("format", "%s%d", [number, number])


def test_a_text_with_shared_parts_is_not_written_without_end() -> None:
    doubled: Any = ["x" * 100]
    for _ in range(60):
        doubled = [doubled, doubled]
    overload = resolve(METHOD, "format", (str, list), False)
    assert overload is not None
    assert overload.effort is not None
    assert overload.effort("%s", [doubled]) > MAX_CHARACTERS
    with pytest.raises(FunctionError, match="more than 10,000,000 characters"):
        overload.run("%s" * 11, ["x" * 1_000_000] * 11)


def test_a_deep_value_is_written_without_recursion() -> None:
    deep: Any = 1
    for _ in range(50_000):
        deep = [deep]
    assert method("format", "%s", [deep]) == "[" * 50_000 + "1" + "]" * 50_000


def test_an_absent_value_is_not_written() -> None:
    with pytest.raises(FunctionError):
        method("format", "%s", [ABSENT])


def method(name: str, *values: Any) -> Any:
    overload = resolve(METHOD, name, tuple(map(type, values)), False)
    assert overload is not None
    return overload.run(*values)
