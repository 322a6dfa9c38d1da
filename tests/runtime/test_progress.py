"""How far a run is: never less than before unless something is tried again, and the whole at its end."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tests.runtime.engine_graphs import Graph
from tests.runtime.engine_laws import stored
from tests.runtime.engine_programs import bodies, graph_of, run, talks, tasks
from tests.runtime.engine_texts import Text

from symphony_model.artifact import Artifact
from symphony_runtime.entries import Entry
from symphony_runtime.plans.planning import Plans
from symphony_runtime.rules.evolve import evolve
from symphony_runtime.rules.state import RunState
from symphony_runtime.watching.fractions import fraction_of


def course(artifact: Artifact, told: list[Entry]) -> list[tuple[float, Entry]]:
    """How far the run was behind each entry of its log."""
    state = RunState("run", Plans(artifact), Path())
    found = []
    for entry in told:
        evolve(state, stored(entry))
        found.append((fraction_of(state), entry))
    return found


def falls(of: list[tuple[float, Entry]]) -> list[tuple[float, float, Entry]]:
    return [(before, after, entry) for (before, _), (after, entry) in pairwise(of) if after < before - 1e-9]


AGAIN = frozenset({"attempt.failed", "iteration.opened", "round.opened"})
"""Entries by which something begins again."""


@given(bodies(tasks | talks), st.integers(0, 1000), st.sampled_from([0, 4, 20]))
def test_it_never_falls_but_where_something_is_tried_again(body: list[object], seed: int, bad: int) -> None:
    artifact = graph_of(body).seal()
    ran = run(artifact, seed, bad=bad)
    of = course(artifact, ran.told[:400])
    assert all(0 <= fraction <= 1 for fraction, _ in of)
    assert not [each for each in falls(of) if not begins_again(each[2])]
    assert fraction_of(ran.state) == 1.0 or ran.state.label != "completed"


def begins_again(entry: Entry) -> bool:
    """Entries that begin something again, or say that it will: a block that failed and has rounds left."""
    return entry.type in AGAIN or "again" in entry.data or "then" in entry.data


LOOPS = """\
step a = loop n = 0 max 4 {
  step one = do(x: n)
  until n > 2
  next n + 1
}
step b = loop m = 0 every 1ms {
  step two = do(x: m)
  until m > 1
  yield m
  next m + 1
}
step c = try { step three = do(x: a) yield three } catch e { step four = do(x: 1) yield four }
step d = parallel first 2 { one: do(x: 1), two: do(x: 2), three: do(x: 3) }
output sum: int = a + b + c
"""


def test_loops_and_what_may_catch_or_come_first_go_forward_too() -> None:
    artifact = Text(LOOPS).seal()
    of = course(artifact, run(artifact, 1, bad=0).told)
    assert not falls(of)
    assert of[-1][0] == 1.0
    assert len({round(fraction, 3) for fraction, _ in of}) > 12, "it moves in small steps"


def test_steps_count_by_their_weights_and_attempts_by_what_they_say() -> None:
    graph = Graph()
    x = graph.input("x")
    a = graph.task("a", {"x": x})
    graph.output("y", graph.task("b", {"x": a}))
    artifact = graph.seal()
    state = RunState("run", Plans(artifact), Path())
    for entry in run(artifact, 1, bad=0).told:
        evolve(state, stored(entry))
        if entry.type == "node.completed" and entry.address == "a":
            break
    assert fraction_of(state) == 0.5
    assert fraction_of(state, {"b": 0.5}) in (0.5, 0.75), "an attempt that has not begun says nothing"
    assert fraction_of(state, weight=lambda plan: 3.0 if plan.path == "a" else 1.0) == 0.75


def test_items_count_as_they_end() -> None:
    artifact = Text("step all = for n in [1, 2, 3, 4] { step one = do(x: n) }").seal()
    fractions = [fraction for fraction, _ in course(artifact, run(artifact, 1, bad=0).told)]
    assert {0.0, 0.5, 1.0} <= set(fractions)
    assert fractions == sorted(fractions)
