"""Time zones by name, from the database in the package `tzdata`, or as an offset from UTC such as `+02:00`.

The database of the machine is not asked: a graph has to mean the same on every machine, and this room touches no file
beside package resources. So a zone is read from the package with `from_file`, never looked up by `ZoneInfo(name)`. A
name is looked for in the package's own list of names first, so that it is never a path to anywhere else.
"""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache, lru_cache

_OFFSET = re.compile(r"([+-]?)(\d\d):(\d\d)", re.ASCII)


def zone(name: str) -> tzinfo:
    """The zone that a name or an offset means; ValueError, in one sentence, where it is none."""
    if name == "UTC":
        return UTC
    found = _OFFSET.fullmatch(name)
    return _by_offset(name, found) if found else _by_name(name)


def _by_offset(name: str, found: re.Match[str]) -> tzinfo:
    hours, minutes = int(found[2]), int(found[3])
    if hours > 23 or minutes > 59:
        raise ValueError(f"`{name}` is no offset from UTC; write it like `+02:00`")
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(-shift if found[1] == "-" else shift)


@lru_cache(maxsize=64)
def _by_name(name: str) -> tzinfo:
    if name not in _names():
        shown = name if len(name) <= 60 else f"{name[:60]}…"
        raise ValueError(f"`{shown}` is no time zone; write one like `Europe/Berlin`, or an offset like `+02:00`")
    from importlib.resources import files  # both take longer to load than most checks that never ask for a zone
    from zoneinfo import ZoneInfo

    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


@cache
def _names() -> frozenset[str]:
    from importlib.resources import files

    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())
