"""`decide(state, input)`: what follows from something that happened, as entries for the log.

It changes nothing and reads no clock: moments and chance come with the inputs. What an entry makes possible is decided
when it is on the agenda (`next_work`), one thing at a time, so that a long chain of steps costs no more than its steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, TypeAlias

from symphony_dsl.base.times import Duration
from symphony_model.nodes import Effect
from symphony_runtime import entries
from symphony_runtime.entries import Entry
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.bindings import BindingError
from symphony_runtime.rules.closing import close_scope
from symphony_runtime.rules.commanding import commanded
from symphony_runtime.rules.effective import settings_of
from symphony_runtime.rules.kinds import DEFAULT_RETRY, HELD, MAX_LOSSES, UNCONFIRMED, delay, retried
from symphony_runtime.rules.scopes import enqueue
from symphony_runtime.rules.state import Instance, Phase, RunState, Scope
from symphony_runtime.rules.steps import error_of, failed_entry, success_entry
from symphony_runtime.rules.work import do
from symphony_runtime.task import Failure, LogLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_runtime.commands import Command
    from symphony_runtime.task import Outcome, Report


@dataclass(frozen=True, slots=True)
class Claimed:
    """A driver took the run; `width` is how many attempts it lets run at once."""

    width: int


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt ended. `spread`, from -1 to 1, is the chance in a retry's delay."""

    at: int
    address: str
    attempt: int
    outcome: Outcome
    spread: float = 0.0


@dataclass(frozen=True, slots=True)
class Reported:
    address: str
    attempt: int
    report: Report


@dataclass(frozen=True, slots=True)
class Dropped:
    """So many lines of an attempt were left out."""

    address: str
    attempt: int
    count: int


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The person at the terminal wants it to stop here for now."""


@dataclass(frozen=True, slots=True)
class Released:
    """The driver is about to let go, with nothing in flight."""


@dataclass(frozen=True, slots=True)
class Next:
    """What is next on the agenda."""

    work: Instance | Scope


@dataclass(frozen=True, slots=True)
class Clock:
    """So late it is."""

    at: int


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is left on the agenda for now."""


@dataclass(frozen=True, slots=True)
class Commanded:
    """A person asks for something."""

    command: Command


Input: TypeAlias = "Claimed | Commanded | Ended | Reported | Dropped | Interrupted | Released | Next | Clock | Idle"


def decide(state: RunState, given: Input) -> list[Entry]:
    return RULES[type(given)](state, given)


def next_work(state: RunState, at: int) -> Instance | Scope | None:
    """The next thing that can be done at this moment; what has settled meanwhile is passed over."""
    if state.hold or state.final:
        return None
    while state.agenda:
        work = state.agenda.popleft()
        if _is_live(work, at):
            return work
    if _wake(state, at):
        return next_work(state, at)
    while state.queue and len(state.open) < state.width:
        instance = heappop(state.queue)[2]
        if instance.phase in STARTABLE and not instance.scope.draining and _has_room(state, instance, at):
            return instance
    return None


def _has_room(state: RunState, instance: Instance, at: int) -> bool:
    """Whether it has a slot in its buckets. Else it is put aside until it may have one."""
    try:
        settings = settings_of(state, instance)
    except BindingError:
        return True  # which is told when it begins
    full = state.slots.is_full(instance, settings)
    if full is not None:
        state.slots.aside[full].append(instance)
        return False
    due = state.slots.due(instance, settings, at)
    if due is not None:
        instance.due = due
        state.slots.delayed.add(instance.address)
        state.turn += 1
        heappush(state.timers, (due, state.turn, instance))
    return due is None


STARTABLE = frozenset({Phase.QUEUED, Phase.WAITING})


def _is_live(work: Instance | Scope, at: int) -> bool:
    if isinstance(work, Scope):
        return not work.closed
    if work.phase is Phase.RUNNING:
        return work.due <= at if work.due else _is_over(work)
    if work.phase is Phase.WAITING:
        return 0 < work.due <= at and not work.scope.draining
    return work.phase is Phase.QUEUED and not work.scope.draining


def _is_over(block: Instance) -> bool:
    """Whether nothing is open in a block. After a fold it also stands on the agenda since it was ready to begin."""
    return block.iteration.open == 0 if block.iteration else block.inner is None


def _wake(state: RunState, at: int) -> bool:
    """Retries whose time has come stand in the queue like anything that is ready; all else on the agenda, and that is told."""
    on_agenda = False
    while state.timers and state.timers[0][0] <= at:
        meant, instance = _is_meant(state.timers[0]), heappop(state.timers)[2]
        if not meant:
            continue
        if instance.plan.role is Role.TASK:
            state.slots.delayed.discard(instance.address)
            enqueue(state, instance)
        else:
            state.agenda.append(instance)
            on_agenda = True
    return on_agenda


def _is_between_rounds(instance: Instance) -> bool:
    return instance.phase is Phase.RUNNING and instance.due > 0


def next_due(state: RunState) -> int | None:
    """When the next retry or round is due."""
    while state.timers and not _is_meant(state.timers[0]):
        heappop(state.timers)
    return state.timers[0][0] if state.timers else None


