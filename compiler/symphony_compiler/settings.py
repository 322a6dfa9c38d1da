"""Settings: which there are, where they may stand, and what their values mean.

`Layer` is what one place says. Layers are put on top of each other key by key, the more special above: step, its policy,
the workflow's `defaults`, the declaration and its policy, the file's `defaults`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from symphony_compiler.constants import evaluate
from symphony_compiler.site import Site
from symphony_compiler.symbols import BrokenSymbol, PolicySymbol
from symphony_dsl.base.types import DURATION, FLOAT, INT, STRING, Field, ListType, OptionalType, RecordType, Type
from symphony_dsl.expressions.tree import Brace, Expr, ListLiteral, Name
from symphony_dsl.syntax.tree import Block, Setting
from symphony_model.settings import NO_SETTINGS, Retry, Settings

STEP = ("retry", "timeout", "label", "policy")
LATER = ("deadline", "cache", "on_error", "concurrency", "rate_limit", "key", "resources", "executor")
"""Settings that the language has and this version does not."""

BLOCK_LATER = ("retry", "timeout", "policy", *LATER)
"""The same for the settings of blocks."""

_DEFAULT = Retry(attempts=1)
RETRY = RecordType(
    (
        Field("attempts", INT),
        Field("delay", OptionalType(DURATION)),
        Field("factor", FLOAT, has_default=True, default=_DEFAULT.factor),
        Field("jitter", FLOAT, has_default=True, default=_DEFAULT.jitter),
        Field("on", ListType(STRING), has_default=True, default=[]),
    ),
    "retry",
)
MAX_ATTEMPTS = 1_000


def unique(site: Site, block: Block | None) -> dict[str, Setting]:
    """The settings of a block by name; a second one of a name is reported."""
    found: dict[str, Setting] = {}
    for each in block.settings if block else ():
        first = found.setdefault(each.name.name, each)
        if first is not each:
            labels = [site.reporter.label(first.name.span, "given here")]
            site.report("WF0502", each.name.span, f"`{each.name.name}` is given twice", labels=labels)
    return found


def refuse_others(
    site: Site, settings: dict[str, Setting], known: Collection[str], where: str, later: Collection[str] = LATER
) -> None:
    for name, each in settings.items():
        if name in known:
            continue
        if name in later:
            site.not_here(each.name.span, f"the setting `{name}`")
        else:
            site.unknown("WF0501", each.name.span, f"{where} has no setting `{name}`", name, known)


def settings_of(
    site: Site,
    block: Block | None,
    where: str,
    known: Collection[str] = STEP,
    later: Collection[str] = LATER,
) -> Settings:
    """What a block says, over what its policy says."""
    if block is None:
        return NO_SETTINGS
    given = unique(site, block)
    refuse_others(site, given, known, where, later)
    return common(site, {name: each for name, each in given.items() if name in known})


def common(site: Site, given: dict[str, Setting]) -> Settings:
    """The settings that every step may have."""
    own = Settings(
        retry=_read(site, given.get("retry"), retry),
        timeout=_read(site, given.get("timeout"), timeout),
        label=_read(site, given.get("label"), label),
    )
    policy = _read(site, given.get("policy"), _policy)
    return over(own, policy) if policy else own


def over(*layers: Settings) -> Settings:
    """The first layer that says something rules, key by key."""
    return Settings(
        retry=next((each.retry for each in layers if each.retry is not None), None),
        timeout=next((each.timeout for each in layers if each.timeout is not None), None),
        label=next((each.label for each in layers if each.label is not None), None),
    )


def _read(site: Site, setting: Setting | None, reader: Callable[[Site, Expr], Any]) -> Any:  # noqa: ANN401 - per reader
    return None if setting is None else reader(site, setting.value)


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


def label(site: Site, expr: Expr) -> str | None:
    return text(site, expr)


def timeout(site: Site, expr: Expr) -> int | None:
    made = evaluate(site, expr, DURATION)
    if made.known and made.value.ns <= 0:
        site.report("WF0503", expr.span, "a timeout must be longer than nothing")
        return None
    return made.value.ns if made.known else None


def retry(site: Site, expr: Expr) -> Retry | None:
    """`retry: 3` is four attempts at most."""
    if isinstance(expr, Brace):
        return _retry_record(site, expr)
    count = number(site, expr, INT, 0, MAX_ATTEMPTS - 1, "`retry`")
    return None if count is None else Retry(attempts=count + 1)


def _retry_record(site: Site, brace: Brace) -> Retry | None:
    codes = _codes(brace)
    rest = Brace(brace.span, tuple(each for each in brace.entries if each.key != "on")) if codes is not None else brace
    made = evaluate(site, rest, RETRY)
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
        on=tuple(value["on"] if codes is None else codes),
    )


def _codes(brace: Brace) -> list[str] | None:
    """`on: [timeout, rate_limited]`: bare words are codes of failure."""
    listed = next((each.value for each in brace.entries if each.key == "on"), None)
    if not isinstance(listed, ListLiteral) or not all(isinstance(each.value, Name) for each in listed.elements):
        return None
    return [each.value.name for each in listed.elements if isinstance(each.value, Name)]


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


def _policy(site: Site, expr: Expr) -> Settings | None:
    if not isinstance(expr, Name):
        site.report("WF0503", expr.span, "`policy` takes the name of a policy")
        return None
    found = site.declared(expr.name)
    if isinstance(found, PolicySymbol):
        return found.settings
    if found is None:
        known = [name for name, each in site.file.declarations.items() if isinstance(each, PolicySymbol)]
        site.unknown("WF0201", expr.span, f"there is no policy `{expr.name}`", expr.name, known)
    elif not isinstance(found, BrokenSymbol):
        site.wrong_kind(expr.span, found, "a policy")
    return None


def on_error(site: Site, expr: Expr) -> str:
    """`skip` or `stop`, a bare word, of a `for`."""
    if isinstance(expr, Name) and expr.name in ("skip", "stop"):
        return expr.name
    site.report("WF0503", expr.span, "`on_error` of a `for` is `skip` or `stop`")
    return "stop"


@dataclass(frozen=True, slots=True)
class FileDefaults:
    """The file's `defaults { … }`: for all its instruments, and for every step."""

    model: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    settings: Settings = NO_SETTINGS


NO_DEFAULTS = FileDefaults()
