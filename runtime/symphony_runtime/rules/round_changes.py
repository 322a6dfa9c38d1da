"""What the entries about rounds make of the state: of blocks, and of items of a `for`, that are tried again or run out of time."""

from __future__ import annotations

from heapq import heappush
from typing import TYPE_CHECKING

from symphony_runtime import entries
from symphony_runtime.rules.addresses import item_address, round_suffix, suffix_of
from symphony_runtime.rules.changing import at, block_over, error_from, wait_until_due
from symphony_runtime.rules.scopes import begin, end, fail, look_at
from symphony_runtime.rules.state import Instance, Iteration, Phase, RunState, Scope, Tries

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_runtime.entries import Entry
    from symphony_runtime.outcome import RunError
    from symphony_runtime.plans.plan import RegionPlan


def begin_item(state: RunState, owner: Instance, items: Iteration, item: int) -> Scope:
    """An item in its first round, or the next."""
    begin_time(state, items.tries.get(item) or Tries(owner, item), *items.times)
    suffix = suffix_of(item, items.keys) + round_suffix(items.tries.get(item))
    region: RegionPlan = next(iter(owner.plan.regions.values()))
    return begin(state, region, owner, suffix, item)


def begin_time(state: RunState, tries: Tries, timeout: int | None, deadline: int | None) -> None:
    """From here the time of a round counts, and with the first round that of all."""
    if timeout is None and deadline is None:
        return
    keep(tries)
    if timeout is not None:
        tries.limit = state.driven + timeout
        heappush(state.limits, (tries.limit, _turn(state), tries))
    if deadline is not None:
        tries.deadline = tries.deadline or state.at + deadline
        heappush(state.deadlines, (tries.deadline, _turn(state), tries))


def _turn(state: RunState) -> int:
    state.turn += 1
    return state.turn


def keep(tries: Tries) -> None:
    owner = tries.owner
    if tries.item is None:
        owner.tries = tries
    elif owner.iteration:
        owner.iteration.tries[tries.item] = tries


def tries_of(owner: Instance, item: int | None) -> Tries:
    """Those of a block or an item; they are kept from its first failure on, where its time is not limited."""
    found = owner.tries if item is None else _items(owner).tries.get(item)
    return found or Tries(owner, item)


def _items(owner: Instance) -> Iteration:
    assert owner.iteration is not None, "a `for` that is open"
    return owner.iteration


def _failed(state: RunState, entry: Entry) -> None:
    owner, item = at(state, entry), entry.data.get("item")
    tries = tries_of(owner, item)
    keep(tries)
    tries.failures, tries.number, tries.limit = tries.failures + 1, tries.number + 1, 0
    if item is None:
        _block_failed(state, owner, entry)
    else:
        _item_failed(state, owner, tries, entry)


def _block_failed(state: RunState, owner: Instance, entry: Entry) -> None:
    block_over(state, owner)
    owner.inner = owner.iteration = owner.rounds = owner.turns = owner.caught = owner.inputs = None
    owner.error, owner.took_effect = error_from(entry.data["error"]), False
    if entry.data["then"] == "held":
        owner.phase = Phase.HELD
        state.undecided[owner.address] = owner
    else:
        owner.phase, owner.due = Phase.WAITING, entry.data["due"]
        wait_until_due(state, owner)
    look_at(state, owner.scope)


def _item_failed(state: RunState, owner: Instance, tries: Tries, entry: Entry) -> None:
    items, item = _items(owner), entry.data["item"]
    scope = items.scopes[item]
    assert scope is not None, "a round of an item ends once"
    end(scope)
    items.scopes[item], tries.due = None, entry.data["due"]
    state.waiting[item_address(owner, item)] = owner
    heappush(state.timers, (tries.due, _turn(state), tries))


def _item_opened(state: RunState, entry: Entry) -> None:
    owner, item = at(state, entry), entry.data["item"]
    items = _items(owner)
    items.tries[item].due = 0
    state.waiting.pop(item_address(owner, item), None)
    items.scopes[item] = begin_item(state, owner, items, item)


def _overdue(state: RunState, entry: Entry) -> None:
    owner, item = at(state, entry), entry.data.get("item")
    error = error_from(entry.data["error"])
    tries_of(owner, item).limit = 0
    open_ones = [each for each in owner.scope.inside if each.owner is owner and (item is None or each.item == item)]
    for scope in open_ones:
        scope.stopped = True
        fail(state, scope, error)
    if item is None:
        _block_overdue(state, owner, error)


def _block_overdue(state: RunState, owner: Instance, error: RunError) -> None:
    """Also where nothing of it is open: a loop between two rounds."""
    owner.error = error
    if owner.iteration:
        owner.iteration.count = len(owner.iteration.scopes)
    if state.waiting.pop(owner.address, None):
        owner.due = 0
        state.agenda.append(owner)


CHANGES: dict[str, Callable[[RunState, Entry], None]] = {
    entries.REGION_FAILED: _failed,
    entries.REGION_OVERDUE: _overdue,
    entries.ITERATION_OPENED: _item_opened,
}
