"""`decide(state, input)`: what follows from something that happened, as entries for the log.

It changes nothing and reads no clock: moments and chance come with the inputs. What an entry makes possible is decided
when it is on the agenda (`next_work`), one thing at a time, so that a long chain of steps costs no more than its steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symphony_dsl.base.times import Duration
from symphony_runtime import entries
from symphony_runtime.entries import Entry
from symphony_runtime.rules.agenda import out_of_time
from symphony_runtime.rules.closing import close_scope
from symphony_runtime.rules.commanding import commanded
from symphony_runtime.rules.endings import ended, left
from symphony_runtime.rules.found import with_found
from symphony_runtime.rules.inputs import (
    Claimed,
    Clock,
    Commanded,
    Dropped,
    Ended,
    Idle,
    Input,
    Interrupted,
    Next,
    Released,
    Reported,
)
from symphony_runtime.rules.kinds import HELD
from symphony_runtime.rules.limits import overdue
from symphony_runtime.rules.state import Phase, RunState, Scope, Tries
from symphony_runtime.rules.work import do
from symphony_runtime.task import LogLine

if TYPE_CHECKING:
    from collections.abc import Callable


def decide(state: RunState, given: Input) -> list[Entry]:
    return RULES[type(given)](state, given)


def _claimed(state: RunState, given: Claimed) -> list[Entry]:
    width = min(given.width, state.settings.concurrency or given.width)
    found = [Entry(entries.ENGINE_CLAIMED, {"width": width})]
    for instance in state.open.values():
        found.append(left(instance))
    for instance in state.undecided.values():
        if instance.phase is Phase.HELD and instance.error and instance.error.code in HELD:
            found.append(Entry(entries.NODE_QUEUED, {}, instance.address))
    if state.hold:
        found.append(Entry(entries.HOLD_CLEARED))
    if state.label == "pending" or (state.label == "paused" and (state.hold or len(found) > 1)):
        found.append(label_entry(state.label, "running"))
    return found


def _reported(state: RunState, given: Reported) -> list[Entry]:
    instance = state.open.get(given.address)
    if instance is None or instance.attempt != given.attempt:
        return []
    report = given.report
    if isinstance(report, LogLine):
        line = {"level": report.level, "message": report.message}
        return [Entry(entries.NODE_LOG, line, given.address, given.attempt)]
    note = {"fraction": report.fraction} | ({"message": report.message} if report.message is not None else {})
    return [Entry(entries.NODE_PROGRESS, note, given.address, given.attempt)]


def _dropped(state: RunState, given: Dropped) -> list[Entry]:
    return [Entry(entries.LOG_DROPPED, {"count": given.count}, given.address, given.attempt)]


def _interrupted(state: RunState, given: Interrupted) -> list[Entry]:
    if state.final or state.hold:
        return []
    held = Entry(entries.HOLD_SET, {"why": "interrupted"})
    return [held, label_entry(state.label, "paused")] if state.label == "running" else [held]


def _released(state: RunState, given: Released) -> list[Entry]:
    return [Entry(entries.ENGINE_RELEASED)]


def _next(state: RunState, given: Next) -> list[Entry]:
    work = given.work
    if isinstance(work, Scope):
        return close_scope(state, work)
    if isinstance(work, Tries):
        return [Entry(entries.ITERATION_OPENED, {"item": work.item}, work.owner.address)]
    return do(state, work) if given.found is None else with_found(state, work, given.found)


def _clock(state: RunState, given: Clock) -> list[Entry]:
    return [*overdue(state, given.at), *_run_overdue(state, given)]


def _run_overdue(state: RunState, given: Clock) -> list[Entry]:
    """A run that took too long ends as one that failed, but what it does at the moment is stopped."""
    due = out_of_time(state)
    if due is None or given.at < due or state.final or state.top is None or state.top.draining:
        return []
    limit = Duration(state.settings.timeout or 0)
    up = Entry(entries.RUN_OVERDUE, {"error": {"code": "timeout", "message": f"it took longer than {limit}"}})
    return [up] if state.label == "running" else [up, label_entry(state.label, "running")]


def _idle(state: RunState, given: Idle) -> list[Entry]:
    """The label that follows from how things stand, where it is another than before."""
    if state.final or state.hold:
        return []
    label = _label(state)
    if label == state.label:
        return []
    if "running" in (label, state.label):
        return [label_entry(state.label, label)]
    return [label_entry(state.label, "running"), label_entry("running", label)]


def _label(state: RunState) -> str:
    if state.open or state.waiting or state.agenda or state.queue or state.slots.delayed or state.slots.wanted:
        return "running"
    if state.undecided:
        return "paused"
    return "waiting_for_input" if state.asks else "running"


def label_entry(before: str, after: str, **data: object) -> Entry:
    """Beginnings and ends are two events to the outside: the change of the label, and what it means."""
    return Entry(entries.RUN_STATE, {"from": before, "to": after, **data}, room=int(before == "pending" or bool(data)))


RULES: dict[type[Input], Callable[[RunState, Any], list[Entry]]] = {
    Claimed: _claimed,
    Commanded: lambda state, given: commanded(state, given.command),
    Ended: ended,
    Reported: _reported,
    Dropped: _dropped,
    Interrupted: _interrupted,
    Released: _released,
    Next: _next,
    Clock: _clock,
    Idle: _idle,
}
