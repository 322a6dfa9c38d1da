"""JSON that is no artifact is refused in one sentence with its place, however it is broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.samples import Sample

from symphony_model.artifact import Artifact
from symphony_model.artifact_codec import artifact_from_text
from symphony_model.json_form import reading as json_reading
from symphony_model.json_form.reading import parse_json
from symphony_model.serialize_errors import DeserializeError
from symphony_model.workflow import Workflow

TEXT = Sample().workflow().to_json()
FIXTURES = sorted((Path(__file__).parents[1] / "data" / "artifacts").glob("*.wf.json"))
DEEP = 100_000


def nested(kind: str | None, inner: Any) -> Any:
    """A list within 300 lists, or a type."""
    for _ in range(300):
        inner = {kind: inner} if kind else [inner]
    return inner


DEEPER, DEEPER_TYPE = nested(None, 1), nested("list", "int")


def read(text: str | bytes) -> Workflow | Artifact | DeserializeError:
    """What is read, or why not: in a sentence."""
    try:
        return Workflow.from_json(text) if isinstance(text, bytes) else artifact_from_text(text)
    except DeserializeError as error:
        return error


def refused(text: str | bytes) -> DeserializeError:
    error = read(text)
    assert isinstance(error, DeserializeError)
    assert len(str(error)) < 1_000
    return error


PARSED: list[tuple[str, str, str]] = [
    ("", "line 1, column 1", "expecting value"),
    ('{"a": 1,}', "line 1, column 9", "property name"),
    ('{"a": [1, {"b": NaN}]}', "$.a[1].b", "NaN is no JSON value"),
    ('{"a": -Infinity}', "$.a", "-Infinity is no JSON value"),
    ('{"a": 1e999}', "$.a", "1e999 is larger"),
    ('[1, {"a b": -' + "9" * 5000 + "}]", "$[1]['a b']", "a number has 5001 digits"),
    ('{"a": {"b": 1, "c": 2, "b": 3}}', "$.a", "the member 'b' is there twice"),
    ('{"a": 1, "a": 1}', "$", "the member 'a' is there twice"),
    ('{"' + "k" * 5000 + '": 1, "' + "k" * 5000 + '": 1}', "$", "'kkkk"),
    ('{"a": ["\\ud800"]}', "$.a[0]", "half of a surrogate pair"),
    ('{"a": {"\\uDFFFx": 1}}', "$.a", "half of a surrogate pair"),
    ('{"a": ["\ud800"]}', "$.a[0]", "half of a surrogate pair"),  # no escape, but itself
    ("[" * DEEP, "$", "nests too deeply"),
    ('{"a":' * DEEP + "1" + "}" * DEEP, "$", "nests too deeply"),
    ('{"a": 1} {"b": 2}', "line 1, column 10", "extra data"),
    ("\ufeff{}", "line 1, column 1", "bom"),
]


@pytest.mark.parametrize(("text", "place", "part"), PARSED, ids=[f"{row[1]} {row[2]}" for row in PARSED])
def test_what_is_no_json_is_refused_with_its_place(text: str, place: str, part: str) -> None:
    with pytest.raises(DeserializeError) as caught:
        parse_json(text)
    assert caught.value.place == place
    assert part in caught.value.message
    assert len(str(caught.value)) < 300


GOOD: list[Any] = [
    0, -0.0, 2**63 - 1, -(2**63), 2**64 - 1, 2**200, 5e-324, 1.7976931348623157e308, 0.1, 1.0, "", "\0", "😀", "\u2028",
    [], {}, {"": {"": []}}, [None, True, False],
]  # fmt: skip


@pytest.mark.parametrize("value", GOOD, ids=repr)
def test_what_is_json_is_what_it_was(value: Any) -> None:
    assert repr(parse_json(json.dumps(value))) == repr(value)
    assert repr(parse_json(json.dumps(value, ensure_ascii=False))) == repr(value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_whatever_is_json_is_what_it_was(value: Any) -> None:
    assert repr(parse_json(json.dumps(value))) == repr(value)


def test_too_large_a_text_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reading, "MAX_CHARACTERS", 1024 * 1024)
    error = refused(" " * (1024 * 1024 + 1))
    assert error.message == "the artifact is larger than 1 MiB"
    assert error.hint == "split the workflow"


def test_values_are_counted_and_signs_in_texts_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reading, "MAX_VALUES", 3)
    for text in ('["[[[{{,,,"]', '["\\"[[[", 1]', '[1, "\\\\"]'):
        assert parse_json(text) == json.loads(text)
    for text in ("[1, 2, 3, 4]", '["\\\\", 1, 2, "["]', "[[[[]]]]", '{"a": {"b": 1, "c": 2}, "d": 3}'):
        with pytest.raises(DeserializeError, match="holds more than 3 values"):
            parse_json(text)


@given(st.integers(0, len(TEXT) - 2))
def test_an_artifact_that_was_cut_off_is_refused(length: int) -> None:
    assert refused(TEXT[:length]).place


@pytest.mark.filterwarnings("ignore::symphony_model.serialize_errors.UnknownMembersWarning")
@given(st.integers(0, len(TEXT.encode()) - 1), st.integers(0, 7))
def test_a_bit_that_was_flipped_is_found(at: int, bit: int) -> None:
    """Whatever the bit makes of it: no text, no JSON, no artifact, another content. What is read is what was written."""
    data = bytearray(TEXT.encode())
    data[at] ^= 1 << bit
    found = read(bytes(data))
    if not isinstance(found, DeserializeError):  # the bit is in the name of what wrote it, which no hash covers
        assert found == Workflow.from_json(TEXT)
    else:
        assert len(str(found)) < 1_000


WRONG: list[Any] = [None, True, -1, 0.5, 10**30, "", "other", [], {}, {"extra": 1}, [None], "\0", [[[[]]]]]


def places(data: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    rest = [data]
    while rest:
        part = rest.pop()
        keys = list(part) if isinstance(part, dict) else list(range(len(part))) if isinstance(part, list) else []
        found.extend((part, key) for key in keys)
        rest.extend(part[key] for key in keys)
    return found


@given(st.sampled_from(FIXTURES), st.data())
def test_a_wrong_value_anywhere_is_refused_with_a_path(path: Path, data: st.DataObject) -> None:
    whole = json.loads(path.read_text(encoding="utf-8"))
    container, key = data.draw(st.sampled_from(places(whole)))
    before, container[key] = container[key], data.draw(st.sampled_from(WRONG))
    found = read(json.dumps(whole))
    if isinstance(found, DeserializeError):
        assert (found.place or "").startswith("$")
        assert len(str(found)) < 1_000
    else:  # what no hash covers: where things were written, when, and by what
        assert json.dumps(before) == json.dumps(container[key]) or key in UNHASHED or container is whole.get("sources")


UNHASHED = {"created_with", "created_at", "updated_at", "sources", "callees"}


@pytest.mark.parametrize("depth", [150, 800, 5_000, DEEP])
def test_types_and_values_that_nest_too_deeply_are_refused(depth: int) -> None:
    node = '{"kind":"input","id":"00000000-0000-0000-0000-000000000001","path":"input.a","name":"a","port":{"name":"output",'
    types = node + '"data_type":' + '{"list":' * depth + '"int"' + "}" * depth + "}}"
    values = node + '"data_type":"json","default_value":' + "[" * depth + "]" * depth + "}}"
    head = json.loads(TEXT)
    head["workflow"] = {"id": "00000000-0000-0000-0000-000000000000", "name": "w", "nodes": ["HERE"], "edges": []}
    for text in (types, values):
        error = refused(json.dumps(head).replace('"HERE"', text))
        assert "nests" in error.message or "content hash" in error.message or "id of workflow" in error.message


UNREADABLE: list[tuple[Any, str]] = [
    ({"created_at": "2026-02-31T08:00:00Z"}, "$.workflow.created_at"),
    ({"version": "1.0.0-a..b"}, "$.workflow.version"),
    (
        {"nodes": [{"outputs": [{"name": "a", "data_type": "int", "default_value": "x"}]}]},
        "$.workflow.nodes[0].outputs[0].default_value",
    ),
    (
        {"nodes": [{"config": {"python": "m:f", "arguments": {"a b": {"value": DEEPER}}}}]},
        "$.workflow.nodes[0].config.arguments['a b']",
    ),
    (
        {"edges": [{"transform": {"transform_type": "map", "expression": {"source": "it", "type": DEEPER_TYPE}}}]},
        "$.workflow.edges[0].transform.expression.type",
    ),
]


@pytest.mark.parametrize(("more", "place"), UNREADABLE, ids=lambda it: it if isinstance(it, str) else "")
def test_what_fits_the_schema_and_is_nothing_is_told_where_it_is(more: dict[str, Any], place: str) -> None:
    whole = json.loads(TEXT)
    node = next(each for each in whole["workflow"]["nodes"] if each["kind"] == "operator")
    edge = next(each for each in whole["workflow"]["edges"] if each["kind"] == "data")
    for name, value in more.items():
        base = {"nodes": node, "edges": edge}.get(name)
        whole["workflow"][name] = [base | value[0]] if base else value
    assert refused(json.dumps(whole)).place == place


def test_a_million_mistakes_are_one_message() -> None:
    head = json.loads(TEXT)
    head["workflow"]["nodes"] = [0] * 1_000_000
    assert refused(json.dumps(head)).place == "$.workflow.nodes[0]"


def test_a_million_unknown_members_are_one_sentence() -> None:
    head = json.loads(TEXT) | {f"m{at}": at for at in range(200_000)}
    artifact = artifact_from_text(json.dumps(head))
    assert len(artifact.unknown) == 200_000
    assert len(artifact.note) < 300
