"""The values that an instance's ports have, from what has settled around it.

Nothing of this is stored: it follows from stored values, and is computed again where it is needed again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

from symphony_dsl.base.conform import ConversionError, conform
from symphony_dsl.base.constraints import violation
from symphony_dsl.base.types import JSON, OptionalType
from symphony_runtime.plans.checks import holds
from symphony_runtime.plans.plan import (
    Absent,
    Computed,
    Feed,
    FromBlock,
    FromModel,
    FromNode,
    Given,
    Passed,
    Role,
    Source,
)
from symphony_runtime.rules.scopes import outwards
from symphony_runtime.rules.state import Instance, Phase, RunState, Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_dsl.base.values import Value
    from symphony_model.ports import PortDefinition
    from symphony_runtime.outcome import RunError
    from symphony_runtime.plans.formula import Facts, Formula


class BindingError(Exception):
    """A port has no value that it can take. `code` is a kind of failure: binding, conversion, check or cost."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def inputs_of(state: RunState, instance: Instance) -> dict[str, Value]:
    """Every input port's value; kept with the instance until it settles. Raises BindingError."""
    if instance.inputs is None:
        begun = instance.phase is Phase.RUNNING
        facts = state.facts(instance.attempt if begun else instance.attempt + 1)
        instance.inputs = {feed.port.name: _value(state, instance.scope, feed, facts) for feed in instance.plan.feeds}
    return instance.inputs


def output_of(state: RunState, instance: Instance, port: str) -> Value:
    """What a settled instance gives on a port; None where it gives nothing."""
    if instance.plan.role is Role.INPUT:
        return _input_value(state, instance)
    return instance.outputs.get(port) if instance.outputs else None


def closed_value(state: RunState, closer: Instance, scope: Scope, port: str) -> Value:
    """What a block's scope gives to its closer."""
    feed = closer.plan.inner_feeds.get(port)
    return _value(state, scope, feed, state.facts()) if feed else None


def checked(value: Value, port: PortDefinition, label: str = "", *, convert: bool = True) -> Value:
    """The value as the port wants it, or its default where there is none. Raises BindingError.

    `label` is what a writer calls the port, where that is not its name.
    """
    label = label or port.name
    if value is None:
        value = _default(port, label)
    elif convert:
        value = _converted(value, port, label)
    wrong = violation(value, port.constraints, label, holds) if port.constraints and value is not None else None
    if wrong:
        raise BindingError("check", wrong)
    return value


def _value(state: RunState, scope: Scope, feed: Feed, facts: Facts) -> Value:
    value = GIVES[type(feed.source)](state, scope, feed.source, feed, facts)
    if feed.transform:  # an absent value too: `it ?? 0` is made for it
        value = _run(feed.label, feed.transform, {"it": value}, facts)
    return checked(value, feed.port, feed.label, convert=feed.convert)


def _from_node(state: RunState, scope: Scope, of: FromNode, feed: Feed, facts: Facts) -> Value:
    return output_of(state, outwards(scope, of.hops).instances[of.index], of.port)


def _from_block(state: RunState, scope: Scope, of: FromBlock, feed: Feed, facts: Facts) -> Value:
    """What the owner of a scope gives inwards."""
    scope = outwards(scope, of.hops)
    owner, port = scope.owner, of.port
    assert owner is not None
    if owner.rounds:
        return owner.rounds.variable
    if owner.caught:
        return caught_value(owner.caught)
    assert owner.iteration is not None, "an item belongs to a `for` that is open"
    key = owner.iteration.keys[scope.item] if owner.iteration.keys is not None else scope.item
    return key if port == "key" else inputs_of(state, owner)["items"][key]


def _given(state: RunState, scope: Scope, of: Given, feed: Feed, facts: Facts) -> Value:
    return of.value


def _computed(state: RunState, scope: Scope, of: Computed, feed: Feed, facts: Facts) -> Value:
    return _run(feed.label, of.formula, {}, facts)


def _absent(state: RunState, scope: Scope, of: Absent, feed: Feed, facts: Facts) -> Value:
    return None


def _passed(state: RunState, scope: Scope, of: Passed, feed: Feed, facts: Facts) -> Value:
    assert scope.owner is not None, "the block around"
    return inputs_of(state, scope.owner)[feed.port.name]


def _from_model(state: RunState, scope: Scope, of: FromModel, feed: Feed, facts: Facts) -> Value:
    """What a model gives in a call that was found to be right."""
    return arguments_in(scope.given).get(feed.port.name)


def arguments_in(text: str) -> dict[str, Value]:
    """The arguments of a call as a model writes them. Raises ValueError or RecursionError for what is no JSON object."""
    found = json.loads(text, parse_constant=_refuse) if text.strip() else {}
    if not isinstance(found, dict):
        raise ValueError("it is no object")
    return found


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON number")


GIVES: dict[type[Source], Callable[[RunState, Scope, Any, Feed, Facts], Value]] = {
    FromNode: _from_node,
    FromBlock: _from_block,
    Given: _given,
    Computed: _computed,
    Passed: _passed,
    FromModel: _from_model,
    Absent: _absent,
}
"""How each kind of source gives its value."""


def caught_value(error: RunError) -> dict[str, Value]:
    """What `catch e` sees of an error. A step that was done on the spot was tried once."""
    return {
        "code": error.code,
        "message": error.message,
        "step": error.node or "",
        "attempt": error.attempt or 1,
        "data": error.data,
    }


def _input_value(state: RunState, instance: Instance) -> Value:
    port = instance.plan.node.outputs[0]
    owner = instance.scope.owner
    name = instance.plan.node.base.name
    if owner is None:
        return state.inputs.get(name)
    return checked(inputs_of(state, owner).get(name), port, name)


def _run(name: str, formula: Formula, values: dict[str, Value], facts: Facts) -> Value:
    from symphony_dsl.expressions.program import EvaluationError

    try:
        return formula.run(values, facts)
    except EvaluationError as problem:
        raise BindingError(problem.code, f"`{name}`: {problem.message}") from problem


def _default(port: PortDefinition, label: str) -> Value:
    if port.has_default:
        return None if port.default_value is None else _converted(port.default_value, port, label)
    if not port.required or isinstance(port.data_type, OptionalType) or port.data_type == JSON:
        return None
    raise BindingError("binding", f"`{label}` has no value")


def _converted(value: Value, port: PortDefinition, label: str) -> Value:
    try:
        return conform(value, port.data_type, check=holds)
    except ConversionError as problem:
        where = f"{label}{'' if problem.path.startswith('[') else '.'}{problem.path}" if problem.path else label
        raise BindingError("conversion", f"`{where}`: {problem.message}") from problem
