"""How scopes begin, how what settles in them makes others ready, and how they are drained.

Each edge is followed once: when its source settles, or, for a capture, when the scope begins.
"""

from __future__ import annotations

from heapq import heappush
from typing import TYPE_CHECKING

from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.addresses import item_address, prefix_of
from symphony_runtime.rules.moves import ENDED, READY
from symphony_runtime.rules.state import SETTLED, Instance, Phase, Question, RunState, Scope

if TYPE_CHECKING:
    from symphony_runtime.outcome import RunError
    from symphony_runtime.plans.plan import NodePlan, RegionPlan


def begin(
    state: RunState,
    region: RegionPlan,
    owner: Instance | None,
    suffix: str = "",
    item: int = 0,
    around: Scope | None = None,
) -> Scope:
    """A new scope of a region; what waits for nothing is ready at once. It lies in that of its owner, or in `around`."""
    inside_call = owner is not None and owner.plan.role is Role.CALL
    if owner is not None and not inside_call:
        around = around or owner.scope
    scope = Scope(region, around, owner, prefix_of(region, owner, suffix, inside_call=inside_call), item)
    if owner:
        owner.scope.inside[scope] = None
        scope.narrow = owner if owner.width else owner.scope.narrow
    scope.unsettled = len(region.nodes)
    instances = state.instances
    for plan in region.nodes:
        instance = Instance(plan, scope, scope.prefix + plan.local, plan.needs)
        scope.instances.append(instance)
        instances[instance.address] = instance
    for instance in scope.instances:
        _start_waiting(state, instance)
    if not region.nodes:
        state.agenda.append(scope)
    return scope


def _start_waiting(state: RunState, instance: Instance) -> None:
    plan = instance.plan
    if plan.role is Role.CLOSER:
        return
    for hops, index in plan.captures:
        source = outwards(instance.scope, hops).instances[index]
        if source.phase not in SETTLED:
            instance.needs += 1
            source.waiters = source.waiters or []
            source.waiters.append(instance)
    if plan.role is Role.INPUT:
        settle(state, instance, Phase.COMPLETED)
    elif instance.needs == 0 and instance.phase in READY:
        make_ready(state, instance)


def outwards(scope: Scope, hops: int) -> Scope:
    for _ in range(hops):
        assert scope.around is not None, "the plan counts regions inside one workflow"
        scope = scope.around
    return scope


def make_ready(state: RunState, instance: Instance) -> None:
    instance.phase = Phase.QUEUED
    plan = instance.plan
    if plan.role in ASKING and (state.earlier is not None or may_share(plan)) and plan.node.base.enabled:
        state.agenda.append(Question(instance))
    else:
        take_turn(state, instance)


def take_turn(state: RunState, instance: Instance) -> None:
    """It can be done: at once, or when there is a place for it."""
    if instance.plan.takes_slots and instance.plan.node.base.enabled:
        enqueue(state, instance)
    else:
        state.agenda.append(instance)


ASKING = frozenset({Role.TASK, Role.CALL, Role.TOOLS})
"""Of these it is looked whether a result is there already, before they wait for a place."""


SHARING = frozenset({"cache", "key"})


def may_share(plan: NodePlan) -> bool:
    """Whether its settings may say that a result which is there already is as good."""
    settings = plan.settings
    return settings.cache is not None or settings.key is not None or not SHARING.isdisjoint(plan.computes)


def enqueue(state: RunState, instance: Instance) -> None:
    state.turn += 1
    heappush(state.queue, (-instance.plan.priority, state.turn, instance))


def settle(state: RunState, instance: Instance, phase: Phase) -> None:
    """The instance is done with. What waits for it goes on unless it failed; then its scope is drained anyway."""
    instance.phase = phase
    scope = instance.scope
    scope.unsettled -= 1
    if phase is not Phase.FAILED:
        for index in instance.plan.followers:
            _one_less(state, scope.instances[index])
    if instance.waiters:
        _let_go_on(state, instance)
    look_at(state, scope)


def _let_go_on(state: RunState, instance: Instance) -> None:
    """Those further in do not wait any longer. Even where it failed, or was ended: a `finally` runs though what it reads is absent."""
    waiters, instance.waiters = instance.waiters or (), None
    for waiter in waiters:
        _one_less(state, waiter)


def _one_less(state: RunState, instance: Instance) -> None:
    instance.needs -= 1
    if instance.needs == 0 and instance.phase in READY:
        make_ready(state, instance)


def look_at(state: RunState, scope: Scope) -> None:
    """Where there is nothing left to wait for in a scope its end comes up on the agenda."""
    if is_over(scope):
        state.agenda.append(scope)


def is_over(scope: Scope) -> bool:
    return scope.running == 0 and (scope.draining or scope.unsettled == 0)


def fail(state: RunState, scope: Scope, error: RunError) -> None:
    """The first failure of a scope is its own; nothing new starts in it from now on."""
    scope.error = scope.error or error
    drain(state, scope)


def drain(state: RunState, scope: Scope) -> None:
    """End what has not begun, here and further in; what is in flight is waited for, and `finally` is let be unless all is forced."""
    rest = [scope]
    while rest:
        each = rest.pop()
        if not state.forced and (each.draining or is_finally(each)):
            continue
        each.draining = True
        for instance in each.instances:
            _end(state, instance)
        rest.extend(each.inside)
        look_at(state, each)


def is_shielded(scope: Scope | None) -> bool:
    """Whether it lies in a `finally`."""
    while scope:
        if is_finally(scope):
            return True
        scope = scope.owner.scope if scope.owner else None
    return False


def is_finally(scope: Scope) -> bool:
    return scope.owner is not None and scope.owner.plan.role is Role.FINALLY


def _end(state: RunState, instance: Instance) -> None:
    if instance.phase in SETTLED or (instance.plan.role is Role.FINALLY and not state.forced):
        return
    if instance.phase is Phase.RUNNING:
        if state.waiting.pop(instance.address, None):  # a loop between two rounds
            instance.due = 0
            state.agenda.append(instance)
        elif instance.iteration and forget_items(state, instance):
            state.agenda.append(instance)
        return
    [instance.phase] = ENDED[instance.phase]
    instance.scope.unsettled -= 1
    if instance.waiters:
        _let_go_on(state, instance)
    for waits in (state.waiting, state.undecided, state.asks):
        waits.pop(instance.address, None)
    state.slots.delayed.pop(instance.address, None)


def forget_items(state: RunState, owner: Instance) -> bool:
    """Items that wait for their next round have none; whether none is open any more."""
    items = owner.iteration
    assert items is not None, "a block that is open"
    for item, tries in items.tries.items():
        if tries.due:
            tries.due = 0
            items.open -= 1
            state.waiting.pop(item_address(owner, item), None)
    return items.open == 0


def last_rites(state: RunState, scope: Scope) -> Instance | None:
    """The `finally` of a scope that is over but for it."""
    last = scope.region.last
    if last is None or state.forced:
        return None
    opener = scope.instances[last.index]
    return None if opener.phase in SETTLED else opener


def end(scope: Scope) -> None:
    """The scope is over and can be forgotten by the one around it."""
    scope.closed = True
    if scope.owner:
        scope.owner.scope.inside.pop(scope, None)
