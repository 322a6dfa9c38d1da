"""What a value has to keep beside its type, with the meaning that JSON Schema gives to each constraint.

`check` is an expression over `it`; whoever has expressions passes a function that evaluates it
(`symphony_dsl.expressions.checks`). Without one it is not looked at.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from symphony_dsl.base.equality import equal
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import Constraint
from symphony_dsl.base.values import Value

Check: TypeAlias = Callable[[str, Value], str | None]
"""Takes the source of a `check` and the value; the answer is what is wrong, in words, or None."""


def violation(value: Value, constraints: Sequence[Constraint], path: str, check: Check | None = None) -> str | None:
    """What the first constraint that does not hold says of the value, as one clause; None where all hold."""
    for constraint in constraints:
        found = _RULES[constraint.kind](value, constraint.value) if constraint.kind in _RULES else None
        if constraint.kind == "check" and check:
            found = check(constraint.value, value)
        if found:
            return f"`{path}` {found}" if path else found
    return None


def _bound(value: Value, bound: Value) -> Value:
    """A bound as the value's own kind: times are written as text."""
    return type(value).parse(bound) if isinstance(value, Timestamp | Duration) and isinstance(bound, str) else bound


def _min(value: Value, bound: Value) -> str | None:
    return f"must be at least {bound}, but is {value}" if value < _bound(value, bound) else None


def _max(value: Value, bound: Value) -> str | None:
    return f"must be at most {bound}, but is {value}" if value > _bound(value, bound) else None


def _min_length(value: Value, bound: int) -> str | None:
    return f"must have at least {bound} characters, but has {len(value)}" if len(value) < bound else None


def _max_length(value: Value, bound: int) -> str | None:
    return f"must have at most {bound} characters, but has {len(value)}" if len(value) > bound else None


def _min_items(value: Value, bound: int) -> str | None:
    return f"must have at least {bound} items, but has {len(value)}" if len(value) < bound else None


def _max_items(value: Value, bound: int) -> str | None:
    return f"must have at most {bound} items, but has {len(value)}" if len(value) > bound else None


def _pattern(value: Value, pattern: str) -> str | None:
    found = compiled(pattern).search(value)
    return None if found else f"must match `{pattern}`, but is {shown(value)}"


def _one_of(value: Value, allowed: Sequence[Value]) -> str | None:
    if any(equal(value, each) for each in allowed):
        return None
    return f"must be one of {', '.join(shown(each) for each in allowed)}, but is {shown(value)}"


_RULES: dict[str, Callable[[Value, Value], str | None]] = {
    "min": _min,
    "max": _max,
    "min_length": _min_length,
    "max_length": _max_length,
    "min_items": _min_items,
    "max_items": _max_items,
    "pattern": _pattern,
    "one_of": _one_of,
}


class Match(Protocol):
    """What is used of a match; places are counted in what was searched, a text or its bytes."""

    def span(self, group: int = 0, /) -> tuple[int, int]: ...


class Pattern(Protocol):
    """What is used of a regular expression of RE2."""

    @property
    def groups(self) -> int: ...
    @property
    def programsize(self) -> int: ...
    def search(self, text: str | bytes, start: int = 0, /) -> Match | None: ...
    def sub(self, replacement: str, text: str, /) -> str: ...


_MEMORY = 2 << 20
"""What RE2 may take for a pattern, in bytes: enough for thirty letters of any script, and soon refused where it is not."""


def compiled(pattern: str) -> Pattern:
    """A regular expression that runs in linear time; ValueError, in one sentence, where it is none."""
    found = _compiled(pattern)
    if isinstance(found, str):
        raise ValueError(f"`{pattern}` is no regular expression: {found}")
    return found


@functools.lru_cache(maxsize=256)
def _compiled(pattern: str) -> Pattern | str:
    """The regular expression, or why it is none, which is remembered as well: it may take long to find out."""
    import re2  # slow to load, and most programs have no pattern

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        found: Pattern = re2.compile(pattern, options)
    except re2.error as problem:
        reason = problem.args[0] if problem.args else "it is not well formed"
        return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return found


def shown(value: Value, limit: int = 60) -> str:
    """A value for a message: as JSON where it can be, and never long."""
    if not isinstance(value, str | bool | int | float | list | dict | None):
        return f"`{value}`" if not isinstance(value, bytes) else f"{len(value)} bytes"
    try:
        text = json.dumps(value[:limit] if isinstance(value, str) else value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return "a large value"
    if isinstance(value, str) and len(value) > limit:
        return f'{text[:-1]}…"'
    return text if len(text) <= limit else f"{text[:limit]}…"
