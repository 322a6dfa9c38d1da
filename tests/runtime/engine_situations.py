"""A run in every situation that the tables know, with a step in nearly every state, and what happens to it."""

from __future__ import annotations

from pathlib import Path

from tests.runtime.engine_graphs import Graph
from tests.runtime.test_engine_commands import asking
from tests.runtime.test_engine_decide import apply, work_off

from symphony_model.settings import RunSettings, Settings
from symphony_runtime.commands import Command, Kind
from symphony_runtime.entries import RUN_CREATED, Entry
from symphony_runtime.plans.planning import Plans
from symphony_runtime.rules.decide import decide
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
from symphony_runtime.rules.situations import Situation, situation
from symphony_runtime.rules.state import RunState
from symphony_runtime.task import Failure, LogLine, Success

LATE = 10**18


def graph() -> Graph:
    """`h` fails and is held, `b` reads it, `ask` asks, `r` runs."""
    made = Graph()
    made.workflow.settings = RunSettings(timeout=LATE)
    asking(made, Settings(timeout=LATE))
    made.task("h", settings=Settings(on_error="pause"))
    made.task("b", {"x": ("h", "result")})
    made.task("r")
    return made


def at(where: Situation) -> RunState:
    state = RunState("run", Plans(graph().seal()), Path())
    apply(state, [Entry(RUN_CREATED, {"inputs": {"prompt": "really?"}, "durability": "memory"})])
    for happens in STORY[where]:
        happens(state)
    assert situation(state) is where
    return state


def happen(state: RunState, given: Input, *, and_all_that_follows: bool = True) -> list[str]:
    found = apply(state, decide(state, given))
    if and_all_that_follows:
        if state.label != "pending":  # else nobody drives it
            work_off(state)
        apply(state, decide(state, Idle()))
    return found


def command(state: RunState, kind: Kind, address: str | None = None, **more: object) -> Command:
    """With an id that no other has."""
    return Command(f"{len(state.verdicts)}", kind, address, **more)


def _busy(state: RunState) -> None:
    happen(state, Claimed(8))
    happen(state, Ended(1, "h", 1, Failure("error", "no")))


def _r_ends(state: RunState) -> None:
    cancelled = Failure("cancelled", "stopped")
    happen(state, Ended(1, "r", 1, cancelled if state.cancelled else Success({"result": 1})))


def _decided(state: RunState) -> None:
    happen(state, Commanded(command(state, Kind.SKIP_NODE, "h", value=7, has_value=True)))
    happen(state, Ended(1, "b", 1, Success({"result": 1})))


def _paused(state: RunState) -> None:
    happen(state, Commanded(command(state, Kind.PAUSE)))


def _cancelled(state: RunState) -> None:
    happen(state, Commanded(command(state, Kind.CANCEL, reason="enough")))


STORY = {
    Situation.PENDING: (),
    Situation.RUNNING: (_busy,),
    Situation.ENDING: (_busy, _cancelled),
    Situation.PAUSED: (_busy, _paused),
    Situation.UNDECIDED: (_busy, _r_ends),
    Situation.WAITING: (_busy, _r_ends, _decided),
    Situation.FINAL: (_busy, _cancelled, _r_ends),
}


def next_work(state: RunState) -> Next:
    """The question whose time is up; of a run that is coming to its end, that end."""
    if situation(state) is not Situation.ENDING:
        state.instances["ask"].due = state.instances["ask"].due or 1
        return Next(state.instances["ask"])
    apply(state, decide(state, Ended(1, "r", 1, Failure("cancelled", "stopped"))))
    assert state.top
    return Next(state.top)


HAPPENINGS = {
    Claimed: lambda state: Claimed(8),
    Commanded: lambda state: Commanded(command(state, Kind.PAUSE)),
    Ended: lambda state: Ended(2, "r", 1, Success({"result": 1})),
    Reported: lambda state: Reported("r", 1, LogLine("info", "so far")),
    Dropped: lambda state: Dropped("r", 1, 3),
    Interrupted: lambda state: Interrupted(),
    Released: lambda state: Released(),
    Next: next_work,
    Clock: lambda state: Clock(2 * LATE),
    Idle: lambda state: Idle(),
}
"""Each kind of input, as it would come to the runs above."""
