"""What comes of an instance that is ready, by its role, as the entries that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_runtime import entries
from symphony_runtime.entries import Entry
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.bindings import BindingError
from symphony_runtime.rules.blocks import (
    close_block,
    open_branch,
    open_branches,
    open_call,
    open_items,
    open_plainly,
)
from symphony_runtime.rules.loops import open_loop
from symphony_runtime.rules.state import Instance, Phase, RunState
from symphony_runtime.rules.steps import (
    StepError,
    begin_attempt,
    begin_wait,
    builtin,
    end_wait,
    error_data,
    error_of,
    expire_ask,
    expression,
    fail_step,
    failed_entry,
    for_good,
    open_ask,
    output_step,
    require,
)
from symphony_runtime.rules.turns import end_calls, open_turns

if TYPE_CHECKING:
    from collections.abc import Callable


def do(state: RunState, instance: Instance) -> list[Entry]:
    """What comes of an instance that is ready, of a block that has nothing open any more, or of a time that has come.

    In a run that is ending nobody is asked what becomes of a step that is held or lost: it has failed.
    """
    if instance.error and instance.phase in (Phase.HELD, Phase.LOST):
        return [failed_entry(instance, error_data(instance.error))]
    if instance.phase is Phase.WAITING and instance.plan.role in DUE:
        return DUE[instance.plan.role](state, instance)
    if instance.phase is Phase.RUNNING:
        return OVER.get(instance.plan.role, _close)(state, instance)
    if not instance.plan.node.base.enabled:
        return _pass_over(instance)
    try:
        return DO[instance.plan.role](state, instance)
    except BindingError as problem:
        return [for_good(instance, error_of(instance, problem.code, problem.message))]
    except StepError as problem:
        return [for_good(instance, error_of(instance, problem.code, problem.message, problem.data, problem.first))]


def _close(state: RunState, instance: Instance) -> list[Entry]:
    return _open_round(state, instance) if instance.due else close_block(state, instance, instance.error)


OVER: dict[Role, Callable[[RunState, Instance], list[Entry]]] = {Role.TOOLS: end_calls}
"""What comes of a block that has nothing open any more, if that is not its end."""


def _pass_over(instance: Instance) -> list[Entry]:
    """A step that is disabled, or a block from its opening to its closing node."""
    closer = instance.plan.closer
    passed = [instance] if closer is None else [instance, instance.scope.instances[closer.index]]
    return [Entry(entries.NODE_SKIPPED, {"reason": "disabled", "outputs": None}, each.address) for each in passed]


def _open_round(state: RunState, instance: Instance) -> list[Entry]:
    return [Entry(entries.ROUND_OPENED, {}, instance.address)]


DUE: dict[Role, Callable[[RunState, Instance], list[Entry]]] = {
    Role.ASK: expire_ask,
    Role.WAIT: end_wait,
}
"""What comes of an instance whose time has come."""

DO: dict[Role, Callable[[RunState, Instance], list[Entry]]] = {
    Role.TASK: begin_attempt,
    Role.EXPRESSION: expression,
    Role.REQUIRE: require,
    Role.FAIL: fail_step,
    Role.PURE: builtin,
    Role.OUTPUT: output_step,
    Role.BRANCH: open_branch,
    Role.EACH: open_items,
    Role.ALL: open_branches,
    Role.FIRST: open_branches,
    Role.TRY: open_plainly,
    Role.LOOP: open_loop,
    Role.FINALLY: open_plainly,
    Role.CALL: open_call,
    Role.ASK: open_ask,
    Role.WAIT: begin_wait,
    Role.TOOLS: open_turns,
}
