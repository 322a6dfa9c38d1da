"""From a seed to what happened, and to what was wrong with it, if anything was."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

from tests.simulation.life import live
from tests.simulation.operators import CALM
from tests.simulation.plan import Plan, plan_of
from tests.simulation.virtual_time import StuckError, VirtualLoop
from tests.simulation.world import World

from symphony_runtime.storage.store import Store


@dataclass(frozen=True, slots=True)
class Happened:
    """`problem` is what no run may do."""

    seed: int
    story: str
    label: str
    outputs: dict[str, object] | None
    problem: BaseException | None = None

    @property
    def replay(self) -> str:
        return f"python -m tests.simulation {self.seed}"


def simulate(seed: int) -> Happened:
    plan = plan_of(seed)
    found = happened(plan)
    if found.problem or not plan.steady:
        return found
    calm = happened(replace(plan, faults={}, moments=(), mood=CALM))
    if (found.label, found.outputs) == (calm.label, calm.outputs):
        return found
    said = f"{found.label} {found.outputs}, and undisturbed {calm.label} {calm.outputs}"
    return replace(found, problem=AssertionError(said))


def happened(plan: Plan) -> Happened:
    loop = VirtualLoop()
    with tempfile.TemporaryDirectory(prefix="simulation-") as folder, no_wait_for_disks():
        world = World(plan, Store(Path(folder), plan.store), loop)
        problem: BaseException | None = None
        try:
            loop.run_until_complete(live(world))
        except (Exception, StuckError) as wrong:  # noqa: BLE001 - whatever it is, it is what was looked for
            problem = wrong
            world.story.tell(f"WRONG: {type(wrong).__name__}: {wrong}")
        _end(loop, world)
    state = world.state
    return Happened(plan.seed, str(world.story), state.label, state.outputs, problem)


@contextmanager
def no_wait_for_disks() -> Iterator[None]:
    """What the power takes is the simulation's to say."""
    with mock.patch.object(os, "fsync"):
        yield


def _end(loop: VirtualLoop, world: World) -> None:
    world.kill()
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left))
    loop.close()
