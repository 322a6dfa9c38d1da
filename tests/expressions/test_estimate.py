"""What an expression may cost: from the sizes that constraints allow, and never less than the largest data then cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from symphony_dsl.base.diagnostic import Diagnostic, Reporter
from symphony_dsl.base.types import (
    INT,
    JSON,
    STRING,
    Constraint,
    EnumType,
    Field,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
)
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker.check import Checked, check
from symphony_dsl.expressions.estimate.estimate import estimate, warn_of_cost
from symphony_dsl.expressions.estimate.sizes import Size, bounded_by, of_constant
from symphony_dsl.expressions.exact.evaluation import evaluation
from symphony_dsl.expressions.meter import Meter
from symphony_dsl.expressions.parser import parse_expression
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Expr

LABEL = EnumType("Label", (("praise", "praise"), ("question", "a question")))
ORDER = RecordType(
    (
        Field("id", INT, constraints=(Constraint("max", 40),)),
        Field("lines", ListType(STRING), constraints=(Constraint("min_items", 1), Constraint("max_items", 30))),
        Field("note", STRING, constraints=(Constraint("max_length", 800),)),
        Field("label", LABEL),
        Field("more", OptionalType(ListType(INT)), constraints=(Constraint("max_items", 20),)),
    ),
    "Order",
)
NAMES: dict[str, Type] = {
    "orders": ListType(ORDER), "others": ListType(ORDER), "n": INT, "m": MapType(INT), "words": ListType(STRING), "j": JSON,
}  # fmt: skip
MANY = 50
BOUNDS: dict[str, Size] = {
    "orders": bounded_by((Constraint("max_items", MANY), Constraint("check", "true")), "`orders`"),
    "n": bounded_by((Constraint("min", 0), Constraint("max", MANY)), "`n`"),
    "m": bounded_by((Constraint("max_items", MANY),), "`m`"),
    "words": of_constant(["a"] * MANY, "`words`"),
}
LARGEST: dict[str, Value] = {
    "orders": [
        {"id": 40, "lines": [""] * 30, "note": "x" * 800, "label": "praise", "more": list(range(20))}
        for _ in range(MANY)
    ],
    "others": [],
    "n": MANY,
    "m": {f"k{number}": number for number in range(MANY)},
    "words": ["a"] * MANY,
    "j": None,
}


def read(text: str) -> tuple[Expr, Checked]:
    found: list[Diagnostic] = []
    tree = parse_expression(text)
    checked = check(tree, Scope(NAMES), Reporter("x.wf", 0, found))
    assert found == []
    return tree, checked


def units(text: str, known: Mapping[str, Size] = BOUNDS) -> int:
    tree, checked = read(text)
    return estimate(tree, checked, known).units


def paid(text: str) -> int:
    """What the largest data cost when they are there."""
    tree, checked = read(text)
    meter = Meter(1 << 40)
    evaluation(tree, checked, tuple(NAMES))(meter, [LARGEST[name] for name in NAMES])
    return (1 << 40) - meter.left


@pytest.mark.parametrize(
    "text",
    [
        "1 + 2 * n",
        "orders.map(o, o.id + 1)",
        "orders.map(o, orders.map(p, p.id + o.id))",
        "orders.map(o, o.lines.map(line, o.note + '!')).flatten().size()",
        "orders.filter(o, o.id == 1).map(o, o.lines.size()).sum()",
        "orders.map(o, o.lines).flatten().map(line, line.contains('x'))",
        "orders.all(i, o, o.lines.exists(k, line, i == k))",
        "orders.reduce(sum, o, 0, sum + o.lines.map(line, line.size()).sum())",
        "m.map(key, m.filter(other, other == key))",
        "m.transformMap(key, value, orders.map(o, value))",
        "orders.filter(o, o in orders).size()",
        "orders.map(o, o.note).distinct()",
        "orders.map(o, o.note.contains('y') ? o.lines.map(l, l) : [])",
        "orders.map(o, (o.more ?? []).map(x, x))",
        "orders.sortBy(o, o.id).map(o, o.note.split('x').map(part, part + '!'))",
        "orders.groupBy(o, o.label).map(label, label)",
        "lists.range(n).map(i, lists.range(i + 1).map(k, k * i))",
        "cel.bind(all, orders + orders, all.map(o, all.map(p, 1)))",
        "words.filter(word, orders.exists(o, o.note == word))",
        '"${orders.map(o, o.note)} and ${orders.size()}"',
        "[orders, orders].map(each, each.map(o, o.id))",
        "{ 'a': orders.map(o, o.id) }.map(key, key)",
        "{ all: orders }.all.map(o, o.lines.map(line, line))",
    ],
)
def test_the_largest_data_cost_no_more(text: str) -> None:
    assert units(text) >= paid(text)


@pytest.mark.parametrize(
    "text",
    [
        "orders.map(o, orders.map(p, p.id + o.id))",
        "orders.map(o, o.lines.map(line, line.size() + 1))",
        "lists.range(n).map(i, lists.range(n).map(k, k * i))",
        "n > 3 ? orders.map(o, o.id) : orders.map(o, o.id + 1)",
    ],
)
def test_an_estimate_is_near_where_all_is_visited(text: str) -> None:
    assert units(text) <= 1.5 * paid(text)


@pytest.mark.parametrize(
    "text",
    [
        "others.map(o, o.id)",
        "others.map(o, orders.map(p, p.lines.map(line, line)))",
        "others.filter(o, o in orders)",
        "j.map(x, x)",
        "others.map(o, o.lines).flatten().map(line, line)",
        "lists.range(others.size()).map(i, i)",
        "orders.map(o, o.id).filter(id, others.exists(o, o.id == id)).size() > 0 || others.all(o, o.id > 1)",
    ],
)
def test_what_nothing_bounds_costs_nothing(text: str) -> None:
    assert units(text) < 2_000
    assert units(text, {}) < 50


def test_of_two_arms_the_dearer_one_counts() -> None:
    cheap, dear = units("orders.map(o, o.id)"), units("orders.map(o, o.lines.map(l, l))")
    whole = units("n > 1 ? orders.map(o, o.lines.map(l, l)) : [orders.map(o, string(o.id))]")
    assert dear < whole < dear + cheap


def warnings(text: str, many: int) -> list[str]:
    known = {**BOUNDS, "orders": Size(items=many, source="`orders`"), "n": Size(number=many, source="`n`")}
    tree, checked = read(text)
    found: list[Diagnostic] = []
    warn_of_cost(tree, checked, known, Reporter("x.wf", 0, found))
    assert all(each.code.code == "WF0322" and each.severity == "warning" for each in found)
    return [f"{text[each.location.span.start : each.location.span.end]} {each.message}" for each in found]


@pytest.mark.parametrize(
    ("text", "place", "goes_over"),
    [
        (
            "1 + orders.map(o, o.lines.map(line, 1).sum()).sum()",
            "orders.map(o, o.lines.map(line, 1).sum())",
            "100,000 items of `orders`, and for each of them up to 30 items of `o.lines`",
        ),
        (
            "[1] + lists.range(n).map(i, (i * 2 + 1 - i * i) * (i + 2) * (i + 1) * (i - 4) * (i + 5))",
            "lists.range(n).map(i, (i * 2 + 1 - i * i) * (i + 2) * (i + 1) * (i - 4) * (i + 5))",
            "100,000 items of a range up to `n`",
        ),
        (
            "orders.filter(o, o.note.contains('x'))",
            "orders.filter(o, o.note.contains('x'))",
            "100,000 items of `orders`, and for each of them up to 800 characters of `o.note`",
        ),
        (
            "n == 1 || string(n) in orders.map(o, o.note)",
            "string(n) in orders.map(o, o.note)",
            "100,000 items of `orders`, and for each of them up to 800 characters of `o.note`",
        ),
    ],
)
def test_a_warning_names_the_sizes(text: str, place: str, goes_over: str) -> None:
    [message] = warnings(text, 100_000)
    assert message.startswith(f"{place} this may cost about ")
    assert f"units, and an evaluation has 1,000,000: it goes over up to {goes_over}; allow less" in message
    assert warnings(text, 100) == []


@pytest.mark.parametrize(
    ("kind", "value", "size"),
    [
        ("max_items", 5, Size(items=5, source="x")),
        ("max_length", 5, Size(characters=5, source="x")),
        ("max", 5, Size(number=5, source="x")),
        ("max", 5.5, Size()),
        ("max", "2h", Size()),
        ("one_of", ["a", "abc"], Size(characters=3, source="x")),
        ("one_of", [1, 7, 3], Size(number=7, source="x")),
        ("one_of", [1, "a"], Size()),
        ("min_items", 5, Size()),
        ("pattern", "a{3}", Size()),
    ],
)
def test_sizes_of_constraints(kind: str, value: Any, size: Size) -> None:
    assert bounded_by((Constraint(kind, value),), "x") == size
