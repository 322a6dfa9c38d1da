"""Errors of the exact tier: which are absorbed, what they say and where they are. Nothing here was checked before."""

from __future__ import annotations

import pytest
from tests.expressions.cel_runs import failure, outcome

FAILS = "(1 / 0 == 0)"
SIDES = ["true", "false", FAILS, "7"]
CODES = {FAILS: "failed", "7": "conversion"}


@pytest.mark.parametrize("left", SIDES)
@pytest.mark.parametrize("right", SIDES)
def test_a_side_that_decides_absorbs_the_other(left: str, right: str) -> None:
    broken = next((CODES[each] for each in (left, right) if each in CODES), None)
    conjunction = False if "false" in (left, right) else broken or True
    assert outcome(f"{left} && {right}") == conjunction
    disjunction = True if "true" in (left, right) else broken or False
    assert outcome(f"{left} || {right}") == disjunction


@pytest.mark.parametrize("at", range(4))
def test_in_a_chain_any_side_may_decide(at: int) -> None:
    sides = [FAILS, "x", "f()", "null"]
    assert outcome(" || ".join([*sides[:at], "true", *sides[at:]])) is True
    assert outcome(" && ".join([*sides[:at], "false", *sides[at:]])) is False
    assert outcome(" || ".join([*sides[:at], "false", *sides[at:]])) == ("failed")


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("[1, 0, 2].exists(x, 4 / x == 2)", True),
        ("[0, 1].exists(x, 4 / x == 2)", "failed"),
        ("[1, 0, 2].all(x, 4 / x == 2)", False),
        ("[2, 0].all(x, 4 / x == 2)", "failed"),
        ("[1, 'a', 2].exists(x, x + 1 == 3)", True),
        ("[0, 'a'].exists(x, x)", "conversion"),
        ("[true, 'a'].exists(x, x)", True),
        ("['a', false].all(x, x)", False),
        ("{'a': 0, 'b': 2}.exists(k, v, 4 / v == 2)", True),
        ("[0, 2].all(i, v, 4 / v == 3)", False),
        ("[0, 2].exists_one(x, 4 / x == 2)", "failed"),
        ("[0, 2].existsOne(i, x, 4 / x == 2)", "failed"),
        ("[0, 2].map(x, 4 / x)", "failed"),
        ("[0, 2].filter(x, 4 / x == 2)", "failed"),
        ("[0, 2].map(x, 4 / x == 2, x)", "failed"),
        ("[1, 2].filter(x, x)", "conversion"),
        ("[0].transformList(i, v, 1 / v)", "failed"),
        ("true ? 1 : 1 / 0", 1),
        ("false ? 1 / 0 : 1", 1),
        ("1 / 0 == 1 ? 1 : 2", "failed"),
        ("'a' ? 1 : 2", "conversion"),
        ("!(1 / 0 == 1) || true", True),
        ("cel.bind(x, 1 / 0, true)", True),
        ("cel.bind(x, 1 / 0, x == 1)", "failed"),
        ("cel.bind(x, 1 / 0, x == 1 || true)", True),
        ("[1, 2].exists(y, cel.bind(x, y, x / 0 == 1) || y == 2)", True),
        ("[[1 / 0]].size() > 0 || true", True),
    ],
)
def test_what_absorbs_and_what_does_not(source: str, value: object) -> None:
    assert outcome(source) == value


BURNS = "lists.range(1000).all(x, lists.range(2000).all(y, true))"


@pytest.mark.parametrize(
    "source",
    [
        f"{BURNS} || true",
        f"true && {BURNS} || true",
        f"false || {BURNS} || true",
        f"[1, 2].exists(x, x == 2 || {BURNS})",
        f"[1, 2].all(x, {BURNS} && x == 1)",
        f"cel.bind(x, {BURNS}, true)",
        f"optional.of({BURNS}).orValue(true) || true",
    ],
)
def test_no_side_absorbs_that_the_budget_is_used_up(source: str) -> None:
    assert outcome(source) == "cost"


FAILURES = [
    ("1 + x", "failed", "`x` is not defined here", "x"),
    ("f(1) + 1", "failed", "there is no function `f`", "f"),
    ("'a'.shout()", "failed", "there is no function `.shout`", "shout"),
    ("1 + 'a'", "conversion", '`+` does not take the number 1 and the string "a"', "1 + 'a'"),
    ("-'a'", "conversion", '`-` does not take the string "a"', "-'a'"),
    ("!1", "conversion", "expected a bool, found the number 1", "1"),
    ("size(1)", "conversion", "`size` does not take the number 1", "size(1)"),
    ("[1][1]", "failed", "there is no element 1 in a list of 1", "[1][1]"),
    ("[1][0.5]", "conversion", "an element of a list is found by its number, not by the number 0.5", "[1][0.5]"),
    ("[1]['a']", "conversion", 'an element of a list is found by its number, not by the string "a"', "[1]['a']"),
    ("{'a': 1}.b", "failed", 'there is no key "b"', "{'a': 1}.b"),
    ("{'a': 1}[null]", "failed", "a value of a map is found by its key, not by null", "{'a': 1}[null]"),
    ("{1: 1}[1.5]", "failed", "there is no key 1.5", "{1: 1}[1.5]"),
    ("{1: 1}[true]", "failed", "there is no key true", "{1: 1}[true]"),
    ("1.a.b", "conversion", "expected an object, found the number 1", "1.a"),
    ("has(1.a)", "conversion", "expected an object, found the number 1", "1.a"),
    ("{null: 1}", "conversion", "the keys of a map are strings, whole numbers, true and false, not null", "null"),
    ("{1.5: 1}", "conversion", "the keys of a map are strings, whole numbers, true and false, not the", "1.5"),
    ("{1: 1, 1u: 2}", "failed", "the key 1 is given twice", "1u"),
    ("{'a': 1, 'a': 2}", "failed", 'the key "a" is given twice', "'a'"),
    ("1.map(x, x)", "conversion", "expected a list, found the number 1", "1.map(x, x)"),
    ("1.all(i, x, true)", "conversion", "expected a list or a map, found the number 1", "1.all(i, x, true)"),
    ("[1].optMap(x, x)", "conversion", "expected an optional, found a list of 1", "[1].optMap(x, x)"),
    ("optional.of(1).optFlatMap(x, x)", "conversion", "expected an optional, found the number 1", None),
    ("[?1]", "conversion", "expected an optional behind `?`, found the number 1", "1"),
    ("{?'a': 1}", "conversion", "expected an optional behind `?`, found the number 1", "1"),
    ("[1, 'a'].sortBy(x, x)", "conversion", "`sortBy` cannot order keys of different types", "x"),
    ("[[1]].sortBy(x, x)", "conversion", "`sortBy` cannot order by a list of 1", "x"),
    ("[1].transformMapEntry(i, v, v)", "conversion", "expected a map with an entry, found the number 1", "v"),
    ("[1, 1].transformMapEntry(i, v, {v: i})", "failed", "the key 1 is given twice", "{v: i}"),
    ("optional.none().value()", "failed", None, None),
]


@pytest.mark.parametrize(("source", "code", "message", "part"), FAILURES, ids=[each[0] for each in FAILURES])
def test_what_an_error_says_and_where(source: str, code: str, message: str | None, part: str | None) -> None:
    found = failure(source)
    assert found[0] == code
    assert message is None or found[1].startswith(message)
    assert part is None or found[2] == part
