"""What fuzzing has found, once more: no bytes of the corpus make a reader fail, nor any that are near them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.fuzz.targets import CORPUS, TARGETS

FILES = {name: sorted((CORPUS / name).iterdir()) for name in TARGETS}


def data_of(files: list[Path]) -> list[bytes]:
    return [path.read_bytes() for path in files]


@pytest.mark.parametrize("name", TARGETS)
def test_what_was_found_makes_no_reader_fail(name: str) -> None:
    assert FILES[name]
    for data in data_of(FILES[name]):
        TARGETS[name](data)


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.data())
def test_nor_does_what_is_near_it(name: str, data: st.DataObject) -> None:
    """A part of one file put into another."""
    files = st.sampled_from(FILES[name])
    whole, other = data.draw(files).read_bytes(), data.draw(files).read_bytes()
    start, end = sorted((data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, len(whole)))))
    first, last = sorted((data.draw(st.integers(0, len(other))), data.draw(st.integers(0, len(other)))))
    TARGETS[name](whole[:start] + other[first:last] + data.draw(st.binary(max_size=4)) + whole[end:])
