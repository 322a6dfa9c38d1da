"""Why a step has not begun, or never will, where no entry says so: it follows from what stands around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from symphony_runtime.entries import REGION_DECIDED
from symphony_runtime.plans.places import step_address
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.scopes import outwards
from symphony_runtime.rules.state import SETTLED, Instance, Phase, RunState, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from symphony_runtime.entries import Entry
    from symphony_runtime.plans.plan import NodePlan

SUFFIX = re.compile(r'(\[(?:\d+|"(?:[^"\\]|\\.)*")\]|#\d+)$')
"""What tells scopes of one region apart, behind the region's name."""


def unsaid(state: RunState, instance: Instance) -> list[str]:
    match instance.phase:
        case Phase.PENDING:
            return _missing(instance)
        case Phase.QUEUED:
            return [_held_back(state, instance)]
        case Phase.SKIPPED if instance.outputs is None:
            return _ended(state, instance.scope)
        case Phase.WAITING if instance.awaits:
            return []
        case Phase.WAITING:
            return ["it waits for a person" if instance.plan.role is Role.ASK else "it waits for its time to come"]
    return []


def _missing(instance: Instance) -> list[str]:
    """What it needs and is not there yet."""
    if instance.plan.role is Role.CLOSER:
        return ["it ends when all in it is over"]
    near = [each for each in instance.scope.instances if instance.plan.index in each.plan.followers]
    far = [outwards(instance.scope, hops).instances[index] for hops, index in instance.plan.captures]
    waits = [
        f"`{step_address(each.address, each.plan)}` ({each.phase.value})"
        for each in (*near, *far)
        if each.phase not in SETTLED
    ]
    return (
        [f"it waits for {', '.join(waits)}"] if waits else ["it waits for the rest of its block: it is the `finally`"]
    )


def _held_back(state: RunState, instance: Instance) -> str:
    if state.hold:
        return "it is ready, but the run is paused"
    if state.label == "pending":
        return "the run has not begun"
    return "it is ready, and waits for a place: so many run at once already, or its `concurrency` or `rate_limit` holds it back"


def _ended(state: RunState, scope: Scope | None) -> list[str]:
    """What ended the blocks around it before it began."""
    while scope:
        if scope.error:
            error = scope.error
            of = f" of `{error.node}`" if error.node else ""
            return [f"it had not begun when the failure{of} ended its block ({error.code}): {error.message}"]
        iteration = scope.owner.iteration if scope.owner else None
        if iteration and iteration.stopping:
            return ["it had not begun when enough other branches had succeeded"]
        scope = scope.owner.scope if scope.owner else None
    return [f"it had not begun when the run was {state.label}"] if state.final or state.cancelled else []


def without_instance(state: RunState, said: Mapping[str, list[Entry]], address: str, plan: NodePlan) -> tuple[str, ...]:
    """Of a step whose block has not come to it."""
    opener = _opener(state, address, plan)
    if opener is None:
        return ("the block that it stands in has not begun",)
    name = f"`{step_address(opener.address, opener.plan)}`"
    if opener.phase in (Phase.PENDING, Phase.QUEUED):
        return (f"{name}, which it stands in, has not begun", *unsaid(state, opener))
    if opener.phase is Phase.SKIPPED:
        return (f"{name}, which it stands in, was not done", *unsaid(state, opener))
    taken = [entry.data["taken"] for entry in said.get(opener.address, []) if entry.type == REGION_DECIDED]
    if opener.plan.role is Role.BRANCH and taken:
        other = f"took its arm `{taken[-1]}`" if taken[-1] is not None else "took none of its arms"
        return (f"{name} {other}",)
    if opener.iteration and opener.plan.role is Role.EACH:
        return (f"{name} has {opener.iteration.count} items, of which {len(opener.iteration.scopes)} began",)
    if opener.rounds:
        return (f"{name} is in its round {opener.rounds.round}, and {opener.phase.value}",)
    return (
        f"{name}, which it stands in, came to nothing more: it is {opener.phase.value}",
        *_ended(state, opener.scope),
    )


def _opener(state: RunState, address: str, plan: NodePlan) -> Instance | None:
    """The innermost block around it that has an instance."""
    prefix = address[: len(address) - len(plan.local)].rstrip("/")
    while prefix:
        local = plan.region.local
        outer = SUFFIX.sub("", prefix).removesuffix(local) if local else prefix
        found = state.instances.get(prefix if plan.region.opener is None else f"{outer}{plan.region.opener.local}")
        if found:
            return found
        if plan.region.opener is None:
            return None
        plan, prefix = plan.region.opener, outer.rstrip("/")
    return None
