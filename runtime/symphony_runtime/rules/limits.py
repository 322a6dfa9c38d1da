"""Blocks, and items of a `for`, that are tried again when they fail, or that have to be done in time.

A block that failed gets another round where its `retry` says so, with everything in it anew. One in which something took effect
that must not be done twice (`once`) gets none, whatever its `retry` says. The time of a round counts while the run is driven and
not held; a `deadline` is a moment.
"""

from __future__ import annotations

from heapq import heappop
from typing import TYPE_CHECKING, Any
from zlib import crc32

from symphony_dsl.base.times import Duration
from symphony_runtime import entries
from symphony_runtime.entries import Entry
from symphony_runtime.plans.places import step_address
from symphony_runtime.plans.plan import Role
from symphony_runtime.plans.planning import BODY
from symphony_runtime.rules.addresses import item_address
from symphony_runtime.rules.bindings import BindingError
from symphony_runtime.rules.effective import settings_of
from symphony_runtime.rules.kinds import delay, retried
from symphony_runtime.rules.round_changes import tries_of
from symphony_runtime.rules.state import Instance, Phase, RunState, Tries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from symphony_model.settings import Settings
    from symphony_runtime.rules.state import Scope


def times(state: RunState, owner: Instance) -> dict[str, int]:
    """What the entry that opens a block says about the time it has. Raises BindingError."""
    found = {name: value for name in ("timeout", "deadline") if (value := getattr(settings_of(state, owner), name))}
    if owner.plan.role is Role.CALL and "timeout" not in found:
        of_callee = state.plans.of(owner.plan.callee).workflow.settings.timeout
        found |= {"timeout": of_callee} if of_callee else {}
    return found


def fail_block(state: RunState, owner: Instance, error: dict[str, Any], item: int | None = None) -> Entry | None:
    """What follows a failure of a block, or an item, instead of its end; None where nothing does."""
    if owner.scope.draining or (owner.plan.role is Role.EACH and item is None):  # whose settings are those of its items
        return None
    data = {"error": error} | ({} if item is None else {"item": item})
    due = _due(state, owner, error["code"], item)
    if due is not None:
        return Entry(entries.REGION_FAILED, data | {"then": "retry", "due": due}, owner.address)
    if owner.plan.role in DECIDED and error.get("node") == owner.address and pauses(owner):
        return Entry(entries.REGION_FAILED, data | {"then": "held"}, owner.address)
    return None


DECIDED = frozenset({Role.CALL, Role.TOOLS})
"""Blocks that are a step to a person, who decides about their own failures."""


def _due(state: RunState, owner: Instance, code: str, item: int | None) -> int | None:
    """When the next round begins."""
    policy = _settings(state, owner).retry
    tries = tries_of(owner, item)
    if policy is None or tries.failures + 1 >= policy.attempts or not retried(code, policy):
        return None
    if _took_effect(owner, item):
        return None
    due = state.at + delay(policy, tries.failures + 1, _spread(state, tries))
    return None if tries.deadline and due >= tries.deadline else due


def _spread(state: RunState, tries: Tries) -> float:
    """The chance in a delay, from -1 to 1: another one for each block, each round and each run, and always the same."""
    of = f"{state.execution_id} {tries.owner.address} {tries.item} {tries.number}"
    return crc32(of.encode()) / 2**31 - 1


def _settings(state: RunState, owner: Instance) -> Settings:
    """They could be read when the block was opened."""
    try:
        return settings_of(state, owner)
    except BindingError:
        return owner.plan.settings


def _took_effect(owner: Instance, item: int | None) -> bool:
    if item is None:
        return owner.took_effect
    scope = owner.iteration.scopes[item] if owner.iteration else None
    return scope is not None and scope.took_effect


def pauses(instance: Instance) -> bool:
    """Whether a person decides what becomes of it when it failed: it says so, or the call that it is inside of; else the run does,
    of what nothing around it deals with."""
    each, is_dealt_with = instance, instance.plan.role is Role.FAIL  # which is what the workflow wants
    while each.plan.settings.on_error is None:
        scope, owner = each.scope, each.scope.owner
        if owner is None:
            return scope.holds and not is_dealt_with
        if owner.plan.role is Role.TOOLS and owner.inner is not scope:
            return False  # the failure of a tool is told to the model
        is_dealt_with = is_dealt_with or _deals_with(owner, scope)
        each = owner
    return each.plan.settings.on_error == "pause"


def _deals_with(owner: Instance, scope: Scope) -> bool:
    """A block that goes on after a failure inside of it; and what tidies up is not held up."""
    plan = owner.plan
    catches = plan.role is Role.TRY and scope.region.name == BODY and bool(plan.arms)
    return catches or plan.drops_items or plan.role in (Role.FIRST, Role.FINALLY)


# ---- time ----


def overdue(state: RunState, at: int) -> Iterator[Entry]:
    """Of every block, and every item, whose time is up at a moment."""
    if state.hold or state.final:
        return
    driven = state.driven + at - state.at
    for heap, now, name in ((state.limits, driven, "timeout"), (state.deadlines, at, "deadline")):
        while heap and (heap[0][0] <= now or not _counts(heap[0], name)):
            first = heappop(heap)
            if _counts(first, name):
                yield _overdue(state, first[2], name)


def next_limit(state: RunState) -> int | None:
    """When the time of the next one is up."""
    while state.limits and not _counts(state.limits[0], "timeout"):
        heappop(state.limits)
    while state.deadlines and not _counts(state.deadlines[0], "deadline"):
        heappop(state.deadlines)
    found = [state.at + state.limits[0][0] - state.driven] if state.limits else []
    return min((*found, *(each[0] for each in state.deadlines[:1])), default=None)


def _counts(limit: tuple[int, int, Tries], name: str) -> bool:
    moment, _, tries = limit
    owner, item = tries.owner, tries.item
    if owner.phase is not Phase.RUNNING or moment != (tries.limit if name == "timeout" else tries.deadline):
        return False
    if item is None:
        return True
    scope = owner.iteration.scopes[item] if owner.iteration else None
    return scope is not None and not scope.closed


def _overdue(state: RunState, tries: Tries, name: str) -> Entry:
    owner, item = tries.owner, tries.item
    address = step_address(owner.address, owner.plan) if item is None else item_address(owner, item)
    limit = _limit(state, owner, name)
    message = f"it took longer than {limit}" if name == "timeout" else f"it was not done within its deadline of {limit}"
    error = {"code": "timeout", "message": message, "node": address}
    return Entry(entries.REGION_OVERDUE, {"error": error} | ({} if item is None else {"item": item}), owner.address)


def _limit(state: RunState, owner: Instance, name: str) -> Duration:
    if owner.iteration and owner.plan.role is Role.EACH:
        return Duration(owner.iteration.times[name == "deadline"] or 0)
    return Duration(times(state, owner)[name])
