"""What binary formats have written of each version, they write for ever: the layout of a version does not change."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from symphony_model.artifact_formats import WRITERS, artifact_from_bytes, data_of_bytes
from symphony_model.binary.recognition import ArtifactFormat, format_of

FIXTURES = sorted((Path(__file__).parents[1] / "data" / "artifacts").glob("*.wf.json"))
HERE = Path(__file__).with_name("written_bytes.json")
FORMATS = [ArtifactFormat.MSGPACK, ArtifactFormat.BINCODE]
KEPT: dict[str, dict[str, str]] = json.loads(HERE.read_text())
"""The hash of what a format writes of each fixture. A new fixture gets its line; a line that is there stays."""


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_the_bytes_of_every_version_stay_what_they_are(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    written = {how: WRITERS[how](data) for how in FORMATS}
    assert {how: sha256(each).hexdigest() for how, each in written.items()} == KEPT[path.name]


@pytest.mark.parametrize("how", ArtifactFormat)
@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_every_version_is_read_in_every_format(path: Path, how: ArtifactFormat) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    written = WRITERS[how](data)
    assert format_of(written) == how
    assert data_of_bytes(written) == data
    assert artifact_from_bytes(written) == artifact_from_bytes(path.read_bytes())
