"""Sending a command to a run, whoever drives it.

A run that a process drives gets it through its inbox, and the verdict is read from its log. Where nobody drives the run, the
sender takes its lock, applies the command, and lets go.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_runtime.commands import Command, Kind, Verdict
from symphony_runtime.engine import recover
from symphony_runtime.entries import COMMAND_APPLIED, COMMAND_REJECTED, Entry
from symphony_runtime.ids import new_execution_id
from symphony_runtime.rules.agenda import tidy
from symphony_runtime.rules.decide import decide
from symphony_runtime.rules.evolve import evolve
from symphony_runtime.rules.inputs import Commanded, Idle
from symphony_runtime.storage.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_dsl.base.values import Json
    from symphony_runtime.rules.inputs import Input
    from symphony_runtime.rules.state import RunState
    from symphony_runtime.storage.contract import Lock, Log
    from symphony_runtime.storage.store import Store

PATIENCE = 10.0
"""Seconds to wait for the verdict of whoever drives the run."""

PAUSE = 0.01


def command(
    kind: Kind,
    address: str | None = None,
    *,
    value: Json = None,
    has_value: bool = False,
    reason: str | None = None,
    force: bool = False,
) -> Command:
    """A new command, with an id that sorts by now."""
    made = new_execution_id(time.time_ns())
    return Command(made, kind, address, value, has_value, reason, force)


def send(store: Store, execution_id: str, given: Command, clock: Callable[[], int] = time.time_ns) -> Verdict:
    """Have a command done, and answer the verdict. Raises UserError where nobody judges it in time, or the log is not whole."""
    run = store.run(execution_id)
    verdicts = Verdicts(store, execution_id, given)
    until = time.monotonic() + PATIENCE
    while (lock := run.try_claim()) is None:
        found = verdicts.find()
        if found is not None:
            return found
        run.inbox.put(given)
        if time.monotonic() > until:
            raise UserError("whoever drives the run does not answer", place=f"run {execution_id}")
        time.sleep(PAUSE)
    _apply(store, execution_id, given, lock, clock)
    found = verdicts.find()
    assert found is not None, "it was just judged"
    return found


@dataclass(slots=True)
class Verdicts:
    """Looks for the verdict on a command in a log that grows; that on another one of the same id is none."""

    store: Store
    execution_id: str
    command: Command
    _seen: int = 0
    _meant: str = field(init=False)

    def __post_init__(self) -> None:
        self._meant = self.command.fingerprint

    def find(self) -> Verdict | None:
        for entry in read(self.store.run(self.execution_id).log, self.store.blobs, self._seen):
            self._seen = entry.seq
            data = entry.data
            if entry.type in JUDGED and data.get("id") == self.command.id and data.get("fingerprint") == self._meant:
                nodes = tuple(data.get("nodes", ()))
                return Verdict(entry.type == COMMAND_APPLIED, data.get("why"), data.get("message", ""), nodes)
        return None


JUDGED = frozenset({COMMAND_APPLIED, COMMAND_REJECTED})


def _apply(store: Store, execution_id: str, given: Command, lock: Lock, clock: Callable[[], int]) -> None:
    """All commands that are there, in their order: others may have been sent to a driver that went away."""
    run = store.run(execution_id)
    try:
        state = recover(store, execution_id)
        log = run.log.open(store.blobs, state.durability)
        try:
            arrived = run.inbox.arrived()
            for each in (*(one for one in arrived if one.id != given.id), given):
                _commit(state, log, each, clock())
                run.inbox.forget([each.id])
        finally:
            log.close()
    finally:
        lock.let_go()


def _commit(state: RunState, log: Log, given: Command, at: int) -> None:
    batch: list[Entry] = []
    _take(state, Commanded(given), at, batch)
    tidy(state, at)
    _take(state, Idle(), at, batch)
    refused = log.commit(batch)
    if refused:
        raise refused


def _take(state: RunState, given: Input, at: int, batch: list[Entry]) -> None:
    for entry in decide(state, given):
        entry.seq, entry.at, entry.epoch = state.seq + 1 + entry.room, max(at, state.at), state.epoch + 1
        evolve(state, entry)
        batch.append(entry)
