"""A text that is no sound artifact is refused in one sentence, with its place and a way out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.model.samples import Sample, control, port, python

from symphony_dsl.base.errors import UserError
from symphony_model.artifact import Artifact, seal
from symphony_model.artifact_codec import SCHEMA_VERSION, artifact_from_text, artifact_to_text
from symphony_model.json_form import reading as json_reading
from symphony_model.json_form.workflow import json_hash, workflow_hash
from symphony_model.nodes import OperatorConfig, OperatorNode, OperatorType
from symphony_model.workflow import Workflow


def sample() -> Artifact:
    return seal(Sample().workflow(), {}, {}, created_with="symphony-wf 1.2.3")


TEXT = artifact_to_text(sample())
DATA = json.loads(TEXT)


def changed(how: Callable[[Any], object]) -> str:
    data = json.loads(TEXT)
    how(data)
    return json.dumps(data)


def rehashed(sample: Sample) -> str:
    return artifact_to_text(seal(sample.workflow(), {}, {}))


def cyclic() -> str:
    spoiled = Sample()
    spoiled.edges.append(control("reply", "kind"))
    return rehashed(spoiled)


def calling(called: str) -> str:
    spoiled = Sample()
    config = OperatorConfig(callee="other", workflow=called)
    node = python("call", port("a", required=False))
    spoiled.nodes.append(OperatorNode(node.base, OperatorType.WORKFLOW, config))
    return rehashed(spoiled)


def nested(depth: int) -> Any:
    value: Any = {}
    for _ in range(depth):
        value = {"a": value}
    return value


def custom(value: Any) -> str:
    return changed(lambda data: data["workflow"].update(metadata={"custom": {"x": value}}))


REFUSED: list[tuple[str, str | None, str]] = [
    ("", "line 1, column 1", "this is no JSON"),
    ("{", "line 1, column 2", "this is no JSON"),
    (TEXT[:-40], "line", "this is no JSON"),
    ("[" * 100_000, None, "nests too deeply"),
    ('{"schema_version": NaN}', "$.schema_version", "NaN is no JSON value"),
    ('{"schema_version": ' + "9" * 5000 + "}", "$.schema_version", "a number has 5000 digits"),
    ("[]", "$", "`schema_version` is missing"),
    ("{}", "$", "`schema_version` is missing"),
    (
        changed(lambda data: data.update(schema_version="2.0.0")),
        "$.schema_version",
        f"schema version 2.0.0, and this release reads {SCHEMA_VERSION} at most",
    ),
    (changed(lambda data: data.pop("workflow")), "$", '"workflow" is a required property'),
    (changed(lambda data: data["workflow"].update(extra=1)), "$.workflow", "was changed after"),
    (changed(lambda data: data["workflow"]["nodes"][2].update(kind="gate")), "$.workflow.nodes[2].kind", "gate"),
    (changed(lambda data: data["workflow"]["nodes"][2].update(path="kinds")), "$.workflow", "was changed after"),
    (changed(lambda data: data["workflow"].update(description="x")), "$.workflow", "was changed after"),
    (
        changed(lambda data: data["workflow"].update(name="other")),
        "$.workflow",
        "not the one that its package and name",
    ),
    (changed(lambda data: data["workflow"]["nodes"].pop()), "$.workflow", "which is no node of"),
    (
        changed(lambda data: data["workflow"]["nodes"].append(data["workflow"]["nodes"][0])),
        "$.workflow",
        "is there already",
    ),
    (
        changed(lambda data: data.update(callees={"sha256:" + "0" * 64: data["workflow"]})),
        "$.callees",
        "was changed after",
    ),
    (custom(nested(300)), "$.workflow", "nests deeper than 200 levels"),
    (custom(nested(900)), "$.workflow", "nests deeper than 200 levels"),
    (custom("?").replace('"?"', "1e400"), "$.workflow.metadata.custom.x", "1e400 is larger"),
    (custom("\ud800"), "$.workflow.metadata.custom.x", "half of a surrogate pair"),
    (calling("sha256:" + "0" * 64), "$.callees", "step 'call' of workflow 'desk' calls a workflow that is not in"),
    (cyclic(), "$.workflow", "the graph is not sound: these nodes wait for each other: kind → reply.if"),
]


@pytest.mark.parametrize(("text", "place", "part"), REFUSED, ids=[f"{row[1]} {row[2]}" for row in REFUSED])
def test_what_is_no_artifact_is_refused(text: str, place: str | None, part: str) -> None:
    with pytest.raises(UserError) as caught:
        artifact_from_text(text)
    assert part in caught.value.message
    assert caught.value.hint
    assert (caught.value.place or "").startswith(place or "")
    assert len(str(caught.value)) < 600


def test_an_artifact_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reading, "MAX_CHARACTERS", len(TEXT) - 1)
    with pytest.raises(UserError, match="larger than"):
        artifact_from_text(TEXT)


def test_an_artifact_opens_with_what_it_is() -> None:
    assert list(DATA) == ["$schema", "schema_version", "created_with", "content_hash", "workflow"]
    assert DATA["created_with"] == "symphony-wf 1.2.3"
    opening = (
        f'  "$schema": "urn:symphony-wf:schema:workflow:{SCHEMA_VERSION}",\n  "schema_version": "{SCHEMA_VERSION}",\n'
    )
    assert TEXT.startswith("{\n" + opening)


def test_places_are_no_part_of_the_hash() -> None:
    workflow = Sample().workflow()
    places = {workflow_hash(workflow): {"kind": ("desk:1/a.wf", 12)}}
    placed = seal(workflow, {}, places)
    assert placed.content_hash == sample().content_hash
    assert artifact_from_text(artifact_to_text(placed)).sources == places
    assert '"kind": "desk:1/a.wf:12"' in artifact_to_text(placed)


def test_defaults_that_are_written_out_are_read_and_not_written_again() -> None:
    """As another program may write them. The hash is that of what stands there, before and after."""
    data = json.loads(TEXT)
    data["workflow"]["nodes"][2] |= {"enabled": True, "metadata": {}}
    data["content_hash"] = json_hash(data["workflow"])
    artifact = artifact_from_text(json.dumps(data))
    assert artifact.content_hash == data["content_hash"] != DATA["content_hash"]
    written = artifact_to_text(artifact)
    assert json.loads(written) == DATA
    assert artifact_from_text(written).workflow == artifact.workflow


def test_a_whole_number_may_be_written_with_a_point() -> None:
    data = json.loads(TEXT)
    for region in data["workflow"]["regions"]:
        region["order"] = float(region["order"])
    data["content_hash"] = json_hash(data["workflow"])
    workflow = artifact_from_text(json.dumps(data)).workflow
    assert workflow == sample().workflow
    assert workflow.to_json() == sample().workflow.to_json()
    assert Workflow.from_msgpack(workflow.to_msgpack()) == workflow


def test_a_callee_is_part_of_the_hash() -> None:
    one, other = calling("sha256:" + "0" * 64), calling("sha256:" + "1" * 64)
    assert json.loads(one)["content_hash"] != json.loads(other)["content_hash"]


def test_a_member_that_has_its_default_is_not_written() -> None:
    node = next(node for node in DATA["workflow"]["nodes"] if node["path"] == "reply:else/yield")
    assert list(node) == ["kind", "id", "path", "name", "region", "operator_type", "config", "outputs"]
    assert node["config"] == {"callee": "f", "python": "m:f"}


def test_nothing_that_is_no_json_is_written() -> None:
    spoiled = Sample()
    spoiled.config("kind", temperature=float("nan"))
    with pytest.raises(ValueError, match="JSON"):
        seal(spoiled.workflow(), {}, {})
