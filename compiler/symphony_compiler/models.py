"""The models that an instrument may name, as far as they are known before anything runs."""

from __future__ import annotations

from symphony_compiler.constants import evaluate
from symphony_compiler.setting_values import MAX_TOKENS, MAX_TURNS, Reader, count, temperature
from symphony_compiler.site import Site
from symphony_dsl.base.types import MODEL, Type, plain
from symphony_dsl.expressions.tree import Expr

PROVIDERS: dict[str, tuple[str, ...]] = {"openai": (), "local": ("language-id", "sentiment")}
"""The models of each provider; none where only the endpoint knows them."""

PROMPTED = frozenset({"openai"})
"""Providers whose models are told in words what to do."""


def model(site: Site, expr: Expr) -> str | None:
    """The model that a setting names; None where it names none, which is reported."""
    made = evaluate(site, expr, MODEL)
    return known_model(site, expr, made.value) if made.known else None


def names_a_model(site: Site, expr: Expr, of: Type, value: object) -> bool:
    """Whether a value is a model where one is needed; what is not a string has been reported."""
    return plain(of) != MODEL or not isinstance(value, str) or known_model(site, expr, value) is not None


def known_model(site: Site, expr: Expr, found: str) -> str | None:
    provider, _, name = found.partition("/")
    if not (provider and name):
        message = f'a model is written "PROVIDER/NAME" ("openai/gpt-4o-mini"), but this is "{found}"'
        site.report("WF0503", expr.span, message)
        return None
    return found if _is_known(site, expr, provider, name) else None


def _is_known(site: Site, expr: Expr, provider: str, name: str) -> bool:
    models = PROVIDERS.get(provider)
    if models is None:
        message = f"there is no provider `{provider}`; there are {', '.join(PROVIDERS)}"
        near = site.file.suggest(provider, PROVIDERS)
        site.unknown("WF0513", expr.span, message, provider, (), near and f'"{near}/{name}"')
        return False
    if models and name not in models:
        message = f"`{provider}` has no model `{name}`; it has {', '.join(models)}"
        near = site.file.suggest(name, models)
        site.unknown("WF0513", expr.span, message, name, (), near and f'"{provider}/{near}"')
        return False
    return True


def needs_prompt(model_id: str) -> bool:
    return model_id.partition("/")[0] in PROMPTED


max_tokens = count("`max_tokens`", MAX_TOKENS)
max_turns = count("`max_turns`", MAX_TURNS)

MODEL_READERS: dict[str, Reader] = {
    "model": model,
    "temperature": temperature,
    "max_tokens": max_tokens,
    "max_turns": max_turns,
}
"""Of the settings that an instrument has beside those of every step."""