def out_of_time(state: RunState) -> int | None:
    """When the run has taken as long as it may; only time in which it is driven and not held counts."""
    timeout = state.settings.timeout
    if timeout is None or state.hold or state.overdue:
        return None
    return state.at + timeout - state.driven


def next_moment(state: RunState) -> int | None:
    """When to look at the clock again."""
    return min((each for each in (next_due(state), out_of_time(state)) if each is not None), default=None)


def _is_meant(timer: tuple[int, int, Instance]) -> bool:
    due, _, instance = timer
    return due == instance.due and (instance.phase in STARTABLE or _is_between_rounds(instance))


def _claimed(state: RunState, given: Claimed) -> list[Entry]:
    width = min(given.width, state.settings.concurrency or given.width)
    found = [Entry(entries.ENGINE_CLAIMED, {"width": width})]
    for instance in state.open.values():
        found.append(_left(instance))
    for instance in state.undecided.values():
        if instance.phase is Phase.HELD and instance.error and instance.error.code in HELD:
            found.append(Entry(entries.NODE_QUEUED, {}, instance.address))
    if state.hold:
        found.append(Entry(entries.HOLD_CLEARED))
    if state.label == "pending" or (state.label == "paused" and (state.hold or len(found) > 1)):
        found.append(label_entry(state.label, "running"))
    return found


def _left(instance: Instance) -> Entry:
    """An attempt whose engine went away."""
    if instance.scope.draining:
        return failed_entry(instance, error_of(instance, "cancelled", "what is around it failed"), instance.attempt)
    if instance.plan.effect is Effect.ONCE:
        return _lost(instance, "its engine went away while it ran")
    if instance.losses + 1 >= MAX_LOSSES:
        message = f"the engine went away {MAX_LOSSES} times in a row while it ran"
        return _attempt_failed(instance, error_of(instance, "crash_loop", message), then="held", lost=True)
    error = error_of(instance, "crashed", "its engine went away while it ran")
    return _attempt_failed(instance, error, then="again", lost=True)


def _lost(instance: Instance, why: str) -> Entry:
    error = error_of(instance, "lost", f"{why}; whether it took effect is not known")
    return Entry(entries.NODE_LOST, {"error": error}, instance.address, instance.attempt)


def _attempt_failed(instance: Instance, error: dict[str, object], **data: object) -> Entry:
    return Entry(entries.ATTEMPT_FAILED, {"error": error, **data}, instance.address, instance.attempt)


def _ended(state: RunState, given: Ended) -> list[Entry]:
    instance = state.open.get(given.address)
    if instance is None or instance.attempt != given.attempt:
        return [
            Entry(entries.LATE_RESULT, {"outcome": type(given.outcome).__name__.lower()}, given.address, given.attempt)
        ]
    if isinstance(given.outcome, Failure):
        return [_after_failure(state, instance, given.outcome, given)]
    return [success_entry(instance, given.outcome)]


def _after_failure(state: RunState, instance: Instance, failure: Failure, given: Ended) -> Entry:
    error = error_of(instance, failure.code, failure.message, failure.data)
    if instance.scope.draining:
        return failed_entry(instance, error, instance.attempt)
    if instance.plan.effect is Effect.ONCE and not failure.before_effect:
        return _after_effect(instance, failure, error)
    if failure.code == "cancelled" and state.hold:
        return _attempt_failed(instance, error, then="again")
    if failure.code in HELD:
        return _attempt_failed(instance, error, then="held")
    policy = settings_of(state, instance).retry
    budget = (policy or DEFAULT_RETRY).attempts
    if instance.failures + 1 >= budget or not retried(failure.code, policy):
        return _for_good(instance, error)
    due = given.at + delay(policy or DEFAULT_RETRY, instance.failures + 1, given.spread)
    deadline = settings_of(state, instance).deadline
    if deadline is not None and due >= instance.began + deadline:
        return _for_good(instance, error)
    return _attempt_failed(instance, error, then="retry", due=due)


def _after_effect(instance: Instance, failure: Failure, error: dict[str, object]) -> Entry:
    if failure.code in UNCONFIRMED:
        return _lost(instance, failure.message)
    return _for_good(instance, error)


def _for_good(instance: Instance, error: dict[str, object]) -> Entry:
    """With `on_error: pause` a person decides what becomes of a step that failed."""
    if instance.plan.settings.on_error == "pause":
        return _attempt_failed(instance, error, then="held")
    return failed_entry(instance, error, instance.attempt)


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
    return do(state, work)


def _clock(state: RunState, given: Clock) -> list[Entry]:
    """A run that took too long ends as one that failed, but what it does at the moment is stopped."""
    due = out_of_time(state)
    if due is None or given.at < due or state.final or state.top is None or state.top.draining:
        return []
    limit = Duration(state.settings.timeout or 0)
    overdue = Entry(entries.RUN_OVERDUE, {"error": {"code": "timeout", "message": f"it took longer than {limit}"}})
    return [overdue] if state.label == "running" else [overdue, label_entry(state.label, "running")]


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
    if state.open or state.waiting or state.agenda or state.queue or state.slots.delayed:
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
    Ended: _ended,
    Reported: _reported,
    Dropped: _dropped,
    Interrupted: _interrupted,
    Released: _released,
    Next: _next,
    Clock: _clock,
    Idle: _idle,
}
