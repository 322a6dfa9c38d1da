"""`evolve(state, entry)`: what an entry of the log makes of the state, in place.

Total, and without rules: whatever was decided stands in the entry. It reads no clock and evaluates no expression, so
folding a log gives the state that the driver had when it wrote the last entry.
"""

from __future__ import annotations

from heapq import heappush
from typing import TYPE_CHECKING, Any

from symphony_runtime import entries
from symphony_runtime.outcome import RunError
from symphony_runtime.plans.plan import Role
from symphony_runtime.plans.planning import AGAIN, BODY, DONE, SEES_BODY
from symphony_runtime.rules.effective import settings_of
from symphony_runtime.rules.scopes import begin, drain, end, enqueue, fail, look_at, settle, suffix_of
from symphony_runtime.rules.state import Instance, Iteration, Phase, Rounds, RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from symphony_runtime.entries import Entry
    from symphony_runtime.plans.plan import RegionPlan
    from symphony_runtime.rules.state import Scope


def evolve(state: RunState, entry: Entry) -> None:
    change = CHANGES.get(entry.type)
    if (
        0 < state.epoch == entry.epoch and not state.hold
    ):  # what is written by others than its driver is of another epoch
        state.driven += entry.at - state.at
    if change:
        change(state, entry)
    state.seq, state.at = entry.seq, entry.at


def fold(state: RunState, log: Iterable[Entry]) -> None:
    for entry in log:
        evolve(state, entry)


def _created(state: RunState, entry: Entry) -> None:
    state.inputs = entry.data["inputs"]
    state.durability = entry.data["durability"]
    state.top = begin(state, state.plans.main.top, None)


def _label(state: RunState, entry: Entry) -> None:
    state.started = state.started or entry.at
    state.label = entry.data["to"]
    state.outputs = entry.data.get("outputs")
    if entry.data.get("error"):
        state.error = error_from(entry.data["error"])
    if state.final and state.top:
        drain(state, state.top)
        end(state.top)


def _hold(state: RunState, entry: Entry) -> None:
    state.hold = entry.data["why"]


def _go_on(state: RunState, entry: Entry) -> None:
    state.hold = None


def _claimed(state: RunState, entry: Entry) -> None:
    state.epoch, state.width = entry.epoch, entry.data["width"]


def _overdue(state: RunState, entry: Entry) -> None:
    assert state.top is not None
    state.overdue = True
    fail(state, state.top, error_from(entry.data["error"]))


def _started(state: RunState, entry: Entry) -> None:
    instance = _at(state, entry)
    instance.phase, instance.attempt, instance.due = Phase.RUNNING, entry.attempt or 0, 0
    instance.began = instance.began or entry.at
    instance.settings = settings_of(state, instance)
    state.slots.take(instance, instance.settings, entry.at)
    state.waiting.pop(instance.address, None)
    state.open[instance.address] = instance
    instance.scope.running += 1


def _waiting(state: RunState, entry: Entry) -> None:
    instance = _at(state, entry)
    instance.phase, instance.due = Phase.WAITING, entry.data["due"]
    _wait_until_due(state, instance)


def _asked(state: RunState, entry: Entry) -> None:
    """The time to answer is no reason for the run to go on: it waits for the person."""
    instance = _at(state, entry)
    instance.phase, instance.due, instance.prompt = Phase.WAITING, entry.data.get("due", 0), entry.data["prompt"]
    state.asks[instance.address] = instance
    if instance.due:
        _set_timer(state, instance)


def _completed(state: RunState, entry: Entry) -> None:
    instance = _at(state, entry)
    _attempt_over(state, instance, entry)
    _wait_over(state, instance)
    _block_over(instance)
    instance.outputs, instance.inputs = entry.data["outputs"], None
    settle(state, instance, Phase.COMPLETED)


def _failed(state: RunState, entry: Entry) -> None:
    instance = _at(state, entry)
    _attempt_over(state, instance, entry)
    _wait_over(state, instance)
    state.undecided.pop(instance.address, None)
    _fail_instance(state, instance, error_from(entry.data["error"]))


def _fail_instance(state: RunState, instance: Instance, error: RunError) -> None:
    instance.error, instance.inputs = error, None
    settle(state, instance, Phase.FAILED)
    fail(state, instance.scope, error)


def _attempt_failed(state: RunState, entry: Entry) -> None:
    instance = _at(state, entry)
    _attempt_over(state, instance, entry)
    instance.error, instance.inputs = error_from(entry.data["error"]), None
    NEXT[entry.data["then"]](state, instance, entry)
    look_at(state, instance.scope)


