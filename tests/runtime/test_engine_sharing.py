"""Limits of a policy hold for all runs of a store together, whoever drives them, and whoever is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.runtime.engine_laws import check_log
from tests.runtime.engine_runs import Bench
from tests.runtime.engine_sharing import Slow, most_at_once
from tests.runtime.engine_texts import Text

from symphony_model.settings import Concurrency, RateLimit, Settings
from symphony_runtime import engine
from symphony_runtime.commands import Kind
from symphony_runtime.sending import command, send
from symphony_runtime.storage.reading import read
from symphony_runtime.storage.slots import FileSlots, MemorySlots
from symphony_runtime.storage.store import MEMORY, Store

ROOT = Path(__file__).parents[2]
NARROW = "policy narrow { concurrency: 1 }\n"
MANY = Text(
    "step all = for x in [1, 2, 3] parallel { yield do(x: x) { policy: narrow } }\noutput all: int[] = all", NARROW
)
RATED = Text(
    "step all = for x in [1, 2, 3] parallel { yield do(x: x) { policy: narrow } }\noutput all: int[] = all",
    "policy narrow { rate_limit: { count: 2, per: 50ms } }\n",
)


def created(store: Store, text: Text, home: Path) -> str:
    return engine.create(store, text.seal(), {}, home, durability="process")


def driven(store: Store, run: str, ledger: Path, seconds: float) -> subprocess.Popen[str]:
    argv = [sys.executable, "-m", "tests.runtime.engine_sharing", str(store.root), run, str(ledger), str(seconds)]
    return subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_share_the_place_of_a_policy(tmp_path):
    store, ledger = Store(tmp_path / "s"), tmp_path / "ledger"
    runs = [created(store, MANY, tmp_path) for _ in range(2)]
    drivers = [driven(store, run, ledger, 0.02) for run in runs]
    assert [driver.communicate(timeout=60)[0] for driver in drivers] == ["completed", "completed"]
    assert most_at_once(ledger) == 1
    assert len(ledger.read_text().splitlines()) == 12


def test_what_a_killed_engine_held_is_free_at_once(tmp_path):
    store, ledger = Store(tmp_path / "s"), tmp_path / "ledger"
    first, second = (created(store, MANY, tmp_path) for _ in range(2))
    held = driven(store, first, ledger, 60)
    while not ledger.exists():
        time.sleep(0.01)
    other = driven(store, second, ledger, 0.01)
    os.kill(held.pid, signal.SIGKILL)
    held.wait()
    assert other.communicate(timeout=60)[0] == "completed"
    again = driven(store, first, ledger, 0.01)
    assert again.communicate(timeout=60)[0] == "completed"
    for run in (first, second):
        check_log(list(read(store.run(run).log, store.blobs)))


@pytest.mark.parametrize("kind", [None, MEMORY])
async def test_runs_of_one_process_share_them_too(tmp_path, kind):
    store = Store(tmp_path / "s", kind)
    slow = Slow(tmp_path / "ledger", 0.002)
    runs = [created(store, MANY, tmp_path) for _ in range(3)]
    found = await asyncio.gather(*(engine.drive(store, run, executor=slow) for run in runs))
    assert {each.state for each in found} == {"completed"}
    assert most_at_once(slow.ledger) == 1


@pytest.mark.parametrize(("kind", "slots"), [(None, FileSlots), (MEMORY, MemorySlots)])
async def test_runs_share_how_many_begin_within_a_time(tmp_path, monkeypatch, kind, slots):
    """What counts is when a place was given: the attempt itself begins when the machine gets to it."""
    store = Store(tmp_path / "s", kind)
    granted = []
    take = slots.take

    def taken(self, address, settings, at):
        found = take(self, address, settings, at)
        granted.extend([at] if found else [])
        return found

    monkeypatch.setattr(slots, "take", taken)
    slow = Slow(tmp_path / "ledger", 0)
    runs = [created(store, RATED, tmp_path) for _ in range(2)]
    await asyncio.gather(*(engine.drive(store, run, executor=slow) for run in runs))
    began = [line for line in slow.ledger.read_text().splitlines() if line.startswith("+")]
    assert len(began) == len(granted) == 6
    granted.sort()
    assert all(later - earlier >= 50_000_000 for earlier, later in zip(granted, granted[2:], strict=False))


async def test_a_run_without_a_policy_opens_nothing(tmp_path):
    bench = Bench(tmp_path)
    text = Text("step all = for x in [1, 2] parallel { yield do(x: x) { concurrency: 1 } }\noutput all: int[] = all")
    assert (await bench.go(text)).state == "completed"
    assert not (bench.store.root / "slots.db").exists()


async def test_a_run_that_is_held_keeps_no_place(tmp_path):
    store = Store(tmp_path / "s")
    slow = Slow(tmp_path / "ledger", 0.01)
    first, second = (created(store, MANY, tmp_path) for _ in range(2))
    begun = asyncio.Event()
    drive = engine.drive(store, first, executor=slow, patient=True, on_event=lambda event: begun.set())
    work = asyncio.create_task(drive)
    await begun.wait()
    await asyncio.to_thread(send, store, first, command(Kind.PAUSE))
    assert (await engine.drive(store, second, executor=slow)).state == "completed"
    await asyncio.to_thread(send, store, first, command(Kind.RESUME))
    assert (await work).state == "completed"
    assert most_at_once(slow.ledger) == 1


WANTS = Settings(concurrency=Concurrency(1, "b"), rate_limit=RateLimit(2, 1000, "b"))


def slots(root: Path, run: str) -> FileSlots:
    (root / "runs" / run).mkdir(parents=True, exist_ok=True)
    return FileSlots(root / "slots.db", root / "runs", run)


def test_all_that_an_attempt_needs_is_taken_together_or_nothing(tmp_path):
    a, b = slots(tmp_path, "a"), slots(tmp_path, "b")
    assert a.take("x", WANTS, 0)
    assert not b.take("x", WANTS, 1)
    a.give("x")
    assert b.take("x", WANTS, 2)
    b.give("x")
    assert not a.take("y", WANTS, 3)  # two have begun
    assert a.take("y", WANTS, 1001)
    a.give("y", unused=True)
    assert a.take("z", WANTS, 1001)
    a.close()
    b.close()


def test_a_database_that_is_none_gives_way(tmp_path):
    a = slots(tmp_path, "a")
    (tmp_path / "slots.db").write_text("no database at all, " * 100)
    assert [a.take("x", WANTS, 0), a.take("x", WANTS, 0)] == [False, True]
    a.close()
