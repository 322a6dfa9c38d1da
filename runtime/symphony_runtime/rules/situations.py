"""How a run stands, and how a step does, as far as the tables go."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.state import SETTLED, Phase

if TYPE_CHECKING:
    from symphony_runtime.rules.state import Instance, RunState


class Situation(StrEnum):
    """The columns of the tables of a run. A run that is paused stays so whatever fails in it meanwhile."""

    __hash__ = str.__hash__  # asked for each step; that of enumerations is written in Python

    PENDING = "pending"
    RUNNING = "running"
    ENDING = "running, ending"
    PAUSED = "paused by the user"
    UNDECIDED = "paused, needs a decision"
    WAITING = "waiting for input"
    FINAL = "final"


BY_LABEL = {
    "pending": Situation.PENDING,
    "running": Situation.RUNNING,
    "paused": Situation.UNDECIDED,
    "waiting_for_input": Situation.WAITING,
    "completed": Situation.FINAL,
    "failed": Situation.FINAL,
    "cancelled": Situation.FINAL,
}


def situation(state: RunState) -> Situation:
    found = BY_LABEL[state.label]
    if found is Situation.FINAL:
        return found
    if state.hold:
        return Situation.PAUSED
    return Situation.ENDING if state.is_ending else found


class Standing(StrEnum):
    """The columns of the table of steps and commands."""

    BUSY = "pending, queued, running"
    ASK = "waiting for an answer"
    RETRY = "waiting for its next attempt"
    ROUND = "a block, waiting for its next round"
    TIMER = "waiting for a time, or for another step"
    LOST = "lost"
    HELD = "failed, held"
    SETTLED = "settled"


def standing(instance: Instance) -> Standing:
    if instance.phase is not Phase.WAITING:
        return BY_PHASE.get(instance.phase, Standing.BUSY)
    if instance.awaits:
        return Standing.TIMER
    if instance.plan.closer:
        return Standing.ROUND
    return WAITS.get(instance.plan.role, Standing.RETRY)


WAITS = {Role.ASK: Standing.ASK, Role.WAIT: Standing.TIMER}

BY_PHASE = {Phase.LOST: Standing.LOST, Phase.HELD: Standing.HELD} | dict.fromkeys(SETTLED, Standing.SETTLED)
