"""Versions of the schema: which of them fit together, ways between them, and what becomes of an artifact on the way."""

from __future__ import annotations

import json
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.graphs import artifacts
from tests.model.samples import Sample

from symphony_model.artifact import Artifact
from symphony_model.artifact_codec import artifact_from_json, artifact_to_json
from symphony_model.json_form.workflow import json_hash
from symphony_model.migrations import Migration, MigrationError, MigrationRegistry
from symphony_model.migrations_known import MIGRATIONS, built_in
from symphony_model.schema_check import first_violation
from symphony_model.serialize_errors import DeserializeError
from symphony_model.versioned import VersionedWorkflow, version_of
from symphony_model.versions import KNOWN, SchemaVersion

FIXTURES = sorted((Path(__file__).parents[1] / "data" / "artifacts").glob("*.wf.json"))
CURRENT = SchemaVersion.CURRENT


def v(text: str) -> SchemaVersion:
    return SchemaVersion.parse(text)


# ---- versions ----


def test_versions_are_in_their_order_and_come_back_from_text() -> None:
    texts = ["0.9.9", "1.0.0", "1.0.10", "1.2.0", "1.10.0", "2.0.0", "10.0.0"]
    assert [str(each) for each in sorted(v(text) for text in reversed(texts))] == texts
    assert CURRENT == KNOWN[-1] == max(KNOWN)


@pytest.mark.parametrize(
    "text", ["", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.x", "1.2.3-rc.1", "v1.2.3", "1.2.٣", "9" * 50 + ".0.0"]
)
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"three numbers with dots"):
        v(text)


@pytest.mark.parametrize(
    ("one", "other", "compatible", "migrates"),
    [
        ("1.2.0", "1.2.0", True, False),
        ("1.2.0", "1.2.7", True, False),
        ("1.2.0", "1.0.0", True, True),
        ("1.2.0", "1.3.0", True, True),
        ("1.2.0", "2.2.0", False, True),
        ("2.0.0", "1.2.0", False, True),
    ],
)
def test_versions_fit_together_within_a_major_one(one: str, other: str, compatible: bool, migrates: bool) -> None:
    assert v(one).is_compatible(v(other)) is compatible
    assert v(one).requires_migration(v(other)) is migrates


@pytest.mark.parametrize(
    ("found", "part"),
    [
        (None, "is no version of a schema"),
        (1.2, "'1.2' is no version of a schema"),
        ([["1.2.0"]], "is no version of a schema"),
        ("1.2", "'1.2' is no version of a schema"),
        ("0.4.0", "reads none before 1.0.0"),
        ("2.0.0", f"schema version 2.0.0, and this release reads {CURRENT} at most"),
    ],
)
def test_a_version_that_cannot_be_read_is_refused(found: Any, part: str) -> None:
    with pytest.raises(DeserializeError) as caught:
        version_of({"schema_version": found})
    assert part in caught.value.message
    assert caught.value.place == "$.schema_version"
    assert caught.value.hint


# ---- ways ----


def step(one: str, other: str, change: Any = lambda data: data, back: Any = None) -> Migration:
    return Migration(v(one), v(other), change, back)


def registry(*steps: Migration) -> MigrationRegistry:
    made = MigrationRegistry()
    for each in steps:
        made.register(each)
    return made


def test_a_way_over_several_steps_is_found_and_is_a_shortest() -> None:
    made = registry(
        step("7.0.0", "7.1.0"),
        step("7.1.0", "7.2.0", back=lambda data: data),
        step("7.2.0", "8.0.0"),
        step("7.0.0", "7.2.0"),
        step("8.0.0", "7.0.0"),
    )
    assert made.path(v("7.0.0"), v("8.0.0")) == (v("7.0.0"), v("7.2.0"), v("8.0.0"))
    assert made.path(v("7.2.0"), v("7.1.0")) == (v("7.2.0"), v("7.1.0"))
    assert made.path(v("8.0.0"), v("7.1.0")) == (v("8.0.0"), v("7.0.0"), v("7.1.0"))
    assert made.path(v("7.1.0"), v("7.1.0")) == (v("7.1.0"),)
    assert made.path(v("7.0.0"), v("9.0.0")) is None
    assert made.can_migrate(v("7.1.0"), v("7.0.0"))
    assert not made.can_migrate(v("9.0.0"), v("7.0.0"))


