"""The formats of a workflow: what is written is read again, equal bytes come of equal workflows, and all hold the same envelope."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from tests.model.graphs import workflows
from tests.model.samples import Sample, base, nodes, port, python

from symphony_model import formats
from symphony_model.binary.compression import Compression
from symphony_model.json_form import reading as json_reading
from symphony_model.metadata import WorkflowMetadata
from symphony_model.nodes import ControlConfig, ControlNode, ControlType, NodeBase
from symphony_model.serialize_errors import DeserializeError, SerializeError
from symphony_model.workflow import Workflow


@dataclass(frozen=True)
class Format:
    name: str
    write: Callable[[Workflow], Any]
    read: Callable[[Any], Workflow]


def through_a_file(workflow: Workflow) -> str:
    file = io.StringIO()
    workflow.to_json_writer(file)
    return file.getvalue()


FORMATS = [
    Format("json", Workflow.to_json, Workflow.from_json),
    Format("json pretty", Workflow.to_json_pretty, Workflow.from_json),
    Format("json file", through_a_file, lambda text: Workflow.from_json_reader(io.StringIO(text))),
    Format("json bytes", lambda it: it.to_json().encode(), lambda data: Workflow.from_json_reader(io.BytesIO(data))),
    Format("msgpack", Workflow.to_msgpack, Workflow.from_msgpack),
    Format("bincode", Workflow.to_bincode, Workflow.from_bincode),
    *(Format(how, lambda it, how=how: it.to_compressed(how), Workflow.from_compressed) for how in Compression),
]
BINARY = FORMATS[4:]


@pytest.mark.parametrize("format_", FORMATS, ids=lambda it: it.name)
@given(workflow=workflows())
def test_what_is_written_is_read_again(format_: Format, workflow: Workflow) -> None:
    written = format_.write(workflow)
    again = format_.read(written)
    assert again == workflow
    assert format_.write(again) == written
    assert (again.created_at, again.updated_at) == (workflow.created_at, workflow.updated_at)


def custom(value: Any) -> Workflow:
    """A workflow that holds any value."""
    return Workflow("desk", metadata=WorkflowMetadata(custom={"it": value}))


EDGES = {
    "nothing": None,
    "smallest": -(2**63),
    "largest": 2**63 - 1,
    "largest unsigned": 2**64 - 1,
    "minus zero": -0.0,
    "a whole float": 1.0,
    "smallest float": 5e-324,
    "largest float": 1.7976931348623157e308,
    "a tenth": 0.1 + 0.2,
    "empty text": "",
    "zeros in a text": "a\0b",
    "every plane": "é߿ࠀ￿𐀀\U0010ffff",
    "composed and not": ["\u00e9", "e\u0301"],
    "nothing in it": [[], {}, [[]], [{}], ""],
    "words of booleans": [True, False, 1, 0, 1.0, "true"],
    "keys": {"": 1, "a b": 2, "é": 3, "\uffff": 4, "\U0001f600": 5},
}


@pytest.mark.parametrize("format_", FORMATS, ids=lambda it: it.name)
@pytest.mark.parametrize("value", EDGES.values(), ids=EDGES)
def test_values_at_the_edge_stay_what_they_are(format_: Format, value: Any) -> None:
    workflow = custom(value)
    again = format_.read(format_.write(workflow))
    assert again == workflow
    assert repr(again.metadata.custom["it"]) == repr(value)


NO_VALUES = {
    "nan": (float("nan"), "nan is no number of JSON"),
    "infinity": (float("inf"), "inf is no number of JSON"),
    "half a character": ("\ud800", "half of a surrogate pair"),
    "half a character in a name": ({"\ud800": 1}, "half of a surrogate pair"),
    "bytes": (b"", "bytes is no JSON value"),
    "a set": ({1}, "set is no JSON value"),
    "digits without end": (10**5000, "too many digits to be read again"),
}


@pytest.mark.parametrize("format_", FORMATS, ids=lambda it: it.name)
@pytest.mark.parametrize(("value", "why"), NO_VALUES.values(), ids=NO_VALUES)
def test_what_has_no_form_is_refused_with_its_place(format_: Format, value: Any, why: str) -> None:
    with pytest.raises(SerializeError, match=why) as caught:
        format_.write(custom([1, value]))
    assert caught.value.place == "$.workflow.metadata.custom.it[1]"


@pytest.mark.parametrize("format_", BINARY, ids=lambda it: it.name)
@pytest.mark.parametrize("value", [2**64, -(2**63) - 1])
def test_numbers_of_more_than_64_bits_are_refused_by_binary_formats(format_: Format, value: int) -> None:
    with pytest.raises(SerializeError, match=f"{value} is no whole number of 64 bits") as caught:
        format_.write(custom({"it": value}))
    assert caught.value.place == "$.workflow.metadata.custom.it.it"
    assert Workflow.from_json(custom(value).to_json()) == custom(value)


def test_numbers_of_the_model_have_a_sign_in_bincode() -> None:
    workflow = Sample().workflow()
    workflow.update(regions=tuple(replace(region, order=2**63) for region in workflow.regions))
    assert Workflow.from_json(workflow.to_json()) == workflow
    with pytest.raises(SerializeError, match="9223372036854775808 is no whole number of 64 bits") as caught:
        workflow.to_bincode()
    assert caught.value.place == "$.workflow.regions[0].order"


def test_what_json_has_a_form_for_is_not_blamed_for_what_it_has_none_for() -> None:
    with pytest.raises(SerializeError) as caught:
        custom({"large": 2**70, "wrong": float("nan")}).to_json()
    assert caught.value.place == "$.workflow.metadata.custom.it.wrong"


def odd(**members: Any) -> NodeBase:
    return replace(base("odd"), **members)


FAR = datetime.min.replace(tzinfo=timezone(timedelta(hours=5)))
UNFIT = {
    "a name of nothing": (lambda: Workflow(""), "$.workflow.name", '"" is shorter than 1 character'),
    "half a character": (lambda: Workflow("a\ud800"), "$.workflow.name", "half of a surrogate pair"),
    "a time before all times": (lambda: Workflow("w", created_at=FAR), "$.workflow", "out of range"),
    "a name that is no text": (lambda: custom({1: 2, "a": 3}), "$.workflow", "a name of a member is no text"),
    "a number for a name": (lambda: of_node(odd(name=5)), "$.workflow.nodes[0].name", "5 is not of type"),
    "nothing for metadata": (lambda: of_node(odd(metadata=None)), "$.workflow.nodes[0]", "'NoneType'"),
}


def of_node(about: NodeBase) -> Workflow:
    """A workflow of one node, which is built by hand."""
    return Workflow.of("desk", nodes=[ControlNode(about, ControlType.BRANCH, ControlConfig("if"))])


@pytest.mark.parametrize("format_", FORMATS, ids=lambda it: it.name)
@pytest.mark.parametrize(("make", "place", "why"), UNFIT.values(), ids=UNFIT)
def test_a_workflow_that_could_not_be_read_again_is_not_written(
    format_: Format, make: Callable[[], Workflow], place: str, why: str
) -> None:
    with pytest.raises(SerializeError) as caught:
        format_.write(make())
    assert why in caught.value.message
    assert caught.value.place == place
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("format_", FORMATS, ids=lambda it: it.name)
def test_a_workflow_that_the_schema_does_not_know_is_refused_with_its_place(format_: Format) -> None:
    node = ControlNode(base("odd"), ControlType.BRANCH, ControlConfig("sideways"))
    with pytest.raises(SerializeError, match='"sideways" is not one of') as caught:
        format_.write(Workflow.of("desk", nodes=[node]))
    assert caught.value.place == "$.workflow.nodes[0].config.mode"


@pytest.mark.parametrize("format_", FORMATS, ids=lambda it: it.name)
def test_a_value_that_nests_too_deeply_is_refused(format_: Format) -> None:
    value: Any = []
    for _ in range(300):
        value = [value]
    with pytest.raises(SerializeError, match="nests deeper than 200 levels"):
        format_.write(custom(value))


@pytest.mark.parametrize("format_", FORMATS, ids=lambda it: it.name)
def test_a_workflow_of_nothing_comes_back(format_: Format) -> None:
    assert format_.read(format_.write(Workflow("empty"))) == Workflow("empty")


@pytest.mark.parametrize("format_", FORMATS, ids=lambda it: it.name)
def test_a_graph_that_is_not_sound_comes_back_too(format_: Format) -> None:
    workflow = Workflow.of("desk", nodes=nodes()[-1:])  # an output that nothing leads to
    assert not workflow.validate().is_valid
    assert format_.read(format_.write(workflow)) == workflow


LARGE = Workflow.of(
    "large",
    nodes=[python(f"s{at}", port("left"), port("right", documentation="ä" * 50)) for at in range(2_000)],
    metadata=WorkflowMetadata(
        author="😀" * 100_000, tags=tuple(f"tag {at}" for at in range(1_000)), custom={"it": [0.5] * 10_000}
    ),
)


@pytest.mark.parametrize("format_", FORMATS, ids=lambda it: it.name)
def test_a_large_workflow_comes_back(format_: Format) -> None:
    assert format_.read(format_.write(LARGE)) == LARGE


@pytest.mark.parametrize("format_", FORMATS, ids=lambda it: it.name)
def test_the_order_of_free_keys_is_no_part_of_the_bytes(format_: Format) -> None:
    one, other = {"a": 1, "b": {"x": 1, "y": 2}}, {"b": {"y": 2, "x": 1}, "a": 1}
    assert format_.write(custom(one)) == format_.write(custom(other))


def test_json_has_no_blanks_unless_it_is_pretty() -> None:
    workflow = Sample().workflow()
    assert json.loads(workflow.to_json()) == json.loads(workflow.to_json_pretty())
    assert workflow.to_json().startswith('{"$schema":"urn:')
    assert workflow.to_json_pretty().startswith('{\n  "$schema": "urn:')


class Trickle(io.BytesIO):
    """As a pipe gives what it has: less than it is asked for."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 1, 7))


def test_a_reader_that_gives_little_at_once_is_read_to_the_end() -> None:
    workflow = Sample().workflow()
    assert Workflow.from_json_reader(Trickle(workflow.to_json().encode())) == workflow


@pytest.mark.parametrize("endless", [io.StringIO("[" * 5000), io.BytesIO("[é".encode() * 2000)], ids=["text", "bytes"])
def test_no_more_is_read_than_the_limit(endless: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reading, "MAX_CHARACTERS", 1000)
    monkeypatch.setattr(formats, "PART", 100)
    with pytest.raises(DeserializeError, match="the artifact is larger than"):
        Workflow.from_json_reader(endless)
    assert endless.tell() == 1100


def test_text_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(DeserializeError, match="byte 2: the text is not UTF-8"):
        Workflow.from_json(b"{ \xff}")
