"""The table of steps and events: what it allows happens, in small runs or in the recorded logs; what it does not is refused."""

from __future__ import annotations

import pytest
from tests.runtime.engine_moves import Seen, all_moves, asked

from symphony_runtime.entries import Entry
from symphony_runtime.rules.moves import DERIVED, ENDED, MOVES, Row, check_moves
from symphony_runtime.rules.state import Phase
from symphony_runtime.rules.transition import TransitionError

REFUSED = [(name, phase) for name, row in MOVES.items() for phase in Phase if phase not in row]


def cells(rows: dict[str, Row]) -> Seen:
    return {(name, before, after) for name, row in rows.items() for before, found in row.items() for after in found}


def test_every_move_of_the_table_happens_and_no_other() -> None:
    stays = {(name, before, after) for name, before, after in cells(DERIVED) if before is after}
    expected, seen = cells(MOVES) | cells(DERIVED) - stays, all_moves()
    assert sorted(map(str, expected - seen)) == [], "nothing makes these happen"
    assert sorted(map(str, seen - expected)) == [], "these are not in the table"


@pytest.mark.parametrize(("event", "phase"), REFUSED, ids=[f"{name}: {phase.value}" for name, phase in REFUSED])
def test_an_event_that_cannot_happen_to_a_step_is_refused(event: str, phase: Phase) -> None:
    state = asked().state
    state.instances["a"].phase = phase
    with pytest.raises(TransitionError) as refused:
        check_moves(state, [Entry(event, {}, "a")])
    assert (refused.value.state, refused.value.event) == (phase.value, event)
    assert all(part in str(refused.value) for part in ("a: ", event, phase.value))


def test_what_is_around_a_step_may_end_in_each_of_its_states() -> None:
    assert ENDED.keys() == set(Phase)
