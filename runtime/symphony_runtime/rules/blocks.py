"""How blocks open, and what comes of a scope that is over: the next part of its block, or the block's end.

A block ends in the same breath as its closing node gets its value. A block that takes one scope at a time (`if`, `match`, `try`,
`finally`, a call, a loop) ends with it; one that has many (`for`, `parallel`) when none is open any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symphony_dsl.base.conform import ConversionError, to_json
from symphony_runtime import entries
from symphony_runtime.entries import Entry
from symphony_runtime.plans.plan import Role
from symphony_runtime.plans.planning import BODY
from symphony_runtime.rules.bindings import BindingError, caught_value, checked, closed_value, inputs_of, output_of
from symphony_runtime.rules.kinds import UNCAUGHT
from symphony_runtime.rules.labels import label_entry, relabelled
from symphony_runtime.rules.limits import fail_block, times
from symphony_runtime.rules.steps import StepError, computed, done, error_data, error_of, failed_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_dsl.base.values import Value
    from symphony_runtime.outcome import RunError
    from symphony_runtime.plans.plan import Arm
    from symphony_runtime.rules.state import Instance, RunState, Scope


def open_branch(state: RunState, instance: Instance) -> list[Entry]:
    taken = _arm(state, instance.plan.arms, inputs_of(state, instance))
    name = taken.name if taken else None
    skipped = [arm.name for arm in instance.plan.arms if arm.name != name]
    return [
        Entry(entries.REGION_DECIDED, {"taken": name, "skipped": skipped, **times(state, instance)}, instance.address)
    ]


def _arm(state: RunState, arms: tuple[Arm, ...], values: dict[str, Value]) -> Arm | None:
    return next((arm for arm in arms if arm.condition is None or computed(state, arm.condition, values)), None)


def open_items(state: RunState, instance: Instance) -> list[Entry]:
    inputs = inputs_of(state, instance)
    items = inputs["items"]
    data: dict[str, Any] = {"count": len(items), "width": _width(state, instance, inputs)}
    if isinstance(items, dict):
        data["keys"] = sorted(items)
    return [Entry(entries.REGION_OPENED, data | times(state, instance), instance.address)]


def _width(state: RunState, instance: Instance, inputs: dict[str, Value]) -> int:
    """How many items run at once: one, so many, or as many as the engine has room for."""
    limit = instance.plan.limit
    if limit is None:
        return 1
    wanted = limit if isinstance(limit, int) else computed(state, limit, inputs)
    if wanted < 0 or (wanted == 0 and limit != 0):
        raise StepError("check", f"`parallel` must be at least 1, but is {wanted}")
    return min(wanted or state.width, state.width)


def open_branches(state: RunState, instance: Instance) -> list[Entry]:
    count = len(instance.plan.regions)
    data = {"count": count, "width": count, **times(state, instance)}
    return [Entry(entries.REGION_OPENED, data, instance.address)]


def open_plainly(state: RunState, instance: Instance) -> list[Entry]:
    return [Entry(entries.REGION_OPENED, dict(times(state, instance)), instance.address)]


def open_call(state: RunState, instance: Instance) -> list[Entry]:
    inputs = inputs_of(state, instance)
    plan = state.plans.of(instance.plan.callee)
    for each in plan.top.nodes:
        if each.role is Role.INPUT:
            checked(inputs.get(each.node.base.name), each.node.outputs[0], each.node.base.name)
    most = plan.workflow.settings.concurrency
    width = {"width": most} if most else {}
    return [
        Entry(
            entries.REGION_OPENED,
            {"workflow": instance.plan.callee, **width, **times(state, instance)},
            instance.address,
        )
    ]


def end_item(state: RunState, owner: Instance, scope: Scope) -> list[Entry]:
    data: dict[str, Any] = {"item": scope.item}
    if scope.error:
        data["error"] = error_data(scope.error)
        again = fail_block(state, owner, data["error"], scope.item) if owner.plan.role is Role.EACH else None
        if again:
            return [again]
        data |= {"dropped": True} if owner.plan.drops_items else {}
    return [Entry(entries.ITERATION_CLOSED, data, owner.address)]


def end_first(state: RunState, owner: Instance, scope: Scope) -> list[Entry]:
    """A branch of which so many have to succeed: a failure counts when the rest cannot be enough any more."""
    items, wanted = owner.iteration, owner.plan.count or 1
    assert items is not None, "a block that is open"
    data: dict[str, Any] = {"item": scope.item}
    if items.stopping:
        data["ended"] = True
    elif scope.error:
        failed = sum(each is None for each in items.scopes) + 1
        data["error"] = error_data(scope.error)
        data |= {"dropped": True} if items.count - failed >= wanted else {}
    elif len(items.done) + 1 == wanted:
        data["enough"] = True
    return [Entry(entries.ITERATION_CLOSED, data, owner.address)]


def end_attempt(state: RunState, owner: Instance, scope: Scope) -> list[Entry]:
    """What failed in the body of a `try` is caught by the first `catch` that names its code."""
    error = owner.error or scope.error
    if error is None or owner.error or scope.region.name != BODY or owner.scope.draining or error.code in UNCAUGHT:
        return close_block(state, owner, error)
    catch = _arm(state, owner.plan.arms, {"error": caught_value(error)})
    if catch is None:
        return close_block(state, owner, error)
    return [Entry(entries.REGION_DECIDED, {"taken": catch.name, "error": error_data(error)}, owner.address)]


def close_block(state: RunState, owner: Instance, error: RunError | None) -> list[Entry]:
    """A block ends: it failed, it was ended with what is around it, or its closer has its value."""
    if error:
        return close_failed(state, owner, error_data(error))
    if owner.scope.draining:
        ended = {} if owner.plan.role is Role.FINALLY else {"ended": True}
        return [Entry(entries.REGION_CLOSED, ended, owner.address)]
    if owner.plan.role is Role.CALL:
        return done(owner, _call_outputs(state, owner), room=0)
    closed = Entry(entries.REGION_CLOSED, {}, owner.address)
    assert owner.plan.closer is not None
    closer = owner.scope.instances[owner.plan.closer.index]
    try:
        return [closed, *done(closer, _block_outputs(state, owner, closer), room=0)]
    except BindingError as problem:
        return [closed, failed_entry(closer, error_of(closer, problem.code, problem.message))]


def close_failed(state: RunState, owner: Instance, error: dict[str, Any]) -> list[Entry]:
    return [fail_block(state, owner, error) or Entry(entries.REGION_CLOSED, {"error": error}, owner.address)]


def _call_outputs(state: RunState, owner: Instance) -> dict[str, Value]:
    assert owner.inner is not None
    return {name: value for name, value, _ in _outputs_of(state, owner.inner)}


def _outputs_of(state: RunState, scope: Scope) -> list[tuple[str, Value, Any]]:
    """The outputs of a workflow's scope: name, value, type."""
    found = [each for each in scope.instances if each.plan.role is Role.OUTPUT]
    return [
        (each.plan.node.base.name, output_of(state, each, "input"), each.plan.node.inputs[0].data_type)
        for each in found
    ]


