"""What a newer release wrote and this one does not know is kept, with a warning, as long as the major version is the same."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.graphs import artifacts
from tests.model.samples import Sample

from symphony_model.artifact import Artifact
from symphony_model.artifact_codec import SCHEMA_ID, SCHEMA_VERSION, artifact_from_text, artifact_to_text
from symphony_model.json_form.unknown import UnknownMember, without_unknown
from symphony_model.json_form.workflow import json_hash
from symphony_model.schema_check import first_violation
from symphony_model.serialize_errors import DeserializeError, SerializeError, UnknownMembersWarning
from symphony_model.workflow import Workflow

TEXT = Sample().workflow().to_json()
NEWER = "1.99.0"


def newer(change: Callable[[Any], object], version: str = NEWER) -> str:
    """The sample as a later release would write it."""
    data = json.loads(TEXT)
    data |= {"$schema": f"urn:symphony-wf:schema:workflow:{version}", "schema_version": version}
    change(data)
    data["content_hash"] = json_hash(data["workflow"])
    return json.dumps(data)


def node_of(data: Any, path: str = "kind") -> Any:
    return next(node for node in data["workflow"]["nodes"] if node["path"] == path)


def colours(data: Any) -> None:
    """A new member in every kind of place."""
    data["signed_by"] = "Ada"
    data["workflow"]["audience"] = {"team": [7]}
    node = node_of(data)
    node["colour"] = "red"
    node["config"]["seed"] = 3
    node["outputs"][0]["unit"] = None
    data["workflow"]["edges"][0]["width"] = 2.5
    data["workflow"]["regions"][0]["icon"] = "x"


def read(text: str) -> Workflow:
    with pytest.warns(UnknownMembersWarning):
        return Workflow.from_json(text)


def test_members_of_a_newer_release_are_kept_and_written_again() -> None:
    text = newer(colours)
    written = json.loads(artifact_to_text(artifact_from_text(text)))
    assert written.pop("schema_version") == SCHEMA_VERSION
    assert written.pop("$schema") == SCHEMA_ID
    expected = json.loads(text)
    del expected["schema_version"], expected["$schema"]
    assert written == expected


def test_they_are_told_of_with_places_versions_and_the_way_out() -> None:
    note = artifact_from_text(newer(colours)).note
    assert note.startswith(f"members that schema version {SCHEMA_VERSION} does not have are kept and do nothing: $.")
    assert note.endswith(" and 4 more; it has 1.99.0: upgrade symphony-wf")
    with pytest.warns(UnknownMembersWarning, match="kept and do nothing") as caught:
        Workflow.from_json(newer(lambda data: node_of(data).update(colour="red")))
    assert Path(caught[0].filename) == Path(__file__)
    assert artifact_from_text(TEXT).note == ""


def test_they_are_part_of_the_workflow_and_of_its_hash() -> None:
    kept, plain = read(newer(colours)), Workflow.from_json(TEXT)
    assert kept != plain
    assert kept.content_hash() != plain.content_hash()
    assert "unknown" in str(plain.diff(kept))
    assert kept.copy() == kept
    kept.update(unknown=())
    assert kept == plain


@pytest.mark.parametrize("inside", [{"metadata": {}}, {"config": {"settings": {}}}])
def test_what_holds_nothing_else_is_not_left_out(inside: dict[str, Any]) -> None:
    """An object whose known members all have their defaults is not written, unless there is more."""

    def change(data: Any) -> None:
        holder, part = node_of(data), inside
        while part:
            [(name, part)] = part.items()
            holder = holder.setdefault(name, {})
        holder.clear()
        holder["later"] = [1]

    kept = read(newer(change))
    assert json.loads(kept.to_json())["workflow"] == json.loads(newer(change))["workflow"]
    node = Sample().workflow().at("kind")
    assert node is not None
    kept.replace_node(node)
    assert '"later":[1]' in kept.to_json()


def test_they_stay_with_their_node_and_go_with_it() -> None:
    workflow = read(newer(colours))
    node = workflow.at("kind")
    assert node is not None
    mine = [member for member in workflow.unknown if member.owner == node.base.id]
    assert UnknownMember(node.base.id, ("config", "seed"), 3) in mine
    workflow.remove_node(next(each for each in workflow.nodes if each != node.base.id))
    assert node_of(json.loads(workflow.to_json()))["config"]["seed"] == 3
    workflow.remove_node(node.base.id)
    data = json.loads(workflow.to_json())["workflow"]
    assert "seed" not in json.dumps(data["nodes"])
    assert data["audience"] == {"team": [7]}


@pytest.mark.parametrize("write", [Workflow.to_msgpack, Workflow.to_bincode])
def test_binary_formats_have_no_place_for_them(write: Callable[[Workflow], bytes]) -> None:
    with pytest.raises(SerializeError, match=r"has the member '.*', which a newer release gave it") as caught:
        write(read(newer(colours)))
    assert caught.value.hint == "write JSON, or upgrade symphony-wf"


def test_one_that_was_changed_is_noticed() -> None:
    data = json.loads(newer(colours))
    node_of(data)["config"]["seed"] = 4
    with pytest.raises(DeserializeError, match="was changed after it was built"):
        artifact_from_text(json.dumps(data))


def test_members_in_types_and_in_callees_are_found_too() -> None:
    def change(data: Any) -> None:
        port = node_of(data)["outputs"][0]
        port["data_type"] = {
            "record": {"fields": [{"name": "a", "type": {"list": "int"}, "unit": "m"}], "sealed": True}
        }
        data["workflow"]["edges"] = [
            edge for edge in data["workflow"]["edges"] if edge["source_node"] != node_of(data)["id"]
        ]

    kept = read(newer(change))
    assert {member.place[-1] for member in kept.unknown} == {"unit", "sealed"}
    assert json.loads(kept.to_json())["workflow"] == json.loads(newer(change))["workflow"]


REFUSED: list[tuple[Callable[[Any], object], str, str]] = [
    (lambda data: node_of(data).update(kind="agent"), NEWER, "$.workflow.nodes[2].kind"),
    (lambda data: node_of(data).update(enabled="later"), NEWER, "$.workflow.nodes[2].enabled"),
    (lambda data: None, "2.0.0", "$.schema_version"),
    (lambda data: None, "2.0.0", "$.schema_version"),
    (lambda data: data["workflow"].clear(), "9.0.0", "$.schema_version"),
]


@pytest.mark.parametrize(("change", "version", "place"), REFUSED)
def test_what_this_release_cannot_understand_is_refused(
    change: Callable[[Any], object], version: str, place: str
) -> None:
    with pytest.raises(DeserializeError) as caught:
        artifact_from_text(newer(change, version))
    error = caught.value
    assert error.place == place
    assert f"schema version {version}, and this release reads {SCHEMA_VERSION} at most" in error.message
    assert error.hint == "upgrade symphony-wf, or build it again with `wf build` of this release"


TYPED = {"default_value", "default"}
"""What stands there is of a type of its own, which says what members it has."""


def objects(data: Any) -> list[Any]:
    found, rest = [], [data]
    while rest:
        part = rest.pop()
        if isinstance(part, dict):
            found.append(part)
            rest.extend(each for name, each in part.items() if name not in TYPED)
        elif isinstance(part, list):
            rest.extend(part)
    return found


@given(artifacts(), st.data())
def test_a_member_anywhere_comes_back(artifact: Artifact, data: st.DataObject) -> None:
    whole = json.loads(artifact_to_text(artifact))
    whole["callees"] = {}
    holders = objects(whole["workflow"])
    chosen = data.draw(st.sets(st.integers(0, len(holders) - 1), min_size=1, max_size=3))
    for at in chosen:
        holders[at]["a later member"] = data.draw(st.sampled_from([None, 1.0, [], {"a": [2]}]))
    whole["content_hash"] = json_hash(whole["workflow"])
    known, unknown = without_unknown("workflow", SCHEMA_VERSION, whole)
    if first_violation("workflow", SCHEMA_VERSION, known):  # it stands for a port or a field, and is none
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnknownMembersWarning)
        read = Workflow.from_json(json.dumps(whole))
        again = Workflow.from_json(read.to_json())
    assert len(read.unknown) == len(unknown) <= len(chosen)  # fewer where any member may stand, as in metadata
    assert json.loads(read.to_json())["workflow"] == whole["workflow"]
    assert again == read
    assert again.to_json() == read.to_json()
