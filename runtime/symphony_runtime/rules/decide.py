"""`decide(state, input)`: what follows from something that happened, as entries for the log.

It changes nothing and reads no clock: moments and chance come with the inputs. What an entry makes possible is decided
when it is on the agenda (`next_work`), one thing at a time, so that a long chain of steps costs no more than its steps.
"""

from __future__ import annotations

from typing import TypeAlias

from symphony_dsl.base.times import Duration
from symphony_runtime import entries
from symphony_runtime.entries import Entry
from symphony_runtime.rules.agenda import out_of_time
from symphony_runtime.rules.closing import close_scope
from symphony_runtime.rules.commanding import asked_again, commanded
from symphony_runtime.rules.endings import ended, ended_in_a_pause, left, passed_on
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
from symphony_runtime.rules.labels import derived, relabelled
from symphony_runtime.rules.limits import overdue
from symphony_runtime.rules.moves import check_moves
from symphony_runtime.rules.situations import Situation, situation
from symphony_runtime.rules.state import RunState, Scope, Tries
from symphony_runtime.rules.transition import Does, TransitionError
from symphony_runtime.rules.work import do
from symphony_runtime.task import LogLine


def decide(state: RunState, given: Input) -> list[Entry]:
    """Raises TransitionError where that cannot happen to a run that stands like this, or to a step."""
    where = situation(state)
    cell = TABLE[type(given)][where]
    if cell is None:
        raise TransitionError(where, WHAT[type(given)])
    found = cell.do(state, given)
    check_moves(state, found)
    return found


def _claimed(state: RunState, given: Claimed) -> list[Entry]:
    width = min(given.width, state.settings.concurrency or given.width)
    found = [Entry(entries.ENGINE_CLAIMED, {"width": width})]
    found += [left(instance) for instance in state.open.values()]
    found += asked_again(state)
    if state.hold:
        found.append(Entry(entries.HOLD_CLEARED))
    if state.label == "pending" or (state.label == "paused" and (state.hold or len(found) > 1)):
        found += relabelled(state, "running")
    return found + passed_on(state)


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
    held = Entry(entries.HOLD_SET, {"why": "interrupted"})
    return [held, *relabelled(state, "paused")] if state.label == "running" else [held]


def _released(state: RunState, given: Released) -> list[Entry]:
    return [Entry(entries.ENGINE_RELEASED)]


def _next(state: RunState, given: Next) -> list[Entry]:
    work = given.work
    if isinstance(work, Scope):
        return close_scope(state, work)
    if isinstance(work, Tries):
        return [Entry(entries.ITERATION_OPENED, {"item": work.item}, work.owner.address)]
    return do(state, work) if given.found is None else with_found(state, work, given.found)


def _goes_on(state: RunState, given: Next) -> list[Entry]:
    """A time has come: of a question that nobody answered."""
    found = _next(state, given)
    return found if found[0].type == entries.RUN_STATE else [*relabelled(state, "running"), *found]


def _clock(state: RunState, given: Clock) -> list[Entry]:
    found = [*overdue(state, given.at), *_run_overdue(state, given)]
    return found and [*relabelled(state, "running"), *found]


def _run_overdue(state: RunState, given: Clock) -> list[Entry]:
    """A run that took too long ends as one that failed, but what it does at the moment is stopped."""
    due = out_of_time(state)
    if due is None or given.at < due:
        return []
    limit = Duration(state.settings.timeout or 0)
    return [Entry(entries.RUN_OVERDUE, {"error": {"code": "timeout", "message": f"it took longer than {limit}"}})]


def _idle(state: RunState, given: Idle) -> list[Entry]:
    """The label that follows from how things stand, where it is another than before."""
    if state.open and state.label == "running":  # as after nearly every step
        return []
    return relabelled(state, derived(state))


def _nothing(state: RunState, given: Input) -> list[Entry]:
    return []


Cell: TypeAlias = "Does | None"


def _row(*cells: Cell) -> dict[Situation, Cell]:
    return dict(zip(Situation, cells, strict=True))


_NOTHING = Does("=", _nothing)
_COMMAND = Does("by the table of commands", lambda state, given: commanded(state, given.command))
_ATTEMPT = Does("by the table of effects", ended)
_HELD = Does("by the table of effects; what fails for good is held until it goes on", ended_in_a_pause)
_LATE = Does("noted as late", ended)
_HOLD, _RELEASE = Does("held", _interrupted), Does("let go", _released)
_WORK, _WAKE = Does("done", _next), Does("→ running, done", _goes_on)
_OVERDUE, _LABEL = (
    Does("what took too long fails with `timeout`", _clock),
    Does("the label follows", _idle),
)
_TAKEN, _RESUMED = Does("goes on", _claimed), Does("→ running, goes on", _claimed)
_NOTED, _COUNTED = Does("noted", _reported), Does("noted", _dropped)

TABLE: dict[type[Input], dict[Situation, Cell]] = {
    Claimed: _row(_RESUMED, _TAKEN, _TAKEN, _RESUMED, _TAKEN, _TAKEN, None),
    Commanded: _row(*[_COMMAND] * 7),
    Ended: _row(None, _ATTEMPT, _ATTEMPT, _HELD, None, None, _LATE),
    Reported: _row(None, _NOTED, _NOTED, _NOTED, _NOTHING, _NOTHING, _NOTHING),
    Dropped: _row(None, _COUNTED, _COUNTED, _COUNTED, _NOTHING, _NOTHING, _NOTHING),
    Interrupted: _row(None, _HOLD, _HOLD, _NOTHING, _HOLD, _HOLD, _NOTHING),
    Released: _row(None, None, None, _RELEASE, _RELEASE, _RELEASE, None),
    Next: _row(None, _WORK, _WORK, None, _WAKE, _WAKE, None),
    Clock: _row(None, _OVERDUE, _OVERDUE, _NOTHING, _OVERDUE, _OVERDUE, _NOTHING),
    Idle: _row(_NOTHING, _LABEL, _LABEL, _NOTHING, _LABEL, _LABEL, _NOTHING),
}
"""By what happens and how the run stands: what is done. None: that cannot happen."""

WHAT: dict[type[Input], str] = {
    Claimed: "a driver takes the run",
    Commanded: "a command",
    Ended: "an attempt ended",
    Reported: "an attempt reports",
    Dropped: "lines were left out",
    Interrupted: "Ctrl-C",
    Released: "the driver lets the run go",
    Next: "something can be done",
    Clock: "time has passed",
    Idle: "nothing can be done at once",
}
"""What happens, in words."""
