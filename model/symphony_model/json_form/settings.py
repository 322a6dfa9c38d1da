"""The JSON of settings, of a step and of a run."""

from __future__ import annotations

from symphony_model.json_form.scalars import COUNT, FLAG, NAME, NATURAL, STRINGS, TEXT
from symphony_model.json_form.tables import Member, Table, plain, words
from symphony_model.settings import (
    NO_SETTINGS,
    Cache,
    Concurrency,
    RateLimit,
    Resources,
    Retry,
    RunSettings,
    Settings,
)

RETRY = Table(
    Retry,
    (
        Member("attempts", COUNT, about="All of them, the first included."),
        Member("delay", NATURAL, 1_000_000_000, about="In nanoseconds."),
        Member("factor", plain("number", minimum=0), 2.0),
        Member(
            "jitter",
            plain("number", minimum=0, maximum=1),
            0.1,
            about="The share by which a delay is changed at random.",
        ),
        Member("on", STRINGS, (), about="The codes of failure that are tried again; none are the engine's own."),
    ),
    name="retry",
    about="How a failed attempt is made again. The delay before attempt n+1 is delay * factor^(n-1).",
    examples=({"attempts": 4, "delay": 500_000_000, "on": ["timeout"]},),
)

CACHE = Table(
    Cache,
    (
        Member("enabled", FLAG, True),
        Member("age", COUNT, None, about="How old it may be at most, in nanoseconds; left out, of any age."),
    ),
    name="cache",
    about="Whether a result that is there already is taken.",
)

_BUCKET = Member("bucket", NAME, None, about="Whose steps share it; left out it is the one step in the one run.")

CONCURRENCY = Table(
    Concurrency, (Member("count", COUNT), _BUCKET), name="concurrency", about="How many attempts run at once."
)

RATE_LIMIT = Table(
    RateLimit,
    (Member("count", COUNT), Member("per", COUNT, about="In nanoseconds."), _BUCKET),
    name="rate_limit",
    about="How many attempts begin within a time.",
)

RESOURCES = Table(
    Resources,
    (
        Member("cpus", plain("number", exclusiveMinimum=0), None, about="Processors."),
        Member("memory", COUNT, None, about="In bytes."),
    ),
    name="resources",
    about="What an attempt may use.",
)

SETTINGS = Table(
    Settings,
    (
        Member("retry", RETRY.codec, None),
        Member("timeout", COUNT, None, about="Of one attempt, in nanoseconds."),
        Member("label", TEXT, None, about="What people read instead of the name."),
        Member("deadline", COUNT, None, about="Of the step with all its attempts and waits, in nanoseconds."),
        Member("cache", CACHE.codec, None),
        Member(
            "on_error",
            words("stop", "pause"),
            None,
            about="Whether a failure is passed on, or held until a person decides.",
        ),
        Member("concurrency", CONCURRENCY.codec, None),
        Member("rate_limit", RATE_LIMIT.codec, None),
        Member("key", TEXT, None, about="Of steps with equal keys one runs at a time, and the others take its result."),
        Member("resources", RESOURCES.codec, None),
        Member("executor", NAME, None, about="The name of what runs attempts."),
    ),
    name="settings",
    about="How often, how long, how many at once. What is computed comes by an edge into a port `@NAME` instead.",
    examples=({"retry": {"attempts": 3}, "timeout": 30_000_000_000},),
)

SETTINGS_MEMBER = Member("settings", SETTINGS.codec, NO_SETTINGS)

RUN_SETTINGS = Table(
    RunSettings,
    (
        Member("timeout", COUNT, None, about="Of the time in which the run is driven, in nanoseconds."),
        Member("concurrency", COUNT, None, about="How many attempts run at once."),
    ),
    name="run_settings",
    about="Settings of a whole run.",
)
