"""What becomes of an instrument with tools: turns of its model that begin, and the calls of tools between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_runtime.plans.tools import TURN
from symphony_runtime.rules.addresses import round_suffix
from symphony_runtime.rules.changing import at
from symphony_runtime.rules.scopes import begin, end
from symphony_runtime.rules.state import Instance, Iteration, RunState, Turn
from symphony_runtime.rules.turns import turns_of

if TYPE_CHECKING:
    from typing import Any

    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.state import Scope


def begin_turn(state: RunState, owner: Instance) -> None:
    number = len(turns_of(owner).calling) + 1
    owner.iteration = None
    owner.inner = begin(state, owner.plan.regions[TURN], owner, f"{round_suffix(owner.tries)}#{number}")


def turn_said(instance: Instance, data: dict[str, Any]) -> None:
    """A turn has ended; what it cost adds up. Of any other step there is nothing to remember."""
    owner = instance.scope.owner
    if owner is None or owner.turns is None or owner.inner is not instance.scope:
        return
    for name, count in data.get("usage", {}).items():
        owner.turns.usage[name] = owner.turns.usage.get(name, 0) + count
    if "calls" in data:
        owner.turns.calling.append(Turn(instance, data.get("text", ""), data["calls"]))


def tools_called(state: RunState, entry: Entry) -> None:
    """Begin the calls that nothing is wrong with."""
    owner = at(state, entry).scope.owner
    assert owner is not None
    assert owner.inner is not None, "the scope of the turn"
    turn = turns_of(owner).calling[-1]
    number = len(turns_of(owner).calling)
    end(owner.inner)
    owner.inner, turn.wrong = None, entry.data["wrong"]
    turn.scopes = [
        None if wrong else _begin_call(state, owner, call, number, item)
        for item, (call, wrong) in enumerate(zip(turn.calls, turn.wrong, strict=True))
    ]
    owner.iteration = Iteration(len(turn.scopes), None, len(turn.scopes), list(turn.scopes))
    owner.iteration.open = sum(scope is not None for scope in turn.scopes)
    if owner.iteration.open == 0:
        state.agenda.append(owner)


def _begin_call(state: RunState, owner: Instance, call: dict[str, str], number: int, item: int) -> Scope:
    tool = call["name"]
    scope = begin(state, owner.plan.regions[tool], owner, f"{round_suffix(owner.tries)}#{number}/{tool}[{item}]", item)
    scope.given = call["arguments"]
    return scope
