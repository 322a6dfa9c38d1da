"""What plain CEL gives in the exact tier: optionals, macros, maps, types. Nothing here was checked before."""

from __future__ import annotations

from typing import Any

import pytest
from tests.expressions.cel_runs import run

from symphony_dsl.base.dynamic import ABSENT, BoolKey, Option, TypeValue, Uint
from symphony_dsl.base.equality import equal
from symphony_dsl.base.types import BOOL, INT, JSON, MapType
from symphony_dsl.expressions.cel import CelError, EvaluationError, cel_program

TRUE: list[str] = [
    "{}.?a == optional.none()",
    "{'a': 1}.?a == optional.of(1)",
    "{'a': null}.?a == optional.of(null)",
    "{'a': {'b': 1}}.?a.b == optional.of(1)",
    "{'a': {}}.?a.b == optional.none()",
    "{'a': {}}.?a.b.c.d == optional.none()",
    "[[1]][?0][0] == optional.of(1)",
    "[[1]][?0][1] == optional.none()",
    "[1][?5].orValue(7) == 7",
    "optional.of({'a': 1})['a'] == optional.of(1)",
    "optional.none().a == optional.none()",
    "optional.none()[0] == optional.none()",
    "has({'a': optional.none()}.a)",
    "!has({?'a': optional.none()}.a)",
    "has(optional.of({'a': 1}).a) && !has(optional.of({'a': 1}).b)",
    "!has({}.?a.b)",
    "has({'a': null}.a)",
    "optional.of(1).optMap(x, x + 1) == optional.of(2)",
    "optional.none().optMap(x, x / 0) == optional.none()",
    "optional.of(1).optFlatMap(x, optional.none()) == optional.none()",
    "optional.of(1).optMap(x, optional.of(x)) == optional.of(optional.of(1))",
    "[?optional.of(1), ?optional.none(), 3] == [1, 3]",
    "{?'a': optional.of(1), ?'b': optional.none()} == {'a': 1}",
    "{'a': 1}.?a ?? 5 == 1",
    "{}.?a ?? 5 == 5",
    "{}.a ?? 5 == 5",
    "{}.a.b['c'] ?? {}.d ?? 5 == 5",
    "null ?? 5 == 5",
    "[1, 2, 3].all(i, v, v == i + 1)",
    "{'a': 1, 'b': 2}.exists(k, v, k == 'b' && v == 2)",
    "{'a': 1, 'b': 1}.exists_one(k, v, v == 1) == false",
    "[5, 6].existsOne(i, v, i == 1)",
    "[1, 2, 3].map(x, x % 2 == 1, x * 2) == [2, 6]",
    "{'b': 1, 'a': 2}.map(k, k) == ['a', 'b']",
    "{'b': 1, 'a': 2}.filter(k, k > 'a') == ['b']",
    "{2: 'x', 1u: 'y', true: 'z', 'a': 'w'}.map(k, k) == [true, 1, 2, 'a']",
    "[10, 20].transformList(i, v, i + v) == [10, 21]",
    "[10, 20].transformList(i, v, i > 0, v) == [20]",
    "{'b': 2, 'a': 1}.transformList(k, v, k + string(v)) == ['a1', 'b2']",
    "['a', 'b'].transformMap(i, v, v + '!') == {0: 'a!', 1: 'b!'}",
    "{true: 1}.transformMap(k, v, v + 1) == {true: 2}",
    "{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v) == {'b': 2}",
    "{'a': 1, 'b': 2}.transformMapEntry(k, v, {v: k}) == {1: 'a', 2: 'b'}",
    "[1, 2].transformMapEntry(i, v, v > 1, {string(v): i}) == {'2': 1}",
    "[1].transformMapEntry(i, v, {}) == {}",
    "cel.bind(x, 2, cel.bind(y, x + 1, x * y)) == 6",
    "cel.bind(x, [1, 2], x.map(x, x + 1)) == [2, 3]",
    "[1, 2].map(x, [x].map(x, x + 1)) == [[2], [3]]",
    "[1, 2].reduce(a, x, 0, a + x) == 3",
    "['a', 'b', 'c'].groupBy(x, x < 'b' ? 'l' : 'r') == {'l': ['a'], 'r': ['b', 'c']}",
    "[3, 1u, 2.5].sortBy(x, x) == [1, 2.5, 3]",
    "[1, 2, 3].sortBy(x, x % 2 == 1) == [2, 1, 3]",
    "{1: 'a'}[1.0] == 'a' && {1u: 'a'}[1] == 'a' && {1: 'a'}[1u] == 'a'",
    "{true: 'a', 1: 'b'}[true] == 'a'",
    "[7, 8][1.0] == 8 && [7, 8][1u] == 8",
    "1u in {1: 2} && 1.0 in {1: 2} && !(1.5 in {1: 2})",
    "type(1) == int && type(1u) == uint && type(type(1)) == type",
    "type(optional.none()) == optional_type && type(null) == null_type",
    "type(timestamp(0)) == google.protobuf.Timestamp",
    "[1, 1.0, 1u] == [1u, 1, 1.0]",
    "[double('NaN')] != [double('NaN')]",
    "[int, string].exists(t, t == type('a'))",
    "{'google': 1}.exists(google, google == 'google')",
]


