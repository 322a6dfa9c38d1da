"""What changes of steps and of blocks have in common."""

from __future__ import annotations

from heapq import heappush
from typing import TYPE_CHECKING

from symphony_runtime.outcome import RunError
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.scopes import end, fail, settle
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


def block_over(instance: Instance) -> None:
    if instance.phase is Phase.RUNNING and instance.plan.role in BLOCKS:
        instance.scope.running -= 1
        if instance.inner:
            end(instance.inner)


BLOCKS = frozenset(
    {Role.BRANCH, Role.CALL, Role.EACH, Role.ALL, Role.FIRST, Role.TRY, Role.FINALLY, Role.LOOP, Role.TOOLS}
)
