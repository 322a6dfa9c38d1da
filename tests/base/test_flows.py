"""The relation between types: its table, its laws, and that values keep what it promises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.base.typed import TYPES, values, wider

from symphony_dsl.base.conform import conform
from symphony_dsl.base.flows import FlowKind, a, flows, join
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FILE,
    FLOAT,
    INT,
    JSON,
    NEVER,
    NULL,
    SECRET,
    STRING,
    TIMESTAMP,
    TYPE,
    UNKNOWN,
    Constraint,
    EnumType,
    Field,
    FunctionType,
    ListType,
    MapType,
    OpaqueType,
    OptionalType,
    RecordType,
    Type,
    record,
)

EXACT, WIDENS, CONVERTS, NO = FlowKind.EXACT, FlowKind.WIDENS, FlowKind.CONVERTS, FlowKind.NO
LABEL = EnumType("Label", (("praise", "praise"), ("complaint", "complaint")))
MOOD = EnumType("Mood", (("good", "good"),))
HIT = record(score=FLOAT, text=STRING)
DEFAULTED = RecordType((Field("score", FLOAT, has_default=True, default=0.5),))

TABLE: list[tuple[Type, Type, FlowKind]] = [
    (INT, INT, EXACT),
    (INT, FLOAT, WIDENS),
    (FLOAT, INT, NO),
    (STRING, INT, NO),
    (INT, STRING, NO),
    (INT, OptionalType(INT), WIDENS),
    (INT, OptionalType(FLOAT), WIDENS),
    (OptionalType(INT), OptionalType(FLOAT), WIDENS),
    (OptionalType(INT), INT, NO),
    (NULL, OptionalType(INT), NO),
    (NULL, JSON, WIDENS),
    (NULL, OptionalType(JSON), WIDENS),
    (NULL, INT, NO),
    (INT, JSON, WIDENS),
    (TIMESTAMP, JSON, WIDENS),
    (OptionalType(INT), JSON, WIDENS),
    (SECRET, JSON, NO),
    (ListType(SECRET), JSON, NO),
    (record(key=SECRET), JSON, NO),
    (SECRET, STRING, NO),
    (STRING, SECRET, NO),
    (SECRET, SECRET, EXACT),
    (SECRET, OptionalType(SECRET), WIDENS),
    (JSON, INT, CONVERTS),
    (JSON, HIT, CONVERTS),
    (JSON, OptionalType(INT), CONVERTS),
    (JSON, SECRET, NO),
    (JSON, TYPE, NO),
    (JSON, record(key=SECRET), NO),
    (ListType(INT), ListType(FLOAT), WIDENS),
    (ListType(INT), ListType(STRING), NO),
    (ListType(JSON), ListType(INT), CONVERTS),
    (ListType(INT), INT, NO),
    (ListType(NEVER), ListType(STRING), EXACT),
    (MapType(INT), MapType(FLOAT), WIDENS),
    (MapType(INT), HIT, NO),
    (HIT, MapType(STRING), NO),
    (HIT, HIT, EXACT),
    (record(score=INT, text=STRING), HIT, WIDENS),
    (record(score=FLOAT, text=STRING, more=INT), HIT, WIDENS),
    (record(score=FLOAT), HIT, NO),
    (record(score=STRING, text=STRING), HIT, NO),
    (record(), DEFAULTED, WIDENS),
    (record(score=OptionalType(FLOAT)), DEFAULTED, WIDENS),
    (record(), record(note=OptionalType(STRING)), WIDENS),
    (LABEL, LABEL, EXACT),
    (LABEL, MOOD, NO),
    (LABEL, STRING, NO),
    (STRING, LABEL, NO),
    (LABEL, JSON, WIDENS),
    (JSON, LABEL, CONVERTS),
    (OpaqueType("form"), OpaqueType("form"), EXACT),
    (OpaqueType("form"), OpaqueType("other"), NO),
    (OpaqueType("form"), JSON, WIDENS),
    (OpaqueType("form"), INT, NO),
    (STRING, FILE, NO),
    (UNKNOWN, INT, EXACT),
    (INT, UNKNOWN, EXACT),
    (NEVER, SECRET, EXACT),
    (FunctionType((Field("x", FLOAT),), INT), FunctionType((Field("y", INT),), FLOAT), WIDENS),
    (FunctionType((Field("x", INT),), INT), FunctionType((Field("x", FLOAT),), INT), NO),
    (FunctionType((), INT), FunctionType((Field("x", INT),), INT), NO),
    (FunctionType((), INT), JSON, NO),
]


@pytest.mark.parametrize(("source", "target", "kind"), TABLE, ids=[f"{s} to {t}" for s, t, _ in TABLE])
def test_the_table(source: Type, target: Type, kind: FlowKind) -> None:
    found = flows(source, target)
    assert found.kind is kind
    assert (found.reason is None) is found.ok


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        (OptionalType(INT), INT, "may be absent"),
        (record(score=STRING, text=STRING), HIT, "in its field `score`, a string is no float"),
        (record(score=FLOAT), HIT, "the field `text` is missing"),
        (ListType(ListType(INT)), ListType(ListType(STRING)), "in its elements, in its elements, an int is no string"),
        (LABEL, STRING, "write `string(…)`"),
        (STRING, LABEL, "write `Label.praise`"),
        (STRING, SECRET, "env:NAME"),
        (HIT, MapType(STRING), "write its keys as strings"),
        (record(inner=record(key=SECRET)), JSON, "a secret never becomes json"),
    ],
)
def test_reasons_name_the_place_and_the_way_out(source: Type, target: Type, words: str) -> None:
    assert words in (flows(source, target).reason or "")


@given(TYPES)
def test_every_type_flows_into_itself(of: Type) -> None:
    assert flows(of, of).kind is EXACT


@given(st.data(), TYPES)
def test_what_flows_without_a_conversion_always_conforms(data: st.DataObject, of: Type) -> None:
    target = data.draw(wider(of) | TYPES)
    found = flows(of, target)
    if found.kind not in (EXACT, WIDENS):
        return
    value = data.draw(values(of))
    made = conform(value, target)
    assert conform(made, target) == made
    if found.kind is EXACT:
        assert made == value


@given(st.data(), TYPES)
def test_the_steps_of_the_rules_flow(data: st.DataObject, of: Type) -> None:
    target = data.draw(wider(of))
    assert flows(of, target).kind in (EXACT, WIDENS)


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        (INT, INT, INT),
        (INT, FLOAT, FLOAT),
        (INT, OptionalType(INT), OptionalType(INT)),
        (OptionalType(INT), FLOAT, OptionalType(FLOAT)),
        (JSON, INT, JSON),
        (JSON, SECRET, None),
        (NEVER, BOOL, BOOL),
        (UNKNOWN, BOOL, UNKNOWN),
        (STRING, INT, None),
        (LABEL, STRING, None),
        (BYTES, DURATION, None),
        (ListType(NEVER), ListType(INT), ListType(INT)),
        (ListType(INT), ListType(FLOAT), ListType(FLOAT)),
        (MapType(INT), MapType(FLOAT), MapType(FLOAT)),
        (record(a=INT), record(a=FLOAT), record(a=FLOAT)),
        (record(a=INT), record(b=INT), None),
        (record(a=INT), record(a=STRING), None),
    ],
)
def test_joins(one: Type, other: Type, joined: Type | None) -> None:
    assert join(one, other) == joined
    assert join(other, one) == joined


@given(TYPES, TYPES)
def test_both_sides_flow_into_their_join(one: Type, other: Type) -> None:
    joined = join(one, other)
    if joined is not None:
        assert flows(one, joined).ok
        assert flows(other, joined).ok


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (INT, "an int"),
        (STRING, "a string"),
        (ListType(HIT), f"a list of {HIT}"),
        (record(a=INT), "a record { a: int }"),
    ],
)
def test_types_in_sentences(of: Type, text: str) -> None:
    assert a(of) == text


def test_types_with_defaults_that_are_lists_can_be_hashed() -> None:
    of = RecordType(
        (Field("a", ListType(INT), has_default=True, default=[1], constraints=(Constraint("one_of", [[1]]),)),)
    )
    assert hash(of) == hash(RecordType(of.fields))
    assert of != RecordType((Field("a", ListType(INT), has_default=True, default=[2]),))
