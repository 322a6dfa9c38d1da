"""A run whose engine is killed with -9 goes on where it was: nothing finished runs again, the outputs are the same."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from tests.runtime.engine_graphs import Graph
from tests.runtime.engine_kills import Moments
from tests.runtime.engine_laws import check_log, check_state

from symphony_dsl.base.types import INT, ListType
from symphony_model.settings import Retry, Settings
from symphony_runtime import engine
from symphony_runtime.entries import Entry
from symphony_runtime.storage.reading import first_bad, read
from symphony_runtime.storage.store import Store

ROOT = Path(__file__).parents[2]
QUICK = Settings(retry=Retry(3, delay=1_000_000))


def busy() -> Graph:
    """Items, a branch, a call, a retry, and steps in a row."""
    callee = Graph("callee")
    x = callee.input("x")
    callee.output("r", callee.expression("twice", "x + one", INT, x=x, one=callee.task("one", {"x": x})))
    graph = Graph()
    items = graph.input("items", ListType(INT))
    base = graph.task("flaky", settings=QUICK)
    every = graph.each("every", items)
    with every.body() as body:
        first = graph.task("first", {"x": every.item})
        body.yielded = graph.call("yield", callee, x=first)
    total = graph.expression("total", "xs.sum() + base", INT, xs=every.result, base=base)
    choice = graph.branch("choice", {"then": "total > 10", "else": None}, total=total)
    with choice.arm("then") as arm:
        arm.yielded = graph.task("yield", {"x": total})
    with choice.arm("else") as arm:
        arm.yielded = graph.task("yield", {"x": base})
    graph.output("y", graph.task("last", {"x": choice.result}))
    return graph


EXPECTED = {"y": 24}


def create(store: Store, durability: str) -> str:
    return engine.create(store, busy().seal(), {"items": [1, 2, 3]}, ROOT, durability=durability)


def kill(store: Store, plan: list[tuple[str, str]]) -> list[bool]:
    command = [sys.executable, "-m", "tests.runtime.engine_kills", str(store.root), json.dumps(plan)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    found: list[bool] = json.loads(done.stdout)
    return found


def resume(store: Store, run: str) -> list[Entry]:
    result = asyncio.run(engine.drive(store, run, executor=Moments()))
    assert (result.state, result.outputs) == ("completed", EXPECTED)
    log = store.run(run).log
    assert first_bad(log) is None
    check_state(engine.recover(store, run))
    entries = list(read(log, store.blobs))
    check_log(entries)
    return entries


def shape(entries: list[Entry]) -> set[tuple[str | None, str]]:
    return {(entry.address, json.dumps(entry.data)) for entry in entries if entry.type == "node.completed"}


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_each_commit(tmp_path, when):
    store = Store(tmp_path / "store")
    undisturbed = create(store, "process")
    whole = shape(resume(store, undisturbed))
    runs = [create(store, "process") for _ in range(16)]
    died = kill(store, [(run, f"{when}:{at}") for at, run in enumerate(runs, 1)])
    assert all(died[:8]), "a run has more commits than that, how many depends on what falls together"
    for run in runs:
        assert shape(resume(store, run)) == whole


@pytest.mark.parametrize("durability", ["process", "power"])
def test_killed_at_any_moment(tmp_path, durability):
    store, chance = Store(tmp_path / "store"), random.Random(7)
    runs = [create(store, durability) for _ in range(12)]
    died = kill(store, [(run, f"wait:{chance.randint(2, 60)}") for run in runs])
    assert any(died)
    for run in runs:
        resume(store, run)


def test_killed_again_and_again(tmp_path):
    store = Store(tmp_path / "store")
    run = create(store, "process")
    kill(store, [(run, "after:3"), (run, "after:4"), (run, "before:5"), (run, "after:3"), (run, "after:5")])
    resume(store, run)
