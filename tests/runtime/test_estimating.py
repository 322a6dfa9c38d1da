"""How long a run still takes: estimates on held-out runs of workflows whose steps take times that are made up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median

from tests.runtime.engine_graphs import Graph
from tests.runtime.engine_runs import Bench

from symphony_runtime.entries import (
    ENGINE_CLAIMED,
    NODE_COMPLETED,
    NODE_STARTED,
    RUN_CREATED,
    RUN_STATE,
    Entry,
)
from symphony_runtime.plans.planning import Plans
from symphony_runtime.rules.evolve import evolve
from symphony_runtime.rules.state import RunState
from symphony_runtime.watching.estimating import ProgressEstimator, estimator_of

SECOND = 1_000_000_000
MEANS = {"fetch": 20.0, "left": 60.0, "right": 35.0, "deep": 30.0, "join": 10.0}
NEEDS = {"fetch": [], "left": ["fetch"], "right": ["fetch"], "deep": ["right"], "join": ["left", "deep"]}


def graph() -> Graph:
    made = Graph()
    x = made.input("x")
    given = {"fetch": made.task("fetch", {"x": x})}
    for name in ("left", "right", "deep", "join"):
        given[name] = made.task(name, {f"p{n}": given[need] for n, need in enumerate(NEEDS[name])})
    made.output("y", given["join"])
    return made


def took(chance: Random) -> dict[str, float]:
    """Seconds of each step in one run: skewed, as times are."""
    return {name: mean * chance.lognormvariate(0, 0.4) for name, mean in MEANS.items()}


def ends(times: dict[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, needs in NEEDS.items():
        found[name] = max((found[need] for need in needs), default=0.0) + times[name]
    return found


def at_moment(plans: Plans, times: dict[str, float], moment: float) -> RunState:
    """The state of a run whose steps take these times, so many seconds behind its beginning."""
    state = RunState("run", plans, Path())
    end = ends(times)
    told = [(0.0, Entry(RUN_CREATED, {"inputs": {"x": 1}, "durability": "memory"}))]
    told += [
        (0.0, Entry(ENGINE_CLAIMED, {"width": 8}, epoch=1)),
        (0.0, Entry(RUN_STATE, {"from": "pending", "to": "running"})),
    ]
    told += [(end[name] - times[name], Entry(NODE_STARTED, {}, name, 1)) for name in NEEDS]
    told += [(end[name], Entry(NODE_COMPLETED, {"outputs": {"result": 1}}, name, 1)) for name in NEEDS]
    for seq, (at, entry) in enumerate(sorted(told, key=lambda pair: pair[0]), 1):
        if at > moment:
            break
        entry.seq, entry.at = seq, int(at * SECOND) + 1
        evolve(state, entry)
    return state


def learned(chance: Random, runs: int) -> ProgressEstimator:
    made = ProgressEstimator()
    for _ in range(runs):
        for name, seconds in took(chance).items():
            made.add(name, timedelta(seconds=seconds))
    return made


def judged(runs: int, trials: int = 120) -> tuple[float, float]:
    """The middle of the errors, as a share of the whole run, and how often the truth was inside the interval."""
    chance = Random(7)
    plans = Plans(graph().seal())
    errors, inside = [], 0
    for _ in range(trials):
        estimator, times = learned(chance, runs), took(chance)
        whole = ends(times)["join"]
        moment = whole * chance.uniform(0, 0.9)
        found = estimator.estimate_remaining(at_moment(plans, times, moment), int(moment * SECOND))
        assert found is not None
        truth = whole - moment
        errors.append(abs(found.remaining.total_seconds() - truth) / whole)
        inside += found.low.total_seconds() <= truth <= found.high.total_seconds()
    return median(errors), inside / trials


def test_estimates_get_better_with_history_and_their_intervals_hold() -> None:
    """The error cannot go to nothing: how long the held-out run takes is a matter of chance, too."""
    few, many = judged(1), judged(20)
    assert few[0] > 1.3 * many[0], (few, many)
    assert many[0] < 0.12, many
    assert few[1] == 0, "one run says nothing of an interval"
    assert 0.7 <= many[1] <= 0.95, many


def test_the_same_state_has_the_same_estimate() -> None:
    plans = Plans(graph().seal())
    estimator, times = learned(Random(1), 5), took(Random(2))
    found = [estimator.estimate_remaining(at_moment(plans, times, 30), 30 * SECOND) for _ in range(2)]
    assert found[0] == found[1]
    assert found[0] is not None
    assert found[0].low <= found[0].remaining <= found[0].high


def test_a_step_that_takes_longer_than_ever_is_not_done_yet() -> None:
    plans = Plans(graph().seal())
    times = MEANS | {"fetch": 500.0}
    found = learned(Random(1), 5).estimate_remaining(at_moment(plans, times, 400), 400 * SECOND)
    assert found is not None
    assert found.remaining > timedelta(seconds=40 + sum(MEANS.values()) / 3)


def test_without_history_nothing_is_said() -> None:
    plans = Plans(graph().seal())
    state = at_moment(plans, MEANS, 30)
    assert ProgressEstimator().estimate_remaining(state, 30 * SECOND) is None
    assert ProgressEstimator({"left": [timedelta(seconds=1)]}).estimate_remaining(state, 30 * SECOND) is None


async def test_it_learns_from_the_completed_runs_of_a_store(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    for _ in range(3):
        await bench.go(graph(), x=1)
    bench.create(graph(), x=1)
    bench.executor.work["right"] = lambda task, report: 1 // 0
    made = estimator_of(bench.store, "main", runs=2)
    assert {name: len(each) for name, each in made.historical_durations.items()} == dict.fromkeys(MEANS, 2)
    weight = made.weight()
    plan = Plans(graph().seal()).main.paths["left"]
    assert weight(plan) > 0
