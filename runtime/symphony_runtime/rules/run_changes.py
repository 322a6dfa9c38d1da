"""What the entries about a run as a whole make of its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_runtime import entries
from symphony_runtime.rules.changing import (
    error_from,
)
from symphony_runtime.rules.scopes import begin, drain, end, fail
from symphony_runtime.rules.state import RunState

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_runtime.entries import Entry


def _created(state: RunState, entry: Entry) -> None:
    state.inputs = entry.data["inputs"]
    state.durability = entry.data["durability"]
    state.earlier = entry.data.get("earlier")
    state.top = begin(state, state.plans.main.top, None)
    state.top.holds = entry.data.get("on_failure") == "hold"


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


def _cancelled(state: RunState, entry: Entry) -> None:
    state.cancelled, state.hold, state.forced = True, None, state.forced or bool(entry.data.get("force"))
    if state.top is None:
        return
    if state.top.error is None:  # else it fails, and that stays so
        state.ending = entry.data.get("reason") or ""
    drain(state, state.top)


CHANGES: dict[str, Callable[[RunState, Entry], None]] = {
    entries.RUN_CREATED: _created,
    entries.RUN_STATE: _label,
    entries.HOLD_SET: _hold,
    entries.HOLD_CLEARED: _go_on,
    entries.ENGINE_CLAIMED: _claimed,
    entries.RUN_OVERDUE: _overdue,
    entries.CANCEL_REQUESTED: _cancelled,
}
