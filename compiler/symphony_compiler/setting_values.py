"""Settings whose value is known when the text is read: one reader each, from an expression to what the graph holds.

A value that a setting cannot have is reported, and None is what is left of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symphony_compiler.constants import evaluate
from symphony_compiler.site import Site
from symphony_dsl.base.types import BOOL, DURATION, FLOAT, INT, STRING, Type
from symphony_dsl.expressions.tree import Brace, Element, Entry, Expr, ListLiteral, Literal, Name
from symphony_model.setting_ports import RATE_RECORD, RESOURCES_RECORD, RETRY_RECORD
from symphony_model.settings import Cache, Concurrency, RateLimit, Resources, Retry

Reader = Callable[[Site, Expr], Any]
"""What it gives is a field of `Settings` or of an instrument's configuration, each of a type of its own."""

_DEFAULT = Retry(attempts=1)
MAX_ATTEMPTS = 1_000
MAX_COUNT = 1_000_000
MAX_TOKENS = 10_000_000
MAX_TURNS = 1_000
STOP, PAUSE, SKIP = "stop", "pause", "skip"


def number(site: Site, expr: Expr, of: Type, least: float, most: float, what: str) -> Any:  # noqa: ANN401 - an int or a float
    made = evaluate(site, expr, of)
    if not made.known:
        return None
    if not least <= made.value <= most:
        site.report("WF0503", expr.span, f"{what} must be between {least} and {most}, but is {made.value}")
        return None
    return made.value


def text(site: Site, expr: Expr) -> str | None:
    made = evaluate(site, expr, STRING)
    return made.value if made.known else None


def _some_text(what: str) -> Callable[[Site, Expr], str | None]:
    def read(site: Site, expr: Expr) -> str | None:
        found = text(site, expr)
        if found == "":
            site.report("WF0503", expr.span, f"{what} cannot be empty")
            return None
        return found

    return read


def _time(what: str) -> Callable[[Site, Expr], int | None]:
    def read(site: Site, expr: Expr) -> int | None:
        made = evaluate(site, expr, DURATION)
        if made.known and made.value.ns <= 0:
            site.report("WF0503", expr.span, f"{what} must be longer than nothing")
            return None
        return made.value.ns if made.known else None

    return read


timeout = _time("a timeout")


def count(what: str, most: int) -> Callable[[Site, Expr], int | None]:
    def read(site: Site, expr: Expr) -> int | None:
        found: int | None = number(site, expr, INT, 1, most, what)
        return found

    return read


concurrent = count("`concurrency`", MAX_COUNT)


def temperature(site: Site, expr: Expr) -> float | None:
    found: float | None = number(site, expr, FLOAT, 0, 2, "`temperature`")
    return found


def word(what: str, words: tuple[str, ...]) -> Callable[[Site, Expr], str | None]:
    """One of some bare words."""

    def read(site: Site, expr: Expr) -> str | None:
        if isinstance(expr, Name) and expr.name in words:
            return expr.name
        listed = " or ".join(f"`{each}`" for each in words)
        near = site.file.suggest(expr.name, words) if isinstance(expr, Name) else _unquoted(expr, words)
        fixes = [site.reporter.replacement(f"write `{near}`", expr.span, near)] if near else []
        site.report("WF0503", expr.span, f"{what} is {listed}", fixes=fixes)
        return None

    return read


def _unquoted(expr: Expr, words: tuple[str, ...]) -> str | None:
    quoted = expr.value if isinstance(expr, Literal) else None
    return quoted if quoted in words else None


# ---- retry ----


def with_codes(expr: Expr) -> Expr:
    """`on: [timeout, rate_limited]`: bare words are codes of failure."""
    if not isinstance(expr, Brace):
        return expr
    return Brace(expr.span, tuple(_with_codes(each) if each.key == "on" else each for each in expr.entries))


def _with_codes(entry: Entry) -> Entry:
    listed = entry.value
    if not isinstance(listed, ListLiteral):
        return entry
    elements = tuple(Element(_code(each.value), each.optional) for each in listed.elements)
    return Entry(entry.span, entry.key, entry.key_span, ListLiteral(listed.span, elements), entry.optional)


