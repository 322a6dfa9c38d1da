"""The rounds of a loop: the body, then what `until` decides.

Where it holds the loop is over, with what `yield` gives or the round's variable. Else what stands below it runs, but only if
another round follows: nobody pays for a draft that no round would look at. After the last round the loop fails with
`exhausted`, or its `else` runs, which sees the last round's variable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symphony_dsl.base.times import Duration
from symphony_runtime import entries
from symphony_runtime.entries import Entry
from symphony_runtime.plans.planning import AGAIN, BODY, DONE, ELSE
from symphony_runtime.rules import limits
from symphony_runtime.rules.bindings import BindingError, closed_value, inputs_of
from symphony_runtime.rules.blocks import close_block, close_failed
from symphony_runtime.rules.steps import StepError, computed, error_of

if TYPE_CHECKING:
    from symphony_dsl.base.values import Value
    from symphony_runtime.plans.formula import Formula
    from symphony_runtime.rules.state import Instance, Rounds, RunState, Scope


def open_loop(state: RunState, instance: Instance) -> list[Entry]:
    inputs = inputs_of(state, instance)
    data: dict[str, Any] = {}
    maximum = _number(state, instance.plan.maximum, inputs, "max", least=1)
    if maximum is not None:
        data["maximum"] = maximum
    if "init" in inputs:
        data["variable"] = inputs["init"]
    return [Entry(entries.REGION_OPENED, data | limits.times(state, instance), instance.address)]


def _number(state: RunState, of: int | Formula | None, inputs: dict[str, Value], name: str, least: int) -> int | None:
    if of is None or isinstance(of, int):
        return of
    found = computed(state, of, inputs)
    number: int = found.ns if isinstance(found, Duration) else found
    if number < least:
        raise StepError("check", f"`{name}` must be at least {least}, but is {found}")
    return number


def end_stage(state: RunState, owner: Instance, scope: Scope) -> list[Entry]:
    """What follows a part of a round."""
    if scope.error or owner.scope.draining:
        return close_block(state, owner, scope.error)
    try:
        return STAGES[scope.region.name](state, owner, scope)
    except (BindingError, StepError) as problem:
        return close_failed(state, owner, error_of(owner, problem.code, problem.message))


def _after_body(state: RunState, owner: Instance, scope: Scope) -> list[Entry]:
    if _is_over(state, owner, scope):
        return _go(owner, DONE)
    rounds = _rounds(owner)
    if rounds.maximum is not None and rounds.round >= rounds.maximum:
        return _exhausted(state, owner, rounds)
    return _go(owner, AGAIN) if AGAIN in owner.plan.regions else _next(state, owner, rounds.variable)


def _after_again(state: RunState, owner: Instance, scope: Scope) -> list[Entry]:
    return _next(state, owner, _given(state, owner, scope, "next"))


def _at_end(state: RunState, owner: Instance, scope: Scope) -> list[Entry]:
    return close_block(state, owner, None)


STAGES = {BODY: _after_body, AGAIN: _after_again, DONE: _at_end, ELSE: _at_end}


def _is_over(state: RunState, owner: Instance, scope: Scope) -> bool:
    """What `until` says, or in a graph that was made by hand the condition of the closing node, over what the body gives it."""
    closer = owner.plan.closer
    if closer is None or closer.expression is None:
        return bool(_given(state, owner, scope, "until"))
    given = {port: _given(state, owner, scope, port) for port in closer.inner_feeds if port not in OF_OTHERS}
    return bool(computed(state, closer.expression, given))


OF_OTHERS = frozenset({"next", "yield", "else"})
"""What other regions of a loop give to its closing node."""


def _given(state: RunState, owner: Instance, scope: Scope, port: str) -> Value:
    assert owner.plan.closer is not None
    return closed_value(state, owner.scope.instances[owner.plan.closer.index], scope, port)


def _rounds(owner: Instance) -> Rounds:
    assert owner.rounds is not None, "a loop that is open"
    return owner.rounds


def _go(owner: Instance, where: str) -> list[Entry]:
    taken = where if where in owner.plan.regions else None
    return [Entry(entries.REGION_DECIDED, {"taken": taken}, owner.address)]


def _next(state: RunState, owner: Instance, variable: Value) -> list[Entry]:
    pause = _number(state, owner.plan.every, inputs_of(state, owner), "every", least=0)
    data = ({} if variable is None else {"variable": variable}) | ({"due": state.at + pause} if pause else {})
    return [Entry(entries.ROUND_CLOSED, data, owner.address)]


def _exhausted(state: RunState, owner: Instance, rounds: Rounds) -> list[Entry]:
    if ELSE in owner.plan.regions:
        return _go(owner, ELSE)
    times = "one round" if rounds.maximum == 1 else f"{rounds.maximum} rounds"
    return close_failed(state, owner, error_of(owner, "exhausted", f"`until` did not hold within {times}"))
