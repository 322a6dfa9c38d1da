"""Every cell of the tables of a run: each situation with each command, and with each thing that can happen."""

from __future__ import annotations

import pytest
from tests.runtime.engine_graphs import InLoop
from tests.runtime.engine_programs import Batches
from tests.runtime.engine_situations import HAPPENINGS, at, command, happen

from symphony_runtime.commands import OF_NODE, Kind
from symphony_runtime.driver import Driver, EngineBugError
from symphony_runtime.rules import commanding, labels, node_commands
from symphony_runtime.rules import decide as deciding
from symphony_runtime.rules.decide import decide
from symphony_runtime.rules.inputs import Commanded, Ended
from symphony_runtime.rules.labels import LABELS, label_entry, relabelled
from symphony_runtime.rules.situations import Situation, Standing, situation
from symphony_runtime.rules.transition import TransitionError

NO, RUNS, ENDS, HELD, OPEN, ASKS, OVER = Situation
STEP = {Kind.RETRY_NODE: "h", Kind.SKIP_NODE: "h", Kind.FAIL_NODE: "h", Kind.PROVIDE_INPUT: "ask"}

COMMANDS: dict[Kind, tuple[str, ...]] = {
    Kind.START: (RUNS, "started", "started", "started", "started", "started", "final"),
    Kind.PAUSE: ("not_started", HELD, "ending", HELD, HELD, HELD, "final"),
    Kind.RESUME: ("not_started", RUNS, "ending", RUNS, "needs_decision", "needs_input", "final"),
    Kind.CANCEL: (OVER, ENDS, ENDS, ENDS, OVER, OVER, OVER),
    Kind.RETRY_NODE: ("not_started", RUNS, "ending", HELD, RUNS, "settled", "final"),
    Kind.SKIP_NODE: ("not_started", RUNS, "ending", HELD, RUNS, "settled", "final"),
    Kind.FAIL_NODE: ("not_started", ENDS, "ending", HELD, OVER, "settled", "final"),
    Kind.PROVIDE_INPUT: ("not_started", RUNS, "ending", HELD, OPEN, OVER, "final"),
}
"""How the run stands after a command and all that follows, or why the command is refused."""

CELLS = [(kind, where, cell) for kind, row in COMMANDS.items() for where, cell in zip(Situation, row, strict=True)]


@pytest.mark.parametrize(("kind", "where", "cell"), CELLS, ids=[f"{kind}: {where}" for kind, where, _ in CELLS])
def test_a_command(kind: Kind, where: Situation, cell: str) -> None:
    state = at(where)
    value = {"value": 7, "has_value": True} if kind in (Kind.SKIP_NODE, Kind.PROVIDE_INPUT) else {}
    given = Commanded(command(state, kind, STEP.get(kind), **value))
    verdict = decide(state, given)[0]
    found = happen(state, given)
    assert verdict.data["kind"] == kind
    if isinstance(cell, Situation):
        assert verdict.type == "command.applied"
        assert situation(state) is cell
    else:
        assert (verdict.type, verdict.data["why"], found) == ("command.rejected", cell, ["command.rejected"])
        assert situation(state) is where


def test_no_cell_of_the_commands_is_left_out() -> None:
    assert COMMANDS.keys() == commanding.TABLE.keys() == set(Kind)
    assert all(row.keys() == set(Situation) for row in commanding.TABLE.values())
    assert node_commands.TABLE.keys() == OF_NODE
    assert all(row.keys() == set(Standing) for row in node_commands.TABLE.values())


EVENTS: dict[str, tuple[str | None, ...]] = {
    "Claimed": (
        "engine.claimed run.state", "engine.claimed attempt.failed", "engine.claimed node.failed",
        "engine.claimed attempt.failed hold.cleared run.state", "engine.claimed", "engine.claimed", None,
    ),
    "Commanded": ("command.rejected", "command.applied hold.set run.state", "command.rejected", "command.applied",
        "command.applied hold.set", "command.applied hold.set run.state run.state", "command.rejected"),
    "Ended": (None, "node.completed", "node.completed", "node.completed", None, None, "attempt.late_result"),
    "Reported": (None, "node.log", "node.log", "node.log", "", "", ""),
    "Dropped": (None, "log.dropped", "log.dropped", "log.dropped", "", "", ""),
    "Interrupted": (None, "hold.set run.state", "hold.set run.state", "", "hold.set", "hold.set", ""),
    "Released": (None, None, None, "engine.released", "engine.released", "engine.released", None),
    "Next": (None, "node.failed", "run.state", None, "run.state node.failed", "run.state node.failed", None),
    "Clock": (None, "run.overdue", "", "", "run.state run.overdue", "run.state run.overdue", ""),
    "Idle": ("", "", "", "", "", "", ""),
}  # fmt: skip
"""The entries that follow at once; None: it cannot happen."""

HAPPEN = [
    (what, where, cell) for what in HAPPENINGS for where, cell in zip(Situation, EVENTS[what.__name__], strict=True)
]


@pytest.mark.parametrize(
    ("what", "where", "cell"), HAPPEN, ids=[f"{what.__name__}: {where}" for what, where, _ in HAPPEN]
)
def test_an_event(what: type, where: Situation, cell: str | None) -> None:
    state = at(where)
    given = HAPPENINGS[what](state)
    if cell is not None:
        assert happen(state, given, and_all_that_follows=False) == cell.split()
        return
    with pytest.raises(TransitionError) as refused:
        decide(state, given)
    assert (refused.value.state, refused.value.event) == (where, deciding.WHAT[what])
    assert where in str(refused.value)
    assert deciding.WHAT[what] in str(refused.value)


def test_no_cell_of_the_events_is_left_out() -> None:
    assert HAPPENINGS.keys() == deciding.TABLE.keys() == deciding.WHAT.keys()
    assert all(row.keys() == set(Situation) for row in deciding.TABLE.values())


async def test_what_cannot_happen_makes_the_driver_let_go_and_say_so() -> None:
    state, log = at(Situation.UNDECIDED), Batches()
    driver = Driver(state, log, InLoop())
    driver._send(HAPPENINGS[Ended](state))
    with pytest.raises(EngineBugError, match=f"{deciding.WHAT[Ended]}.*{Situation.UNDECIDED}"):
        await driver.run()
    assert log.entries == [], "nothing of it is kept"


@pytest.mark.parametrize("after", LABELS)
@pytest.mark.parametrize("before", LABELS)
def test_a_label_moves_along_the_specifications_table_only(before: str, after: str) -> None:
    if after in LABELS[before]:
        assert label_entry(before, after).data == {"from": before, "to": after}
        return
    with pytest.raises(TransitionError) as refused:
        label_entry(before, after)
    assert (refused.value.state, refused.value.event) == (before, after)


@pytest.mark.parametrize("where", [Situation.PAUSED, Situation.WAITING])
def test_where_there_is_no_direct_way_a_label_goes_through_running(where: Situation) -> None:
    state = at(where)
    to = {"paused": "waiting_for_input", "waiting_for_input": "paused"}[state.label]
    assert [entry.data["to"] for entry in relabelled(state, to)] == ["running", to]


@pytest.mark.parametrize("row", range(len(labels.DERIVED)))
def test_each_row_of_the_label_holds_somewhere(row: int) -> None:
    first = {
        next(at_ for at_, (_, holds, _) in enumerate(labels.DERIVED) if holds(state)) for state in map(at, Situation)
    }
    assert row in first or row == len(labels.DERIVED) - 1
