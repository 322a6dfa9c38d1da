"""The settings that count for an instance: those that are written, with those that were computed for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from symphony_dsl.base.times import Duration
from symphony_model.setting_ports import MODEL_SETTINGS, is_setting_port, setting_port
from symphony_model.settings import Cache, Concurrency, RateLimit, Resources, Retry, Settings
from symphony_runtime.rules.bindings import BindingError, inputs_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_dsl.base.values import Value
    from symphony_model.nodes import InstrumentNode
    from symphony_runtime.rules.state import Instance, RunState


def settings_of(state: RunState, instance: Instance) -> Settings:
    """Raises BindingError where a setting that was computed is none that it can have."""
    written = instance.plan.settings
    if not instance.plan.computes:
        return written
    inputs = inputs_of(state, instance)
    given = {name: inputs[setting_port(name)] for name in instance.plan.computes}
    made = {name: READ[name](value, written) for name, value in given.items() if name in READ and value is not None}
    return replace(written, **made)


def plain_inputs(inputs: dict[str, Value]) -> dict[str, Value]:
    """What the callee gets: the inputs without settings."""
    return {name: value for name, value in inputs.items() if not is_setting_port(name)}


def configured(node: InstrumentNode, inputs: dict[str, Value]) -> InstrumentNode:
    """The instrument as it is asked: with the model and the options that were computed for it. Raises BindingError."""
    given = {name: inputs.get(setting_port(name)) for name in MODEL_SETTINGS}
    found = {name: value for name, value in given.items() if value is not None}
    for name in found.keys() & {"max_tokens", "max_turns"}:
        _least(name, found[name], 1)
    model = found.pop("model", node.model_id)
    return replace(node, model_id=model, config=replace(node.config, **found))


def _retry(value: Any, written: Settings) -> Retry:  # noqa: ANN401 - a number or a record
    if isinstance(value, int):
        return Retry(_least("retry", value, 0) + 1)
    plain = Retry(1)
    delay = value.get("delay")
    return Retry(
        _least("retry", value["attempts"], 1),
        plain.delay if delay is None else delay.ns,
        value.get("factor", plain.factor),
        value.get("jitter", plain.jitter),
        tuple(value.get("on", ())),
    )


def _time(name: str) -> Callable[[Any, Settings], int]:
    return lambda value, written: _least(name, value.ns, 1)


def _cache(value: Any, written: Settings) -> Cache:  # noqa: ANN401 - a bool or a duration
    return Cache(age=value.ns) if isinstance(value, Duration) else Cache(enabled=value)


def _concurrency(value: int, written: Settings) -> Concurrency:
    bucket = written.concurrency.bucket if written.concurrency else None
    return Concurrency(_least("concurrency", value, 1), bucket)


def _rate(value: dict[str, Any], written: Settings) -> RateLimit:
    bucket = written.rate_limit.bucket if written.rate_limit else None
    return RateLimit(_least("rate_limit", value["count"], 1), _least("rate_limit", value["per"].ns, 1), bucket)


def _resources(value: dict[str, Any], written: Settings) -> Resources:
    return Resources(value.get("cpus"), value.get("memory"))


def _same(value: str, written: Settings) -> str:
    return value


def _least(name: str, value: int, least: int) -> int:
    if value < least:
        shown = Duration(value) if name in ("timeout", "deadline") else value
        raise BindingError("check", f"`{name}` must be at least {least}, but is {shown}")
    return value


READ: dict[str, Callable[[Any, Settings], Any]] = {
    "retry": _retry,
    "timeout": _time("timeout"),
    "deadline": _time("deadline"),
    "cache": _cache,
    "concurrency": _concurrency,
    "rate_limit": _rate,
    "resources": _resources,
    "key": _same,
    "executor": _same,
}
