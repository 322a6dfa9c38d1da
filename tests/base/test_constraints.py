"""Constraints: what holds, and what is said of what does not."""

from __future__ import annotations

from typing import Any

import pytest

from symphony_dsl.base.constraints import compiled, shown, violation
from symphony_dsl.base.times import Duration
from symphony_dsl.base.types import Constraint


@pytest.mark.parametrize(
    ("kind", "bound", "good", "bad", "words"),
    [
        ("min", 0, 0, -1, "must be at least 0, but is -1"),
        ("max", 1.5, 1.5, 2, "must be at most 1.5, but is 2"),
        ("max", "1m", Duration.parse("60s"), Duration.parse("61s"), "must be at most 1m, but is 1m1s"),
        ("min_length", 2, "ab", "a", "must have at least 2 characters, but has 1"),
        ("max_length", 2, "é€", "abc", "must have at most 2 characters, but has 3"),
        ("min_items", 1, [0], [], "must have at least 1 items, but has 0"),
        ("max_items", 1, {"a": 1}, {"a": 1, "b": 2}, "must have at most 1 items, but has 2"),
        ("pattern", "^a+$", "aa", "ab", 'must match `^a+$`, but is "ab"'),
        ("pattern", "b", "abc", "ac", "must match"),
        ("one_of", ["a", 1], 1.0, True, 'must be one of "a", 1, but is true'),
    ],
)
def test_each_kind(kind: str, bound: Any, good: Any, bad: Any, words: str) -> None:
    constraint = Constraint(kind, bound)
    assert violation(good, (constraint,), "x") is None
    found = violation(bad, (constraint,), "x")
    assert found is not None
    assert words in found
    assert found.startswith("`x` ")


def test_the_first_that_does_not_hold_is_told() -> None:
    both = (Constraint("min", 5), Constraint("min", 7))
    assert violation(1, both, "") == "must be at least 5, but is 1"


def test_a_check_is_asked_where_somebody_can_answer() -> None:
    constraint = Constraint("check", "it > 1")
    assert violation(0, (constraint,), "x") is None
    assert (
        violation(0, (constraint,), "x", lambda source, value: f"{source} fails for {value}")
        == "`x` it > 1 fails for 0"
    )


def test_a_pattern_that_is_none_is_told_in_one_sentence() -> None:
    with pytest.raises(ValueError, match=r"`\(` is no regular expression: missing \)"):
        compiled("(")


def test_values_in_messages_are_short() -> None:
    assert shown("x" * 100) == '"' + "x" * 60 + '…"'
    assert len(shown(list(range(1000)))) == 61
    assert shown(b"abc") == "3 bytes"
    assert shown(Duration.parse("90s")) == "`1m30s`"
