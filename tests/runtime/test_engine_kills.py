"""A run whose engine is killed with -9 goes on where it was: nothing finished runs again, nothing that must not is done twice.

What steps did outside stands in a ledger, which is held to what the log says.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import PROFILE
from tests.runtime.engine_kills import EXPECTED, Ledger, Moments, create, share
from tests.runtime.engine_laws import check_log, check_state

from symphony_runtime import engine
from symphony_runtime.commands import Kind
from symphony_runtime.entries import COMMAND_APPLIED, COMMAND_REJECTED, NODE_COMPLETED, NODE_STARTED, Entry
from symphony_runtime.sending import command, send
from symphony_runtime.storage.failpoints import POINTS
from symphony_runtime.storage.reading import first_bad, read
from symphony_runtime.storage.removal import remove, sweep
from symphony_runtime.storage.store import LINES, SQLITE, Store

VERDICTS = (COMMAND_APPLIED, COMMAND_REJECTED)

ROOT = Path(__file__).parents[2]
FULL = PROFILE == "full"
WAYS = [(SQLITE, "power"), (LINES, "process"), (SQLITE, "process"), (LINES, "power")]


def program(**given: Any) -> Any:
    argv = [sys.executable, "-m", "tests.runtime.engine_kills", json.dumps(given)]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return json.loads(done.stdout)


def kill(plan: list[tuple[str, list[Any], str]], at_once: int = 1) -> list[bool]:
    found: list[bool] = program(act="kill", plan=plan, at_once=at_once)
    return found


def entries_of(store: Store, run: str) -> list[Entry]:
    assert first_bad(store.run(run).log) is None
    return list(read(store.run(run).log, store.blobs))


def resume(store: Store, run: str) -> list[Entry]:
    """To the end, with a person who looks at what was done outside; then all of it is held to the log."""
    ledger = Ledger(store.root / "ledger")
    before = entries_of(store, run)
    check_log(before, final=False)
    done, did = finished(before), ledger.of(run)
    result = asyncio.run(engine.drive(store, run, executor=Moments(ledger)))
    while result.state == "paused":
        decide(store, run, list(result.undecided), ledger)
        result = asyncio.run(engine.drive(store, run, executor=Moments(ledger)))
    assert (result.state, result.outputs) == ("completed", EXPECTED)
    again = ledger.of(run)[len(did) :]
    assert not {address for address, _, _ in again} & done, "what was finished is not done again"
    return checked(store, run)


def checked(store: Store, run: str) -> list[Entry]:
    """A run that has ended, its log and its ledger."""
    entries = entries_of(store, run)
    check_log(entries)
    check_state(engine.recover(store, run))
    did = [(address, attempt) for address, attempt, _ in Ledger(store.root / "ledger").of(run)]
    began = {(entry.address, entry.attempt) for entry in entries if entry.type == NODE_STARTED}
    assert len(did) == len(set(did)), "no attempt is made twice"
    assert set(did) <= began, "what is done stands in the log first"
    assert [address for address, _ in did].count("pay") == 1
    return entries


def finished(entries: list[Entry]) -> set[str | None]:
    return {entry.address for entry in entries if entry.type == NODE_COMPLETED}


def decide(store: Store, run: str, undecided: list[str], ledger: Ledger) -> None:
    """What a person does who can see whether it was paid."""
    assert undecided == ["pay"]
    paid = [result for address, _, result in ledger.of(run) if address == "pay"]
    skip = command(Kind.SKIP_NODE, "pay", value=paid[0], has_value=True) if paid else None
    assert send(store, run, skip or command(Kind.RETRY_NODE, "pay")).done


def shape(entries: list[Entry]) -> set[tuple[str | None, str]]:
    return {(each.address, json.dumps(each.data)) for each in entries if each.type == NODE_COMPLETED}


def spots(reached: list[str], kind: str) -> list[str]:
    """Where to die: at each failpoint the first time, or (for lines) the last; all times where there is time for it."""
    counts = Counter(reached)
    if FULL:
        return [f"{name}:{at}" for name, count in counts.items() for at in range(1, count + 1)]
    return [f"{name}:{1 if kind == SQLITE else count}" for name, count in counts.items()]


@pytest.mark.parametrize(("kind", "durability"), WAYS if FULL else WAYS[:2])
def test_killed_at_each_failpoint(folder, kind, durability):
    whole = folder / "whole"
    reached = program(act="points", arguments=[str(whole), kind, durability])
    assert set(reached) | ({"log.writing"} if kind == SQLITE else set()) == POINTS.keys()
    expected = shape(checked(Store(whole), Path(whole, "told").read_text()))
    plan = [("tell", [str(folder / how), kind, durability], how) for how in spots(reached, kind)]
    died = kill(plan)
    assert all(dead for dead, (_, _, how) in zip(died, plan, strict=True) if how.endswith(":1")), (
        "what falls together varies"
    )
    for _, (root, *_), how in plan:
        goes_on(Path(root), how, {each for each in expected if each[0] != "pay"})


def happens_once(store: Store, run: str) -> None:
    """An effect with a key, however often its runs are killed and tried again: a person looks where nobody knows."""
    ledger = Ledger(store.root / "ledger")
    result = asyncio.run(engine.drive(store, run, executor=Moments(ledger)))
    if result.state == "paused":
        did = [result for address, _, result in ledger.of(run) if address == "once"]
        skip = command(Kind.SKIP_NODE, "once", value=did[0], has_value=True) if did else None
        assert send(store, run, skip or command(Kind.RETRY_NODE, "once")).done
        result = asyncio.run(engine.drive(store, run, executor=Moments(ledger)))
        if skip:  # what a person gave is not what a step gave
            return
    assert result.state == "failed"
    again = engine.retry(store, run)
    assert asyncio.run(engine.drive(store, again, executor=Moments(ledger))).state == "failed"
    other = share(str(store.root), SQLITE, "process")
    assert asyncio.run(engine.drive(store, other, executor=Moments(ledger))).state == "failed"
    assert sum(json.loads(line)[1] == "once" for line in ledger.path.read_text().splitlines()) == 1


def goes_on(root: Path, how: str, expected: set[tuple[str | None, str]]) -> None:
    """Whatever was cut short: what was promised is there, and the rest can be done again."""
    store = Store(root)
    made = {run.execution_id: run.workflow for run in store.runs()}
    if (root / "told").exists():
        assert (root / "told").read_text() in made, how
    for run, workflow in made.items():
        if workflow == "echo":
            assert remove(store, run)
            continue
        if workflow == "shared":
            happens_once(store, run)
            continue
        said = root / "said"
        promised = {*said.read_text().split()} if said.exists() else set()
        assert shape(resume(store, run)) >= expected, how
        verdicts = [each.data["id"] for each in entries_of(store, run) if each.type in VERDICTS]
        assert len(verdicts) == len(set(verdicts)), how
        assert promised <= set(verdicts), how
        assert store.run(run).inbox.arrived() == [], how
    sweep(store, 2e10)
    assert not list(root.glob("**/new-*")), how
    assert {path.name for path in (root / "runs").iterdir()} == {run.execution_id for run in store.runs()}, how
    for left in store.runs():
        if left.workflow == "shared":
            continue
        assert engine.recover(store, left.execution_id).outputs == EXPECTED, how


def test_a_transaction_that_is_killed_is_there_whole_or_not_at_all(folder):
    cases = [
        (kind, many, point)
        for kind in (SQLITE, LINES)
        for many in (3, 20)
        for point in ("log.appending", "log.writing", "log.appended")
    ]
    runs = [create(str(folder), kind, "process") for kind, _, _ in cases]
    plan = [
        ("append", [str(folder), run, many], f"{point}:1") for run, (_, many, point) in zip(runs, cases, strict=True)
    ]
    for run, died, (kind, many, point) in zip(runs, kill(plan), cases, strict=True):
        assert died == ((kind, many, point) != (SQLITE, 3, "log.writing")), "a few rows are one statement"
        found, whole = len(entries_of(Store(folder), run)), 1 + many
        assert found in {"log.appending": [1], "log.writing": [1, whole], "log.appended": [whole]}[point]


def test_a_log_that_the_system_lets_grow_no_further_keeps_what_it_has(folder):
    """Its writes are cut short by the kernel itself, wherever it is just then."""
    sizes = {SQLITE: [34_000, 45_001, 60_002], LINES: [3_000, 6_001, 9_002]}
    cases = [(kind, durability, size) for kind, durability in WAYS for size in sizes[kind][: None if FULL else 1]]
    plan = []
    for kind, durability, size in cases:
        root = str(folder / f"{kind} {durability} {size}")
        plan.append(("squeeze", [root, create(root, kind, durability), size], "any:100000"))
    assert kill(plan) == [False] * len(plan)
    for _, (root, run, _), _ in plan:
        assert "the run's log cannot be written: " in (Path(root) / "refused").read_text()
        resume(Store(Path(root)), run)


def some_end(chance: random.Random) -> str:
    """At any failpoint, or at any moment."""
    return f"any:{chance.randint(1, 120)}" if chance.random() < 0.7 else f"wait:{chance.randint(1, 60)}"


@pytest.mark.parametrize("seed", range(50 if FULL else 3))
def test_killed_anywhere_again_and_again(folder, seed):
    """Ten kills: each run is killed until it has ended or three times, and goes on by itself then."""
    chance = random.Random(seed)
    kind, durability = WAYS[seed % len(WAYS)]
    runs = [create(str(folder), kind, durability) for _ in range(4)]
    plan = [("drive", [str(folder), [run]], some_end(chance)) for run in (*runs, *runs, *runs[:2])]
    assert any(kill(plan))
    for run in runs:
        resume(Store(folder), run)


@pytest.mark.parametrize("seed", range(25 if FULL else 1))
@pytest.mark.parametrize("many", [1, 8], ids=["a process each", "one process"])
def test_eight_runs_at_once_in_one_store(folder, many, seed):
    """All go on after kills among them, and one run's death is nothing to the others."""
    chance = random.Random(seed)
    kind, durability = WAYS[seed % len(WAYS)]
    runs = [create(str(folder), kind, durability) for _ in range(8)]
    groups = [runs[at : at + many] for at in range(0, 8, many)]
    spared = groups[-1] if many == 1 else []
    for _ in range(2):
        plan = [("drive", [str(folder), group], some_end(chance)) for group in groups if group != spared]
        kill([*plan, *[("drive", [str(folder), spared], "any:100000")][: len(spared)]], at_once=len(groups))
    store = Store(folder)
    for run in spared:
        assert engine.recover(store, run).outputs == EXPECTED
    for run in runs:
        resume(store, run)
    assert {run.state for run in store.runs()} == {"completed"}
