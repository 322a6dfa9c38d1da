"""What each version of the schema was written with is read for ever. A new version gets fixtures of its own, as `wf build` writes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from symphony_model.artifact_codec import SCHEMA_VERSION, artifact_from_text, artifact_to_text
from symphony_model.schema_check import first_violation
from symphony_schemas import KINDS

FIXTURES = sorted((Path(__file__).parents[1] / "data" / "artifacts").glob("*.wf.json"))


def version_of(path: Path) -> str:
    return path.name.removesuffix(".wf.json").rpartition("-")[2]


def test_every_version_has_a_fixture() -> None:
    assert {version_of(path) for path in FIXTURES} == {*KINDS["workflow"]}


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_what_an_earlier_release_wrote_is_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    data = json.loads(text)
    assert data["schema_version"] == version_of(path)
    assert first_violation("workflow", version_of(path), data) is None
    artifact = artifact_from_text(text)
    again = json.loads(artifact_to_text(artifact))
    assert again["schema_version"] == SCHEMA_VERSION
    assert again["content_hash"] == data["content_hash"]
    assert again["workflow"] == data["workflow"]
    assert artifact_from_text(artifact_to_text(artifact)) == artifact
