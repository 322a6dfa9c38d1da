"""Settings of a step: how often, how long. Times are whole nanoseconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Retry:
    """`attempts` counts all of them, the first included: `retry: 3` in text is four attempts at most.

    The delay before attempt n+1 is `delay * factor ** (n - 1)`, changed at random by up to the share `jitter`.
    `on` are the codes of failure that are tried again; empty means those that the engine retries by default and,
    since `retry` was written, errors of user code and invalid output.
    """

    attempts: int
    delay: int = 1_000_000_000
    factor: float = 2.0
    jitter: float = 0.1
    on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """`timeout` is of one attempt. A setting that is None was not written."""

    retry: Retry | None = None
    timeout: int | None = None
    label: str | None = None


NO_SETTINGS = Settings()
