"""`outstanding(state)`: what there is to do outside, as it follows from the state alone.

A driver that has just folded a log does all of it; one that is at work does what its own entries have added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.base.frozen import frozen
from symphony_runtime.entries import NODE_STARTED
from symphony_runtime.rules.agenda import next_moment
from symphony_runtime.rules.scopes import is_finally, is_shielded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.state import Instance, RunState, Scope


@frozen
class Outstanding:
    """`attempts` are in flight, or should be; `due` is when to look at the clock again; `undecided` wait for a person."""

    attempts: tuple[Instance, ...]
    due: int | None
    undecided: tuple[Instance, ...]


def outstanding(state: RunState) -> Outstanding:
    if state.final:
        return Outstanding((), None, ())
    due = None if state.hold else next_moment(state)
    return Outstanding(tuple(state.open.values()), due, tuple(state.undecided.values()))


def stopped(state: RunState) -> list[Instance]:
    """Attempts in flight that are to stop: of a run that was cancelled or took too long, and of branches that came too late."""
    return [instance for instance in state.open.values() if is_unwanted(state, instance.scope)]


def is_unwanted(state: RunState, scope: Scope) -> bool:
    if state.forced:
        return True
    ends = (state.cancelled or state.overdue) and not is_shielded(scope)
    return ends or _is_stopped(scope)


def _is_stopped(scope: Scope | None) -> bool:
    """A branch that came too late, or a block whose time is up; but for what stands in a `finally` of it."""
    while scope:
        if scope.stopped:
            return True
        scope = None if is_finally(scope) or scope.owner is None else scope.owner.scope
    return False


def added(state: RunState, batch: Iterable[Entry]) -> list[Instance]:
    """Attempts that entries began and that nothing has ended since."""
    begun = [(state.instances[entry.address or ""], entry.attempt) for entry in batch if entry.type == NODE_STARTED]
    return [each for each, attempt in begun if each.attempt == attempt and each.address in state.open]
