"""The strict conversion from data to typed values, and the way back to JSON."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.base.typed import JSONS, TYPES, values

from symphony_dsl.base.canonical import MAX_DEPTH
from symphony_dsl.base.conform import ConversionError, conform, plain_json, to_json
from symphony_dsl.base.equality import equal
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FILE,
    FLOAT,
    INT,
    JSON,
    MODEL,
    NEVER,
    NULL,
    SECRET,
    STRING,
    TIMESTAMP,
    UINT,
    UNKNOWN,
    Constraint,
    EnumType,
    Field,
    ListType,
    MapType,
    OpaqueType,
    OptionalType,
    RecordType,
    Type,
    record,
)
from symphony_dsl.base.values import SecretRef, SecretText, in_the_open

LABEL = EnumType("Label", (("praise", "praise"), ("other", "some other")))
HIT = RecordType(
    (
        Field("text", STRING),
        Field("score", FLOAT, has_default=True, default=0.5, constraints=(Constraint("max", 1),)),
        Field("url", OptionalType(STRING), wire="web-address"),
        Field("raw", JSON, has_default=True, default=7),
    ),
    "Hit",
)

GOOD: list[tuple[Any, Type, Any]] = [
    ("x", STRING, "x"),
    (3, INT, 3),
    (3.0, INT, 3),
    (3, FLOAT, 3.0),
    (2**63 - 1, INT, 2**63 - 1),
    (7, UINT, 7),
    (True, BOOL, True),
    ("aGk=", BYTES, b"hi"),
    (b"hi", BYTES, b"hi"),
    ("2024-01-01T00:00:00Z", TIMESTAMP, Timestamp(1_704_067_200_000_000_000)),
    (Timestamp(5), TIMESTAMP, Timestamp(5)),
    ("90s", DURATION, Duration(90_000_000_000)),
    ("a.txt", FILE, "a.txt"),
    ("openai/gpt-4o", MODEL, "openai/gpt-4o"),
    ({"$secret": "env:KEY"}, SECRET, SecretRef("env:KEY")),
    (SecretRef("env:KEY"), SECRET, SecretRef("env:KEY")),
    ({"$secret": ["Bearer ", {"$secret": "env:KEY"}]}, SECRET, SecretText(("Bearer ", SecretRef("env:KEY")))),
    ({"$secret": ["", {"$secret": "env:KEY"}, ""]}, SECRET, SecretRef("env:KEY")),
    (SecretText(("x", SecretRef("env:KEY"))), SECRET, SecretText(("x", SecretRef("env:KEY")))),
    (None, NULL, None),
    (None, OptionalType(INT), None),
    (2, OptionalType(FLOAT), 2.0),
    ([1, 2.0], ListType(INT), [1, 2]),
    ((1, 2), ListType(INT), [1, 2]),
    ({"a": 1}, MapType(FLOAT), {"a": 1.0}),
    ("some other", LABEL, "some other"),
    ([None, {"a": Timestamp(0)}], JSON, [None, {"a": "1970-01-01T00:00:00Z"}]),
    ({"text": "t"}, HIT, {"text": "t", "score": 0.5, "raw": 7}),
    ({"text": "t", "score": None, "raw": None}, HIT, {"text": "t", "score": 0.5, "raw": None}),
    ({"text": "t", "web-address": "u", "more": 1}, HIT, {"text": "t", "score": 0.5, "url": "u", "raw": 7}),
    ({"text": "t", "url": "u"}, HIT, {"text": "t", "score": 0.5, "url": "u", "raw": 7}),
    ({"x": [1]}, OpaqueType("form"), {"x": [1]}),
    ("anything", UNKNOWN, "anything"),
]


@pytest.mark.parametrize(("value", "of", "typed"), GOOD)
def test_what_conforms(value: Any, of: Type, typed: Any) -> None:
    made = conform(value, of)
    assert equal(made, typed)
    assert type(made) is type(typed)


BAD: list[tuple[Any, Type, str]] = [
    ("3", INT, 'in: expected an int, found the string "3"'),
    (True, INT, "in: expected an int, found true"),
    (1.5, INT, "in: expected an int, found the number 1.5"),
    (2**63, INT, "too large for an int"),
    (1e300, INT, "too large for an int"),
    (True, FLOAT, "in: expected a float, found true"),
    (math.nan, FLOAT, "not finite"),
    (math.inf, FLOAT, "not finite"),
    (10**400, FLOAT, "not finite"),
    (-1, UINT, "expected a uint"),
    (1, STRING, "in: expected a string, found the number 1"),
    ("\ud800", STRING, "surrogate"),
    (0, BOOL, "expected a bool"),
    ("a-b", BYTES, "bytes as base64"),
    ("yesterday", TIMESTAMP, "is no timestamp"),
    (5, DURATION, "expected a duration"),
    ("", FILE, "expected a file"),
    ("hunter2", SECRET, "never in the open"),
    ({"$secret": ["hunter2"]}, SECRET, "never in the open"),
    ({"$secret": ["hunter2", {"$secret": ["env:KEY"]}]}, SECRET, "never in the open"),
    ({"$secret": "env:KEY", "more": 1}, SECRET, "never in the open"),
    ({"$secret": ["\ud800", {"$secret": "env:KEY"}]}, SECRET, "surrogate"),
    (SecretText(("x", SecretRef("env:X"))), STRING, "expected a string, found a secret"),
    ([SecretText(("x", SecretRef("env:X")))], JSON, "a secret never becomes json"),
    (None, INT, "expected an int, found null"),
    (0, NULL, "expected null"),
    ({}, ListType(INT), "expected a list of int, found an object"),
    ([1, "2"], ListType(INT), "in[1]: expected an int"),
    ({"a": [1, None]}, MapType(ListType(INT)), 'in["a"][1]: expected an int, found null'),
    ({1: 2}, MapType(INT), "the keys of an object are strings"),
    ([], HIT, "expected a Hit, found a list of 0"),
    ({}, HIT, "in.text: expected a string, found nothing"),
    ({"text": "t", "score": 2}, HIT, "in.score: must be at most 1, but is 2.0"),
    ("praise!", LABEL, 'expected a Label ("praise", "some other"), found the string "praise!"'),
    ([{"a": math.nan}], JSON, "in[0].a: expected a float, found a number that is not finite"),
    ([SecretRef("env:X")], JSON, "a secret never becomes json"),
    ([object()], JSON, "object is no value"),
    (1, NEVER, "no value has the type never"),
]


@pytest.mark.parametrize(("value", "of", "words"), BAD)
def test_what_does_not_conform(value: Any, of: Type, words: str) -> None:
    with pytest.raises(ConversionError) as caught:
        conform(value, of, "in")
    assert words in str(caught.value)


def test_a_secret_in_the_open_is_not_repeated() -> None:
    with pytest.raises(ConversionError) as caught:
        conform("hunter2", SECRET)
    assert "hunter2" not in str(caught.value)


def test_checks_are_asked_with_the_typed_value() -> None:
    of = RecordType((Field("n", INT, constraints=(Constraint("check", "it > 3"),)),))
    asked: list[tuple[str, Any]] = []

    def check(source: str, value: Any) -> str | None:
        asked.append((source, value))
        return "is too small"

    with pytest.raises(ConversionError, match=r"n: is too small"):
        conform({"n": 2.0}, of, check=check)
    assert asked == [("it > 3", 2)]
    assert conform({"n": 2}, of) == {"n": 2}


@given(st.data(), TYPES)
def test_conforming_twice_changes_nothing(data: st.DataObject, of: Type) -> None:
    value = data.draw(values(of))
    once = conform(value, of)
    assert equal(once, value)
    assert equal(conform(once, of), once)


@given(st.data(), TYPES)
def test_json_of_a_value_is_read_back_as_the_value(data: st.DataObject, of: Type) -> None:
    value = data.draw(values(of))
    assert equal(conform(to_json(value, of), of), value)
    assert equal(conform(to_json(value), of), value)


@given(JSONS)
def test_json_is_its_own_json(value: Any) -> None:
    assert equal(plain_json(value), value)
    assert equal(to_json(value), value)


def test_fields_get_their_names_in_json_from_their_type() -> None:
    value = {"text": "t", "score": 0.5, "url": "u", "raw": 7}
    assert to_json(value, HIT) == {"text": "t", "score": 0.5, "web-address": "u", "raw": 7}
    assert to_json(value) == value


def test_values_that_json_has_no_word_for_are_written_as_text() -> None:
    value = [Timestamp(0), Duration(1), b"hi", SecretRef("env:X")]
    assert to_json(value) == ["1970-01-01T00:00:00Z", "1ns", "aGk=", {"$secret": "env:X"}]


def test_a_text_made_with_a_secret_is_written_as_its_parts() -> None:
    made = SecretText(("Bearer ", SecretRef("env:KEY"), "!"))
    assert to_json([made]) == [{"$secret": ["Bearer ", {"$secret": "env:KEY"}, "!"]}]
    assert str(made) == "secret(env:KEY)"
    assert in_the_open(made, {"env:KEY": "hunter2"}) == "Bearer hunter2!"
    assert in_the_open(SecretRef("env:KEY"), {"env:KEY": "hunter2"}) == "hunter2"


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


def test_depth_is_bounded_and_deep_data_is_no_crash() -> None:
    assert equal(conform(nested(MAX_DEPTH), JSON), nested(MAX_DEPTH))
    for depth in (MAX_DEPTH + 1, 100_000):
        with pytest.raises(ConversionError, match="nests deeper than 200 levels"):
            conform(nested(depth), JSON)
        with pytest.raises(ConversionError, match="nests deeper than 200 levels"):
            to_json(nested(depth))


def test_an_empty_record_conforms_to_one_of_optional_fields() -> None:
    assert conform({}, record(a=OptionalType(INT), b=OptionalType(STRING))) == {}
