"""The frozen schema says what the codec writes, and two validators agree on what fits."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.graphs import artifacts

from symphony_model.artifact import Artifact
from symphony_model.artifact_codec import SCHEMA_VERSION, artifact_to_text
from symphony_model.schema_check import first_violation
from symphony_schemas import load

SCHEMA = load("workflow", SCHEMA_VERSION)
ORACLE = jsonschema.Draft202012Validator(SCHEMA)


@given(artifacts())
def test_what_is_written_fits_the_schema(artifact: Artifact) -> None:
    data = json.loads(artifact_to_text(artifact))
    assert first_violation("workflow", SCHEMA_VERSION, data) is None
    ORACLE.validate(data)


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a JSON value."""
    found: list[tuple[Any, Any]] = []
    rest = [data]
    while rest:
        part = rest.pop()
        items = (
            list(part.items()) if isinstance(part, dict) else list(enumerate(part)) if isinstance(part, list) else []
        )
        found.extend((part, key) for key, _ in items)
        rest.extend(value for _, value in items)
    return found


WRONG: list[Any] = [None, True, 3, -1, 0.5, "", "other", [], {}, {"extra": 1}, [None]]


@given(artifacts(), st.data())
def test_two_validators_agree_on_what_does_not_fit(artifact: Artifact, data: st.DataObject) -> None:
    whole = json.loads(artifact_to_text(artifact))
    container, key = data.draw(st.sampled_from(places(whole)))
    what = data.draw(st.sampled_from(["replace", "remove", "extra"]))
    if what == "replace":
        container[key] = data.draw(st.sampled_from(WRONG))
    elif what == "remove":
        del container[key]
    elif isinstance(container, dict):
        container["an extra member"] = 1
    fits = first_violation("workflow", SCHEMA_VERSION, whole) is None
    assert fits == ORACLE.is_valid(whole)


SAMPLE: dict[str, Any] = {
    "$schema": SCHEMA["$id"],
    "schema_version": SCHEMA_VERSION,
    "created_with": "",
    "content_hash": "sha256:" + "0" * 64,
    "workflow": {
        "id": "00000000-0000-0000-0000-000000000000",
        "name": "w",
        "nodes": [
            {
                "kind": "operator",
                "id": "00000000-0000-0000-0000-000000000001",
                "path": "a",
                "name": "a",
                "operator_type": "python",
                "config": {"python": "m:f", "settings": {"retry": {"attempts": 2}}},
                "outputs": [{"name": "result", "data_type": {"list": "int"}}],
            }
        ],
        "edges": [],
    },
    "callees": {},
    "sources": {},
}


def at(data: Any, path: list[Any]) -> Any:
    for key in path:
        data = data[key]
    return data


NODE = ["workflow", "nodes", 0]
MISTAKES = [
    ([], "workflow", None),
    ([], "callees", {"sha1:0": {}}),
    ([], "sources", {"sha256:" + "0" * 64: {"a": "desk.wf"}}),
    (["workflow"], "id", "7"),
    (["workflow"], "version", "1"),
    (["workflow"], "colour", "red"),
    (["workflow"], "created_at", "yesterday"),
    (["workflow"], "updated_at", "2026-01-31T08:00:00+01:00"),
    (NODE, "kind", "gate"),
    (NODE, "kind", "control"),
    (NODE, "path", ""),
    (NODE, "operator_type", "eval"),
    (NODE, "position", {"x": 1}),
    ([*NODE, "config"], "python", "m.f"),
    ([*NODE, "config"], "expression", {"source": "1"}),
    ([*NODE, "config"], "arguments", {"a": {"value": 1, "source": "1"}}),
    ([*NODE, "config", "settings", "retry"], "attempts", 0),
    ([*NODE, "outputs", 0], "data_type", "integer"),
    ([*NODE, "outputs", 0], "data_type", {"list": "int", "map": "int"}),
    ([*NODE, "outputs", 0], "data_type", {"enum": {"name": "E", "values": [["a"]]}}),
]


def test_the_sample_fits() -> None:
    assert first_violation("workflow", SCHEMA_VERSION, SAMPLE) is None


@pytest.mark.parametrize(("path", "key", "value"), MISTAKES, ids=str)
def test_a_mistake_is_refused_by_both(path: list[Any], key: str, value: Any) -> None:
    data = deepcopy(SAMPLE)
    at(data, path)[key] = value
    assert not ORACLE.is_valid(data)
    wrong = first_violation("workflow", SCHEMA_VERSION, data)
    assert wrong is not None
    assert wrong.place.startswith("$")
