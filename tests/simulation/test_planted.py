"""Checks the checker: engines that are wrong in one way are found out by some seed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest import mock

import pytest
from tests.simulation.simulate import simulate

from symphony_runtime import driver
from symphony_runtime.driver import Driver
from symphony_runtime.entries import ATTEMPT_FAILED, Entry
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules import agenda, blocks, closing, decide, endings, scopes
from symphony_runtime.rules.inputs import Ended
from symphony_runtime.rules.situations import Situation
from symphony_runtime.rules.slots import Slots
from symphony_runtime.rules.state import Instance, RunState, Scope
from symphony_runtime.rules.transition import Does
from symphony_runtime.task import Failure

MOST = 150
"""Within so many seeds each is found."""


def hasty(state: RunState, at: int) -> object:
    """Starts what is ready, whoever said that nothing is to start."""
    held, state.hold = state.hold, None
    found = agenda.next_work(state, at)
    state.hold = held
    return found


def early(self: Driver, batch: list[Entry]) -> None:
    """Lets attempts begin whose beginnings are not written yet."""
    self._start(batch)
    APPEND(self, batch)


def forgetful(state: RunState, scope: Scope) -> None:
    """Does not see that a block which failed is over."""
    if not scope.draining:
        LOOK_AT(state, scope)


def secretive(state: RunState, given: Ended) -> list[Entry]:
    """Keeps something to itself that the log does not say."""
    if given.address in state.open:
        state.open[given.address].losses += 1
    return ENDED(state, given)


def bold(instance: Instance, failure: Failure) -> Entry:
    """Tries again what may have taken effect."""
    data = {"error": {"code": "crashed", "message": failure.message}, "then": "again"}
    return Entry(ATTEMPT_FAILED, data, instance.address, instance.attempt)


def impatient(state: RunState, owner: Instance, scope: Scope) -> list[Entry]:
    """Ends a `parallel first` with the first that succeeds, whatever the others still do."""
    closed = [*blocks.end_first(state, owner, scope), *blocks.close_block(state, owner, None)]
    return closed if closed[0].data.get("enough") else closed[:1]


APPEND = Driver._append
LOOK_AT = scopes.look_at
ENDED = endings.ended

PLANTED: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "starts under a hold": lambda: mock.patch.object(driver, "next_work", hasty),
    "effect before the log": lambda: mock.patch.object(Driver, "_append", early),
    "block never over": lambda: mock.patch.object(scopes, "look_at", forgetful),
    "state beside the log": lambda: mock.patch.dict(decide.TABLE[Ended], {Situation.RUNNING: Does("", secretive)}),
    "once is twice": lambda: mock.patch.object(endings, "_after_effect", bold),
    "slot not given back": lambda: mock.patch.object(Slots, "give", return_value=None),
    "retry too early": lambda: mock.patch.object(agenda, "can_start", lambda each, at: not each.scope.draining),
    "closes too early": lambda: mock.patch.dict(closing.CLOSE, {Role.FIRST: impatient}),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_bug_is_found(planted: str) -> None:
    with PLANTED[planted]():
        assert any(simulate(seed).problem for seed in range(MOST)), f"no seed finds an engine with: {planted}"
