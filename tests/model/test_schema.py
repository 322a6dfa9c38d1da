"""The frozen schema says exactly what the codec writes: no more, no less, and two validators agree on it."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.graphs import artifacts

from symphony_dsl.base.canonical import content_hash
from symphony_model.artifact import Artifact
from symphony_model.artifact_codec import SCHEMA_VERSION, artifact_from_text, artifact_to_text
from symphony_model.json_edges import EDGES, TRANSFORM
from symphony_model.json_nodes import (
    BASE,
    CONTROL_CONFIG,
    HTTP,
    INSTRUMENT_CONFIG,
    NODES,
    OPERATOR_CONFIG,
    POSITION,
    TOOLS,
)
from symphony_model.json_parts import (
    CACHE,
    CONCURRENCY,
    CONSTRAINT,
    EXPRESSION,
    NODE_METADATA,
    RATE_LIMIT,
    RESOURCES,
    RETRY,
    RUN_SETTINGS,
    SETTINGS,
    WORKFLOW_METADATA,
)
from symphony_model.json_tables import REQUIRED, Table
from symphony_model.json_workflow import REGION, WORKFLOW
from symphony_model.schema_check import first_violation
from symphony_schemas import load

SCHEMA = load("workflow", SCHEMA_VERSION)
DEFS = SCHEMA["$defs"]
ORACLE = jsonschema.Draft202012Validator(SCHEMA)

TABLES: dict[str, Table[Any]] = {
    "region": REGION,
    "expression": EXPRESSION,
    "constraint": CONSTRAINT,
    "retry": RETRY,
    "cache": CACHE,
    "concurrency": CONCURRENCY,
    "rate_limit": RATE_LIMIT,
    "resources": RESOURCES,
    "settings": SETTINGS,
    "run_settings": RUN_SETTINGS,
    "http_request": HTTP,
    "node_metadata": NODE_METADATA,
    "workflow_metadata": WORKFLOW_METADATA,
    "instrument_config": INSTRUMENT_CONFIG,
    "operator_config": OPERATOR_CONFIG,
    "control_config": CONTROL_CONFIG,
}


def members(*tables: Table[Any]) -> tuple[list[str], list[str]]:
    """The names of members in order, and those that are always there."""
    found = [member for table in tables for member in table.members]
    return [member.name for member in found], [member.name for member in found if member.default is REQUIRED]


def described(schema: dict[str, Any]) -> tuple[list[str], list[str]]:
    return list(schema["properties"]), schema.get("required", [])


FROZEN = {"1.0.0": "sha256:4cd653614b1c068ae0fb4bb51af2da6893eeb2a76528151bb9965c0a598a325a"}
"""A schema that artifacts were written with does not change: a change is a new version."""


@pytest.mark.parametrize("version", FROZEN)
def test_a_frozen_schema_does_not_change(version: str) -> None:
    assert content_hash(load("workflow", version)) == FROZEN[version]


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["schema_version"]["const"] == SCHEMA_VERSION


@pytest.mark.parametrize("name", TABLES)
def test_a_table_and_its_schema_name_the_same_members(name: str) -> None:
    assert members(TABLES[name]) == described(DEFS[name])
    assert DEFS[name]["additionalProperties"] is False


@pytest.mark.parametrize("kind", NODES)
def test_a_node_and_its_schema_name_the_same_members(kind: str) -> None:
    names, required = members(BASE, NODES[kind])
    assert (["kind", *names], ["kind", *required]) == described(DEFS[f"{kind}_node"])


@pytest.mark.parametrize("kind", EDGES)
def test_an_edge_and_its_schema_name_the_same_members(kind: str) -> None:
    names, required = members(EDGES[kind])
    properties = described(DEFS[f"{kind}_edge"])
    assert (["kind", *names], ["kind", *required]) == properties


@pytest.mark.parametrize("kind", TOOLS)
def test_a_tool_and_its_schema_name_the_same_members(kind: str) -> None:
    names, required = members(TOOLS[kind])
    assert (["kind", *names], ["kind", *required]) == described(DEFS[f"{kind}_tool"])


def test_the_rest_and_its_schema_name_the_same_members() -> None:
    assert members(TRANSFORM) == described(DEFS["data_edge"]["properties"]["transform"])
    assert members(POSITION) == described(DEFS["instrument_node"]["properties"]["position"])
    names, required = members(WORKFLOW)
    assert (["id", *names, "nodes", "edges"], ["id", *required, "nodes", "edges"]) == described(DEFS["workflow"])


@pytest.mark.parametrize("name", ["retry", "cache", "control_config", "instrument_config", "operator_config"])
def test_the_defaults_of_the_schema_are_those_that_are_left_out(name: str) -> None:
    written = {key: part["default"] for key, part in DEFS[name]["properties"].items() if "default" in part}
    left_out = {member.name: member.default for member in TABLES[name].members}
    assert written == {key: left_out[key] for key in written}
    assert written


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


FIXTURES = sorted((Path(__file__).parents[1] / "data" / "artifacts").glob("*.wf.json"))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_what_an_earlier_release_wrote_is_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    version = json.loads(text)["schema_version"]
    artifact = artifact_from_text(text)
    written = artifact_to_text(artifact)
    assert version != SCHEMA_VERSION
    assert written == text.replace(version, SCHEMA_VERSION, 2)  # which changes nothing but what says the version
    assert artifact_from_text(written) == artifact


def test_a_member_of_a_later_version_is_none_of_an_earlier_one() -> None:
    data = deepcopy(SAMPLE)
    data["workflow"]["created_at"] = "2026-01-31T08:00:00Z"
    assert first_violation("workflow", SCHEMA_VERSION, data) is None
    data |= {"$schema": load("workflow", "1.0.0")["$id"], "schema_version": "1.0.0"}
    assert first_violation("workflow", "1.0.0", data) is not None


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
