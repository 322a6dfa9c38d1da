"""What the entries about a block make of the state: scopes that begin and end, items, rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symphony_runtime import entries
from symphony_runtime.plans.plan import Role
from symphony_runtime.plans.planning import AGAIN, BODY, DONE, SEES_BODY
from symphony_runtime.rules.addresses import round_suffix
from symphony_runtime.rules.changing import (
    at,
    block_over,
    error_from,
    fail_instance,
    wait_over,
    wait_until_due,
)
from symphony_runtime.rules.effective import settings_of
from symphony_runtime.rules.round_changes import begin_item, begin_time
from symphony_runtime.rules.scopes import begin, drain, end, forget_items, look_at, settle
from symphony_runtime.rules.state import Instance, Iteration, Phase, Rounds, RunState, Tries, Turns
from symphony_runtime.rules.turn_changes import begin_turn, tools_called

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.state import Scope


def _decided(state: RunState, entry: Entry) -> None:
    instance = at(state, entry)
    if instance.phase is not Phase.RUNNING:
        _open_block(state, entry)
    if entry.data.get("error"):
        instance.caught = error_from(entry.data["error"])
    _enter(state, instance, entry.data["taken"])


def _enter(state: RunState, instance: Instance, taken: str | None) -> None:
    """Begin the region of that name; without one there is nothing to do, and the block's end comes up on the agenda."""
    if instance.inner:
        end(instance.inner)
    region = instance.plan.regions.get(taken) if taken is not None else None
    if region is None:
        instance.inner = None
        state.agenda.append(instance)
        return
    rounds = instance.rounds
    suffix = (f"#{rounds.round}" if rounds and taken in OF_ROUND else "") + round_suffix(instance.tries)
    around = rounds.body if rounds and taken in SEES_BODY else None
    instance.inner = begin(state, region, instance, suffix, around=around)


OF_ROUND = frozenset({BODY, AGAIN, DONE})
"""What a loop enters in a round of its own."""


def _opened(state: RunState, entry: Entry) -> None:
    instance = _open_block(state, entry)
    instance.began = entry.at
    OPEN[instance.plan.role](state, instance, entry.data)


def _open_call(state: RunState, instance: Instance, data: dict[str, Any]) -> None:
    instance.width = data.get("width", 0)
    if instance.plan.takes_slots:
        instance.settings = settings_of(state, instance)
        state.slots.take(instance, instance.settings, state.at)
    instance.inner = begin(state, state.plans.of(data["workflow"]).top, instance, round_suffix(instance.tries))


def _open_items(state: RunState, instance: Instance, data: dict[str, Any]) -> None:
    times = (None, None) if instance.plan.role is not Role.EACH else (data.get("timeout"), data.get("deadline"))
    instance.iteration = Iteration(data["count"], data.get("keys"), data["width"], times=times)
    _begin_items(state, instance, instance.iteration)


def _open_body(state: RunState, instance: Instance, data: dict[str, Any]) -> None:
    _enter(state, instance, next(iter(instance.plan.regions)))


def _open_loop(state: RunState, instance: Instance, data: dict[str, Any]) -> None:
    instance.rounds = Rounds(data.get("maximum"), variable=data.get("variable"))
    _begin_round(state, instance)


def _open_turns(state: RunState, instance: Instance, data: dict[str, Any]) -> None:
    instance.turns = Turns(data["maximum"])
    begin_turn(state, instance)


def _begin_round(state: RunState, instance: Instance) -> None:
    rounds = instance.rounds
    assert rounds is not None, "a loop that is open"
    rounds.round += 1
    instance.due = 0
    _enter(state, instance, BODY)
    rounds.body = instance.inner


def _round_closed(state: RunState, entry: Entry) -> None:
    instance = at(state, entry)
    if instance.turns:
        begin_turn(state, instance)
        return
    assert instance.rounds is not None, "a loop that is open"
    instance.rounds.variable = entry.data.get("variable")
    if "due" not in entry.data:
        _begin_round(state, instance)
        return
    if instance.inner:
        end(instance.inner)
    instance.inner, instance.due = None, entry.data["due"]
    wait_until_due(state, instance)
    look_at(state, instance.scope)


