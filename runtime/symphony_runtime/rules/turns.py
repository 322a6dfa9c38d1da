"""An instrument with tools: turns of its model, and between them the calls of tools that the model wants.

What is wrong with a call, and how one failed, is told to the model and ends nothing. A turn that calls nothing gives the
result. When the model still calls tools after as many turns as it may, the instrument fails with `exhausted`, and what it
called last does not run: nobody would look at it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from symphony_dsl.base.conform import ConversionError, to_json
from symphony_model.nodes import InstrumentNode, OperatorNode
from symphony_runtime import entries
from symphony_runtime.entries import Entry
from symphony_runtime.executing.results import is_single
from symphony_runtime.plans.plan import FromModel, Role
from symphony_runtime.plans.tools import TURN
from symphony_runtime.rules.bindings import BindingError, arguments_in, checked, inputs_of
from symphony_runtime.rules.blocks import close_block, close_failed
from symphony_runtime.rules.effective import configured
from symphony_runtime.rules.kinds import UNCAUGHT
from symphony_runtime.rules.limits import times
from symphony_runtime.rules.steps import done, error_data, error_of
from symphony_runtime.task import PastTurn, ToolCall

if TYPE_CHECKING:
    from symphony_dsl.base.values import Value
    from symphony_runtime.outcome import RunError
    from symphony_runtime.rules.state import Instance, RunState, Scope, Turn, Turns

DEFAULT_TURNS = 10
"""In how many turns a model may call tools where nothing is written: one that goes in circles costs money."""


def open_turns(state: RunState, instance: Instance) -> list[Entry]:
    inputs = inputs_of(state, instance)
    assert isinstance(instance.plan.node, InstrumentNode)
    maximum = configured(instance.plan.node, inputs).config.max_turns or DEFAULT_TURNS
    return [Entry(entries.REGION_OPENED, {"maximum": maximum, **times(state, instance)}, instance.address)]


def end_turn_or_call(state: RunState, owner: Instance, scope: Scope) -> list[Entry]:
    return _end_turn(state, owner, scope) if scope is owner.inner else _end_call(owner, scope)


def _end_turn(state: RunState, owner: Instance, scope: Scope) -> list[Entry]:
    if scope.error or owner.scope.draining:
        return close_block(state, owner, scope.error)
    turns, turn = turns_of(owner), scope.instances[0]
    said = turn_of(turn)
    if said is None:
        return _answered(owner, turn.outputs or {}, turns)
    if len(turns.calling) > turns.maximum:
        return close_failed(state, owner, _exhausted(owner, turns.maximum))
    wrong = [_wrong(owner, call) for call in said.calls]
    room = max(0, sum(each is not None for each in wrong) - 1)
    return [Entry(entries.TOOLS_CALLED, {"wrong": wrong}, turn.address, room=room)]


def _answered(owner: Instance, outputs: dict[str, Value], turns: Turns) -> list[Entry]:
    [completed] = done(owner, outputs, room=0)
    if turns.usage:
        completed.data["usage"] = dict(turns.usage)
    return [completed]


def _exhausted(owner: Instance, maximum: int) -> dict[str, Any]:
    turns = "one turn" if maximum == 1 else f"{maximum} turns"
    return error_of(owner, "exhausted", f"the model did not answer, but called tools again after {turns} of calls")


def _wrong(owner: Instance, call: dict[str, str]) -> str | None:
    """What is wrong with a call, in words for the model."""
    name = call["name"]
    if name == TURN or name not in owner.plan.regions:
        known = ", ".join(f"`{each}`" for each in owner.plan.regions if each != TURN)
        return f"there is no tool `{name}`; there are {known}"
    try:
        given = arguments_in(call["arguments"])
    except (ValueError, RecursionError) as problem:
        return f"the arguments of `{name}` have to be a JSON object: {problem}"
    return _misfit(owner, name, given)


def _misfit(owner: Instance, name: str, given: dict[str, Value]) -> str | None:
    [tool] = owner.plan.regions[name].nodes
    ports = {feed.port.name: feed.port for feed in tool.feeds if isinstance(feed.source, FromModel)}
    unknown = [each for each in given if each not in ports]
    if unknown:
        listed = ", ".join(f"`{each}`" for each in ports) or "none"
        return f"`{name}` has no parameter `{unknown[0]}`; its parameters: {listed}"
    try:
        for port in ports.values():
            checked(given.get(port.name), port)
    except BindingError as problem:
        return f"the arguments of `{name}` do not fit: {problem.message}"
    return None


def _end_call(owner: Instance, scope: Scope) -> list[Entry]:
    data: dict[str, Any] = {"item": scope.item}
    if scope.error:
        data["error"] = error_data(scope.error)
        data |= {} if scope.error.code in UNCAUGHT else {"dropped": True}
    return [Entry(entries.ITERATION_CLOSED, data, owner.address)]


def end_calls(state: RunState, owner: Instance) -> list[Entry]:
    """No call of a turn is open any more: the model gets another turn."""
    if owner.error or owner.scope.draining:
        return close_block(state, owner, owner.error)
    return [Entry(entries.ROUND_CLOSED, {}, owner.address)]


def turn_of(instance: Instance) -> Turn | None:
    """What was said in a turn that called tools."""
    turns = instance.scope.owner.turns if instance.scope.owner else None
    return next((turn for turn in turns.calling if turn.instance is instance), None) if turns else None


def turns_of(owner: Instance) -> Turns:
    assert owner.turns is not None, "an instrument with tools that is open"
    return owner.turns


# ---- what the model is told ----


def past_turns(instance: Instance) -> tuple[PastTurn, ...]:
    """The turns before one; none for any other step."""
    owner = instance.scope.owner
    if owner is None or owner.plan.role is not Role.TOOLS or owner.inner is not instance.scope:
        return ()
    return tuple(_past(turn) for turn in turns_of(owner).calling)


def _past(turn: Turn) -> PastTurn:
    calls = tuple(ToolCall(**call) for call in turn.calls)
    results = (_told(*each) for each in zip(turn.wrong, turn.scopes, strict=True))
    return PastTurn(turn.text, calls, tuple(results))


def _told(wrong: str | None, scope: Scope | None) -> str:
    if scope is None:
        return _json({"error": wrong})
    return _failure(scope.error) if scope.error else _result(scope.instances[0])


def _failure(error: RunError) -> str:
    data = {} if error.data is None else {"data": error.data}
    return _json({"error": error.message, "code": error.code, **data})


def _result(call: Instance) -> str:
    """A text as it is, all else as JSON."""
    node = call.plan.node
    assert isinstance(node, InstrumentNode | OperatorNode), "a tool"
    if not node.outputs:
        return "done"
    outputs = call.outputs or {}
    try:
        found = {port.wire or port.name: to_json(outputs.get(port.name), port.data_type) for port in node.outputs}
    except ConversionError as problem:
        return _json({"error": f"the result cannot be written as JSON: {problem}"})
    value = next(iter(found.values())) if is_single(node) else found
    return value if isinstance(value, str) else _json(value)


def _json(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)
