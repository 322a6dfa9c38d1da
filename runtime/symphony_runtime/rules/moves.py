"""From where to where the entries of the log move a step: the table of steps and events.

`decide` gives no entry for a step in a state that has no cell for it; what is done by no entry of its own stands under `DERIVED`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_runtime import entries
from symphony_runtime.rules.state import Phase
from symphony_runtime.rules.transition import TransitionError

if TYPE_CHECKING:
    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.state import RunState

_P, _Q, _R, _W = Phase.PENDING, Phase.QUEUED, Phase.RUNNING, Phase.WAITING
_L, _H, _C, _S, _F = Phase.LOST, Phase.HELD, Phase.COMPLETED, Phase.SKIPPED, Phase.FAILED

Row = dict[Phase, tuple[Phase, ...]]

MOVES: dict[str, Row] = {
    entries.NODE_STARTED: {_Q: (_R,), _W: (_R,)},
    entries.NODE_COMPLETED: {_P: (_C,), _Q: (_C,), _R: (_C,), _W: (_C,)},
    entries.NODE_FAILED: {_P: (_F,), _Q: (_F,), _R: (_F,), _W: (_F,), _L: (_F,), _H: (_F,)},
    entries.NODE_LOST: {_R: (_L,)},
    entries.NODE_WAITING: {_Q: (_W,), _W: (_W,)},
    entries.NODE_QUEUED: {_W: (_Q,), _L: (_Q,), _H: (_Q,)},
    entries.NODE_SKIPPED: {_P: (_S,), _Q: (_S,), _W: (_S,), _L: (_S,), _H: (_S,)},
    entries.ASK_OPENED: {_Q: (_W,)},
    entries.ASK_ANSWERED: {_W: (_C,)},
    entries.ATTEMPT_FAILED: {_Q: (_H,), _R: (_W, _Q, _H), _W: (_H,)},
    entries.REGION_DECIDED: {_Q: (_R,), _R: (_R,), _W: (_R,)},
    entries.REGION_OPENED: {_P: (_R,), _Q: (_R,), _W: (_R,)},
    entries.REGION_CLOSED: {_R: (_C, _S, _F)},
    entries.ITERATION_CLOSED: {_R: (_R,)},
    entries.ITERATION_OPENED: {_R: (_R,)},
    entries.REGION_FAILED: {_R: (_W, _H, _R)},
    entries.REGION_OVERDUE: {_R: (_R,)},
    entries.ROUND_CLOSED: {_R: (_R,)},
    entries.ROUND_OPENED: {_R: (_R,)},
    entries.TOOLS_CALLED: {_C: (_C,)},
    entries.NODE_PROGRESS: {_R: (_R,)},
    entries.NODE_LOG: {_R: (_R,)},
    entries.LOG_DROPPED: {_R: (_R,)},
    entries.LATE_RESULT: {phase: (phase,) for phase in Phase},
}
"""Entries that are about a step: of each state in which they may come, the states that may follow."""

READY: Row = {_P: (_Q,)}
"""What it needs has settled, and its block is open."""

ENDED: Row = {_P: (_S,), _Q: (_S,), _R: (_R,), _W: (_S,), _L: (_F,), _H: (_F,), _C: (_C,), _S: (_S,), _F: (_F,)}
"""What is around it ends before it: what runs is waited for."""

DERIVED: dict[str, Row] = {"what it needs has settled": READY, "what is around it ends": ENDED}
"""No entry says these: they follow."""


def check_moves(state: RunState, found: list[Entry]) -> None:
    """Raises TransitionError for an entry about a step that cannot take it."""
    for entry in found:
        row = MOVES.get(entry.type)
        if row is not None and entry.address is not None:
            phase = state.instances[entry.address].phase
            if phase not in row:
                message = f"{entry.address}: `{entry.type}` cannot happen to a step that is {phase.value}"
                raise TransitionError(phase.value, entry.type, message)
