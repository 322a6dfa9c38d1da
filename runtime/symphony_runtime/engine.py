"""A run from its making to its end: what the command line and other faces call.

A run is made by `create` and worked on by `drive` as often as it takes; `loaded` finds it again. It keeps everything it
needs: the artifact, its inputs, where secrets come from, and the folder it was started for.
"""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symphony_dsl.base.collector import paused
from symphony_dsl.base.errors import UserError
from symphony_runtime.driver import Desk, Driver
from symphony_runtime.entries import RUN_CREATED, RUN_STATE, Entry, rfc3339
from symphony_runtime.executing.demands import check_demands
from symphony_runtime.executing.leash import Leashed, expel
from symphony_runtime.given import conformed
from symphony_runtime.ids import new_execution_id
from symphony_runtime.outcome import RunResult
from symphony_runtime.plans.places import Places
from symphony_runtime.plans.planning import Plans
from symphony_runtime.plans.refusing import check_runs
from symphony_runtime.rules.evolve import fold
from symphony_runtime.rules.state import FINAL, RunState
from symphony_runtime.sharing.shelf import shelf_of
from symphony_runtime.storage.contract import LogRefusedError
from symphony_runtime.storage.index import RunSummary
from symphony_runtime.storage.loaded import load
from symphony_runtime.storage.log import POWER
from symphony_runtime.storage.reading import first_bad, read
from symphony_runtime.watching.events import View

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from symphony_model.artifact import Artifact
    from symphony_runtime.storage.contract import Run
    from symphony_runtime.storage.store import Store
    from symphony_runtime.task import Executor
    from symphony_runtime.watching.events import ExecutionEvent


def create(
    store: Store,
    artifact: Artifact,
    inputs: dict[str, Any],
    home: Path,
    *,
    durability: str = POWER,
    executors: Collection[str] = (),
    holds: bool = False,
) -> str:
    """Make a run, and answer its id. `executors` are the names of those that it may ask for. `holds`: a person decides what becomes of
    a step that failed for good, where nothing else is said and no block deals with it.

    Raises UserError that names every input that is wrong, or everything that cannot be run, in this version or here.
    """
    check_runs(artifact)
    check_demands(artifact, executors)
    values = conformed(artifact.workflow, inputs)
    plans = Plans(artifact)
    for content_hash in (artifact.content_hash, *artifact.callees):
        plans.of(content_hash)
    data = {
        "workflow": artifact.workflow.name,
        "inputs": values,
        "home": str(home.resolve()),
        "durability": durability,
    }
    return _make(store, plans, data | ({"on_failure": "hold"} if holds else {}))


def retry(store: Store, execution_id: str) -> str:
    """Make another try of a run that failed or was cancelled: a new run, which takes over what that one has finished.

    Raises UserError for a run that stands otherwise.
    """
    loaded = load(store, execution_id)
    if loaded.state not in RETRIED:
        message, hint = NOT_RETRIED.get(loaded.state, NOT_RETRIED[""])
        raise UserError(message, place=f"run {execution_id}", hint=hint)
    first = next(read(store.run(execution_id).log, store.blobs))
    return _make(store, loaded.plans, first.data | {"earlier": execution_id})


RETRIED = frozenset({"failed", "cancelled"})

NOT_RETRIED = {
    "completed": ("the run succeeded: there is nothing to try again", "`wf run` starts a new one"),
    "": ("the run has not ended", "`wf resume RUN` goes on with it, `wf retry RUN NODE` tries a step again"),
}
"""Why there is no other try of a run that stands like this, and what to do instead."""


def _make(store: Store, plans: Plans, data: dict[str, Any]) -> str:
    at = time.time_ns()
    execution_id = new_execution_id(at)
    with store.making(execution_id) as run:
        data |= {"artifact": store.keep(plans)}
        _write_first(store, run, Entry(RUN_CREATED, data, seq=1, at=at, actor="user"), data["durability"])
    return execution_id


def _write_first(store: Store, run: Run, entry: Entry, durability: str) -> None:
    try:
        log = run.log.open(store.blobs, durability)
        refused = log.commit([entry])
        log.close()
        if refused:
            raise refused
    except LogRefusedError as problem:
        raise UserError(problem.message, place=str(store.root), hint="make room, then start it again") from problem


async def drive(
    store: Store,
    execution_id: str,
    *,
    executor: Executor,
    on_event: Callable[[ExecutionEvent], None] | None = None,
    stop: asyncio.Event | None = None,
    patient: bool = False,
) -> RunResult:
    """Work on a run until it ends, needs a person, or `stop` is set; a run that was left goes on where it was.

    A `patient` one goes on while a person is needed, until a command says what that person says.

    Raises UserError where another process drives the run or its log cannot be written. The executor is not closed.
    """
    run = store.run(execution_id)
    lock = run.claim()
    try:
        state = recover(store, execution_id)
        if state.final:
            return _result(state, interrupted=False)
        await _take_over(run, executor)
        log = run.log.open(store.blobs, state.durability)
        try:
            with shelf_of(store, state, os.environ) as shelf:
                desk = Desk(run.inbox, patient, slots=run.slots, library=shelf)
                driver = Driver(state, log, executor, _delivery(store, state, on_event), desk=desk)
                await driver.run(stop)
        finally:
            log.close()
            run.note_leash(None)
        return _result(state, interrupted=driver.interrupted and not state.final)
    finally:
        lock.let_go()


async def _take_over(run: Run, executor: Executor) -> None:
    """See that nothing lives on of a driver that was killed, and say what to look for should this one be."""
    left = run.leash()
    if left is not None:
        await asyncio.to_thread(expel, Path(left))
    run.note_leash(str(executor.leash.path) if isinstance(executor, Leashed) else None)


@paused()
def recover(store: Store, execution_id: str) -> RunState:
    """The state that a run's log gives. Raises UserError where the log is not as it was written."""
    loaded = load(store, execution_id)
    state = RunState(execution_id, loaded.plans, loaded.home)
    log = store.run(execution_id).log
    bad = first_bad(log)
    if bad is not None:
        raise UserError(
            f"the run's log was changed at entry {bad}: nothing can follow from it", place=f"run {execution_id}"
        )
    fold(state, read(log, store.blobs))
    return state


def _delivery(
    store: Store, state: RunState, on_event: Callable[[ExecutionEvent], None] | None
) -> Callable[[list[Entry]], None]:
    """What is done with entries once they are in the log."""
    view = View(state.execution_id, Places(state.plans))

    def deliver(batch: list[Entry]) -> None:
        for entry in batch:
            if on_event:
                for event in view.events(entry):
                    on_event(event)
            if entry.type == RUN_STATE and entry.data["to"] in FINAL:
                store.note(_summary(state, entry.at))

    return deliver


def _summary(state: RunState, ended: int) -> RunSummary:
    workflow = state.plans.artifact.workflow.name
    return RunSummary(state.execution_id, workflow, state.label, rfc3339(state.started), rfc3339(ended))


def _result(state: RunState, *, interrupted: bool) -> RunResult:
    places = Places(state.plans)
    error = replace(state.error, source=places.source(state.error.node)) if state.error else None
    undecided = {
        address: replace(each.error, source=places.source(address))
        for address, each in state.undecided.items()
        if each.error
    }
    asks = {address: each.prompt for address, each in state.asks.items()}
    return RunResult(state.label, state.outputs, error, interrupted, undecided, asks, state.ending)
