"""Types as JSON, and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from tests.base.typed import TYPES

from symphony_dsl.base.times import Duration
from symphony_dsl.base.types import (
    DURATION,
    INT,
    JSON,
    NEVER,
    STRING,
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
)
from symphony_dsl.base.types_json import MAX_TYPE_DEPTH, type_from_json, type_to_json


@given(TYPES)
def test_a_type_is_read_back(of: Type) -> None:
    data = json.loads(json.dumps(type_to_json(of)))
    assert type_from_json(data) == of


FIELD = Field(
    "wait",
    DURATION,
    has_default=True,
    default=Duration(1_000_000_000),
    constraints=(Constraint("max", "1h"), Constraint("check", "it > 0s")),
    wire="wait-for",
    doc="How long.",
)


@pytest.mark.parametrize(
    ("of", "data"),
    [
        (INT, "int"),
        (NEVER, "never"),
        (ListType(MapType(OptionalType(JSON))), {"list": {"map": {"optional": "json"}}}),
        (OpaqueType("form"), {"opaque": "form"}),
        (EnumType("E", (("us", "us-east"),)), {"enum": {"name": "E", "values": [["us", "us-east"]]}}),
        (
            RecordType((Field("a", INT), FIELD), "R"),
            {
                "record": {
                    "name": "R",
                    "fields": [
                        {"name": "a", "type": "int"},
                        {
                            "name": "wait",
                            "type": "duration",
                            "default": "1s",
                            "constraints": [{"kind": "max", "value": "1h"}, {"kind": "check", "value": "it > 0s"}],
                            "wire": "wait-for",
                            "doc": "How long.",
                        },
                    ],
                }
            },
        ),
        (
            FunctionType((Field("x", INT),), STRING),
            {"function": {"parameters": [{"name": "x", "type": "int"}], "result": "string"}},
        ),
    ],
)
def test_the_forms(of: Type, data: Any) -> None:
    assert type_to_json(of) == data
    assert type_from_json(data) == of


def test_names_and_documentation_come_back_too() -> None:
    back = type_from_json(type_to_json(RecordType((FIELD,), "R")))
    assert isinstance(back, RecordType)
    assert back.name == "R"
    assert back.fields[0].doc == "How long."


@pytest.mark.parametrize(
    "data",
    [
        "text",
        5,
        None,
        {},
        {"list": "int", "map": "int"},
        {"tuple": []},
        {"list": "nothing"},
        {"record": {}},
        {"record": {"fields": [{"name": "a"}]}},
        {"record": {"fields": [{"name": "a", "type": "int", "default": "x"}]}},
        {"enum": {"name": "E", "values": [["a"]]}},
        {"function": {"parameters": 5, "result": "int"}},
    ],
)
def test_what_describes_no_type_is_refused(data: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        type_from_json(data)


def test_depth_is_bounded() -> None:
    data: Any = "int"
    for _ in range(MAX_TYPE_DEPTH):
        data = {"list": data}
    assert type_to_json(type_from_json(data)) == data
    with pytest.raises(ValueError, match="nests deeper"):
        type_from_json({"list": data})
