"""How far a run is, as a number from 0 to 1, told from its state.

The steps of a scope count by their weights; a step that is done counts whole, an open block by how far its inside is, an attempt
by what it says of itself. What cannot be known beforehand is shared out so that the number never falls, unless something is
tried again: a loop without `max` gets half of what is left in each round; a `try` keeps a tenth for what catches. In a block
that is ending because something failed, what has not begun does not count.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symphony_runtime.plans.plan import Role
from symphony_runtime.plans.planning import BODY
from symphony_runtime.rules.state import SETTLED, Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from symphony_runtime.plans.plan import NodePlan
    from symphony_runtime.rules.state import Instance, RunState, Scope

UNCOUNTED = frozenset({Role.INPUT, Role.OUTPUT, Role.CLOSER})
"""What is no work: values that come and go, and the ends of blocks, which count with their beginnings."""

BEHIND = 0.1
"""What is kept of a round for what follows its body, and of a `try` for what catches."""


def equally(_plan: NodePlan) -> float:
    return 1.0


@dataclass(slots=True)
class Fractions:
    """Of the scopes that are open. `noted` is how far attempts say they are, by address."""

    noted: Mapping[str, float]
    weight: Callable[[NodePlan], float]
    of: dict[Scope, float] = field(default_factory=dict)

    def add(self, scope: Scope) -> None:
        """Those further in come first."""
        whole = done = 0.0
        for instance in scope.instances:
            if instance.plan.role not in UNCOUNTED:
                weight = self.weight(instance.plan)
                whole += weight
                done += weight * self._instance(instance)
        self.of[scope] = done / whole if whole else 1.0

    def _instance(self, instance: Instance) -> float:
        if instance.phase in SETTLED:
            return 0.0 if _never_began(instance) else 1.0
        if instance.phase is not Phase.RUNNING:
            return 0.0
        inside = INSIDE.get(instance.plan.role)
        return inside(self, instance) if inside else self.noted.get(instance.address, 0.0)

    def inner(self, instance: Instance) -> float:
        """The one scope that is open in a block."""
        return self.of.get(instance.inner, 1.0) if instance.inner else 1.0

    def items(self, instance: Instance) -> float:
        items = instance.iteration
        if items is None or not items.count:
            return 1.0
        return sum(self._item(scope) for scope in items.scopes) / items.count

    def _item(self, scope: Scope | None) -> float:
        return 1.0 if scope is None else self.of.get(scope, 1.0)

    def first(self, instance: Instance) -> float:
        """Those that are furthest are likely to be the first."""
        items, wanted = instance.iteration, instance.plan.count or 1
        if items is None:
            return 1.0
        furthest = sorted((self._item(scope) for scope in items.scopes if scope), reverse=True)[:wanted]
        return sum(furthest) / wanted

    def attempt(self, instance: Instance) -> float:
        """Of a `try`."""
        return _staged(self.inner(instance), behind=instance.inner is None or instance.inner.region.name != BODY)

    def loop(self, instance: Instance) -> float:
        rounds = instance.rounds
        if rounds is None:
            return 0.0
        behind = instance.inner is None or instance.inner.region.name != BODY
        return _round(rounds.round, rounds.maximum, _staged(self.inner(instance), behind=behind))

    def turns(self, instance: Instance) -> float:
        """Of an instrument with tools: nobody knows how many turns it takes."""
        turn = len(instance.turns.calling) if instance.turns else 0
        calls = [scope for scope in instance.turns.calling[-1].scopes if scope] if instance.turns and turn else []
        done = sum(self._item(scope) for scope in calls) / len(calls) if calls else 0.0
        return _round(turn, None, done) if turn else 0.0


def _never_began(instance: Instance) -> bool:
    """It was ended before it began, because something else failed."""
    begun = instance.attempt or instance.inner or instance.iteration or instance.rounds or instance.turns
    return instance.phase is Phase.SKIPPED and instance.scope.draining and not begun


def _staged(fraction: float, *, behind: bool) -> float:
    return 1 - BEHIND + BEHIND * fraction if behind else (1 - BEHIND) * fraction


def _round(number: int, maximum: int | None, fraction: float) -> float:
    """So far in a round, counted from 1."""
    if maximum:
        return min(1.0, (number - 1 + fraction) / maximum)
    return 1 - 1 / number + fraction * (1 / number - 1 / (number + 1))


INSIDE: dict[Role, Callable[[Fractions, Instance], float]] = {
    Role.BRANCH: Fractions.inner,
    Role.CALL: Fractions.inner,
    Role.FINALLY: Fractions.inner,
    Role.EACH: Fractions.items,
    Role.ALL: Fractions.items,
    Role.FIRST: Fractions.first,
    Role.TRY: Fractions.attempt,
    Role.LOOP: Fractions.loop,
    Role.TOOLS: Fractions.turns,
}


def fraction_of(
    state: RunState, noted: Mapping[str, float] | None = None, weight: Callable[[NodePlan], float] = equally
) -> float:
    """How far the run is; 1 for one that is completed."""
    if state.label == "completed":
        return 1.0
    if state.top is None:
        return 0.0
    fractions = Fractions(noted or {}, weight)
    for scope in reversed(_open_scopes(state.top)):
        fractions.add(scope)
    return fractions.of[state.top]


def _open_scopes(top: Scope) -> list[Scope]:
    """Outer ones before those in them."""
    found = [top]
    for scope in found:
        found.extend(scope.inside)
    return found