@pytest.mark.parametrize("source", TRUE)
def test_is_true(source: str) -> None:
    assert run(source) is True


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("5u", Uint(5)),
        ("{true: 1u, 'a': null}", {BoolKey.TRUE: Uint(1), "a": None}),
        ("optional.of([1])", Option(True, [1])),
        ("{}.?a", ABSENT),
        ("int", TypeValue("int")),
        ("[1, 2.0, 'a', b'a', null]", [1, 2.0, "a", b"a", None]),
    ],
)
def test_values_leave_as_cel_has_them(source: str, value: Any) -> None:
    made = run(source)
    assert equal(made, value)
    assert type(made) is type(value)


def test_a_name_hides_a_type() -> None:
    assert run("int + 1", {"int": INT}, {"int": 1}) == 2
    assert run("google.protobuf.Timestamp", {"google": JSON}, {"google": {"protobuf": {"Timestamp": 5}}}) == 5


def test_an_absolute_name_is_no_variable() -> None:
    assert run("[1].map(x, .x + x)", {"x": INT}, {"x": 10}) == [11]


def test_the_data_decide_what_is_called() -> None:
    source, names = "a + a", {"a": JSON}
    made = cel_program(source, names)
    assert [made.run({"a": each}) for each in (1, 1.5, "x", [1])] == [2, 3.0, "xx", [1, 1]]
    with pytest.raises(EvaluationError, match="`\\+` does not take true and true"):
        made.run({"a": True})


@pytest.mark.parametrize("source", ["a * 1.5", "double(a)", "a < 0.5", "a + 1", "-a", "'aa'.replace('a', 'b', a)"])
def test_numbers_longer_than_64_bits_in_data_fail_where_they_are_used(source: str) -> None:
    with pytest.raises(EvaluationError, match="64 bits") as caught:
        run(source, {"a": JSON}, {"a": 10**400})
    assert caught.value.code == "failed"


def test_a_binding_that_is_missing_is_named() -> None:
    with pytest.raises(EvaluationError, match="needs `a`") as caught:
        run("1", {"a": INT}, {})
    assert caught.value.code == "binding"


@pytest.mark.parametrize(
    ("source", "code", "part"), [("1 +", "WF0101", None), ("a + 'x'", "WF0304", None), ("b", "WF0201", "b")]
)
def test_what_is_no_program_is_refused(source: str, code: str, part: str | None) -> None:
    with pytest.raises(CelError) as caught:
        cel_program(source, {"a": INT})
    assert caught.value.code == code
    assert part is None or source[caught.value.span.start : caught.value.span.end] == part


def test_a_program_says_of_what_type_its_value_is() -> None:
    assert cel_program("{1: a > 1}", {"a": INT}).type == MapType(BOOL, INT)
    assert cel_program("{1: a > 1}", {"a": INT}, checked=False).type == JSON
