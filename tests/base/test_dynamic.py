"""Values that only expressions make: as keys of maps, in order, and as they become data."""

from __future__ import annotations

from typing import Any

import pytest

from symphony_dsl.base.conform import ConversionError, conform, plain_json, to_json
from symphony_dsl.base.dynamic import ABSENT, BoolKey, Option, TypeValue, Uint, as_key, from_key, sorted_keys
from symphony_dsl.base.times import Duration
from symphony_dsl.base.types import FLOAT, INT, JSON, STRING, UINT, ListType, MapType, OptionalType, Type, record


def test_true_and_one_are_two_keys() -> None:
    made = {as_key(True): "a", as_key(1): "b", as_key(Uint(2)): "c"}
    assert [from_key(key) for key in made] == [True, 1, 2]
    assert made[as_key(1.0)] == "b"


def test_keys_have_an_order() -> None:
    keys = ["b", 3, BoolKey.TRUE, "a", Uint(2), BoolKey.FALSE, -1]
    assert sorted_keys(dict.fromkeys(keys)) == [BoolKey.FALSE, BoolKey.TRUE, -1, 2, 3, "a", "b"]
    assert sorted_keys({"b": 1, "a": 2}) == ["a", "b"]


@pytest.mark.parametrize(
    ("value", "of", "made"),
    [
        (Option(True, 1), INT, 1),
        (Option(True, 1), OptionalType(FLOAT), 1.0),
        (ABSENT, OptionalType(INT), None),
        ([Option(True, 1), ABSENT], ListType(OptionalType(INT)), [1, None]),
        ({"a": ABSENT}, record(a=OptionalType(INT)), {}),
        (Uint(5), INT, 5),
        (Uint(5), UINT, 5),
        (Uint(5), FLOAT, 5.0),
        ([Uint(5)], JSON, [5]),
        (Option(True, {"a": Option(True, [ABSENT, Duration(0)])}), JSON, {"a": [None, "0s"]}),
    ],
)
def test_what_becomes_data(value: Any, of: Type, made: Any) -> None:
    found = conform(value, of)
    assert found == made
    assert type(found) is type(made)
    assert str(to_json(value)).count("u") == 0


@pytest.mark.parametrize(
    ("value", "of", "path", "message"),
    [
        ({"a": [1, {"b": TypeValue("int")}]}, JSON, "a[1].b", "the type `int` is no value"),
        ({1: "a"}, JSON, "", "the keys of an object are strings, found the number 1"),
        ([{BoolKey.TRUE: "a"}], JSON, "[0]", "the keys of an object are strings, found true"),
        ({"a": [{"b": "x"}]}, record(a=ListType(record(b=INT))), "a[0].b", "expected an int"),
        ({"k": [1, "x"]}, MapType(ListType(INT)), '["k"][1]', "expected an int"),
        ({"a": {"b": float("nan")}}, record(a=JSON), "a.b", "not finite"),
        ([ABSENT], ListType(STRING), "[0]", "expected a string, found null"),
        (Uint(2**63), INT, "", "too large for an int"),
    ],
)
def test_what_does_not(value: Any, of: Type, path: str, message: str) -> None:
    with pytest.raises(ConversionError, match=message) as caught:
        conform(value, of)
    assert caught.value.path == path
    with pytest.raises(ConversionError) as again:
        conform(value, of, "port")
    assert str(again.value).startswith(f"port{'.' if path[:1] not in ('', '[') else ''}{path}: ")


def test_deep_data_are_refused_without_recursion() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ConversionError, match="nests deeper than"):
        plain_json(deep)
