"""Settings: which there are, where they may stand, and which of several rules.

A `Settings` of the graph is what one place says. Places are put on top of each other key by key, the more special above:
step, its policy, the workflow's `defaults`, the declaration and its policy, the file's `defaults`. What has no meaning for
the kind of callable that is called is left out. Settings that are known when the text is read are read by
`setting_values`; those that are not, by `computed`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import Any

from symphony_compiler.setting_values import READERS
from symphony_compiler.site import Site
from symphony_compiler.symbols import BrokenSymbol, CallableSymbol, Code, Model, PolicySymbol
from symphony_dsl.base.frozen import frozen
from symphony_dsl.expressions.tree import Expr, Name
from symphony_dsl.syntax.tree import Block, Setting
from symphony_model.nodes import COMPUTED, WAITING
from symphony_model.settings import NO_SETTINGS, Settings


@frozen
class Where:
    """A place for settings: how sentences call what has them, and which those are.

    Whoever owns the place reads those of `own` itself.
    """

    who: str
    known: tuple[str, ...]
    own: tuple[str, ...] = ()


_ANYWHERE = ("retry", "timeout", "deadline", "cache", "on_error", "concurrency", "rate_limit", "resources", "executor")
BUILTIN = "builtin"
WAYS = ("python", "shell", BUILTIN, "http", "mcp")
_TEXTS = ("system", "prompt", "messages")
_MODEL = ("model", "temperature", "max_tokens")
_STEP = (*_ANYWHERE, "policy", "key", "label")
_DECLARED = (*_ANYWHERE, "policy", "label")
_BLOCK = ("retry", "timeout", "deadline", "policy", "label")
_PATIENT = ("retry", "timeout", "deadline", "on_error", "policy", "label")

INSTRUMENT_CALL = Where("the call of an instrument", (*_STEP, *_MODEL, "max_turns"))
TOOLLESS_CALL = Where("the call of an instrument without tools", (*_STEP, *_MODEL))
OPERATOR_CALL = Where("the call of an operator", _STEP)
WAITING_CALL = Where("a step that waits", _PATIENT[1:])  # nobody is asked again
COMPUTED_CALL = Where("what is computed on the spot", ("on_error", "policy", "label"))  # it fails alike each time
WORKFLOW_CALL = Where("the call of a workflow", (*_PATIENT, "concurrency", "rate_limit", "key"))
BLOCK = Where("this block", _BLOCK)
FOR = Where("a `for`", (*_BLOCK, "on_error"), own=("on_error",))
POLICY = Where("a policy", _ANYWHERE)
WORKFLOW_DEFAULTS = Where("`defaults`", (*_ANYWHERE, "policy"))
FILE_DEFAULTS = Where("`defaults`", (*_ANYWHERE, "policy", *_MODEL))
RUN_ITSELF = Where("a run", ("timeout", "concurrency"))
INSTRUMENT = Where("an instrument", (*_MODEL, *_TEXTS, "tools", "max_turns", "fallback", *_DECLARED))
OPERATOR = Where("an operator", (*WAYS, *_DECLARED))

_ANY_CALL = {"instrument": INSTRUMENT_CALL, "operator": OPERATOR_CALL, "workflow": WORKFLOW_CALL}
"""By the kind of a callable that is a workflow, or of which no more is known because of an error."""

_STANDS = (
    ("behind a call", _STEP),
    ("behind the call of an instrument", (*_MODEL, "max_turns")),
    ("behind a block (after `with`)", _BLOCK),
    ("behind a `for` (after `with`)", FOR.own),
    ("in a declaration", _DECLARED),
    ("in an instrument", (*_MODEL, *_TEXTS, "tools", "max_turns", "fallback")),
    ("in an operator", tuple(each for each in WAYS if each != BUILTIN)),
    ("in a policy", POLICY.known),
    ("in `defaults`", WORKFLOW_DEFAULTS.known),
    ("in the `defaults` of a file", _MODEL),
    ("in the `settings` of a workflow", RUN_ITSELF.known),
)
"""Where a setting may stand, for who wrote it elsewhere."""

NAMES = tuple(each.name for each in fields(Settings))


def behind_call(symbol: CallableSymbol) -> Where:
    """What may stand behind a call."""
    match symbol.body:
        case Model(tools=tools):
            return INSTRUMENT_CALL if tools else TOOLLESS_CALL
        case Code(type=kind):
            return WAITING_CALL if kind in WAITING else COMPUTED_CALL if kind in COMPUTED else OPERATOR_CALL
    return _ANY_CALL[symbol.kind]


def unique(site: Site, block: Block | None) -> dict[str, Setting]:
    """The settings of a block by name; a second one of a name is reported."""
    found: dict[str, Setting] = {}
    for each in block.settings if block else ():
        first = found.setdefault(each.name.name, each)
        if first is not each:
            labels = [site.reporter.label(first.name.span, "given here")]
            site.report("WF0502", each.name.span, f"`{each.name.name}` is given twice", labels=labels)
    return found


def known_settings(site: Site, block: Block | None, where: Where) -> dict[str, Setting]:
    """The settings of a block that may stand there; of the others it is reported where they may, if anywhere."""
    given = unique(site, block)
    for name, each in given.items():
        if name not in where.known:
            _refuse(site, each, name, where)
    return {name: each for name, each in given.items() if name in where.known}


def _refuse(site: Site, setting: Setting, name: str, where: Where) -> None:
    message = f"{where.who} has no setting `{name}`"
    known = [each for each in where.known if each != BUILTIN]
    places = [place for place, names in _STANDS if name in names]
    if places:
        listed = " or ".join([", ".join(places[:-1]), places[-1]] if len(places) > 1 else places)
        site.report("WF0501", setting.name.span, f"{message}; it stands {listed}")
    else:
        site.unknown("WF0501", setting.name.span, message, name, known)


def settings_of(site: Site, block: Block | None, where: Where) -> Settings:
    """What a block says, over what its policy says; all of it is known when the text is read."""
    return NO_SETTINGS if block is None else constant_settings(site, known_settings(site, block, where))


def constant_settings(site: Site, given: dict[str, Setting]) -> Settings:
    """What settings that are known say, over what their policy says. Those that are no field of `Settings` are left alone."""
    own = Settings(**{name: READERS[name](site, each.value) for name, each in given.items() if name in READERS})
    policy = _policy(site, given["policy"].value) if "policy" in given else None
    return over(own, policy) if policy else own


def over(*layers: Settings) -> Settings:
    """The first layer that says something rules, key by key."""
    said = [each for each in layers if each is not NO_SETTINGS and each != NO_SETTINGS]
    if len(said) < 2:
        return said[0] if said else NO_SETTINGS
    said.reverse()
    ruling: dict[str, Any] = {}
    for each in said:
        ruling |= {name: value for name in NAMES if (value := getattr(each, name)) is not None}
    return Settings(**ruling)


def only(settings: Settings, names: Collection[str]) -> Settings:
    """The settings of these names, without the others."""
    if settings is NO_SETTINGS or all(getattr(settings, name) is None for name in NAMES if name not in names):
        return settings
    return Settings(**{name: getattr(settings, name) for name in NAMES if name in names})


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


@frozen
class FileDefaults:
    """The file's `defaults { … }`: for all its instruments, and for every step."""

    model: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    settings: Settings = NO_SETTINGS


NO_DEFAULTS = FileDefaults()
