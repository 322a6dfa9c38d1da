"""Kinds of failure, and what the engine does about each.

A code that stands in no table was made by user code and is treated as its `error`.
"""

from __future__ import annotations

from symphony_model.settings import Retry

RETRIED = frozenset({"timeout", "connection", "rate_limited", "provider_unavailable", "crashed"})
"""Tried again though nobody asked for it: what went wrong lies outside, and often passes."""

RETRIED_IF_ASKED = frozenset({"error", "invalid_output"})
"""Tried again where `retry` is written."""

NEVER = frozenset({
    "binding", "conversion", "check", "failed", "cost", "exhausted", "input_changed", "secret_leak", "cancelled",
    "lost", "resources",
})  # fmt: skip
"""The same would happen again. A `retry` that names one of these is obeyed."""

UNCAUGHT = frozenset({"cancelled", "lost"})
"""No `catch` takes these: what was stopped is stopped, and what is lost a person decides."""

HELD = frozenset({"payload_missing", "secret_unavailable", "crash_loop"})
"""A person can mend it: the step waits for that, and is tried again when the run is resumed."""

UNCONFIRMED = frozenset({"timeout", "crashed", "cancelled", "connection", "resources"})
"""Nobody knows whether the attempt took effect: for a `once` step that is a person's question."""

DEFAULT_RETRY = Retry(attempts=3)
"""How often and how patiently the engine retries where nothing is written."""

_OF_STATUS = {408: "timeout", 429: "rate_limited"}


def kind_of_status(status: int) -> str:
    """The kind of failure that an HTTP answer of 400 and more is."""
    return _OF_STATUS.get(status, "provider_unavailable" if status >= 500 else "error")


MAX_LOSSES = 10
"""So many attempts in a row whose engine went away may be the step's own doing. Kills and power cuts say nothing about the
step, and come in series too."""

LONGEST_DELAY = 24 * 3600 * 1_000_000_000


def retried(code: str, policy: Retry | None) -> bool:
    if policy is None:
        return code in RETRIED
    if policy.on:
        return code in policy.on
    return code not in NEVER


def delay(policy: Retry, failures: int, spread: float) -> int:
    """Nanoseconds to wait after so many failures; `spread` from -1 to 1 is the chance in it."""
    try:
        plain = policy.delay * policy.factor ** (failures - 1)
    except OverflowError:
        return LONGEST_DELAY
    return int(min(max(0.0, plain * (1 + policy.jitter * spread)), LONGEST_DELAY))
