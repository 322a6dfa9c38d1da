"""What an evaluation costs: by the definition in `pricing`, the same each time, and never more than the budget allows."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from typing import Any

import pytest
from tests.expressions.cel_runs import failure, run

from symphony_dsl.base.canonical import MAX_DEPTH
from symphony_dsl.base.dynamic import Option
from symphony_dsl.base.types import JSON
from symphony_dsl.expressions.cel import EvaluationError, cel_program
from symphony_dsl.expressions.exact.evaluation import evaluation
from symphony_dsl.expressions.meter import BUDGET, MAX_CHARACTERS, MAX_ELEMENTS, UNIT, Meter, Size, measured
from symphony_dsl.expressions.parser import parse_cel, parse_expression
from symphony_dsl.expressions.pricing import compare, prices

LONG = "a" * (10 * UNIT)


def units(source: str, env: Mapping[str, Any] | None = None) -> int:
    """What an expression costs; it is plain CEL, and not checked."""
    given = env or {}
    meter = Meter()
    evaluation(parse_cel(source), None, tuple(given))(meter, list(given.values()))
    return BUDGET - meter.left


@pytest.mark.parametrize(
    ("source", "price"),
    [
        ("1", 0),
        ("x", 0),
        ("1 + 2 * 3", 2),
        ("-x", 1),
        ("!true || false && true", 3),
        ("true ? 1 : 2 + 3", 2),
        ("x.a.b[0]", 3),
        ("x ?? 1", 1),
        ("[1, 2 + 3]", 4),
        ("{'a': 1, 'b': 2}", 6),
        ("{}", 2),
        ("size('a')", 8),
        ("has(x.a)", 9),
        ("math.abs(1)", 8),
        ("[1, 2].map(x, x + 1)", 11),
        ("cel.bind(x, 1 + 1, x + x)", 9),
    ],
)
def test_the_price_of_the_text(source: str, price: int) -> None:
    assert prices(parse_cel(source)).top == price


def test_the_price_of_a_text_with_interpolations() -> None:
    assert prices(parse_expression('"a ${b} c ${d + 1}"')).top == 1 + 2 * 4 + 1


def test_bodies_have_prices_of_their_own() -> None:
    found = prices(parse_cel("[1].map(x, [2].filter(y, x + y > 1).size())"))
    outer, inner = sorted(found.bodies.values(), reverse=True)
    assert (found.top, outer, inner) == (8 + 2, 2 + 8 + 8 + 2, 2 + 2)


@pytest.mark.parametrize(
    ("source", "price"),
    [
        ("[1, 2, 3].map(x, x + 1)", 8 + 4 + 3 * 3),
        ("[1, 2, 3].all(x, x > 9)", 8 + 4 + 3 * 3),
        ("{'a': 1}.all(k, v, v > 9)", 8 + 4 + 3),
        ("[1, 2].reduce(a, x, 0, a + x)", 8 + 3 + 2 * 3),
        ("cel.bind(x, 1 + 1, x + x)", 8 + 1 + 2 + 1),
        ("optional.of(1).optMap(x, x + x)", 16 + 2 + 1),
        ("optional.none().optMap(x, x + x)", 16),
        ("[[1, 2], [3]].map(x, x.map(y, y))", 8 + 3 + 3 + 2 + 2 * (2 + 8) + 3 * 2),
        ("1 == 2", 1),
        ("'a' == 'a'", 1),
        (f"'{LONG}' == '{LONG}'", 1 + 10),
        (f"'{LONG}' < 'a'", 1),
        (f"'{LONG}' + 'a'", 1 + 10),
        ("[1, 2] == [1, 2]", 1 + 3 + 3 + 16 + 4 + 2 * 8),
        ("[1, 2] == 1", 1 + 3),
        ("1 in [1, 2, 3]", 1 + 4 + 3 * 3 + 8),
        ("'a' in {'a': 1}", 1 + 4),
        ("[1] + [2, 3]", 1 + 2 + 3 + 3),
        ("1 / 0 == 1 || true", 3 + 8),
        ("[2, 1].sortBy(x, -x)", 8 + 3 + 2 * 9 + 2 + 8),
        ("[1].transformMapEntry(i, v, {v: v})", 8 + 2 + 8 + 4 + 1),
    ],
)
def test_what_a_run_costs(source: str, price: int) -> None:
    assert units(source) == price


def test_a_comparison_costs_what_is_compared() -> None:
    pairs: list[tuple[Any, Any, int]] = [
        (1, 2.0, 0),
        (LONG, LONG + LONG, 10),
        (LONG.encode(), b"", 0),
        (LONG, 1, 0),
        ([LONG], 1, 0),
        ([LONG], [], 16 + 1 + 10 + 2 * 8),
        ({LONG: 1}, {}, 16 + 1 + 10 + 2 * 8),
        (Option(True, [1, 2]), Option(False), 16 + 3 + 1 + 3 * 8),
    ]
    for one, other, price in pairs:
        meter = Meter()
        compare(meter, one, other)
        assert BUDGET - meter.left == price


def test_the_same_data_cost_the_same_each_time() -> None:
    made = "xs.filter(x, x % 3 == 0).map(x, {'v': x, 's': string(x)}).groupBy(m, m['s']).size()"
    env = {"xs": list(range(500))}
    assert len({units(made, env) for _ in range(3)}) == 1


def test_the_order_of_keys_does_not_change_the_price_or_the_value() -> None:
    source = "m.map(k, k).size() + m.transformList(k, v, v * 2).size()"
    one, other = {"a": 1, "b": 2}, {"b": 2, "a": 1}
    assert units(source, {"m": one}) == units(source, {"m": other})


def test_sizes_of_values() -> None:
    shared = [LONG, 1]
    deep: Any = 0
    for _ in range(50_000):
        deep = [deep]
    assert measured(shared) == Size(2, len(LONG), 1, 1)
    assert measured([shared] * 3) == Size(3 + 6, 3 * len(LONG), 2, 4)
    assert measured({"key": [1]}) == Size(2, 3, 2, 2)
    assert measured(Option(True, [1])) == Size(2, 0, 2, 2)
    assert measured(deep).depth == MAX_DEPTH + 1
    assert measured([deep, deep]).elements > MAX_ELEMENTS


GREEDY = [
    "lists.range(60).reduce(a, x, 'ab', a + a)",
    "lists.range(60).reduce(a, x, 'é', a + a)",
    "lists.range(60).reduce(a, x, [1], a + a)",
    "lists.range(60).reduce(a, x, [1], [a, a])",
    "lists.range(60).reduce(a, x, {'k': 1}, {'k': a, 'l': a})",
    "lists.range(60).reduce(a, x, optional.of(1), optional.of([a, a]))",
    "lists.range(60).reduce(a, x, 'a', a.replace('a', 'aa'))",
    "lists.range(60).reduce(a, x, 'x', '%s%s'.format([a, a]))",
    "lists.range(20).reduce(a, x, [[1]], [a.flatten(), a.flatten()])",
    "'%s%s'.format([lists.range(400000), lists.range(400000)])",
    "cel.bind(a, lists.range(1000), a.map(x, a.map(y, {x: y})))",
]
"""Those that would take much memory."""

BOMBS = [
    *GREEDY,
    "lists.range(1000000000)",
    "lists.range(60).reduce(a, x, [1], [a, a]).exists(a, a == a)",
    "lists.range(500).reduce(a, x, 1, [a])",
    "lists.range(500).reduce(a, x, 1, {'a': a})",
    "lists.range(300000).map(x, -x).sort().reverse().sort()",
    "lists.range(400000).map(x, string(x)).join(',')",
    "cel.bind(a, lists.range(1000), a.all(x, a.all(y, x in a)))",
    "cel.bind(a, lists.range(1000), a.all(x, a.all(y, a == a)))",
    "cel.bind(a, lists.range(1000), a.transformMap(i, v, a.transformMap(j, w, v)))",
    "cel.bind(a, lists.range(1000), a.all(x, a.groupBy(y, string(y)).size() > 0))",
]


@pytest.mark.parametrize("source", BOMBS)
def test_bombs_end_with_the_budget(source: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        run(source)
    assert caught.value.code == "cost"


@pytest.mark.parametrize("source", GREEDY)
def test_bombs_take_little_memory(source: str) -> None:
    made = cel_program(source, checked=False)
    tracemalloc.start()
    try:
        with pytest.raises(EvaluationError):
            made.run({})
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("1 + size(lists.range(1000000000))", "lists.range(1000000000)"),
        ("[1].map(x, lists.range(900000).map(y, y))", "lists.range(900000).map(y, y)"),
        ("'a' + lists.range(40).reduce(a, x, 'a', a + a)", "a + a"),
        ("lists.range(60).reduce(a, x, [1], [a, a]).exists(a, a == a)", "a == a"),
        ("lists.range(60).reduce(a, x, [1], [a, a])", "lists.range(60).reduce(a, x, [1], [a, a])"),
    ],
)
def test_an_error_says_what_is_too_costly(source: str, part: str) -> None:
    assert failure(source)[2] == part


def test_a_value_may_nest_as_deep_as_data_may() -> None:
    assert cel_program(f"lists.range({MAX_DEPTH - 1}).reduce(a, x, [1], [a])", checked=False).run({})
    with pytest.raises(EvaluationError, match="nests deeper than"):
        cel_program(f"lists.range({MAX_DEPTH}).reduce(a, x, [1], [a])", checked=False).run({})


def test_a_text_too_long_is_never_made() -> None:
    made = cel_program("s + s", {"s": JSON}, checked=False)
    with pytest.raises(EvaluationError, match="more than 10,000,000 characters"):
        made.run({"s": "a" * (MAX_CHARACTERS // 2 + 1)})
