"""Ordinary work on a lot of data stays within the budget, in both tiers."""

from __future__ import annotations

from typing import Any

import pytest

from symphony_dsl.base.types import BOOL, FLOAT, INT, JSON, STRING, ListType, Type, record
from symphony_dsl.expressions.program import program

ITEM = record(sku=STRING, price=FLOAT, qty=INT)
ITEMS = [{"sku": f"sku {at}", "price": at / 7, "qty": at % 5} for at in range(10_000)]
NUMBERS = [at * 7919 % 100_003 for at in range(100_000)]
NAMES: dict[str, Type] = {"items": ListType(ITEM), "numbers": ListType(INT), "words": ListType(STRING), "data": JSON}
VALUES: dict[str, Any] = {
    "items": ITEMS,
    "numbers": NUMBERS,
    "words": [str(each) for each in NUMBERS],
    "data": {"items": ITEMS},
}


@pytest.mark.parametrize(
    ("source", "result", "value"),
    [
        ("items.filter(i, i.qty > 3 && i.price > 1.0).map(i, i.price * 2.0).size()", INT, 1999),
        ("data.items.filter(i, i.qty > 3).map(i, i.sku).size()", INT, 2000),
        ("items.map(i, i.price * float(i.qty)).sum() > 0.0", BOOL, True),
        ("items.sortBy(i, -i.price)[0].sku", STRING, "sku 9999"),
        ("items.groupBy(i, i.sku).size()", INT, 10_000),
        ("numbers.all(n, n >= 0 && n < 100003)", BOOL, True),
        ("numbers.exists(n, n == -1)", BOOL, False),
        ("numbers.sort()[0]", INT, 0),
        ("numbers.distinct().size()", INT, 100_000),
        ("words.join(', ').size()", INT, 688_891),
        ("words.slice(0, 50000).filter(w, w.contains('99')).size() > 0", BOOL, True),
        ("words.map(w, '<${w}>').size()", INT, 100_000),
        ("items.filter(i, i.sku.matches('^sku 9[0-9]*$')).size()", INT, 1111),
    ],
)
def test_it_is_within_the_budget(source: str, result: Type, value: Any) -> None:
    made = program(source, NAMES, result)
    assert [made.run(VALUES) for _ in range(3)] == [value] * 3
