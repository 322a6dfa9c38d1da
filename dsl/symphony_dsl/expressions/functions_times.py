"""Timestamps and durations. The parts of a timestamp are in UTC, or in a time zone that is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from symphony_dsl.base.times import SECOND, UNITS, Duration, Timestamp
from symphony_dsl.base.types import DURATION, INT, STRING, TIMESTAMP
from symphony_dsl.expressions.signatures import METHOD, OPERATOR, FunctionError, Overload
from symphony_dsl.expressions.timezones import zone


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


def _part(part: Callable[[datetime], int]) -> Callable[..., int]:
    def get(at: Timestamp, name: str = "UTC") -> int:
        try:
            return part(at.utc().astimezone(zone(name)))
        except OverflowError:
            raise FunctionError("a timestamp lies between the years 1 and 9999") from None
        except ValueError as problem:
            raise FunctionError(str(problem)) from None

    return get


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
    *(Overload(name, METHOD, (TIMESTAMP,), INT, _part(part)) for name, part in _PARTS.items()),
    *(Overload(name, METHOD, (TIMESTAMP, STRING), INT, _part(part)) for name, part in _PARTS.items()),
    *(Overload(name, METHOD, (DURATION,), INT, _in_units(unit)) for name, unit in _WHOLE_UNITS.items()),
    Overload("getMilliseconds", METHOD, (DURATION,), INT, _milliseconds),
)
