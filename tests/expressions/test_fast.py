"""The fast tier beside the exact one: the same value at the same price, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.expressions.typed_expressions import DATA, KINDS, NAMES, expressions

from symphony_dsl.base.conform import ConversionError
from symphony_dsl.base.diagnostic import Reporter, Severity
from symphony_dsl.base.types import BOOL, FLOAT, INT, JSON, STRING, ListType, OptionalType, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker.check import Checked, check
from symphony_dsl.expressions.conversions import leaving
from symphony_dsl.expressions.exact.evaluation import evaluation
from symphony_dsl.expressions.fast.generate import counting
from symphony_dsl.expressions.meter import BUDGET, EvaluationError, Meter
from symphony_dsl.expressions.parser import parse_expression
from symphony_dsl.expressions.program import program
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Expr

LEFT = "left to the exact tier"
Found = tuple[Value, Any]
"""A value and its price."""


def read(source: str, names: Mapping[str, Type], result: Type) -> tuple[Expr, Checked] | None:
    """A tree with its types; None where it has none."""
    tree = parse_expression(source)
    reporter = Reporter("", 0, [])
    checked = check(tree, Scope(names), reporter, result)
    return None if any(each.severity is Severity.ERROR for each in reporter.found) else (tree, checked)


def fast(tree: Expr, checked: Checked, env: dict[str, Any], names: Mapping[str, Type], result: Type) -> Found | None:
    """LEFT where the function gives up, None where there is no function."""
    function = counting(tree, checked, names, result, lambda env: (LEFT, 0))
    return function(env) if function else None


def exact(tree: Expr, checked: Checked, env: dict[str, Any], names: Mapping[str, Type], result: Type) -> Found:
    meter = Meter()
    try:
        value = evaluation(tree, checked, tuple(names))(meter, [env.get(name) for name in names])
        return leaving(checked.type, result)(Meter(), value, ""), BUDGET - meter.left
    except (EvaluationError, ConversionError) as problem:
        return "failed", str(problem)


@settings(max_examples=100)
@given(st.data())
def test_both_tiers_give_the_same_value_at_the_same_price(data: st.DataObject) -> None:
    of = data.draw(st.sampled_from(list(KINDS.values())))
    ready = read(data.draw(expressions(of)), NAMES, of)
    env = data.draw(DATA)
    if ready is None:
        return  # literals that are bound to fail, such as `int('abc')`
    found = fast(*ready, env, NAMES, of)
    if found is not None and found[0] is not LEFT:
        assert repr(found) == repr(exact(*ready, env, NAMES, of))


HIT = {"score": 1.5, "text": "one", "rank": 3, "meta": None}
ENV: dict[str, Any] = {
    "n": 7,
    "m": -2,
    "f": 2.5,
    "g": 0.0,
    "s": "hello",
    "t": "t" * 40,
    "b": True,
    "os": None,
    "hit": {**HIT, "url": "http://one"},
    "best": {**HIT, "url": None},
    "hits": [HIT, {**HIT, "score": 0.0, "text": "two"}],
    "xs": [3, 1, 2],
    "fs": [0.5, 1.0],
    "words": ["b", "a", "b"],
    "counts": {"b": 2, "a": 1},
    "j": {"a": {"b": 41}, "yes": True, "score": 0.75, "items": [3, 1], "label": "x" * 40, "none": None},
    "at": None,
    "d": None,
}


@pytest.mark.parametrize(
    ("source", "of", "value"),
    [
        ("n + m * 3", INT, 1),
        ("m / 2 - m % 3 + n / 2 - n % 4", INT, 1),
        ("9223372036854775807 + m", INT, 2**63 - 3),
        ("n / 2.0", FLOAT, 3.5),
        ("[1, f].sum()", FLOAT, 3.5),
        ("b ? n : f", FLOAT, 7.0),
        ("has(hit.url) && !has(best.url) && !has(os)", BOOL, True),
        ('os ?? best.?url ?? "none"', STRING, "none"),
        ('[?hit.url][0] + "/"', STRING, "http://one/"),
        ("j.score > 0.5 && j.score != 1 && j.yes", BOOL, True),
        ("j.none == null && j.a != null", BOOL, True),
        ("has(j.none) || has(j.a.b.c) || has(j.score.x)", BOOL, False),
        ("j.a.c ?? j.a.b", JSON, 41),
        ('j.label in ["a", "b"]', BOOL, False),
        ("j.items.exists(x, x == 3) && !j.items.exists(x, x == true)", BOOL, True),
        ("t == j.label", BOOL, False),
        ("t == t + s", BOOL, False),
        ("hits.filter(h, h.score > 1.0).map(h, h.text)", ListType(STRING), ["one"]),
        ("xs.reduce(a, x, 0, a * 10 + x)", INT, 312),
        ("cel.bind(x, n + 1, x * x)", INT, 64),
        ("counts.map(k, k)", ListType(STRING), ["a", "b"]),
        ("counts.transformList(k, v, v > 1, k)", ListType(STRING), ["b"]),
        ("xs.sortBy(x, -x)", ListType(INT), [3, 2, 1]),
        ("words.groupBy(w, w).map(k, k)", ListType(STRING), ["a", "b"]),
        ('"${n} ${f} ${b} ${xs} ${j.a}"', STRING, '7 2.5 true [3,1,2] {"b":41}'),
        ("hits.first().?text.orValue(s)", STRING, "one"),
        ("xs[n - 5]", INT, 2),
        ("hit.url", OptionalType(STRING), "http://one"),
    ],
)
def test_what_it_serves(source: str, of: Type, value: Value) -> None:
    ready = read(source, NAMES, of)
    assert ready is not None
    found = fast(*ready, ENV, NAMES, of)
    assert repr(found) == repr(exact(*ready, ENV, NAMES, of))
    assert found is not None
    assert repr(found[0]) == repr(value)


@pytest.mark.parametrize(
    "source",
    [
        "9223372036854775807 + n",
        "-(m * 4611686018427387904)",
        "n / 0",
        "n % (m + 2)",
        "xs[-1]",
        "xs[-1 * n]",
        "xs[n]",
        'counts["c"]',
        "j.b.c",
        "j.yes > 0.5",
        "j.none + 1",
        "j.score && b",
        "j.label.exists(x, x == 1)",
        "f * 1e308 * 1e308",
        "lists.range(100).reduce(a, x, t, a + a)",
        "lists.range(2000).map(x, lists.range(2000).all(y, y > x))",
        "{(s): 1, (s): 2}",
    ],
)
def test_what_goes_wrong_is_told_by_the_exact_tier(source: str) -> None:
    ready = read(source, NAMES, JSON)
    assert ready is not None
    assert fast(*ready, ENV, NAMES, JSON) == (LEFT, 0)


PORTS: dict[str, Type] = {"kind.label": STRING, "kind.score": FLOAT, "note": OptionalType(STRING), "n": INT}


def test_ports_with_dots_are_read_as_they_are_and_as_a_record() -> None:
    env = {"kind.label": "a", "kind.score": 0.5, "n": 1}
    for source, of, value in [
        ('kind.label == "a" && kind.score < 1.0', BOOL, True),
        ("kind", JSON, {"label": "a", "score": 0.5}),
        ("has(note) ? note : kind.label", STRING, "a"),
    ]:
        made = program(source, PORTS, of)
        assert [made.run(env) for _ in range(3)] == [value] * 3


def test_a_port_without_a_value_is_an_error_wherever_it_stands() -> None:
    made = program("n == 1 || kind.score > 0.5", PORTS, BOOL)
    complete = {"kind.label": "a", "kind.score": 0.5, "n": 1}
    assert made.run(complete) is made.run(complete) is True
    with pytest.raises(EvaluationError, match=r"needs `kind.label`"):
        made.run({"kind.score": 0.5, "n": 1})


def test_a_failure_in_the_fast_tier_has_the_range_that_it_has_in_the_exact_one() -> None:
    made = program("n > 0 && 10 / n > 1", {"n": INT}, BOOL)
    assert made.run({"n": 5}) is made.run({"n": 5}) is True
    for source, env in [("10 / n > 1", {"n": 0}), ("n + 9223372036854775807 > 1", {"n": 1})]:
        made = program(source, {"n": INT}, BOOL)
        problems = []
        for _ in range(3):
            with pytest.raises(EvaluationError) as caught:
                made.run(env)
            problems.append((caught.value.code, caught.value.message, caught.value.span))
        assert len(set(problems)) == 1


def test_what_an_error_does_not_decide_has_a_value_after_all() -> None:
    made = program("10 / n > 1 || b", {"n": INT, "b": BOOL}, BOOL)
    assert [made.run({"n": 0, "b": True}) for _ in range(3)] == [True] * 3
