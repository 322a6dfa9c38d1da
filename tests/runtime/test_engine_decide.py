"""Single decisions, where a whole run comes to them rarely."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.runtime.engine_graphs import Graph

from symphony_model.nodes import Effect
from symphony_model.settings import Retry
from symphony_runtime.entries import RUN_CREATED, Entry
from symphony_runtime.plans.planning import Plans
from symphony_runtime.rules.agenda import next_due, next_work
from symphony_runtime.rules.decide import decide
from symphony_runtime.rules.evolve import evolve
from symphony_runtime.rules.inputs import Claimed, Ended, Idle, Interrupted, Next, Reported
from symphony_runtime.rules.kinds import LONGEST_DELAY, delay
from symphony_runtime.rules.outstanding import outstanding
from symphony_runtime.rules.state import Phase, RunState
from symphony_runtime.task import Failure, LogLine, Success


def begun(graph: Graph, **inputs: object) -> RunState:
    state = RunState("run", Plans(graph.seal()), Path())
    apply(state, [Entry(RUN_CREATED, {"inputs": inputs, "durability": "memory"})])
    apply(state, decide(state, Claimed(8)))
    work_off(state)
    return state


def apply(state: RunState, entries: list[Entry]) -> list[str]:
    for entry in entries:
        entry.seq = state.seq + 1
        evolve(state, entry)
    return [entry.type for entry in entries]


def work_off(state: RunState, at: int = 0) -> None:
    while work := next_work(state, at):
        apply(state, decide(state, Next(work)))


def two(effect: Effect = Effect.REPEATABLE) -> Graph:
    graph = Graph()
    graph.task("a", effect=effect)
    graph.task("b", effect=effect)
    return graph


def test_a_clock_that_was_set_back_does_not_shorten_the_wait_for_another_attempt():
    state = begun(two())
    state.at = 5_000_000_000
    [entry] = decide(state, Ended(1000, "a", 1, Failure("timeout", "slow")))
    assert entry.data["due"] >= state.at + 900_000_000


def test_a_result_that_nobody_waits_for_is_noted_and_changes_nothing():
    state = begun(two())
    apply(state, decide(state, Ended(1, "a", 1, Success({"result": 1}))))
    for attempt in (1, 2):
        entries = decide(state, Ended(2, "a", attempt, Success({"result": 2})))
        assert apply(state, entries) == ["attempt.late_result"]
    assert state.instances["a"].outputs == {"result": 1}
    assert decide(state, Reported("a", 1, LogLine("info", "late"))) == []


def test_a_promise_is_kept_at_its_moment_and_not_before():
    state = begun(two())
    (entry,) = decide(state, Ended(1000, "a", 1, Failure("timeout", "slow"), spread=1.0))
    assert (entry.data["then"], entry.data["due"]) == ("retry", 1000 + 1_100_000_000)
    apply(state, [entry])
    assert (state.instances["a"].phase, next_due(state)) == (Phase.WAITING, 1_100_001_000)
    assert next_work(state, 1_100_000_999) is None
    assert next_work(state, 1_100_001_000) is state.instances["a"]


def test_what_waits_for_a_retry_in_a_block_that_fails_is_not_tried_again():
    state = begun(two())
    apply(state, decide(state, Ended(1, "a", 1, Failure("timeout", "slow"))))
    apply(state, decide(state, Ended(2, "b", 1, Failure("conversion", "never"))))
    assert state.instances["a"].phase is Phase.SKIPPED
    assert outstanding(state).due is None
    work_off(state)
    assert (state.label, state.error.node) == ("failed", "b")


@pytest.mark.parametrize("effect", [Effect.REPEATABLE, Effect.ONCE])
def test_in_a_block_that_fails_an_attempt_whose_engine_went_away_is_over(effect):
    state = begun(two(effect))
    apply(state, decide(state, Ended(1, "b", 1, Failure("error", "no"))))
    entries = decide(state, Claimed(8))
    assert [(entry.type, entry.address) for entry in entries] == [("engine.claimed", None), ("node.failed", "a")]
    apply(state, entries)
    work_off(state)
    assert state.label == "failed"


def test_under_a_hold_nothing_is_begun():
    state = begun(two())
    assert apply(state, decide(state, Interrupted())) == ["hold.set", "run.state"]
    assert decide(state, Interrupted()) == []
    apply(state, decide(state, Ended(1, "a", 1, Failure("cancelled", "stopped"))))
    assert (next_work(state, 10**18), decide(state, Idle())) == (None, [])
    assert apply(state, decide(state, Claimed(8))) == [
        "engine.claimed", "attempt.failed", "hold.cleared", "run.state",
    ]  # fmt: skip
    work_off(state)
    assert [(each.address, each.attempt) for each in outstanding(state).attempts] == [("a", 2), ("b", 2)]


def test_a_delay_grows_by_its_factor_varies_by_its_jitter_and_ends_somewhere():
    policy = Retry(9, delay=1000, factor=3.0, jitter=0.5)
    assert [delay(policy, failures, 0.0) for failures in (1, 2, 3)] == [1000, 3000, 9000]
    assert (delay(policy, 1, -1.0), delay(policy, 1, 1.0)) == (500, 1500)
    assert delay(policy, 100_000, 0.0) == delay(policy, 60, 0.0) == LONGEST_DELAY
