"""Equality: of any two values, with all that is in them."""

from __future__ import annotations

import math
from typing import Any

import pytest

from symphony_dsl.base.dynamic import ABSENT, Option, TypeValue, Uint, as_key
from symphony_dsl.base.equality import equal
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.values import SecretRef


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (1, 1.0, True),
        (True, 1, False),
        ([1, True], [1.0, True], True),
        ([True], [1], False),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"b": 1}, False),
        ([], {}, False),
        ([1], [1, 2], False),
        (None, 0, False),
        (math.nan, math.nan, False),
        ([math.nan], [math.nan], False),
        (1, Uint(1), True),
        (2**53 + 1, float(2**53), True),
        (10**400, 1.5, False),
        (Option(True, [1]), Option(True, [1.0]), True),
        (Option(True, None), ABSENT, False),
        (Option(True, None), None, False),
        ({as_key(True): 1}, {1: 1}, False),
        (b"a", "a", False),
        (Duration(0), Timestamp(0), False),
        (TypeValue("int"), TypeValue("int"), True),
        (SecretRef("env:A"), SecretRef("env:A"), True),
    ],
)
def test_two_values(one: Any, other: Any, alike: bool) -> None:
    assert equal(one, other) is alike
    assert equal(other, one) is alike


def test_equality_of_deep_values_does_not_recurse() -> None:
    one: Any = 0
    other: Any = 0
    for _ in range(50_000):
        one, other = [one], [other]
    assert equal(one, other)
