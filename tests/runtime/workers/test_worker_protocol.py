"""Frames, lines and values: what the two sides of a worker's pipes rely on."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.values import SecretRef, secret_text
from symphony_runtime.executing.lines import MAX_LINE, Lines
from symphony_runtime.worker import mishap, notes, parcel, values
from symphony_runtime.worker.loading import NotLoadableError, load
from symphony_runtime.worker.protocol import (
    MAX_FRAME,
    Beat,
    Bye,
    Error,
    Hello,
    Progress,
    ProtocolError,
    Ready,
    Result,
    Started,
    TaskMessage,
    Unframer,
    end_mark,
    frame,
)

MESSAGES = [
    Hello(1, "/home", "/tmp/x", 1.0),
    TaskMessage(1, "m:f", b"\x80", {"env:A": "a"}, gives=True),
    TaskMessage(2, "m:f", "2.arguments", {}, gives=False),
    Bye(),
    Ready(1, 77),
    Started(1),
    Progress(1, 0.5, None),
    Result(1, b"\x01"),
    Error(1, "error", "no", ["a.py:1 in f"], before_effect=True),
    Beat(),
]


@settings(max_examples=30, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(MESSAGES), max_size=6), st.integers(1, 40))
def test_messages_arrive_as_they_were_however_the_stream_is_cut(messages, size):
    stream = b"".join(map(frame, messages))
    unframer = Unframer()
    arrived = [got for at in range(0, len(stream), size) for got in unframer.feed(stream[at : at + size])]
    assert arrived == messages


def _framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body


@pytest.mark.parametrize(
    "stream",
    [
        (MAX_FRAME + 1).to_bytes(4, "big"),
        b"Traceback (most recent call last):",
        _framed(b"\xc1"),
        _framed(msgpack.packb("beat")),
        _framed(msgpack.packb(["dance"])),
        _framed(msgpack.packb(["started"])),
        _framed(msgpack.packb([["beat"]])),
    ],
)
def test_what_is_no_frame_is_refused(stream):
    with pytest.raises(ProtocolError):
        list(Unframer().feed(stream))


def test_no_frame_is_longer_than_allowed():
    with pytest.raises(ProtocolError, match="longer than a frame"):
        frame(Result(1, b"x" * MAX_FRAME))


def test_a_parcel_is_inline_or_a_file_that_is_gone_when_it_was_opened(tmp_path):
    small, large = b"x" * parcel.INLINE_LIMIT, b"y" * (parcel.INLINE_LIMIT + 1)
    assert parcel.wrap(small, tmp_path, "a") == small
    assert parcel.wrap(large, tmp_path, "b") == "b"
    assert parcel.unwrap(small, tmp_path) == small
    assert parcel.unwrap("b", tmp_path) == large
    assert list(tmp_path.iterdir()) == []
    frame(Result(1, small))


# --- lines


@settings(max_examples=50, derandomize=True, deadline=None)
@given(st.lists(st.text("ab\n", max_size=8), max_size=8), st.integers(1, 12))
def test_lines_do_not_depend_on_how_they_arrive(texts, size):
    stream = "".join(texts).encode() + end_mark(3) + b"later"
    got: list[str] = []
    lines, found = Lines(got.append), b""
    for at in range(0, len(stream), size):
        before, found, _after = lines.split_at(stream[at : at + size], end_mark(3))
        lines.feed(before)
        if found:
            break
    lines.close()
    assert found
    assert got == [line for line in "".join(texts).split("\n") if line]


def test_a_line_without_end_comes_in_pieces_and_a_wrong_byte_is_replaced():
    got: list[str] = []
    lines = Lines(got.append)
    lines.feed(b"x" * (2 * MAX_LINE + 5))
    lines.feed(b"\nbad \xff\r\n")
    assert [len(line) for line in got[:3]] == [MAX_LINE, MAX_LINE, 5]
    assert got[3:] == ["bad \ufffd"]


def test_what_looks_like_the_beginning_of_the_mark_is_not_lost():
    got: list[str] = []
    lines = Lines(got.append)
    lines.feed(lines.split_at(b"a" + end_mark(1)[:5], end_mark(1))[0])
    lines.close()
    assert got == ["a" + end_mark(1)[:5].decode()]


# --- values

TYPED = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.integers(-(10**18), 10**18).map(lambda us: Timestamp(us // 1000 * 1000))
    | st.integers(-(10**18), 10**18).map(lambda us: Duration(us // 1000 * 1000)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(TYPED)
def test_a_value_that_goes_through_the_users_code_comes_back(value):
    inside = values.decode_for_user(values.encode(value), {})
    assert values.decode(values.encode(values.from_user(inside))) == value


def test_secrets_are_references_outside_and_values_inside():
    secrets = [SecretRef("env:A"), secret_text("x ", SecretRef("env:A"), SecretRef("env:B"))]
    encoded = values.encode(secrets)
    assert values.decode(encoded) == secrets
    assert values.decode_for_user(encoded, {"env:A": "a", "env:B": "b"}) == ["a", "x ab"]
    with pytest.raises(TypeError, match="no value of a workflow: object"):
        values.encode(object())


class Colour(enum.Enum):
    RED = "red"


class Size(enum.IntEnum):
    LARGE = 3


class Text(str):
    pass


@dataclass
class Point:
    x: int
    when: datetime.timedelta


class Model:
    def model_dump(self) -> dict[str, int]:
        return {"a": 1}


class Array:
    def tolist(self) -> list[int]:
        return [1, 2]


@pytest.mark.parametrize(
    ("given", "typed"),
    [
        (Colour.RED, "red"),
        (Size.LARGE, 3),
        (Text("x"), "x"),
        ((1, [2]), [1, [2]]),
        (PurePosixPath("a/b"), "a/b"),
        (Point(1, datetime.timedelta(seconds=-1.5)), {"x": 1, "when": Duration(-1_500_000_000)}),
        (Model(), {"a": 1}),
        (Array(), [1, 2]),
        (
            datetime.datetime(2026, 1, 31, 9, tzinfo=datetime.timezone(datetime.timedelta(hours=1))),
            Timestamp.parse("2026-01-31T08:00:00Z"),
        ),
        (Timestamp(5), Timestamp(5)),
    ],
)
def test_what_python_code_likes_to_return(given, typed):
    assert values.from_user(given) == typed


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"a": [datetime.datetime(2026, 1, 1)]}, "the value at a[0] is a datetime without a time zone"),  # noqa: DTZ001
        (datetime.timedelta.max, "the value cannot be used: a duration is no longer"),
        ({1: 2}, "the value has the key 1, which is no text"),
        ({"a": {1, 2}}, "the value at a is of the Python type set, which no workflow can hold"),
        (Point, "the value is of the Python type type, which no workflow can hold"),
        ("\ud800", "the value is a text that is not valid Unicode"),
    ],
)
def test_what_no_workflow_can_hold(given, message):
    with pytest.raises(values.UnfitValueError) as found:
        values.from_user(given)
    assert str(found.value).startswith(message)


def test_a_value_that_holds_itself():
    ring: list[object] = []
    ring.append(ring)
    with pytest.raises(values.UnfitValueError, match="is nested deeper than 200"):
        values.from_user(ring)


# --- the user's module, and its mishaps


def test_loading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "loaded_by_test.py").write_text("def f():\n    return 1\n")
    assert load("loaded_by_test:f", tmp_path)() == 1
    assert load("loaded_by_test:f", tmp_path)() == 1, "loaded already, and not hidden by that"
    for target in ("loaded_by_test:g", "loaded_by_test:__name__", "not_there_at_all:f"):
        with pytest.raises(NotLoadableError):
            load(target, tmp_path)


def test_a_mishap_without_a_place_or_words():
    assert mishap.describe(ValueError(), Path("/x")) == ("ValueError", [])


def test_packages_inside_of_the_home_are_not_the_users_own(tmp_path: Path):
    code = "def g():\n    raise ValueError('x')\ng()"
    (tmp_path / "site-packages").mkdir()
    with pytest.raises(ValueError, match="x") as found:
        exec(compile(code, str(tmp_path / "site-packages" / "p.py"), "exec"), {})
    assert mishap.describe(found.value, tmp_path)[0] == "ValueError: x at site-packages/p.py:2"


def test_progress_is_sent_within_its_bounds(monkeypatch: pytest.MonkeyPatch):
    got: list[tuple[float, str | None]] = []
    monkeypatch.setattr(notes, "_send", None)
    notes.send_progress_to(lambda fraction, message: got.append((fraction, message)))
    notes.progress(-3, "x")
    notes.progress(1)
    assert got == [(0.0, "x"), (1.0, None)]
