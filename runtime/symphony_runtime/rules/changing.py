"""What changes of steps and of blocks have in common."""

from __future__ import annotations

from heapq import heappush
from typing import TYPE_CHECKING

from symphony_runtime.outcome import RunError
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.scopes import end, enqueue, fail, settle
from symphony_runtime.rules.state import Instance, Phase, RunState

if TYPE_CHECKING:
    from symphony_runtime.entries import Entry


def at(state: RunState, entry: Entry) -> Instance:
    return state.instances[entry.address or ""]


def error_from(data: dict[str, object]) -> RunError:
    """An error as an entry keeps it."""
    return RunError(**data)  # type: ignore[arg-type]  # the log is ours, and its hashes say whether it was changed


def fail_instance(state: RunState, instance: Instance, error: RunError) -> None:
    instance.error, instance.inputs = error, None
    settle(state, instance, Phase.FAILED)
    fail(state, instance.scope, error)


def wait_until_due(state: RunState, instance: Instance) -> None:
    state.waiting[instance.address] = instance
    set_timer(state, instance)


def set_timer(state: RunState, instance: Instance) -> None:
    state.turn += 1
    heappush(state.timers, (instance.due, state.turn, instance))


def wait_over(state: RunState, instance: Instance) -> None:
    state.waiting.pop(instance.address, None)
    state.asks.pop(instance.address, None)


def block_over(state: RunState, instance: Instance) -> None:
    if instance.phase is not Phase.RUNNING or instance.plan.role not in BLOCKS:
        return
    instance.scope.running -= 1
    if instance.inner:
        end(instance.inner)
    if instance.tries:
        instance.tries.limit = 0
    if instance.settings:
        give_slots(state, instance)


def give_slots(state: RunState, instance: Instance) -> None:
    """Who waits for one may try to have it."""
    for bucket in state.slots.give(instance, instance.settings or instance.plan.settings):
        call_next(state, bucket)


def call_next(state: RunState, bucket: str) -> None:
    instance = state.slots.next_of(bucket)
    if instance:
        enqueue(state, instance)


LEAVES = frozenset({Role.TASK, Role.ASK, Role.WAIT, Role.EXPRESSION, Role.REQUIRE, Role.FAIL, Role.PURE})
"""What a person can decide about when it failed."""

BLOCKS = frozenset(
    {Role.BRANCH, Role.CALL, Role.EACH, Role.ALL, Role.FIRST, Role.TRY, Role.FINALLY, Role.LOOP, Role.TOOLS}
)
