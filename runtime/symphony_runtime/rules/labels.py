"""The label of a run: along what it moves, and which one follows from how things stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_runtime.entries import RUN_STATE, Entry
from symphony_runtime.rules.transition import TransitionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_runtime.rules.state import RunState

LABELS: dict[str, tuple[str, ...]] = {
    "pending": ("running",),
    "running": ("paused", "completed", "failed", "cancelled", "waiting_for_input"),
    "paused": ("running", "cancelled"),
    "waiting_for_input": ("running", "cancelled"),
    "completed": (),
    "failed": (),
    "cancelled": (),
}
"""The specification's transitions."""


def label_entry(before: str, after: str, **data: object) -> Entry:
    """Beginnings and ends are two events to the outside: the change of the label, and what it means."""
    if after not in LABELS[before]:
        raise TransitionError(before, after, f"a run that is {before} cannot become {after}")
    return Entry(RUN_STATE, {"from": before, "to": after, **data}, room=int(before == "pending" or bool(data)))


def relabelled(state: RunState, to: str) -> list[Entry]:
    """A change of label goes through `running` where it has to."""
    if state.label == to:
        return []
    if to in LABELS[state.label]:
        return [label_entry(state.label, to)]
    return [label_entry(state.label, "running"), label_entry("running", to)]


def derived(state: RunState) -> str:
    """The first row that holds."""
    return next(label for _, holds, label in DERIVED if holds(state)) or state.label


def _is_busy(state: RunState) -> bool:
    slots = state.slots
    return bool(state.open or state.waiting or state.agenda or state.queue or slots.delayed or slots.wanted)


DERIVED: tuple[tuple[str, Callable[[RunState], bool], str | None], ...] = (
    ("it has ended, or has not started", lambda state: state.final or state.label == "pending", None),
    ("it is paused", lambda state: state.hold is not None, None),
    ("it is coming to its end", lambda state: state.is_ending, "running"),
    ("a step runs, can run, or waits for a time", _is_busy, "running"),
    ("a step is held or lost", lambda state: bool(state.undecided), "paused"),
    ("a question is open", lambda state: bool(state.asks), "waiting_for_input"),
    ("nothing is left to do", lambda state: True, "running"),
)
"""When nothing can be done at once: what holds, and the label that follows; None leaves it as it is. A run that has nothing left to
do has ended in the decision before."""