def test_two_migrations_between_the_same_versions_are_a_mistake() -> None:
    made = registry(step("7.0.0", "7.1.0"))
    with pytest.raises(ValueError, match=r"from 7.0.0 to 7.1.0 already"):
        made.register(step("7.0.0", "7.1.0"))
    with pytest.raises(ValueError, match=r"from 7.0.0 to 7.0.0 already"):
        made.register(step("7.0.0", "7.0.0"))


@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12), st.integers(0, 5), st.integers(0, 5))
def test_ways_are_those_of_a_search_by_hand(steps: set[tuple[int, int]], start: int, target: int) -> None:
    made = registry(*(step(f"7.{a}.0", f"7.{b}.0") for a, b in sorted(steps) if a != b))
    reached, rounds = {start}, 0
    while target not in reached and (more := {b for a, b in steps if a in reached} - reached):
        reached, rounds = reached | more, rounds + 1
    found = made.path(v(f"7.{start}.0"), v(f"7.{target}.0"))
    assert (found is not None) == (target in reached)
    if found:
        assert len(found) == rounds + 1
        assert all((a.minor, b.minor) in steps for a, b in pairwise(found))


# ---- what becomes of an artifact ----


def sample(**more: Any) -> VersionedWorkflow:
    """Two workflows, the one calling the other, in a version of nobody."""
    callee = {"id": "1", "name": "callee", "nodes": [], "edges": []}
    key = json_hash(callee)
    caller = {
        "id": "0",
        "name": "caller",
        "nodes": [{"id": "n", "config": {"workflow": key, "colour": "red"}}],
        "edges": [],
    }
    sources = {key: {"a": "w.wf:1"}, json_hash(caller): {"n": "w.wf:2"}}
    rest = {"content_hash": json_hash(caller), "callees": {key: callee}, "sources": sources}
    return VersionedWorkflow(v("1.2.0"), "symphony-wf 1", caller, rest | more)


def of_version(made: VersionedWorkflow, text: str) -> VersionedWorkflow:
    return VersionedWorkflow(v(text), made.created_with, made.workflow, made.more)


def renamed(one: str, other: str) -> Any:
    """A migration of all workflows: a member of a node's configuration gets another name."""

    def change(data: Any) -> Any:
        made = deepcopy(data)
        for workflow in (made["workflow"], *made.get("callees", {}).values()):
            for node in workflow["nodes"]:
                node["config"] = {other if name == one else name: part for name, part in node["config"].items()}
        return made

    return change


def described(data: Any) -> Any:
    """A migration that changes what is called."""
    made = deepcopy(data)
    for workflow in made["callees"].values():
        workflow["description"] = "new"
    return made


UNKNOWN_TO_US = registry(
    step("1.7.0", "1.8.0", renamed("colour", "color"), renamed("color", "colour")),
    step("1.8.0", "1.9.0", described),
)


def test_hashes_follow_what_changed_through_all_who_call_it() -> None:
    before = of_version(sample(), "1.7.0")
    after = UNKNOWN_TO_US.migrate(before, v("1.9.0"))
    assert after.schema_version == v("1.9.0")
    assert after.to_data()["$schema"] == "urn:symphony-wf:schema:workflow:1.9.0"
    [(key, callee)] = after.more["callees"].items()
    assert callee["description"] == "new"
    assert key == json_hash(callee) != next(iter(before.more["callees"]))
    assert after.workflow["nodes"][0]["config"] == {"workflow": key, "color": "red"}
    assert after.more["content_hash"] == json_hash(after.workflow)
    assert after.more["sources"] == {key: {"a": "w.wf:1"}, after.more["content_hash"]: {"n": "w.wf:2"}}


def test_a_migration_is_taken_back_by_its_inverse() -> None:
    before = of_version(sample(), "1.7.0")
    after = UNKNOWN_TO_US.migrate(before, v("1.8.0"))
    assert after != before
    assert UNKNOWN_TO_US.migrate(after, v("1.7.0")) == before
    with pytest.raises(MigrationError, match=r"no migration from schema version 1.9.0 to 1.7.0"):
        UNKNOWN_TO_US.migrate(of_version(sample(), "1.9.0"), v("1.7.0"))


def test_one_that_fails_says_which_and_changes_nothing() -> None:
    def fails(data: Any) -> Any:
        return {**data, "workflow": data["workflow"]["nothing"]}

    before = of_version(sample(), "1.7.0")
    kept = deepcopy(before)
    with pytest.raises(MigrationError, match=r"the migration from 1.7.0 to 1.8.0 failed: 'nothing'"):
        registry(step("1.7.0", "1.8.0", fails)).migrate(before, v("1.8.0"))
    assert before == kept


