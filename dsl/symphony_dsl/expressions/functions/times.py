"""Timestamps and durations. The parts of a timestamp are in UTC, or in a time zone that is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from symphony_dsl.base.times import SECOND, UNITS, Duration, Timestamp
from symphony_dsl.base.types import DURATION, INT, STRING, TIMESTAMP
from symphony_dsl.expressions.functions.signatures import METHOD, OPERATOR, FunctionError, Overload
from symphony_dsl.expressions.functions.timezones import zone


def _timestamp(ns: int) -> Timestamp:
    try:
        return Timestamp(ns)
    except ValueError as problem:
        raise FunctionError(str(problem)) from None


def _duration(ns: int) -> Duration:
    try:
        return Duration(ns)
    except ValueError as problem:
        raise FunctionError(str(problem)) from None


def _later(at: Timestamp, by: Duration) -> Timestamp:
    return _timestamp(at.ns + by.ns)


def _later_turned(by: Duration, at: Timestamp) -> Timestamp:
    return _timestamp(at.ns + by.ns)


def _earlier(at: Timestamp, by: Duration) -> Timestamp:
    return _timestamp(at.ns - by.ns)


def _between(a: Timestamp, b: Timestamp) -> Duration:
    return _duration(a.ns - b.ns)


def _longer(a: Duration, b: Duration) -> Duration:
    return _duration(a.ns + b.ns)


def _shorter(a: Duration, b: Duration) -> Duration:
    return _duration(a.ns - b.ns)


def _negated(a: Duration) -> Duration:
    return _duration(-a.ns)


_PARTS: dict[str, Callable[[datetime], int]] = {
    "getFullYear": lambda at: at.year,
    "getMonth": lambda at: at.month - 1,
    "getDate": lambda at: at.day,
    "getDayOfMonth": lambda at: at.day - 1,
    "getDayOfWeek": lambda at: at.isoweekday() % 7,
    "getDayOfYear": lambda at: at.timetuple().tm_yday - 1,
    "getHours": lambda at: at.hour,
    "getMinutes": lambda at: at.minute,
    "getSeconds": lambda at: at.second,
    "getMilliseconds": lambda at: at.microsecond // 1000,
}

_WHOLE_UNITS = {"getHours": "h", "getMinutes": "m", "getSeconds": "s"}


_CYCLE = 400
"""How many years the calendar takes to repeat, with its days of the week."""

_CYCLE_DAYS = timedelta(days=146_097)


def _part(name: str) -> Callable[..., int]:
    part = _PARTS[name]
    counts_years = name == "getFullYear"

    def get(at: Timestamp, name: str = "UTC") -> int:
        try:
            local, moved = _local(at, zone(name))
        except ValueError as problem:
            raise FunctionError(str(problem)) from None
        return part(local) - (moved if counts_years else 0)

    return get


def _local(at: Timestamp, in_zone: tzinfo) -> tuple[datetime, int]:
    """The moment in a time zone, and how many years it was moved: Python knows no year 0, where zones may lead."""
    moment = at.utc()
    if moment.year == 1:
        return (moment + _CYCLE_DAYS).astimezone(in_zone), _CYCLE
    if moment.year == 9999:
        return (moment - _CYCLE_DAYS).astimezone(in_zone), -_CYCLE
    return moment.astimezone(in_zone), 0


def _in_units(unit: str) -> Callable[[Duration], int]:
    length = UNITS[unit]
    return lambda duration: abs(duration.ns) // length * (-1 if duration.ns < 0 else 1)


def _milliseconds(duration: Duration) -> int:
    """The part below a second, as CEL has it."""
    return abs(duration.ns) % SECOND // UNITS["ms"] * (-1 if duration.ns < 0 else 1)


def epoch(at: Timestamp) -> int:
    """Whole seconds since 1970, rounded down."""
    return at.ns // SECOND


OVERLOADS: tuple[Overload, ...] = (
    Overload("+", OPERATOR, (TIMESTAMP, DURATION), TIMESTAMP, _later),
    Overload("+", OPERATOR, (DURATION, TIMESTAMP), TIMESTAMP, _later_turned),
    Overload("+", OPERATOR, (DURATION, DURATION), DURATION, _longer),
    Overload("-", OPERATOR, (TIMESTAMP, TIMESTAMP), DURATION, _between),
    Overload("-", OPERATOR, (TIMESTAMP, DURATION), TIMESTAMP, _earlier),
    Overload("-", OPERATOR, (DURATION, DURATION), DURATION, _shorter),
    Overload("negate", OPERATOR, (DURATION,), DURATION, _negated),
    *(Overload(name, METHOD, (TIMESTAMP,), INT, _part(name)) for name in _PARTS),
    *(Overload(name, METHOD, (TIMESTAMP, STRING), INT, _part(name)) for name in _PARTS),
    *(Overload(name, METHOD, (DURATION,), INT, _in_units(unit)) for name, unit in _WHOLE_UNITS.items()),
    Overload("getMilliseconds", METHOD, (DURATION,), INT, _milliseconds),
)