def _block_outputs(state: RunState, owner: Instance, closer: Instance) -> dict[str, Value]:
    ports = closer.plan.node.outputs
    if not ports:
        return {}
    value = VALUE.get(owner.plan.role, _taken)(state, owner, closer)
    return {ports[0].name: checked(value, ports[0])}


def _taken(state: RunState, owner: Instance, closer: Instance) -> Value:
    scope = owner.inner
    return closed_value(state, closer, scope, scope.region.name) if scope else None


def _items(state: RunState, owner: Instance, closer: Instance) -> Value:
    scopes = owner.iteration.scopes if owner.iteration else []
    return [closed_value(state, closer, scope, "value") for scope in scopes if scope]


def _all(state: RunState, owner: Instance, closer: Instance) -> Value:
    scopes = owner.iteration.scopes if owner.iteration else []
    named = {scope.region.name: scope for scope in scopes if scope}
    return {name: closed_value(state, closer, named[name], name) for name in closer.plan.inner_feeds}


def _first(state: RunState, owner: Instance, closer: Instance) -> Value:
    """The values of those that were first, in the order in which they are written."""
    items = owner.iteration
    assert items is not None, "a block that is open"
    scopes = [scope for item in sorted(items.done) if (scope := items.scopes[item])]
    found = [closed_value(state, closer, scope, scope.region.name) for scope in scopes]
    return found[0] if owner.plan.count is None else found


def _of_loop(state: RunState, owner: Instance, closer: Instance) -> Value:
    """What `yield` or `else` gives, or the variable of the round that was the last."""
    scope = owner.inner
    if scope is not None:
        return closed_value(state, closer, scope, PORT_OF[scope.region.name])
    return owner.rounds.variable if owner.rounds else None


PORT_OF = {"done": "yield", "else": "else"}
"""Where the regions that end a loop bring their values."""

VALUE: dict[Role, Callable[[RunState, Instance, Instance], Value]] = {
    Role.EACH: _items,
    Role.ALL: _all,
    Role.FIRST: _first,
    Role.LOOP: _of_loop,
}
"""The value of a block; of any other it is what the arm gives that was taken."""


def end_run(state: RunState, scope: Scope) -> list[Entry]:
    """Through `running`: a person may have said the last thing that was needed."""
    to, data = _end_of_run(state, scope)
    return [*relabelled(state, "running"), label_entry("running", to, **data)]


def _end_of_run(state: RunState, scope: Scope) -> tuple[str, dict[str, Any]]:
    if state.ending is not None:
        return "cancelled", {"reason": state.ending}
    if scope.error:
        return "failed", {"error": error_data(scope.error)}
    try:
        outputs = {name: to_json(value, of) for name, value, of in _outputs_of(state, scope)}
    except ConversionError as problem:
        error = {"code": "conversion", "message": f"an output cannot be written as JSON: {problem}"}
        return "failed", {"error": error}
    return "completed", {"outputs": outputs}
