"""Canonical JSON: one text for each value."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from tests.base.typed import JSONS

from symphony_dsl.base.canonical import canonical_json, content_hash
from symphony_dsl.base.equality import equal


def turned(value: Any) -> Any:
    """The same value with the keys of every object the other way round."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(list(value))}
    return [turned(each) for each in value] if isinstance(value, list) else value


@given(JSONS)
def test_the_text_is_a_fixed_point_and_blind_to_the_order_of_keys(value: Any) -> None:
    text = canonical_json(value)
    assert canonical_json(json.loads(text)) == text
    assert canonical_json(turned(value)) == text
    assert equal(json.loads(text), value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        ("ü€", '"ü€"'),
        ('"\\\n\x01', '"\\"\\\\\\n\\u0001"'),
        ([-0.0, 0.1, 1e21, 1, 1.0], "[-0.0,0.1,1e+21,1,1.0]"),
        ({"é": 1, "z": 2, "A": 3}, '{"A":3,"z":2,"é":1}'),
    ],
)
def test_texts(value: Any, text: str) -> None:
    assert canonical_json(value) == text


@pytest.mark.parametrize("value", [math.nan, [math.inf], "\ud800", {"\udfff": 1}, object(), {1, 2}, b"x"])
def test_what_is_no_json_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical_json(value)


def test_deep_values_are_refused_and_do_not_crash() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(ValueError, match="nests deeper"):
        canonical_json(value)


def test_the_hash_is_over_the_text() -> None:
    assert content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    assert content_hash(1) != content_hash(1.0)
    assert content_hash({}) == "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
