"""Settings of a step and of a run. A setting that is None was not written. Times are whole nanoseconds.

A value that is known when the text is compiled stands here. One that is computed comes by an edge into the node's port
`@NAME` (`setting_ports`), and is not here.
"""

from __future__ import annotations

from symphony_dsl.base.frozen import frozen


@frozen
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


@frozen
class Cache:
    """Whether a result that is there already is taken instead of a new one, and how old it may be at most.

    `cache: true` takes one of any age, `cache: 1d` one of a day, `cache: false` none, whatever a default says.
    """

    enabled: bool = True
    age: int | None = None


@frozen
class Concurrency:
    """How many attempts run at once among those that share the bucket: those of the one step in the one run where there is no
    name, else those of all steps of all runs of a store that name it. A policy's bucket is called `PACKAGE:FILE:POLICY`."""

    count: int
    bucket: str | None = None


@frozen
class RateLimit:
    """How many attempts may begin within a time, among those that share the bucket; `bucket` is as in Concurrency."""

    count: int
    per: int
    bucket: str | None = None


@frozen
class Resources:
    """What an attempt may use: processors, which may be a part of one, and bytes of memory."""

    cpus: float | None = None
    memory: int | None = None


@frozen
class Settings:
    """`timeout` is of one attempt, `deadline` of the step with all its attempts and waits. Of a block they are of each run of it.

    `on_error`: a failed step makes the block around it fail (`stop`), or is held until a person decides (`pause`).
    `key`: of steps with equal keys one runs at a time in a store, and what one of them gave is the result of the others.
    `executor` is the name of what runs attempts.
    """

    retry: Retry | None = None
    timeout: int | None = None
    label: str | None = None
    deadline: int | None = None
    cache: Cache | None = None
    on_error: str | None = None
    concurrency: Concurrency | None = None
    rate_limit: RateLimit | None = None
    key: str | None = None
    resources: Resources | None = None
    executor: str | None = None


NO_SETTINGS = Settings()


@frozen
class RunSettings:
    """Settings of a whole run, `settings { … }` first in a workflow. Where the workflow is called, they are those of the call.

    `timeout` counts the time in which the run is driven and not held. `concurrency` is how many attempts run at once.
    """

    timeout: int | None = None
    concurrency: int | None = None


NO_RUN_SETTINGS = RunSettings()
