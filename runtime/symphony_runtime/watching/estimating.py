"""How long a run will still take, from how long its steps took in earlier runs.

The steps of the workflow itself are looked at, blocks as a whole. What is left is played through many times: each step is given one
of the durations that it had before, what is running one that is longer than it has taken already, and a step begins when
all it waits for has ended. The middle of what comes out is the estimate, and the tenth and ninetieth of a hundred
are its interval: it has to hold in eight of ten runs. Chance comes from a seed, so that the same state gives the same
estimate. Where fewer than half of the steps that are left ever ran, nothing is said.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from random import Random
from statistics import fmean
from typing import TYPE_CHECKING

from symphony_dsl.base.frozen import frozen
from symphony_runtime import entries
from symphony_runtime.plans.places import Places, step_address
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.state import SETTLED, Phase
from symphony_runtime.storage.loaded import load
from symphony_runtime.storage.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from symphony_runtime.plans.plan import NodePlan
    from symphony_runtime.rules.state import Instance, RunState, Scope
    from symphony_runtime.storage.store import Store

RUNS = 20
"""Earlier runs that are looked at, the newest."""

PLAYED = 20_000
"""Steps that are played through for an estimate, all rounds together."""

MOST, FEWEST = 400, 20
"""Rounds."""

SECOND = 1_000_000_000


@frozen
class Estimate:
    """What is left: most likely, and from when to when in eight of ten runs."""

    remaining: timedelta
    low: timedelta
    high: timedelta


@dataclass(slots=True)
class ProgressEstimator:
    """`historical_durations` are of steps, by their paths; of the newest runs."""

    historical_durations: dict[str, list[timedelta]] = field(default_factory=dict)

    def add(self, path: str, took: timedelta) -> None:
        self.historical_durations.setdefault(path, []).append(took)

    def weight(self) -> Callable[[NodePlan], float]:
        """How much a step counts in the progress of a run: as long as it takes; one that never ran as the others do."""
        means = {path: fmean(each.total_seconds() for each in took) for path, took in self.historical_durations.items()}
        usual = fmean(means.values()) if means else 1.0
        return lambda plan: max(means.get(plan.step.path, usual), usual / 1000) or 1.0

    def estimate_remaining(self, state: RunState, at: int) -> Estimate | None:
        """`at` is now, in nanoseconds since 1970; None where too little is known."""
        if state.final or state.top is None:
            return None
        left = Left.of(state.top, self.historical_durations, at)
        if 2 * left.known < len(left.steps):
            return None
        rounds = min(MOST, max(FEWEST, PLAYED // max(1, len(left.steps))))
        chance = Random(0)  # noqa: S311 - it has to be the same each time
        played = sorted(left.play(chance) for _ in range(rounds))
        return Estimate(*(timedelta(seconds=played[int(share * (rounds - 1))]) for share in (0.5, 0.1, 0.9)))


@dataclass(slots=True)
class Step:
    """One that is left: the seconds that it may take from now on, and whom it lets begin."""

    seconds: Sequence[float]
    needs: int = 0
    followers: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Left:
    """What is left of a scope, by the places of its steps in it; of so many it is known how long they take."""

    steps: dict[int, Step]
    known: int

    @classmethod
    def of(cls, scope: Scope, durations: Mapping[str, Sequence[timedelta]], at: int) -> Left:
        steps: dict[int, Step] = {}
        known = 0
        for index, instance in enumerate(scope.instances):
            if instance.phase in SETTLED:
                continue
            took = [each.total_seconds() for each in durations.get(instance.plan.step.path, ())]
            instant = instance.plan.role in INSTANT
            known += bool(took) or instant
            steps[index] = Step([0.0] if instant or not took else _from_now(instance, took, at))
        for index, step in steps.items():
            step.followers = [each for each in _followers(scope.instances[index].plan) if each in steps]
            for follower in step.followers:
                steps[follower].needs += 1
        return cls(steps, known)

    def play(self, chance: Random) -> float:
        """When the last step ends, in seconds from now. Steps that wait for each other in a circle are not there."""
        needs = {index: step.needs for index, step in self.steps.items()}
        begins: dict[int, float] = defaultdict(float)
        ready = [index for index, count in needs.items() if not count]
        last = 0.0
        for index in ready:  # which grows
            step = self.steps[index]
            ends = begins[index] + chance.choice(step.seconds)
            last = max(last, ends)
            for follower in step.followers:
                begins[follower] = max(begins[follower], ends)
                needs[follower] -= 1
                if not needs[follower]:
                    ready.append(follower)
        return last


INSTANT = frozenset({
    Role.INPUT, Role.OUTPUT, Role.EXPRESSION, Role.REQUIRE, Role.FAIL, Role.PURE, Role.CLOSER,
})  # fmt: skip
"""What is done on the spot; a closer ends with the block that its opener stands for."""


def _followers(plan: NodePlan) -> list[int]:
    """A block's opener is followed by its closer, which others wait for."""
    closer = [plan.closer.index] if plan.closer and plan.closer.region is plan.region else []
    return [*plan.followers, *closer]


def _from_now(instance: Instance, took: list[float], at: int) -> list[float]:
    """Of one that is running only durations count that are longer than it has taken; with none, a tenth more than it has."""
    if instance.phase not in BEGUN or not instance.began:
        return took
    passed = max(0.0, (at - instance.began) / SECOND)
    longer = [each - passed for each in took if each > passed]
    return longer or [passed / 10]


BEGUN = frozenset({Phase.RUNNING, Phase.WAITING, Phase.HELD, Phase.LOST})


def estimator_of(store: Store, workflow: str, runs: int = RUNS) -> ProgressEstimator:
    """From the newest completed runs of a workflow of that name. Raises UserError where the store cannot be read."""
    completed = (each for each in store.runs() if each.workflow == workflow and each.state == "completed")
    made = ProgressEstimator()
    for summary in islice(completed, runs):
        _learn(made, store, summary.execution_id)
    return made


def _learn(made: ProgressEstimator, store: Store, execution_id: str) -> None:
    """From the first beginning of each step of the workflow itself to its end."""
    places = Places(load(store, execution_id).plans)
    began: dict[str, int] = {}
    for entry in read(store.run(execution_id).log, store.blobs):
        plan = places.find(entry.address) if entry.address else None
        if plan is None or plan.region.parent is not None or plan.path != entry.address:
            continue
        step = step_address(entry.address, plan)
        if entry.type in BEGINNINGS:
            began.setdefault(step, entry.at)
        elif entry.type in ENDS and step == entry.address and step in began:
            made.add(step, timedelta(microseconds=(entry.at - began.pop(step)) / 1000))


BEGINNINGS = frozenset({
    entries.NODE_STARTED, entries.REGION_OPENED, entries.REGION_DECIDED, entries.ASK_OPENED, entries.NODE_WAITING,
})  # fmt: skip
ENDS = frozenset({entries.NODE_COMPLETED, entries.ASK_ANSWERED})
