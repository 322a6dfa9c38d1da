"""Lists, maps, sets and optionals."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.expressions.calls import fails, holds

from symphony_dsl.base.dynamic import ABSENT, Option, Uint, as_key
from symphony_dsl.base.equality import equal
from symphony_dsl.base.times import SECOND, Duration, Timestamp
from symphony_dsl.expressions.functions.dispatch import resolve
from symphony_dsl.expressions.functions.fingerprints import fingerprint
from symphony_dsl.expressions.functions.signatures import FUNCTION, METHOD, OPERATOR, FunctionError
from symphony_dsl.expressions.functions.table import TABLE

VALUES: list[tuple[str, Any]] = [
    ("1 in [2, 1.0] && 1u in [1] && !(true in [1]) && !(1 in [true])", True),
    ("[1] in [[1.0]] && {'a': 1} in [{'a': 1u}] && null in [null]", True),
    ("0.0/0.0 in [0.0/0.0]", False),
    ("1 in {1u: 'a'} && 1.0 in {1: 'a'} && 'a' in {'a': 1}", True),
    ("true in {1: 'a'} || 1.5 in {1: 'a'} || null in {'a': 1} || [1] in {1: 1}", False),
    ("[1, 'a'] + [2.5] + []", [1, "a", 2.5]),
    ("size([1, 2]) + [].size() + size({1: 2}) + {}.size()", 3),
    ("[1, 2, 3].sum()", 6),
    ("[1u, 2u].sum()", Uint(3)),
    ("[1, 2.5, 3u].sum()", 6.5),
    ("[9223372036854775807, 1, -1].sum()", 2**63 - 1),
    ("[duration('1s'), duration('1m')].sum()", Duration(61 * SECOND)),
    ("[].sum()", 0),
    ("[1, 2].avg()", 1.5),
    ("[1u, 2.0, 6].avg()", 3.0),
    ("[3, 1.5, 2u].min()", 1.5),
    ("[1, 3u, 3.0].max()", Uint(3)),
    ("['b', 'a'].min() + ['b', 'a'].max()", "ab"),
    ("[timestamp(2), timestamp(1)].min()", Timestamp(SECOND)),
    ("[true, false].max()", True),
    ("[3, 1u, 2.5].sort()", [Uint(1), 2.5, 3]),
    ("['b', 'Z', 'é', 'a'].sort()", ["Z", "a", "b", "é"]),
    ("[b'b', b'\\377', b'a'].sort()", [b"a", b"b", b"\xff"]),
    ("[].sort()", []),
    ("[1, [2, [3]], []].flatten()", [1, 2, [3]]),
    ("[1, [2, [3, [4]]]].flatten(2)", [1, 2, 3, [4]]),
    ("[[1], [[2]]].flatten(0)", [[1], [[2]]],),
    ("[[[1]]].flatten(9223372036854775807)", [1]),
    ("[[], [[]]].flatten()", [[]]),
    ("[1, 1u, 1.0, true, '1', [1], [1.0], {'a': 1}, {'a': 1u}, null, null].distinct()",
     [1, True, "1", [1], {"a": 1}, None]),
    ("[0.0/0.0, 0.0/0.0].distinct()", [math.nan, math.nan]),
    ("[optional.of(1), optional.none(), optional.of(1.0), optional.none()].distinct()", [Option(True, 1), ABSENT]),
    ("[1, 2, 3].reverse()", [3, 2, 1]),
    ("[1, 2, 3, 4].slice(1, 3)", [2, 3]),
    ("[1].slice(1, 1)", []),
    ("[1, 2].first()", Option(True, 1)),
    ("[1, null].last()", Option(True, None)),
    ("[].first()", ABSENT),
    ("[].last().orValue('test')", "test"),
    ("lists.range(3) + lists.range(0) + lists.range(-5)", [0, 1, 2]),
    ("sets.contains([], []) && sets.contains([1, 2.0, 3u], [1.0, 2u]) && sets.contains([[1]], [[1.0], [1u]])", True),
    ("sets.contains([], [1]) || sets.contains([1], [true]) || sets.contains([0.0/0.0], [0.0/0.0])", False),
    ("sets.equivalent([1], [1, 1u]) && sets.equivalent([], []) && sets.equivalent([1, 2, 3], [3u, 2.0, 1])", True),
    ("sets.equivalent([1, 2], [1]) || sets.equivalent([1], [1, 2])", False),
    ("sets.intersects([[1], [2, 3]], [[1, 2], [2, 3.0]])", True),
    ("sets.intersects([], [1]) || sets.intersects([1], ['1'])", False),
    ("optional.of(null)", Option(True, None)),
    ("optional.of(1).value()", 1),
    ("optional.of(1).orValue(2) + optional.none().orValue(3)", 4),
    ("optional.none().or(optional.of(1)).or(optional.of(2))", Option(True, 1)),
    ("optional.none().or(optional.none()).hasValue()", False),
    ("[null, false, 0, 0u, 0.0, '', b'', [], {}, duration('0'), timestamp(0)].all(x, !optional.ofNonZeroValue(x).hasValue())", True),
    ("[true, -1, 1u, 0.1, 'a', b'a', [0], {'': 0}, timestamp(1), type(0), optional.none()].all(x, optional.ofNonZeroValue(x).hasValue())", True),
    ("optional.unwrap([optional.of(1), optional.none()])", [1]),
    ("[optional.none(), optional.of(null)].unwrapOpt()", [None]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_values(text: str, value: Any) -> None:
    holds(text, value)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[9223372036854775807, 1].sum()", "does not fit into an int"),
        ("[18446744073709551615u, 1u].sum()", "does not fit into a uint"),
        ("[1, 1u].sum()", "cannot be added"),
        ("['a', 'b'].sum()", "cannot be added"),
        ("[1, duration('1s')].sum()", "cannot be added"),
        ("[true].sum()", "cannot be added"),
        ("[duration('9223372036s'), duration('9223372036s')].sum()", "no longer than 292 years"),
        ("[].avg()", "the list is empty"),
        ("['a'].avg()", "not all elements"),
        ("[].min()", "the list is empty"),
        ("[1, 'a'].max()", "have no common order"),
        ("[true, 1].min()", "have no common order"),
        ("[[1], [2]].sort()", "have no common order"),
        ("[null].sort()", "have no common order"),
        ("[1, 0.0/0.0].sort()", "NaN is neither"),
        ("[1].flatten(-1)", "not by -1"),
        ("[1, 2].slice(-1, 1)", "the range -1 to 1"),
        ("[1, 2].slice(1, 3)", "the range 1 to 3 does not lie in a list of 2"),
        ("[1, 2].slice(2, 1)", "the range 2 to 1"),
        ("optional.none().value()", "there is no value"),
        ("optional.unwrap([1])", "not all elements of the list are optionals"),
        ("[optional.of(1), 1].unwrapOpt()", "not all elements of the list are optionals"),
    ],
)
def test_failures(text: str, part: str) -> None:
    fails(text, part)


@pytest.mark.parametrize(
    "text",
    ["1 in 1", "'a' in 'abc'", "[1] + 1", "size(1)", "{}.sum()", "[1].slice(0)", "lists.range(1u)", "sets.contains(1, [1])",
     "optional.none(1)", "1.hasValue()", "optional.none().or(1)"],
)  # fmt: skip
def test_what_has_no_signature(text: str) -> None:
    fails(text, "does not take", "conversion")


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(0, 3).map(Uint),
    st.sampled_from([0.0, -0.0, 1.0, 1.5, math.inf, math.nan]),
    st.text("ab;:(1", max_size=3),
    st.binary(max_size=2),
    st.sampled_from([Timestamp(1), Duration(1)]),
)
KEYS = st.one_of(st.booleans(), st.integers(0, 2), st.text("ab", max_size=1)).map(as_key)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(KEYS, inner, max_size=3),
        inner.map(lambda value: Option(True, value)),
    ),
    max_leaves=5,
)


@given(ANYTHING, ANYTHING)
def test_keys_are_equal_for_equal_values_alone(one: Any, other: Any) -> None:
    assert (fingerprint(one) == fingerprint(other)) is equal(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["ab"], ["a", "b"]),
        (["s1:b"], ["s1:b", ""]),
        ([[1], 2], [[1, 2]]),
        ([["1;"]], [[1]]),
        ([None], ["None"]),
        ([True], ["True"]),
        ([b"a"], ["a"]),
        ([{"a": 1, "b": 2}], [{"a": 2, "b": 1}]),
        ([{}], [[]]),
        ([ABSENT], [None]),
        ([Option(True, ABSENT)], [ABSENT]),
    ],
)
def test_keys_of_unequal_values_differ(one: Any, other: Any) -> None:
    assert fingerprint(one) != fingerprint(other)


@given(st.lists(ANYTHING, max_size=6), st.lists(ANYTHING, max_size=6))
def test_sets_are_those_of_pairwise_comparison(one: list[Any], other: list[Any]) -> None:
    def among(value: Any, values: list[Any]) -> bool:
        return any(equal(value, each) for each in values)

    assert call(FUNCTION, "sets.contains", one, other) is all(among(each, one) for each in other)
    assert call(FUNCTION, "sets.intersects", one, other) is any(among(each, one) for each in other)
    assert call(OPERATOR, "in", one, other) is among(one, other)
    distinct: list[Any] = []
    for each in one:
        distinct += [] if among(each, distinct) else [each]
    assert repr(call(METHOD, "distinct", one)) == repr(distinct)


METHODS_OF_LISTS = sorted(
    {name for style, name in TABLE if style == METHOD and resolve(METHOD, name, (list,), False) is not None}
)


@given(st.lists(ANYTHING, max_size=6))
def test_no_list_stops_a_method_otherwise_than_by_its_own_words(values: list[Any]) -> None:
    for name in METHODS_OF_LISTS:
        with suppress(FunctionError):
            call(METHOD, name, values)


def test_deep_values_are_gone_through_without_recursion() -> None:
    deep: Any = 1
    for _ in range(50_000):
        deep = [deep]
    assert call(METHOD, "flatten", [deep], 60_000) == [1]
    assert len(call(METHOD, "distinct", [deep, deep])) == 1


def test_a_range_is_paid_for_before_it_is_made() -> None:
    fails("lists.range(1000000000)", "more than 1,000,000 elements", "cost")


def call(style: str, name: str, *values: Any) -> Any:
    overload = resolve(style, name, tuple(map(type, values)), False)
    assert overload is not None
    return overload.run(*values)
