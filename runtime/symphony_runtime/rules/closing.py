"""What comes of a scope in which nothing is left to wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.blocks import close_block, end_attempt, end_first, end_item, end_run, open_plainly
from symphony_runtime.rules.loops import end_stage
from symphony_runtime.rules.scopes import last_rites
from symphony_runtime.rules.turns import end_turn_or_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.state import Instance, RunState, Scope


def close_scope(state: RunState, scope: Scope) -> list[Entry]:
    """Its `finally`, if that has not run yet; else the next part of its block, or the block's end."""
    last = last_rites(state, scope)
    if last:
        return open_plainly(state, last)
    if scope.owner is None:
        return end_run(state, scope)
    return CLOSE.get(scope.owner.plan.role, _with_block)(state, scope.owner, scope)


def _with_block(state: RunState, owner: Instance, scope: Scope) -> list[Entry]:
    return close_block(state, owner, scope.error)


CLOSE: dict[Role, Callable[[RunState, Instance, Scope], list[Entry]]] = {
    Role.EACH: end_item,
    Role.ALL: end_item,
    Role.FIRST: end_first,
    Role.TRY: end_attempt,
    Role.LOOP: end_stage,
    Role.TOOLS: end_turn_or_call,
}
"""Of any other block the one scope that it opened is the whole."""