def test_what_comes_of_a_migration_has_to_fit_its_version() -> None:
    fixture = VersionedWorkflow.of_data(json.loads(FIXTURES[0].read_text(encoding="utf-8")))

    def spoils(data: Any) -> Any:
        return {**data, "workflow": {**data["workflow"], "nodes": 3}}

    with pytest.raises(MigrationError, match=r"has no form in schema version 1.1.0: 3 is not of type") as caught:
        registry(step("1.0.0", "1.1.0", spoils)).migrate(fixture, v("1.1.0"))
    assert caught.value.place == "$.workflow.nodes"


def test_what_was_changed_by_hand_is_not_sealed_again() -> None:
    spoiled = of_version(sample(content_hash="sha256:" + "0" * 64), "1.7.0")
    with pytest.raises(MigrationError, match="was changed after it was built") as caught:
        UNKNOWN_TO_US.migrate(spoiled, v("1.8.0"))
    assert caught.value.place == "$.workflow"


@pytest.mark.parametrize("levels", [300, *range(700, 1100, 40)])
def test_what_nests_too_deeply_for_a_hash_is_refused(levels: int) -> None:
    """How deep that is depends on who calls, since Python counts the calls of all."""
    value: Any = []
    for _ in range(levels):
        value = [value]
    before = of_version(sample(content_hash="sha256:" + "0" * 64, workflow={"nodes": [], "x": value}), "1.7.0")
    with pytest.raises(MigrationError, match=r"nests deeper than 200 levels|was changed after it was built"):
        UNKNOWN_TO_US.migrate(before, v("1.8.0"))


# ---- the history ----


def test_every_version_can_become_every_other() -> None:
    assert all(built_in().can_migrate(one, other) for one in KNOWN for other in KNOWN)
    assert [(each.from_version, each.to_version) for each in MIGRATIONS] == list(pairwise(KNOWN))


PLAIN = ("heavy-1.1.0.wf.json", "outer-1.1.0.wf.json")
"""Fixtures that hold nothing which came with their version."""


@pytest.mark.parametrize("target", KNOWN, ids=str)
@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_an_old_artifact_goes_forth_and_back(path: Path, target: SchemaVersion) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    before = VersionedWorkflow.of_data(data)
    kept = deepcopy(data)
    new = built_in().migrate(before, CURRENT)
    assert data == kept
    assert first_violation("workflow", str(CURRENT), new.to_data()) is None
    if target < before.schema_version and path.name not in PLAIN:
        with pytest.raises(MigrationError, match=r"no form in schema version \S+: ") as caught:
            built_in().migrate(new, target)
        assert (caught.value.place or "").startswith("$.workflow")
        assert caught.value.hint == "leave out what came with a later version, or keep that"
        return
    back = built_in().migrate(new, target).to_data()
    assert first_violation("workflow", str(target), back) is None
    assert built_in().migrate(VersionedWorkflow.of_data(back), CURRENT) == new
    if target == before.schema_version:
        assert back == data


@given(artifacts())
def test_what_an_old_version_has_no_word_for_stays_where_it_is(artifact: Artifact) -> None:
    data = json.loads(json.dumps(artifact_to_json(artifact)))
    old = {
        "callees": {},
        "sources": {},
        **data,
        "$schema": "urn:symphony-wf:schema:workflow:1.1.0",
        "schema_version": "1.1.0",
    }
    if first_violation("workflow", "1.1.0", old) is None:
        back = built_in().migrate(VersionedWorkflow.of_data(data), v("1.1.0"))
        assert back.to_data() == old
        assert artifact_from_json(old) == artifact
        return
    with pytest.raises(MigrationError, match=r"no form in schema version 1.1.0"):
        built_in().migrate(VersionedWorkflow.of_data(data), v("1.1.0"))


def test_a_workflow_is_wrapped_and_unwrapped() -> None:
    workflow = Sample().workflow()
    wrapped = VersionedWorkflow.wrap(workflow, "symphony-wf 1.2.3")
    assert (wrapped.schema_version, wrapped.created_with) == (CURRENT, "symphony-wf 1.2.3")
    assert wrapped.unwrap() == workflow
    assert VersionedWorkflow.of_data(wrapped.to_data()) == wrapped
    assert list(wrapped.to_data()) == ["$schema", "schema_version", "created_with", "content_hash", "workflow"]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_an_old_artifact_is_unwrapped(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    assert VersionedWorkflow.of_data(data).unwrap() == artifact_from_json(data).workflow
