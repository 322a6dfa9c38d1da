"""Settings as they are said to a builder: in Python's words for time, with the short forms that text has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypedDict

from symphony_model.settings import Cache, Concurrency, RateLimit, Resources, Retry


class SettingsSaid(TypedDict, total=False):
    """`retry=3` is four attempts at most; `cache` may be how old a result may be."""

    retry: int | Retry | None
    timeout: timedelta | None
    label: str | None
    deadline: timedelta | None
    cache: bool | timedelta | Cache | None
    on_error: str | None
    concurrency: int | Concurrency | None
    rate_limit: RateLimit | None
    key: str | None
    resources: Resources | None
    executor: str | None


def nanoseconds(of: timedelta) -> int:
    return of // timedelta(microseconds=1) * 1_000


def _cache(said: bool | timedelta | Cache) -> Cache:
    if isinstance(said, timedelta):
        return Cache(age=nanoseconds(said))
    return Cache(said) if isinstance(said, bool) else said


TAKES: dict[str, tuple[type, ...]] = {
    "retry": (int, Retry),
    "timeout": (timedelta,),
    "label": (str,),
    "deadline": (timedelta,),
    "cache": (bool, timedelta, Cache),
    "on_error": (str,),
    "concurrency": (int, Concurrency),
    "rate_limit": (RateLimit,),
    "key": (str,),
    "resources": (Resources,),
    "executor": (str,),
}
"""What a setting may be said as."""

_READ: dict[str, Callable[[Any], Any]] = {
    "retry": lambda said: Retry(said + 1) if isinstance(said, int) else said,
    "timeout": nanoseconds,
    "deadline": nanoseconds,
    "cache": _cache,
    "concurrency": lambda said: Concurrency(said) if isinstance(said, int) else said,
}
"""How a setting is read that is not taken as it is."""


def read_settings(said: SettingsSaid) -> dict[str, Any]:
    """The fields of Settings that something was said of."""
    given = {name: value for name, value in said.items() if value is not None}
    return {name: _READ[name](value) if name in _READ else value for name, value in given.items()}
