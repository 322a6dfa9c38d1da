"""What can be done next, and when to look at the clock again."""

from __future__ import annotations

from collections import deque
from heapq import heapify, heappop, heappush

from symphony_runtime.rules.bindings import BindingError
from symphony_runtime.rules.changing import call_next
from symphony_runtime.rules.effective import settings_of
from symphony_runtime.rules.limits import next_limit
from symphony_runtime.rules.scopes import enqueue, is_over
from symphony_runtime.rules.state import Instance, Phase, Question, RunState, Scope, Tries


def next_work(state: RunState, at: int) -> Instance | Scope | Tries | Question | None:
    """The next thing that can be done at this moment; what has settled meanwhile is passed over."""
    if state.hold or state.final:
        return None
    while state.agenda:
        work = state.agenda.popleft()
        if _is_live(work, at):
            return work
    if _wake(state, at):
        return next_work(state, at)
    if state.undecided and state.is_ending:
        return next(iter(state.undecided.values()))
    if state.slots.offered:
        _let_next(state, state.slots.offered)
        state.slots.offered = None
    while state.queue and len(state.open) < state.width:
        instance = heappop(state.queue)[2]
        if can_start(instance, at) and _has_room(state, instance, at):
            state.slots.offered = instance
            return instance
        _let_next(state, instance)
    return None


def tidy(state: RunState, at: int) -> None:
    """Take out what has settled meanwhile, or is not due: after a fold all stands there that ever did."""
    state.agenda = deque(work for work in state.agenda if _is_live(work, at))
    state.queue = [each for each in state.queue if can_start(each[2], at)]
    heapify(state.queue)


def can_start(instance: Instance, at: int) -> bool:
    """After a fold what waits for a retry also stands in the queue since it was ready to begin."""
    return instance.phase in STARTABLE and instance.due <= at and not instance.scope.draining


def _let_next(state: RunState, instance: Instance) -> None:
    """It was called for a place that it does not take: the next one may have it."""
    slots = state.slots
    if instance.address in slots.granted:
        del slots.granted[instance.address]
        slots.returned.append(instance.address)
    bucket = slots.called.pop(instance.address, None)
    waiting = state.slots.aside.get(bucket or "")
    if bucket is not None and not (waiting and waiting[-1] is instance):
        call_next(state, bucket)


def _has_room(state: RunState, instance: Instance, at: int) -> bool:
    """Whether it has a slot in its buckets. Else it is put aside until it may have one."""
    if instance.address in state.slots.granted:
        return True
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
        state.slots.delayed[instance.address] = due
        state.turn += 1
        heappush(state.timers, (due, state.turn, instance))
        return False
    if state.slots.has_to_ask(instance, settings):
        state.slots.wanted[instance.address] = instance
        return False
    return True


STARTABLE = frozenset({Phase.QUEUED, Phase.WAITING})


def _is_live(work: Instance | Scope | Tries | Question, at: int) -> bool:
    if isinstance(work, Scope):
        return not work.closed and is_over(work)
    if isinstance(work, Tries):
        return 0 < work.due <= at
    if isinstance(work, Question):
        return can_start(work.instance, at)
    if work.phase is Phase.RUNNING:
        return work.due <= at if work.due else _has_ended(work)
    if work.phase is Phase.WAITING:
        return 0 < work.due <= at and not work.scope.draining
    return work.phase is Phase.QUEUED and not work.scope.draining


def _has_ended(block: Instance) -> bool:
    """Whether nothing is open in a block. After a fold it also stands on the agenda since it was ready to begin."""
    return block.iteration.open == 0 if block.iteration else block.inner is None


def _wake(state: RunState, at: int) -> bool:
    """Retries whose time has come stand in the queue like anything that is ready; all else on the agenda, and that is told."""
    on_agenda = False
    while state.timers and state.timers[0][0] <= at:
        meant, instance = _is_meant(state, state.timers[0]), heappop(state.timers)[2]
        if not meant:
            continue
        if isinstance(instance, Instance) and instance.plan.takes_slots:
            state.slots.delayed.pop(instance.address, None)
            enqueue(state, instance)
        else:
            state.agenda.append(instance)
            on_agenda = True
    return on_agenda


def _is_between_rounds(instance: Instance) -> bool:
    return instance.phase is Phase.RUNNING and instance.due > 0


def next_due(state: RunState) -> int | None:
    """When the next retry or round is due."""
    while state.timers and not _is_meant(state, state.timers[0]):
        heappop(state.timers)
    return state.timers[0][0] if state.timers else None


def out_of_time(state: RunState) -> int | None:
    """When the run has taken as long as it may; only time in which it is driven and not held counts."""
    timeout = state.settings.timeout
    if timeout is None or state.hold or state.is_ending:
        return None
    return state.at + timeout - state.driven


def next_end(state: RunState) -> int | None:
    """When the time of the run, or of something in it, is up."""
    if not (state.limits or state.deadlines or state.settings.timeout):
        return None
    return min((each for each in (next_limit(state), out_of_time(state)) if each is not None), default=None)


def next_moment(state: RunState) -> int | None:
    """When to look at the clock again."""
    if not state.timers:
        return next_end(state)
    return min((each for each in (next_due(state), next_end(state)) if each is not None), default=None)


def _is_meant(state: RunState, timer: tuple[int, int, Instance | Tries]) -> bool:
    due, _, instance = timer
    if isinstance(instance, Tries):
        return due == instance.due
    meant = state.slots.delayed.get(instance.address, instance.due)
    return due == meant and (instance.phase in STARTABLE or _is_between_rounds(instance))
