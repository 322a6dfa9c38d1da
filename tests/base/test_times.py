"""Timestamps and durations: what is read, what is written, and that one is the inverse of the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symphony_dsl.base.times import SECOND, Duration, Timestamp


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("0s", 0),
        ("0", 0),
        ("90s", 90 * SECOND),
        ("1h30m", 5_400 * SECOND),
        ("1.5h", 5_400 * SECOND),
        ("2d", 172_800 * SECOND),
        ("250ms", 250_000_000),
        ("-2s", -2 * SECOND),
        ("1s500ms7us3ns", 1_500_007_003),
        (".5s", SECOND // 2),
        ("+1.5s", 1_500_000_000),
        ("1.0000000019s", 1_000_000_001),
        ("3µs4μs", 7_000),
        ("9223372036854775807ns", 2**63 - 1),
        ("-9223372036854775808ns", -(2**63)),
    ],
)
def test_durations_are_read(text: str, ns: int) -> None:
    assert Duration.parse(text) == Duration(ns)


@pytest.mark.parametrize("text", ["", "5", "5 s", "5min", "h", "1h-3m", "1.s", "s5", "\u0661s", "1" * 2_000])
def test_other_texts_are_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        Duration.parse(text)


@pytest.mark.parametrize(
    ("ns", "text", "seconds"),
    [
        (0, "0s", "0s"),
        (5_400 * SECOND, "1h30m", "5400s"),
        (-1_500_000_000, "-1s500ms", "-1.5s"),
        (86_400 * SECOND + 1, "1d1ns", "86400.000000001s"),
    ],
)
def test_durations_are_written(ns: int, text: str, seconds: str) -> None:
    assert str(Duration(ns)) == text
    assert Duration(ns).in_seconds() == seconds


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_written_duration_is_read_back(ns: int) -> None:
    assert Duration.parse(str(Duration(ns))) == Duration(ns)
    assert Duration.parse(Duration(ns).in_seconds()) == Duration(ns)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"),
        ("2024-02-29t23:59:59.500z", "2024-02-29T23:59:59.5Z"),
        ("2024-01-01T00:30:00+01:00", "2023-12-31T23:30:00Z"),
        ("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999999Z"),
        ("2024-01-01T00:00:00.1234567899Z", "2024-01-01T00:00:00.123456789Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
    ],
)
def test_timestamps_are_read_and_written(text: str, canonical: str) -> None:
    assert str(Timestamp.parse(text)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-02-30T00:00:00Z",
        "2024-01-01",
        "2024-01-01T00:00:00",
        "2024-01-01T25:00:00Z",
        "0001-01-01T00:00:00+01:00",
    ],
)
def test_other_texts_are_no_timestamps(text: str) -> None:
    with pytest.raises(ValueError, match="timestamp"):
        Timestamp.parse(text)


@given(st.integers(-62_135_596_800 * SECOND, 253_402_300_800 * SECOND - 1))
def test_a_written_timestamp_is_read_back(ns: int) -> None:
    assert Timestamp.parse(str(Timestamp(ns))) == Timestamp(ns)


def test_ranges_are_those_of_cel() -> None:
    with pytest.raises(ValueError, match="between the years 1 and 9999"):
        Timestamp(253_402_300_800 * SECOND)
    with pytest.raises(ValueError, match="292 years"):
        Duration(2**63)
    with pytest.raises(ValueError, match="292 years"):
        Duration.parse("999999999999999999999d")


def test_both_are_ordered() -> None:
    assert Timestamp(1) < Timestamp(2)
    assert sorted([Duration(3), Duration(-1)]) == [Duration(-1), Duration(3)]
