"""Timestamps, durations and time zones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.expressions.calls import fails, holds

from symphony_dsl.base.times import SECOND, Duration, Timestamp
from symphony_dsl.expressions.functions.dispatch import resolve
from symphony_dsl.expressions.functions.signatures import METHOD

AT = "timestamp('2009-02-13T23:31:30.987654321Z')"
SUNDAY = "timestamp('2023-12-31T23:30:00Z')"

VALUES: list[tuple[str, Any]] = [
    (f"{AT}.getFullYear()", 2009),
    (f"{AT}.getMonth()", 1),
    (f"{AT}.getDate()", 13),
    (f"{AT}.getDayOfMonth()", 12),
    (f"{AT}.getDayOfWeek()", 5),
    (f"{SUNDAY}.getDayOfWeek()", 0),
    (f"{SUNDAY}.getDayOfYear()", 364),
    (f"{AT}.getHours()", 23),
    (f"{AT}.getMinutes()", 31),
    (f"{AT}.getSeconds()", 30),
    (f"{AT}.getMilliseconds()", 987),
    ("timestamp('1969-12-31T23:59:59.999999999Z').getMilliseconds()", 999),
    (f"{SUNDAY}.getFullYear('Europe/Berlin')", 2024),
    (f"{SUNDAY}.getDayOfYear('+00:30')", 0),
    (f"{SUNDAY}.getHours('05:45')", 5),
    (f"{SUNDAY}.getMinutes('Asia/Kathmandu')", 15),
    (f"{SUNDAY}.getHours('-08:00')", 15),
    (f"{SUNDAY}.getHours('US/Central')", 17),
    (f"{SUNDAY}.getHours('UTC') + {SUNDAY}.getHours('-00:00') + {SUNDAY}.getHours('Etc/GMT')", 69),
    ("timestamp('2024-07-01T12:00:00Z').getHours('Europe/Berlin')", 14),
    ("timestamp('2124-07-01T12:00:00Z').getHours('America/New_York')", 8),
    ("timestamp('0001-01-01T00:00:00Z').getDate()", 1),
    ("timestamp('9999-12-31T23:59:59Z').getFullYear('+00:01')", 10_000),
    ("timestamp('9999-12-31T23:59:59Z').getDayOfYear('+00:01')", 0),
    ("timestamp('0001-01-01T00:00:00Z').getFullYear('America/New_York')", 0),
    ("timestamp('0001-01-01T00:00:00Z').getDate('America/New_York')", 31),
    ("timestamp('0001-01-01T00:00:00Z').getDayOfWeek('-00:01')", 0),
    ("duration('1h30m').getHours()", 1),
    ("duration('1h30m').getMinutes()", 90),
    ("duration('-90.5s').getSeconds()", -90),
    ("duration('-90.5s').getMinutes()", -1),
    ("duration('123.321456789s').getMilliseconds()", 321),
    ("duration('-1.5s').getMilliseconds()", -500),
    ("timestamp('2024-02-28T00:00:00Z') + duration('24h')", Timestamp.parse("2024-02-29T00:00:00Z")),
    ("duration('1ns') + timestamp(0)", Timestamp(1)),
    ("timestamp(0) - duration('1ns')", Timestamp(-1)),
    ("timestamp(1) - timestamp(3)", Duration(-2 * SECOND)),
    ("duration('1s') + duration('1ms') - duration('2s')", Duration(-999_000_000)),
    ("-duration('1s')", Duration(-SECOND)),
    ("duration('1s') < duration('1001ms') && timestamp(1) > timestamp(0)", True),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_values(text: str, value: Any) -> None:
    holds(text, value)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("timestamp('9999-12-31T23:59:59Z') + duration('1s')", "between the years 1 and 9999"),
        ("timestamp('0001-01-01T00:00:00Z') - duration('1ns')", "between the years 1 and 9999"),
        ("timestamp('9999-12-31T00:00:00Z') - timestamp('0001-01-01T00:00:00Z')", "no longer than 292 years"),
        ("duration('9223372036s') + duration('9223372036s')", "no longer than 292 years"),
        ("-duration('-9223372036.854775808s')", "no longer than 292 years"),
        ("timestamp(0).getHours('Nowhere/At_All')", "`Nowhere/At_All` is no time zone"),
        ("timestamp(0).getHours('')", "`` is no time zone"),
        ("timestamp(0).getHours('../zones')", "is no time zone"),
        ("timestamp(0).getHours('/etc/localtime')", "is no time zone"),
        ("timestamp(0).getHours('europe/berlin')", "is no time zone"),
        ("timestamp(0).getHours('+24:00')", "is no offset from UTC"),
        ("timestamp(0).getHours('+01:60')", "is no offset from UTC"),
        ("timestamp(0).getHours('+1:00')", "is no time zone"),
    ],
)
def test_failures(text: str, part: str) -> None:
    fails(text, part)


@pytest.mark.parametrize("text", ["timestamp(0) + timestamp(0)", "duration('1s') - timestamp(0)", "duration('1s') * 2"])
def test_what_has_no_signature(text: str) -> None:
    fails(text, "does not take", "conversion")


ZONES = [
    "Europe/Berlin",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
]


@given(st.integers(-2_000_000_000, 1_700_000_000), st.sampled_from(ZONES))
def test_parts_are_those_of_pythons_calendar(seconds: int, zone: str) -> None:
    """Of the past, which the databases of machine and package agree about."""
    at, local = Timestamp(seconds * SECOND), datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(zone))
    found = [method(name, at, zone) for name in ("getFullYear", "getMonth", "getDate", "getHours", "getMinutes")]
    assert found == [local.year, local.month - 1, local.day, local.hour, local.minute]
    assert method("getDayOfWeek", at, zone) == int(local.strftime("%w"))
    assert method("getDayOfYear", at, zone) == int(local.strftime("%j")) - 1


def method(name: str, *values: Any) -> Any:
    overload = resolve(METHOD, name, tuple(map(type, values)), False)
    assert overload is not None
    return overload.run(*values)
