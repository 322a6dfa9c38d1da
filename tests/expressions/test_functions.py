"""The table of functions: it is what the documentation lists, and each name in it is called by a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symphony_dsl.base.types import INT, JSON, STRING, ListType, Type
from symphony_dsl.expressions.functions import FUNCTIONS, METHODS, overloads
from symphony_dsl.expressions.signatures import METHOD, OPERATOR, choose, result_of

DOCUMENT = Path(__file__).parents[2] / "docs" / "language.md"


def test_the_documentation_lists_every_function() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    table = text.split("Functions are called with their arguments in order")[1].split("\n\n")[1]
    listed = {word for cell in re.findall(r"`([^`]+)`", table) for word in re.findall(r"[\w.]+(?=[ (]|$)", cell)}
    assert listed - {"path", "x", "text", "pattern", "use", "ts.getHours"} == FUNCTIONS | METHODS


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
