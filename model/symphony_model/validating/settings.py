"""Checks of settings: their values, and the ports by which those come that are computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING

from symphony_dsl.base.diagnostic import did_you_mean
from symphony_dsl.base.flows import a, flows
from symphony_dsl.base.types import optional
from symphony_model.nodes import ControlNode, InstrumentNode, OperatorNode
from symphony_model.problem import InvalidSetting, ValidationError
from symphony_model.setting_ports import is_setting_port, meant_settings, setting_types
from symphony_model.settings import NO_RUN_SETTINGS, NO_SETTINGS, RunSettings, Settings
from symphony_model.structure import closes

if TYPE_CHECKING:
    from symphony_model.nodes import Node
    from symphony_model.ports import PortDefinition
    from symphony_model.structure import Structure

MAX_ATTEMPTS = 1_000
ON_ERROR = ("stop", "pause")


def check_settings(structure: Structure) -> Iterator[ValidationError]:
    run = structure.workflow.settings
    if run != NO_RUN_SETTINGS:
        name = structure.workflow.name
        for wrong in _run_values(run):
            yield InvalidSetting("WF0503", f"the settings of `{name}` cannot be used: {wrong}", name)
    for node in structure.nodes.values():
        if isinstance(node, (InstrumentNode, OperatorNode, ControlNode)):
            yield from _values(node)
        yield from _ports(node)


# ---- values ----


def _values(node: InstrumentNode | OperatorNode | ControlNode) -> Iterator[ValidationError]:
    settings = node.config.settings
    if settings is NO_SETTINGS or settings == NO_SETTINGS:
        return
    yield from _meaningless(node, settings)
    for wrong in _step_values(settings):
        yield InvalidSetting("WF0503", f"the settings of `{node.base.path}` cannot be used: {wrong}", node.base.path)


def _meaningless(node: Node, settings: Settings) -> Iterator[ValidationError]:
    path, meant = node.base.path, meant_settings(node)
    for each in fields(settings) if meant is not None else ():
        if each.name not in (meant or ()) and getattr(settings, each.name) is not None:
            known = ", ".join(f"`{name}`" for name in meant or ())
            yield InvalidSetting("WF0501", f"`{path}` has no setting `{each.name}`; there are {known}", path)


def _run_values(settings: RunSettings) -> Iterator[str]:
    yield from _positive("`timeout`", settings.timeout)
    yield from _positive("`concurrency`", settings.concurrency)


def _step_values(settings: Settings) -> Iterator[str]:
    yield from _positive("`timeout`", settings.timeout)
    yield from _positive("`deadline`", settings.deadline)
    yield from _retry(settings)
    if settings.on_error not in (None, *ON_ERROR):
        yield f"`on_error` is `stop` or `pause`, not `{settings.on_error}`"
    if settings.cache:
        yield from _positive("`age` of `cache`", settings.cache.age)
    if settings.concurrency:
        yield from _positive("`concurrency`", settings.concurrency.count)
    if settings.rate_limit:
        yield from _positive("`count` of `rate_limit`", settings.rate_limit.count)
        yield from _positive("`per` of `rate_limit`", settings.rate_limit.per)
    if settings.resources:
        yield from _positive("`cpus` of `resources`", settings.resources.cpus)
        yield from _positive("`memory` of `resources`", settings.resources.memory)


def _positive(name: str, value: float | None) -> Iterator[str]:
    if value is not None and not value > 0:
        yield f"{name} is {value}, and has to be more than nothing"


def _retry(settings: Settings) -> Iterator[str]:
    retry = settings.retry
    if retry is None:
        return
    if not 1 <= retry.attempts <= MAX_ATTEMPTS:
        yield f"`attempts` of `retry` is {retry.attempts}, not between 1 and {MAX_ATTEMPTS}"
    if not retry.delay >= 0:
        yield f"`delay` of `retry` is {retry.delay}, which is before now"
    if not retry.factor >= 1:
        yield f"`factor` of `retry` is {retry.factor}, not 1 or more"
    if not 0 <= retry.jitter <= 1:
        yield f"`jitter` of `retry` is {retry.jitter}, not a share between 0 and 1"


# ---- ports ----


def _ports(node: Node) -> Iterator[ValidationError]:
    for port in node.inputs:
        if is_setting_port(port.name):
            yield from _port(node, port)
    for port in node.outputs:
        if is_setting_port(port.name):
            message = f"`{node.base.path}` gives `{port.name}`, but settings only enter a node; call the port otherwise"
            yield InvalidSetting("WF0501", message, node.base.path)


def _port(node: Node, port: PortDefinition) -> Iterator[ValidationError]:
    path, name = node.base.path, port.name[1:]
    known = {} if closes(node) else setting_types(node)
    if name not in known:
        near = did_you_mean(name, known)
        listed = f"did you mean `@{near}`?" if near else f"there are {', '.join(f'`@{each}`' for each in known)}"
        yield InvalidSetting("WF0501", f"`{path}` has no setting `{name}`; {listed if known else 'it has none'}", path)
        return
    if not any(flows(port.data_type, optional(of)).ok for of in known[name]):
        wanted = " or ".join(a(of) for of in known[name])
        yield InvalidSetting(
            "WF0301", f"the port `@{name}` of `{path}` is {a(port.data_type)}; it takes {wanted}", path
        )
    if _is_written(node, name):
        message = f"the setting `{name}` of `{path}` is written, and comes by the port `@{name}` too; leave one away"
        yield InvalidSetting("WF0502", message, path)


def _is_written(node: Node, name: str) -> bool:
    if not isinstance(node, (InstrumentNode, OperatorNode, ControlNode)):
        return False
    if not isinstance(node, ControlNode) and f"@{name}" in node.config.arguments:
        return True
    return any(getattr(part, name, None) is not None for part in (node.config.settings, node.config))
