"""Numbers of two types beside each other, where floats are too coarse to tell ints apart."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.expressions.test_fast import exact, fast, read

from symphony_dsl.base.types import BOOL, FLOAT, INT, JSON

NAMES = {"i": INT, "f": FLOAT, "j": JSON}
EDGES = [2**53, -(2**53), 2**63 - 1025, -(2**63) + 2, 2**62]
INTS = st.one_of(*(st.integers(edge - 2, edge + 2) for edge in EDGES), st.integers(-2, 2))
FLOATS = INTS.map(float)
OPERATORS = ["==", "!=", "<", "<=", ">", ">="]


@given(INTS, FLOATS, st.one_of(INTS, FLOATS, st.booleans()), st.data())
def test_both_tiers_compare_alike(i: int, f: float, j: Any, data: st.DataObject) -> None:
    numbers = st.sampled_from(["i", "f", "j", f"{f!r}", str(i)])
    text = f"{data.draw(numbers)} {data.draw(st.sampled_from(OPERATORS))} {data.draw(numbers)}"
    ready = read(text, NAMES, BOOL)
    assert ready is not None
    env = {"i": i, "f": f, "j": j}
    found, expected = fast(*ready, env, NAMES, BOOL), exact(*ready, env, NAMES, BOOL)
    assert found is None or expected[0] == "failed" or found == expected, text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("i == f && f == i && i <= f && !(i > f)", True),
        ("j == f && j == 9007199254740992.0", True),
        ("i == 9007199254740992", False),
        ("i > 0.5 && 0.5 < i", True),
    ],
)
def test_an_int_beside_a_float_counts_as_a_float(text: str, value: bool) -> None:
    ready = read(text, NAMES, BOOL)
    assert ready is not None
    env = {"i": 2**53 + 1, "f": 2.0**53, "j": 2**53 + 1}
    found = fast(*ready, env, NAMES, BOOL)
    assert found is not None
    assert found[0] is value
    assert found == exact(*ready, env, NAMES, BOOL)