def _retry(state: RunState, instance: Instance, entry: Entry) -> None:
    instance.failures += 1
    instance.losses = 0
    instance.phase, instance.due = Phase.WAITING, entry.data["due"]
    _wait_until_due(state, instance)


def _wait_until_due(state: RunState, instance: Instance) -> None:
    state.waiting[instance.address] = instance
    _set_timer(state, instance)


def _set_timer(state: RunState, instance: Instance) -> None:
    state.turn += 1
    heappush(state.timers, (instance.due, state.turn, instance))


def _wait_over(state: RunState, instance: Instance) -> None:
    state.waiting.pop(instance.address, None)
    state.asks.pop(instance.address, None)


def _again(state: RunState, instance: Instance, entry: Entry) -> None:
    if entry.data.get("lost"):
        instance.losses += 1
    instance.phase = Phase.QUEUED
    enqueue(state, instance)


def _held(state: RunState, instance: Instance, entry: Entry) -> None:
    instance.phase = Phase.HELD
    state.undecided[instance.address] = instance


NEXT: dict[str, Callable[[RunState, Instance, Entry], None]] = {"retry": _retry, "again": _again, "held": _held}


def _lost(state: RunState, entry: Entry) -> None:
    instance = _at(state, entry)
    _attempt_over(state, instance, entry)
    instance.error, instance.phase = error_from(entry.data["error"]), Phase.LOST
    state.undecided[instance.address] = instance


def _attempt_over(state: RunState, instance: Instance, entry: Entry) -> None:
    if entry.attempt is not None and instance.address in state.open:
        del state.open[instance.address]
        instance.scope.running -= 1
        next_one = state.slots.give(instance, instance.settings or instance.plan.settings)
        if next_one:
            enqueue(state, next_one)


def _command(state: RunState, entry: Entry) -> None:
    if "id" in entry.data:
        state.verdicts[entry.data["id"]] = entry.data["fingerprint"]
    elif entry.data["kind"] == "retry-node":  # as the first release wrote what a resume does to held steps
        _queued(state, entry)


def _queued(state: RunState, entry: Entry) -> None:
    """With a budget of its own."""
    instance = _at(state, entry)
    state.undecided.pop(instance.address, None)
    state.waiting.pop(instance.address, None)
    instance.failures = instance.losses = instance.due = 0
    instance.phase = Phase.QUEUED
    enqueue(state, instance)


def _skipped(state: RunState, entry: Entry) -> None:
    instance = _at(state, entry)
    state.undecided.pop(instance.address, None)
    _wait_over(state, instance)
    instance.outputs, instance.inputs, instance.error = entry.data["outputs"], None, None
    settle(state, instance, Phase.SKIPPED)


def _cancelled(state: RunState, entry: Entry) -> None:
    state.cancelled, state.hold, state.forced = True, None, bool(entry.data.get("force"))
    if state.top is None:
        return
    if state.top.error is None:  # else it fails, and that stays so
        state.ending = entry.data.get("reason") or ""
    drain(state, state.top)


def _decided(state: RunState, entry: Entry) -> None:
    instance = _at(state, entry)
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
    suffix = f"#{rounds.round}" if rounds and taken in OF_ROUND else ""
    around = rounds.body if rounds and taken in SEES_BODY else None
    instance.inner = begin(state, region, instance, suffix, around=around)


OF_ROUND = frozenset({BODY, AGAIN, DONE})
"""What a loop enters in a round of its own."""


def _opened(state: RunState, entry: Entry) -> None:
    instance = _open_block(state, entry)
    OPEN[instance.plan.role](state, instance, entry.data)


def _open_call(state: RunState, instance: Instance, data: dict[str, Any]) -> None:
    instance.inner = begin(state, state.plans.of(data["workflow"]).top, instance)


def _open_items(state: RunState, instance: Instance, data: dict[str, Any]) -> None:
    instance.iteration = Iteration(data["count"], data.get("keys"), data["width"])
    _begin_items(state, instance, instance.iteration)


def _open_body(state: RunState, instance: Instance, data: dict[str, Any]) -> None:
    _enter(state, instance, next(iter(instance.plan.regions)))


def _open_loop(state: RunState, instance: Instance, data: dict[str, Any]) -> None:
    instance.rounds = Rounds(data.get("maximum"), variable=data.get("variable"))
    _begin_round(state, instance)


def _begin_round(state: RunState, instance: Instance) -> None:
    rounds = instance.rounds
    assert rounds is not None, "a loop that is open"
    rounds.round += 1
    instance.due = 0
    _enter(state, instance, BODY)
    rounds.body = instance.inner


