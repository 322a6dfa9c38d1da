"""Our bytes are those of the Rust crate bincode 1.3.3, which printed the golden vectors."""

from __future__ import annotations

import pytest
from tests.model.bincode.declarations import declarations
from tests.model.bincode.rewrite import BLOCK, PAGE
from tests.model.bincode.vectors import HERE, artifacts, vectors, write_files
from tests.model.bincode.with_cargo import is_here, printed
from tests.model.layouts import alternatives, taken

from symphony_model.binary.bincode import to_bincode
from symphony_model.binary.bincode_reading import from_bincode

ARTIFACTS = artifacts()


@pytest.mark.parametrize("name", ARTIFACTS)
def test_our_bytes_are_those_of_the_crate(name: str) -> None:
    assert to_bincode(ARTIFACTS[name]) == vectors()[name]
    assert from_bincode(vectors()[name]) == ARTIFACTS[name]


def test_the_vectors_take_every_alternative_of_their_layout() -> None:
    (version,) = {data["schema_version"] for data in ARTIFACTS.values()}
    found = set().union(*(taken(version, data) for data in ARTIFACTS.values()))
    assert alternatives(version) - found == set()


def test_the_declarations_are_those_of_the_layout() -> None:
    text = declarations("1.2.0")
    told = "`python -m tests.model.bincode.rewrite` writes them anew"
    assert (HERE / "reader" / "src" / "artifact.rs").read_text() == text, told
    assert BLOCK.findall(PAGE.read_text(encoding="utf-8")) == [text], told


@pytest.mark.skipif(not is_here(), reason="cargo or the crate bincode is not here")
def test_the_program_prints_the_vectors(tmp_path) -> None:
    printed_now = dict(line.split() for line in printed(write_files(ARTIFACTS, tmp_path)).splitlines())
    assert printed_now == {name: data.hex() for name, data in vectors().items()}
