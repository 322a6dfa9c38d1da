"""Regular expressions: what they find, and that finding is paid for however they are written."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.expressions.calls import fails, holds

from symphony_dsl.base.dynamic import ABSENT, Option
from symphony_dsl.expressions.functions.dispatch import resolve
from symphony_dsl.expressions.functions.signatures import FUNCTION
from symphony_dsl.expressions.meter import BUDGET, MAX_CHARACTERS, UNIT

VALUES: list[tuple[str, Any]] = [
    ("'banana'.matches('an+a') && matches('a\\nb', '^a$|b') && !'a'.matches('^$')", True),
    ("'é😀'.matches('^.{2}$')", True),
    ("regex.extract('hello world', 'hello(.*)')", Option(True, " world")),
    ("regex.extract('item-é, item-B', 'item-(.)')", Option(True, "é")),
    ("regex.extract('HELLO', 'hello')", ABSENT),
    ("regex.extract('ab', 'a(x?)b')", ABSENT),
    ("regex.extract('ab', 'a(x)?b')", ABSENT),
    ("regex.extract('ab', 'x*')", Option(True, "")),
    ("regex.extractAll('id:123, id:456', 'id:\\\\d+')", ["id:123", "id:456"]),
    ("regex.extractAll('id:123, id:, id:é', 'id:(.?),?')", ["1", ",", "é"]),
    ("regex.extractAll('', 'a')", []),
    ("regex.extractAll('baac', 'a*')", ["", "aa", ""]),
    ("regex.extractAll('éa', 'x*')", ["", "", ""]),
    ("regex.extractAll('aab', '^a')", ["a"]),
    ("regex.extractAll('a b', '\\\\b')", ["", "", "", ""]),
    ("regex.replace('banana', 'a', 'x', 0)", "banana"),
    ("regex.replace('banana', 'a', 'x', 2)", "bxnxna"),
    ("regex.replace('banana', 'a', 'x', -12)", "bxnxnx"),
    ("regex.replace('foo bar', '(fo)o (ba)r', '\\\\2 \\\\1')", "ba fo"),
    ("regex.replace('aé', '(a)|(é)', '[\\\\0\\\\1\\\\2\\\\\\\\]')", "[aa\\][éé\\]"),
    ("regex.replace('ab', '', '-')", "-a-b-"),
    ("regex.replace('ab', 'b*', '-')", "-a-"),
    ("regex.replace('a.b', '[.]', '$1')", "a$1b"),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_values(text: str, value: Any) -> None:
    holds(text, value)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("'a'.matches('(')", "`(` is no regular expression"),
        ("'a'.matches('(?=a)')", "is no regular expression"),
        ("'a'.matches('((a{100}){100}){100}')", "is no regular expression"),
        ("regex.extract('a', '(')", "is no regular expression"),
        ("regex.extract('a', '(a)(b)')", "has 2 groups"),
        ("regex.extractAll('a', '(.*)@([^.]*)')", "has 2 groups"),
        ("regex.replace('a', '(', 'x')", "is no regular expression"),
        ("regex.replace('a', 'a', '\\\\1')", "takes the group 1, and the pattern has 0"),
        ("regex.replace('a', 'a', 'x\\\\')", "behind a backslash"),
        ("regex.replace('b', 'a', '\\\\x')", "behind a backslash"),
    ],
)
def test_failures(text: str, part: str) -> None:
    fails(text, part)


def test_a_pattern_has_a_greatest_length() -> None:
    fails(f"'a'.matches('{'a' * 2_001}')", "more than 2,000 characters")


PATTERNS = ["a", "a*", "b|ab", "(?:ab)+", "[^a]", "a?b?", "$", "^", "aa|a"]


@given(st.text("abé", max_size=8), st.sampled_from(PATTERNS))
def test_all_matches_are_those_that_go_finds(text: str, pattern: str) -> None:
    """As Python finds them, but for empty matches directly behind another match."""
    end, expected = -1, []
    for found in re.finditer(pattern, text):
        if found.end() > found.start() or found.start() != end:
            expected.append(found[0])
        end = found.end()
    assert call("regex.extractAll", text, pattern) == expected
    assert call("regex.replace", text, pattern, "\\0") == text


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("regex.extractAll", ("a" * 100_000, "a+b|a")),
        ("regex.replace", ("a" * 100_000, "a+b|a", "x")),
    ],
)
def test_looking_ahead_again_and_again_is_paid_for(name: str, arguments: tuple[str, ...]) -> None:
    assert effort(name, *arguments) > BUDGET


def test_a_large_pattern_is_paid_for() -> None:
    small = effort("matches", "x" * 10_000, "x")
    assert effort("matches", "x" * 10_000, "(a|b)*a(a|b){500}") > 90 * small
    assert effort("matches", "x" * 10_000, "[\\pL ]+") < 2 * small
    assert effort("matches", "x" * 10_000, "\\x{1F600}+") < 2 * small


def test_a_pattern_that_is_none_is_paid_for() -> None:
    assert effort("matches", "", "(\\pL{30}){30}") > BUDGET // 20 * UNIT
    assert effort("regex.replace", "", "(", "") > BUDGET // 20 * UNIT


def test_what_a_replacement_makes_is_paid_for() -> None:
    assert effort("regex.replace", "a" * 1_000, "a", "x" * 20_000) > MAX_CHARACTERS
    assert effort("regex.replace", "a" * 10_000, "(?s)(.*)", "\\1" * 2_000) > MAX_CHARACTERS


def effort(name: str, *values: str) -> int:
    overload = resolve(FUNCTION, name, (str,) * len(values), False)
    assert overload is not None
    assert overload.effort is not None
    return overload.effort(*values)


def call(name: str, *values: Any) -> Any:
    overload = resolve(FUNCTION, name, tuple(map(type, values)), False)
    assert overload is not None
    return overload.run(*values)
