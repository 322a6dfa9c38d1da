"""Which overloads the types of arguments may mean, and what the result is where several remain."""

from __future__ import annotations

import pytest

from symphony_dsl.base.types import INT, JSON, STRING, ListType, Type
from symphony_dsl.expressions.functions.signatures import METHOD, OPERATOR, choose, result_of
from symphony_dsl.expressions.functions.table import overloads


@pytest.mark.parametrize(
    ("name", "types", "results"),
    [
        ("+", (INT, INT), ["int"]),
        ("+", (INT, STRING), []),
        ("+", (JSON, INT), ["int", "float"]),
        ("in", (INT, JSON), ["bool", "bool"]),
        ("<", (JSON, STRING), ["bool"]),
    ],
)
def test_what_may_be_meant(name: str, types: tuple[Type, ...], results: list[str]) -> None:
    found = choose(overloads(OPERATOR, name), types)
    assert [str(choice.result) for choice in found] == results


def test_where_candidates_differ_the_result_is_json() -> None:
    assert result_of(choose(overloads(OPERATOR, "+"), (JSON, INT))) == JSON
    assert result_of(choose(overloads(METHOD, "split"), (JSON, STRING))) == ListType(STRING)