def _round_opened(state: RunState, entry: Entry) -> None:
    instance = at(state, entry)
    state.waiting.pop(instance.address, None)
    _begin_round(state, instance)


OPEN: dict[Role, Callable[[RunState, Instance, dict[str, Any]], None]] = {
    Role.CALL: _open_call,
    Role.EACH: _open_items,
    Role.ALL: _open_items,
    Role.FIRST: _open_items,
    Role.TRY: _open_body,
    Role.FINALLY: _open_body,
    Role.LOOP: _open_loop,
    Role.TOOLS: _open_turns,
}


def _open_block(state: RunState, entry: Entry) -> Instance:
    instance = at(state, entry)
    wait_over(state, instance)
    instance.phase, instance.due, instance.error, instance.awaits = Phase.RUNNING, 0, None, None
    instance.scope.running += 1
    if instance.plan.role is not Role.EACH:
        begin_time(state, instance.tries or Tries(instance), entry.data.get("timeout"), entry.data.get("deadline"))
    return instance


def _begin_items(state: RunState, instance: Instance, items: Iteration) -> None:
    """As many items as may run at once; with none left open the block's end comes up on the agenda."""
    while not instance.scope.draining and items.open < items.width and len(items.scopes) < items.count:
        item = len(items.scopes)
        items.scopes.append(_begin_one(state, instance, items, item))
        items.open += 1
    if items.open == 0:
        state.agenda.append(instance)


def _begin_one(state: RunState, instance: Instance, items: Iteration, item: int) -> Scope:
    """An item of a `for`, or a branch, which has a region of its own."""
    if instance.plan.role is Role.EACH:
        return begin_item(state, instance, items, item)
    region = list(instance.plan.regions.values())[item]
    return begin(state, region, instance, round_suffix(instance.tries), item)


def _item_closed(state: RunState, entry: Entry) -> None:
    instance = at(state, entry)
    items, item = instance.iteration, entry.data["item"]
    assert items is not None, "the items of a block that is open"
    scope = items.scopes[item]
    assert scope is not None, "an item ends once"
    end(scope)
    items.open -= 1
    if item in items.tries:
        items.tries[item].limit = 0
    error = entry.data.get("error")
    if error and entry.data.get("dropped"):
        items.scopes[item] = None
    elif error:
        instance.error = instance.error or error_from(error)
        _stop_items(state, instance)
        forget_items(state, instance)
    elif not entry.data.get("ended"):
        items.done.append(item)
    if entry.data.get("enough"):
        items.stopping = True
        _stop_items(state, instance, stopped=True)
    if instance.error:
        items.count = len(items.scopes)
    _begin_items(state, instance, items)


def _stop_items(state: RunState, instance: Instance, *, stopped: bool = False) -> None:
    for scope in instance.scope.inside:
        if scope.owner is instance:
            scope.stopped = scope.stopped or stopped
            drain(state, scope)


def _closed(state: RunState, entry: Entry) -> None:
    instance = at(state, entry)
    block_over(state, instance)
    instance.inputs = None
    if entry.data.get("error"):
        fail_instance(state, instance, error_from(entry.data["error"]))
    else:
        settle(state, instance, Phase.SKIPPED if entry.data.get("ended") else Phase.COMPLETED)


CHANGES: dict[str, Callable[[RunState, Entry], None]] = {
    entries.REGION_DECIDED: _decided,
    entries.REGION_OPENED: _opened,
    entries.REGION_CLOSED: _closed,
    entries.ITERATION_CLOSED: _item_closed,
    entries.ROUND_CLOSED: _round_closed,
    entries.ROUND_OPENED: _round_opened,
    entries.TOOLS_CALLED: tools_called,
}
