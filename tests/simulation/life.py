"""A run's life: first whatever disturbs it, then what people decide, until it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.runtime.engine_laws import check_attempts
from tests.simulation.virtual_time import HOUR
from tests.simulation.world import POLL, RUN, World

from symphony_dsl.base.types import BOOL
from symphony_runtime.commands import Kind
from symphony_runtime.rules.kinds import HELD

if TYPE_CHECKING:
    from symphony_runtime.rules.state import Instance

MOST_ENGINES = 300
"""A run that needs more engines than that never comes to an end."""

PATIENCE = 12 * HOUR


async def live(world: World) -> None:
    world.create()
    acting = asyncio.create_task(act(world))
    while not acting.done():
        await drive(world, patient=world.chance.random() < 0.4)
        await asyncio.sleep(world.chance.choice((0.0, 0.1, 5.0, 600.0)))
    acting.result()
    await settle(world)
    last_word(world)


async def drive(world: World, *, patient: bool = False) -> None:
    assert world.engines < MOST_ENGINES, "the run never comes to an end"
    async with asyncio.timeout(PATIENCE):
        await world.drive(patient=patient)


async def act(world: World) -> None:
    """Moments go by while engines come and go. At the end nothing is left that would wait for what nobody says."""
    for moment in world.plan.moments:
        await asyncio.sleep(moment.after)
        DO.get(moment.what, _say)(world, moment.what)
    await asyncio.sleep(3 * POLL)
    if world.engine and (world.engine.patient or world.engine.driver.state.hold):
        interrupt(world, "the end")


def _say(world: World, what: str) -> None:
    state = world.engine.driver.state if world.engine else world.recovered()
    world.say(world.people.says(what, state))


def interrupt(world: World, what: str) -> None:
    if world.engine:
        world.story.tell("somebody presses Ctrl-C")
        world.engine.stop.set()


def _kill(world: World, what: str) -> None:
    if world.engine:
        world.story.tell("the engine is killed")
        world.kill()


def _set_clock(world: World, what: str) -> None:
    by = world.chance.choice((0.5, 20.0, 3 * HOUR)) * (1 if what == "forth" else -1)
    world.story.tell(f"the clock is set by {by} s")
    world.clock.jump(by)


DO: dict[str, Callable[[World, str], None]] = {
    "kill": _kill,
    "power": lambda world, what: world.power_off(),
    "interrupt": interrupt,
    "back": _set_clock,
    "forth": _set_clock,
}


async def settle(world: World) -> None:
    """A person decides what is to be decided, as often as it takes; nobody disturbs it any more."""
    resuming = asyncio.create_task(resume(world))
    try:
        await _until_final(world)
    finally:
        resuming.cancel()


async def resume(world: World) -> None:
    """What somebody paused at the last moment goes on."""
    while True:
        await asyncio.sleep(60)
        if world.engine and world.engine.driver.state.hold:
            world.say(world.people.says("resume", world.engine.driver.state))


async def _until_final(world: World) -> None:
    while True:
        await drive(world)
        state = world.state = world.recovered()
        if state.final:
            return
        if not world.trouble:
            assert state.undecided or state.asks, f"it is let go as {state.label}, and nobody has to say anything"
        for instance in (*state.undecided.values(), *state.asks.values()):
            decide(world, instance)


def decide(world: World, instance: Instance) -> None:
    """Answer what is asked; try again what failed, but not for ever."""
    error, tried = instance.error, world.people.retried
    if instance.address in world.state.asks:
        yes = instance.plan.node.outputs[0].data_type == BOOL
        kind, value = Kind.PROVIDE_INPUT, True if yes else {"n": 4}
    elif tried[instance.address] < 2 or world.plan.steady or (error and error.code in HELD):
        tried[instance.address] += 1
        kind, value = Kind.RETRY_NODE, None
    else:
        kind, value = world.chance.choice(((Kind.SKIP_NODE, 5), (Kind.FAIL_NODE, None)))
    world.say(world.people.decides(kind, instance.address, value))


def last_word(world: World) -> None:
    """Whatever was said has its verdict, and nothing is left of it."""
    world.say(world.people.says("pause", world.state))
    world.watch()
    entries = world.entries()
    check_attempts(entries, final=True)
    judged = {entry.data.get("id") for entry in entries if entry.type.startswith("command.")}
    missing = {command.id for command in world.people.said} - judged
    assert not missing, f"no verdict on {sorted(missing)}"
    left = world.store.run(RUN).inbox.arrived()
    assert not left, f"the inbox still has {[command.id for command in left]}"
