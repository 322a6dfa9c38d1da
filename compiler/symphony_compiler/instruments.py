"""What runs an instrument: its model and its texts."""

from __future__ import annotations

from collections.abc import Callable as Function
from typing import TypeVar

from symphony_compiler.bindings import OWN, Binding, Frame, Port
from symphony_compiler.models import max_tokens, max_turns, model, needs_prompt
from symphony_compiler.prompts import messages_of, prompt_of, system_of
from symphony_compiler.setting_values import temperature
from symphony_compiler.settings import INSTRUMENT, FileDefaults
from symphony_compiler.site import Site
from symphony_compiler.symbols import Model, Parameter
from symphony_dsl.base.types import TYPE
from symphony_dsl.expressions.tree import Expr, ListLiteral
from symphony_dsl.syntax.tree import Callable, Setting
from symphony_model.nodes import Effect, InstrumentConfig
from symphony_model.ports import Expression

T = TypeVar("T")
Reader = Function[[Site, Expr], T | None]
TextReader = Function[[Site, Frame, Expr], Expression | None]


def parameter_frame(declared: Callable, parameters: tuple[Parameter, ...]) -> Frame:
    """The names that the texts of a callable see: its parameters."""
    spans = {each.name.name: each.name.span for each in declared.parameters}
    frame = Frame()
    for each in parameters:
        if each.type != TYPE:
            port = Port(OWN, each.name, each.type)
            binding = Binding(each.name, "parameter", spans[each.name], each.type, {"": port})
            binding.constraints = each.constraints
            frame.names[each.name] = binding
    return frame


def model_of(
    site: Site,
    declared: Callable,
    parameters: tuple[Parameter, ...],
    defaults: FileDefaults,
    given: dict[str, Setting],
) -> Model | None:
    if "prompt" in given and "messages" in given:
        labels = [site.reporter.label(given["prompt"].name.span, "given here")]
        message = f"`{declared.name.name}` says already what the model is told, by `prompt`"
        site.report("WF0505", given["messages"].name.span, message, labels=labels)
    model_id = _model_id(site, declared, given, defaults)
    frame = parameter_frame(declared, parameters)
    config = InstrumentConfig(
        callee=declared.name.name,
        system=_text(site, frame, given.get("system"), system_of),
        prompt=_text(site, frame, given.get("prompt"), prompt_of),
        messages=_text(site, frame, given.get("messages"), messages_of),
        temperature=_given(site, given.get("temperature"), temperature, defaults.temperature),
        max_tokens=_given(site, given.get("max_tokens"), max_tokens, defaults.max_tokens),
        effect=Effect(declared.effect or "repeatable"),
        max_turns=_given(site, given.get("max_turns"), max_turns, None),
        fallback=_fallback(site, given.get("fallback")),
    )
    if "max_turns" in given and "tools" not in given:
        message = (
            "`max_turns` counts the turns in which tools are called, and this instrument has none: `tools: [search]`"
        )
        site.report("WF0509", given["max_turns"].name.span, message)
    if model_id is not None and needs_prompt(model_id) and not given.keys() & {"prompt", "system", "messages"}:
        message = f"the instrument `{declared.name.name}` does not say what the model has to do: `prompt:`"
        site.report("WF0504", declared.name.span, message)
    return None if model_id is None else Model(model_id, config)


def _model_id(site: Site, declared: Callable, given: dict[str, Setting], defaults: FileDefaults) -> str | None:
    if "model" in given:
        return model(site, given["model"].value)
    meant = any(each.name.name not in INSTRUMENT.known for each in declared.block.settings)
    if defaults.model is None and not meant:  # else what is not known was meant to say it
        message = f'the instrument `{declared.name.name}` does not name its model: `model: "openai/gpt-4o-mini"`'
        site.report("WF0504", declared.name.span, message)
    return defaults.model


def _given(site: Site, setting: Setting | None, reader: Reader[T], otherwise: T | None) -> T | None:
    return otherwise if setting is None else reader(site, setting.value)


def _text(site: Site, frame: Frame, setting: Setting | None, reader: TextReader) -> Expression | None:
    return None if setting is None else reader(site, frame, setting.value)


def _fallback(site: Site, given: Setting | None) -> tuple[str, ...]:
    """The models that are asked where the first cannot be had."""
    if given is None:
        return ()
    if not isinstance(given.value, ListLiteral):
        site.report("WF0503", given.value.span, '`fallback` is a list of models: `["openai/gpt-4o-mini"]`')
        return ()
    found = [model(site, each.value) for each in given.value.elements]
    return tuple(each for each in found if each)
