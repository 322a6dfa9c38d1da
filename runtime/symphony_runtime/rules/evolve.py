"""`evolve(state, entry)`: what an entry of the log makes of the state, in place.

Total, and without rules: whatever was decided stands in the entry. It reads no clock and evaluates no expression, so
folding a log gives the state that the driver had when it wrote the last entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_runtime.rules import block_changes, round_changes, run_changes, step_changes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.state import RunState

CHANGES = run_changes.CHANGES | step_changes.CHANGES | block_changes.CHANGES | round_changes.CHANGES


def evolve(state: RunState, entry: Entry) -> None:
    change = CHANGES.get(entry.type)
    if (
        0 < state.epoch == entry.epoch and not state.hold
    ):  # what is written by others than its driver is of another epoch
        state.driven += entry.at - state.at
    state.seq, state.at = entry.seq, entry.at
    if change:
        change(state, entry)


def fold(state: RunState, log: Iterable[Entry]) -> None:
    for entry in log:
        evolve(state, entry)
