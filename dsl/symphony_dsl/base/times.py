"""Points and spans of time in whole nanoseconds, with the texts they are read from and written as.

A `Timestamp` counts from 1970-01-01T00:00:00Z and is written in UTC as RFC 3339, with no more digits of a second than it
needs. A `Duration` is written as the language writes it: `1h30m`, `250ms`, `-2s`, `0s`; no unit stands twice, the greatest
comes first. Both keep the ranges of CEL: the years 1 to 9999, and what 64 bits hold of nanoseconds, 292 years either way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SECOND = 1_000_000_000
UNITS: dict[str, int] = {
    "d": 86_400 * SECOND,
    "h": 3_600 * SECOND,
    "m": 60 * SECOND,
    "s": SECOND,
    "ms": 1_000_000,
    "us": 1_000,
    "ns": 1,
}
"""The length of each unit in nanoseconds, greatest first."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = -62_135_596_800 * SECOND
_END = 253_402_300_800 * SECOND
_LONGEST = 2**63

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d))", re.ASCII
)
_UNIT = "(d|h|ms|us|µs|μs|ns|m|s)"
_DURATION = re.compile(rf"[+-]?(?:(?:\d+(?:\.\d+)?|\.\d+){_UNIT})+", re.ASCII)
_PART = re.compile(rf"(\d*)(?:\.(\d+))?{_UNIT}", re.ASCII)
_LONGEST_TEXT = 1_000
_TO_THE_SECOND = len("2026-01-31T08:00:00")


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    ns: int

    def __post_init__(self) -> None:
        if not _FIRST <= self.ns < _END:
            raise ValueError("a timestamp lies between the years 1 and 9999")

    @classmethod
    def parse(cls, text: str) -> Timestamp:
        """Read RFC 3339, such as `2026-01-31T08:00:00Z` or `2026-01-31T08:00:00.5+02:00`; else ValueError."""
        found = _TIMESTAMP.fullmatch(text)
        if not found:
            raise ValueError(f"`{_shown(text)}` is no timestamp; write it like `2026-01-31T08:00:00Z`")
        year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
        try:
            moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError as problem:
            raise ValueError(f"`{_shown(text)}` is no timestamp: {problem}") from None
        whole = _whole_seconds(moment) - _offset(text, found)
        return cls(whole * SECOND + int((found[7] or "").ljust(9, "0")[:9]))

    def utc(self) -> datetime:
        """The same moment as Python's `datetime` in UTC; what is below a microsecond is dropped."""
        seconds, rest = divmod(self.ns, SECOND)
        return _EPOCH + timedelta(seconds=seconds, microseconds=rest // 1000)

    def __str__(self) -> str:
        seconds, rest = divmod(self.ns, SECOND)
        moment = _EPOCH + timedelta(seconds=seconds)
        return f"{moment.isoformat()[:_TO_THE_SECOND]}{_fraction(rest)}Z"


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    ns: int

    def __post_init__(self) -> None:
        if not -_LONGEST <= self.ns < _LONGEST:
            raise ValueError("a duration is no longer than 292 years")

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read `1h30m`, `90s`, `1.5h`, `-250ms` or `0`; else ValueError."""
        if text in {"0", "-0", "+0"}:
            return cls(0)
        if len(text) > _LONGEST_TEXT or not _DURATION.fullmatch(text):
            raise ValueError(f"`{_shown(text)}` is no duration; write it like `90s` or `1h30m`")
        total = sum(_length(whole, fraction, unit) for whole, fraction, unit in _PART.findall(text))
        return cls(-total if text.startswith("-") else total)

    def __str__(self) -> str:
        if self.ns == 0:
            return "0s"
        parts, rest = [], abs(self.ns)
        for unit, length in UNITS.items():
            count, rest = divmod(rest, length)
            if count:
                parts.append(f"{count}{unit}")
        return ("-" if self.ns < 0 else "") + "".join(parts)

    def in_seconds(self) -> str:
        """CEL's text: seconds only, such as `5400s` or `0.25s`."""
        seconds, rest = divmod(abs(self.ns), SECOND)
        return f"{'-' if self.ns < 0 else ''}{seconds}{_fraction(rest)}s"


def _shown(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


def _whole_seconds(moment: datetime) -> int:
    gone = moment - _EPOCH
    return gone.days * 86_400 + gone.seconds


def _offset(text: str, found: re.Match[str]) -> int:
    if found[8]:
        return 0
    hours, minutes = int(found[10]), int(found[11])
    if hours > 23 or minutes > 59:
        raise ValueError(f"`{_shown(text)}` is no timestamp: its offset from UTC is out of range")
    seconds = hours * 3_600 + minutes * 60
    return -seconds if found[9] == "-" else seconds


def _fraction(ns: int) -> str:
    return f".{ns:09}".rstrip("0") if ns else ""


def _length(whole: str, fraction: str, unit: str) -> int:
    """A part of a duration; digits below a nanosecond are dropped."""
    length = UNITS.get(unit, UNITS["us"])  # the rest is `us` with one of the two Greek letters
    below = int(fraction) * length // 10 ** len(fraction) if fraction else 0
    return int(whole or "0") * length + below
