"""Bytes that are no workflow are refused in one sentence with the place, however they are broken."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.bincode.vectors import artifacts
from tests.model.hostile_binary import CASES, CODE, PACK, VERSION, WORKFLOW, packed

from symphony_model.binary.bincode import VERSION as NUMBERS
from symphony_model.binary.compression import Compression
from symphony_model.binary.message_pack import from_msgpack, to_msgpack
from symphony_model.serialize_errors import DeserializeError
from symphony_model.workflow import Workflow

T = TypeVar("T")
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Form(Generic[T]):
    name: str
    data: bytes
    read: Callable[[bytes], T]


FORMS = [
    Form("msgpack", PACK, Workflow.from_msgpack),
    Form("bincode", CODE, Workflow.from_bincode),
    *(Form(how, WORKFLOW.to_compressed(how), Workflow.from_compressed) for how in Compression),
]
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda it: it.name)


def found(form: Form[T], data: bytes) -> T | DeserializeError:
    """What is read, or why not: in a sentence with its place."""
    try:
        return form.read(data)
    except DeserializeError as problem:
        error = problem
    assert (error.place or "").startswith(("byte ", "$"))
    assert len(str(error)) < 1_000
    return error


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    command = [sys.executable, "-m", "tests.model.hostile_binary"]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines: dict[str, str] = dict(json.loads(line) for line in child.stdout.splitlines())
    assert len(lines) == len(CASES), f"the child ended after {list(lines)[-1:]}: {child.stderr[-1000:]}"
    return lines


@pytest.mark.parametrize("name", CASES)
def test_what_is_made_to_do_harm_is_one_sentence(name: str, said: dict[str, str]) -> None:
    assert CASES[name].end in said[name]
    assert said[name].startswith(("byte ", "$"))
    assert len(said[name]) < 600


@each_form
def test_data_that_was_cut_off_is_refused_wherever(form: Form[Workflow]) -> None:
    for length in range(len(form.data)):
        error = found(form, form.data[:length])
        assert isinstance(error, DeserializeError)
        assert (error.place or "").startswith("byte ")


@each_form
def test_data_behind_the_end_is_refused(form: Form[Workflow]) -> None:
    error = found(form, form.data + b"\0")
    assert isinstance(error, DeserializeError)
    assert error.message == "more data stands behind the end"
    assert error.place == f"byte {len(form.data)}"


@each_form
@given(data=st.data())
def test_a_bit_that_was_flipped_is_found(form: Form[Workflow], data: st.DataObject) -> None:
    """Whatever the bit makes of it; what is read is what was written."""
    changed = bytearray(form.data)
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    read = found(form, bytes(changed))
    assert isinstance(read, DeserializeError) or read == WORKFLOW


@each_form
@given(data=st.data())
def test_parts_that_were_moved_doubled_or_lost_are_found(form: Form[Workflow], data: st.DataObject) -> None:
    places = st.integers(0, len(form.data))
    start, end, to = data.draw(places), data.draw(places), data.draw(places)
    read = found(form, form.data[:to] + form.data[start:end] + form.data[data.draw(places) :])
    assert isinstance(read, DeserializeError) or read == WORKFLOW


@each_form
@given(data=st.binary(max_size=400))
def test_bytes_that_mean_nothing_are_refused(form: Form[Workflow], data: bytes) -> None:
    assert isinstance(found(form, data), DeserializeError)


# ---- versions ----


FUTURE = ["1.3.0", "1.2.1", "2.0.0", "99.0.0"]


@pytest.mark.parametrize("version", FUTURE)
def test_a_version_that_comes_later_is_refused_with_both_and_the_way_out(version: str) -> None:
    later = msgpack.packb([version, *msgpack.unpackb(PACK)[1:]])
    for read, data in [
        (Workflow.from_msgpack, later),
        (Workflow.from_bincode, NUMBERS.pack(*map(int, version.split("."))) + CODE[NUMBERS.size :]),
    ]:
        with pytest.raises(DeserializeError, match=f"schema version {version}; .* up to {VERSION}") as caught:
            read(data)
        assert (caught.value.place or "").startswith("byte ")
        assert caught.value.hint is not None
        assert "upgrade symphony-wf, or write it as JSON" in caught.value.hint


@pytest.mark.parametrize("version", ["0.9.0", "1.0.1", "", "1", "v1.2.0", "9" * 5000 + ".0.0", None, 1, [], {}])
def test_a_version_that_never_was_is_refused(version: Any) -> None:
    with pytest.raises(DeserializeError, match="version") as caught:
        Workflow.from_msgpack(msgpack.packb([version, *msgpack.unpackb(PACK)[1:]]))
    assert len(str(caught.value)) < 300


# ---- wrong types ----


WHOLE = artifacts()["everything"]
WRONG: list[Any] = [
    None, True, -1, 2**63, 0.5, float("nan"), "", "other", b"", b"\0" * 16, b"\0" * 32, [], [0], [99], [0, 0], [[]], {}, {"a": 1},
    {1: 2}, {b"": 0}, msgpack.ExtType(1, b""), msgpack.Timestamp(0, 0),
]  # fmt: skip


def places(data: Any) -> list[tuple[Any, Any]]:
    listed: list[tuple[Any, Any]] = []
    rest = [data]
    while rest:
        part = rest.pop()
        keys = list(part) if isinstance(part, dict) else list(range(len(part))) if isinstance(part, list) else []
        listed.extend((part, key) for key in keys)
        rest.extend(part[key] for key in keys)
    return listed


@given(st.data())
def test_a_wrong_value_anywhere_is_refused_with_its_byte_and_path_or_is_data_of_another_meaning(
    data: st.DataObject,
) -> None:
    """What is of the layout stays what it is when it is written again."""
    whole = msgpack.unpackb(to_msgpack(WHOLE), strict_map_key=False)
    container, key = data.draw(st.sampled_from(places(whole)))
    container[key] = data.draw(st.sampled_from(WRONG))
    form = Form("layout", b"", from_msgpack)
    read = found(form, msgpack.packb(whole))
    assert isinstance(read, DeserializeError) or from_msgpack(to_msgpack(read)) == read


WRONG_AT = [
    (packed(1, bytes(32), []), "byte 7, $.created_with", "a text is needed here"),
    (packed("", bytes(31), []), "byte 8, $.content_hash", "the 32 bytes of a hash are needed here"),
    (packed("", bytes(32), []), "byte 42, $.workflow", "an array of 12 members is needed here, not of 0"),
    (packed("", bytes(32), [b"", *[None] * 11]), "byte 43, $.workflow.id", "the 16 bytes of an id are needed here"),
]


@pytest.mark.parametrize(("data", "place", "message"), WRONG_AT)
def test_the_place_is_where_the_wrong_value_begins(data: bytes, place: str, message: str) -> None:
    with pytest.raises(DeserializeError) as caught:
        from_msgpack(data)
    assert (caught.value.place, caught.value.message) == (place, message)