def _round_closed(state: RunState, entry: Entry) -> None:
    instance = _at(state, entry)
    assert instance.rounds is not None, "a loop that is open"
    instance.rounds.variable = entry.data.get("variable")
    if "due" not in entry.data:
        _begin_round(state, instance)
        return
    if instance.inner:
        end(instance.inner)
    instance.inner, instance.due = None, entry.data["due"]
    _wait_until_due(state, instance)
    look_at(state, instance.scope)


def _round_opened(state: RunState, entry: Entry) -> None:
    instance = _at(state, entry)
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
}


def _open_block(state: RunState, entry: Entry) -> Instance:
    instance = _at(state, entry)
    instance.phase = Phase.RUNNING
    instance.scope.running += 1
    return instance


def _begin_items(state: RunState, instance: Instance, items: Iteration) -> None:
    """As many items as may run at once; with none left open the block's end comes up on the agenda."""
    regions = list(instance.plan.regions.values())
    while not instance.scope.draining and items.open < items.width and len(items.scopes) < items.count:
        item = len(items.scopes)
        items.scopes.append(_begin_item(state, instance, regions, item))
        items.open += 1
    if items.open == 0:
        state.agenda.append(instance)


def _begin_item(state: RunState, instance: Instance, regions: list[RegionPlan], item: int) -> Scope:
    """An item of a `for`, or a branch, which has a region of its own."""
    if instance.plan.role is not Role.EACH:
        return begin(state, regions[item], instance, item=item)
    assert instance.iteration is not None, "a `for` that is open"
    return begin(state, regions[0], instance, suffix_of(item, instance.iteration.keys), item)


def _item_closed(state: RunState, entry: Entry) -> None:
    instance = _at(state, entry)
    items, item = instance.iteration, entry.data["item"]
    assert items is not None, "the items of a block that is open"
    scope = items.scopes[item]
    assert scope is not None, "an item ends once"
    end(scope)
    items.open -= 1
    error = entry.data.get("error")
    if error and entry.data.get("dropped"):
        items.scopes[item] = None
    elif error:
        instance.error = instance.error or error_from(error)
        _stop_items(state, instance)
    elif not entry.data.get("ended"):
        items.done.append(item)
    if entry.data.get("enough"):
        items.stopping = True
        _stop_items(state, instance)
    if instance.error:
        items.count = len(items.scopes)
    _begin_items(state, instance, items)


def _stop_items(state: RunState, instance: Instance) -> None:
    for scope in instance.scope.inside:
        if scope.owner is instance:
            drain(state, scope)


def _closed(state: RunState, entry: Entry) -> None:
    instance = _at(state, entry)
    _block_over(instance)
    instance.inputs = None
    if entry.data.get("error"):
        _fail_instance(state, instance, error_from(entry.data["error"]))
    else:
        settle(state, instance, Phase.SKIPPED if entry.data.get("ended") else Phase.COMPLETED)


def _block_over(instance: Instance) -> None:
    if instance.phase is Phase.RUNNING and instance.plan.role in BLOCKS:
        instance.scope.running -= 1
        if instance.inner:
            end(instance.inner)


BLOCKS = frozenset({Role.BRANCH, *OPEN})


def _at(state: RunState, entry: Entry) -> Instance:
    return state.instances[entry.address or ""]


def error_from(data: dict[str, object]) -> RunError:
    """An error as an entry keeps it."""
    return RunError(**data)  # type: ignore[arg-type]  # the log is ours, and its hashes say whether it was changed


CHANGES: dict[str, Callable[[RunState, Entry], None]] = {
    entries.RUN_CREATED: _created,
    entries.RUN_STATE: _label,
    entries.HOLD_SET: _hold,
    entries.HOLD_CLEARED: _go_on,
    entries.ENGINE_CLAIMED: _claimed,
    entries.RUN_OVERDUE: _overdue,
    entries.NODE_STARTED: _started,
    entries.NODE_COMPLETED: _completed,
    entries.NODE_FAILED: _failed,
    entries.NODE_LOST: _lost,
    entries.COMMAND_APPLIED: _command,
    entries.COMMAND_REJECTED: _command,
    entries.CANCEL_REQUESTED: _cancelled,
    entries.NODE_QUEUED: _queued,
    entries.NODE_SKIPPED: _skipped,
    entries.NODE_WAITING: _waiting,
    entries.ASK_OPENED: _asked,
    entries.ASK_ANSWERED: _completed,
    entries.ATTEMPT_FAILED: _attempt_failed,
    entries.REGION_DECIDED: _decided,
    entries.REGION_OPENED: _opened,
    entries.REGION_CLOSED: _closed,
    entries.ITERATION_CLOSED: _item_closed,
    entries.ROUND_CLOSED: _round_closed,
    entries.ROUND_OPENED: _round_opened,
}