def _code(expr: Expr) -> Expr:
    return Literal(expr.span, "string", expr.name) if isinstance(expr, Name) else expr


def _retry(site: Site, expr: Expr) -> Retry | None:
    """`retry: 3` is four attempts at most."""
    if isinstance(expr, Brace):
        return _retry_record(site, with_codes(expr))
    more = number(site, expr, INT, 0, MAX_ATTEMPTS - 1, "`retry`")
    return None if more is None else Retry(attempts=more + 1)


def _retry_record(site: Site, brace: Expr) -> Retry | None:
    made = evaluate(site, brace, RETRY_RECORD)
    if not made.known:
        return None
    value = made.value
    problem = _retry_problem(value)
    if problem:
        site.report("WF0503", brace.span, problem)
        return None
    delay = value.get("delay")
    return Retry(
        attempts=value["attempts"],
        delay=_DEFAULT.delay if delay is None else delay.ns,
        factor=value["factor"],
        jitter=value["jitter"],
        on=tuple(value["on"]),
    )


def _retry_problem(value: dict[str, Any]) -> str | None:
    if not 1 <= value["attempts"] <= MAX_ATTEMPTS:
        return f"`attempts` counts all of them and must be between 1 and {MAX_ATTEMPTS}, but is {value['attempts']}"
    if value.get("delay") is not None and value["delay"].ns < 0:
        return "`delay` cannot be negative"
    if value["factor"] < 1:
        return f"`factor` must be at least 1, but is {value['factor']}"
    if not 0 <= value["jitter"] <= 1:
        return f"`jitter` is a share between 0 and 1, but is {value['jitter']}"
    return None


# ---- the rest ----


def _cache(site: Site, expr: Expr) -> Cache | None:
    """Whether, or how old at most."""
    made = evaluate(site, expr, None)
    if not made.known:
        return None
    if made.type == BOOL:
        return Cache(enabled=made.value)
    if made.type == DURATION and made.value.ns > 0:
        return Cache(age=made.value.ns)
    site.report("WF0503", expr.span, "`cache` is `true`, `false`, or how old a result may be at most: `cache: 1d`")
    return None


def _concurrency(site: Site, expr: Expr) -> Concurrency | None:
    found = concurrent(site, expr)
    return None if found is None else Concurrency(found)


def _rate_limit(site: Site, expr: Expr) -> RateLimit | None:
    made = evaluate(site, expr, RATE_RECORD)
    if not made.known:
        return None
    most, per = made.value["count"], made.value["per"].ns
    if 1 <= most <= MAX_COUNT and per > 0:
        return RateLimit(most, per)
    site.report("WF0503", expr.span, f"`count` must be between 1 and {MAX_COUNT}, and `per` longer than nothing")
    return None


def _resources(site: Site, expr: Expr) -> Resources | None:
    made = evaluate(site, expr, RESOURCES_RECORD)
    if not made.known:
        return None
    cpus, memory = made.value.get("cpus"), made.value.get("memory")
    if any(each is not None and each <= 0 for each in (cpus, memory)):
        site.report("WF0503", expr.span, "`cpus` are more than none, and `memory` is a number of bytes, more than none")
        return None
    return Resources(cpus, memory)


READERS: dict[str, Reader] = {
    "retry": _retry,
    "timeout": timeout,
    "deadline": _time("a deadline"),
    "cache": _cache,
    "on_error": word("`on_error`", (STOP, PAUSE)),
    "concurrency": _concurrency,
    "rate_limit": _rate_limit,
    "key": _some_text("a key"),
    "resources": _resources,
    "executor": _some_text("the name of an executor"),
    "label": text,
}
"""By the name of the setting, which is also that of the field of `Settings`."""

RUN_READERS: dict[str, Reader] = {"timeout": timeout, "concurrency": concurrent}
"""The same for `RunSettings`."""
