"""What the entries about a step make of the state: its attempts, its waiting, its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_model.nodes import Effect
from symphony_runtime import entries
from symphony_runtime.rules.changing import (
    at,
    block_over,
    error_from,
    fail_instance,
    give_slots,
    set_timer,
    wait_over,
    wait_until_due,
)
from symphony_runtime.rules.effective import settings_of
from symphony_runtime.rules.scopes import enqueue, look_at, make_ready, settle
from symphony_runtime.rules.state import Instance, Phase, RunState
from symphony_runtime.rules.turn_changes import turn_said

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.state import Scope


def _started(state: RunState, entry: Entry) -> None:
    instance = at(state, entry)
    instance.phase, instance.attempt, instance.due = Phase.RUNNING, entry.attempt or 0, 0
    instance.began = instance.began or entry.at
    instance.parts, instance.awaits = entry.data.get("parts"), None
    instance.settings = settings_of(state, instance)
    state.slots.take(instance, instance.settings, entry.at)
    state.waiting.pop(instance.address, None)
    state.open[instance.address] = instance
    instance.scope.running += 1


def _waiting(state: RunState, entry: Entry) -> None:
    instance = at(state, entry)
    instance.phase = Phase.WAITING
    if "for" in entry.data:
        instance.awaits = entry.data["for"]
        state.waiting[instance.address] = instance
        return
    instance.due = entry.data["due"]
    wait_until_due(state, instance)


def _asked(state: RunState, entry: Entry) -> None:
    """The time to answer is no reason for the run to go on: it waits for the person."""
    instance = at(state, entry)
    instance.phase, instance.due, instance.prompt = Phase.WAITING, entry.data.get("due", 0), entry.data["prompt"]
    state.asks[instance.address] = instance
    if instance.due:
        set_timer(state, instance)


def _completed(state: RunState, entry: Entry) -> None:
    instance = at(state, entry)
    _attempt_over(state, instance, entry)
    wait_over(state, instance)
    block_over(state, instance)
    turn_said(instance, entry.data)
    instance.awaits = None
    instance.outputs, instance.inputs = entry.data["outputs"], None
    settle(state, instance, Phase.COMPLETED)


def _failed(state: RunState, entry: Entry) -> None:
    instance = at(state, entry)
    _attempt_over(state, instance, entry)
    wait_over(state, instance)
    state.undecided.pop(instance.address, None)
    fail_instance(state, instance, error_from(entry.data["error"]))


def _attempt_failed(state: RunState, entry: Entry) -> None:
    instance = at(state, entry)
    _attempt_over(state, instance, entry)
    wait_over(state, instance)
    instance.error, instance.inputs = error_from(entry.data["error"]), None
    NEXT[entry.data["then"]](state, instance, entry)
    look_at(state, instance.scope)


def _retry(state: RunState, instance: Instance, entry: Entry) -> None:
    instance.failures += 1
    instance.losses = 0
    instance.phase, instance.due = Phase.WAITING, entry.data["due"]
    wait_until_due(state, instance)


def _again(state: RunState, instance: Instance, entry: Entry) -> None:
    if entry.data.get("lost"):
        instance.losses += 1
    instance.phase = Phase.QUEUED
    enqueue(state, instance)


def _held(state: RunState, instance: Instance, entry: Entry) -> None:
    instance.phase, instance.until_resume = Phase.HELD, entry.data.get("until") == "resume"
    state.undecided[instance.address] = instance


NEXT: dict[str, Callable[[RunState, Instance, Entry], None]] = {"retry": _retry, "again": _again, "held": _held}


def _lost(state: RunState, entry: Entry) -> None:
    instance = at(state, entry)
    _attempt_over(state, instance, entry)
    instance.error, instance.phase = error_from(entry.data["error"]), Phase.LOST
    state.undecided[instance.address] = instance


def _attempt_over(state: RunState, instance: Instance, entry: Entry) -> None:
    if entry.attempt is not None and instance.address in state.open:
        del state.open[instance.address]
        instance.scope.running -= 1
        give_slots(state, instance)
        if instance.plan.effect is Effect.ONCE and _may_have_happened(entry):
            _mark(instance.scope)


def _may_have_happened(entry: Entry) -> bool:
    then = entry.data.get("then")
    return not entry.data.get("before_effect") and then in (None, "held")


def _mark(scope: Scope | None) -> None:
    """What is around it is not begun again: that would do the same a second time."""
    while scope is not None and not scope.took_effect:
        scope.took_effect = True
        if scope.owner:
            scope.owner.took_effect = True
        scope = scope.owner.scope if scope.owner else None


def _command(state: RunState, entry: Entry) -> None:
    if "id" in entry.data:
        state.verdicts.setdefault(entry.data["id"], entry.data["fingerprint"])
    elif entry.data["kind"] == "retry-node":  # as the first release wrote what a resume does to held steps
        _queued(state, entry)


def _queued(state: RunState, entry: Entry) -> None:
    """With a budget of its own."""
    instance = at(state, entry)
    state.undecided.pop(instance.address, None)
    state.waiting.pop(instance.address, None)
    instance.failures = instance.losses = instance.due = instance.began = 0
    instance.until_resume = False
    if instance.tries:
        instance.tries.failures = instance.tries.deadline = 0
    make_ready(state, instance)


def _skipped(state: RunState, entry: Entry) -> None:
    instance = at(state, entry)
    state.undecided.pop(instance.address, None)
    wait_over(state, instance)
    instance.outputs, instance.inputs, instance.error = entry.data["outputs"], None, None
    settle(state, instance, Phase.SKIPPED)


CHANGES: dict[str, Callable[[RunState, Entry], None]] = {
    entries.NODE_STARTED: _started,
    entries.NODE_COMPLETED: _completed,
    entries.NODE_FAILED: _failed,
    entries.NODE_LOST: _lost,
    entries.COMMAND_APPLIED: _command,
    entries.COMMAND_REJECTED: _command,
    entries.NODE_QUEUED: _queued,
    entries.NODE_SKIPPED: _skipped,
    entries.NODE_WAITING: _waiting,
    entries.ASK_OPENED: _asked,
    entries.ASK_ANSWERED: _completed,
    entries.ATTEMPT_FAILED: _attempt_failed,
}
