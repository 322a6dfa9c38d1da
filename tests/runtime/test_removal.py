"""Removing runs, and the contents that nobody needs any more."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from tests.runtime.engine_graphs import Graph, InLoop

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.types import STRING
from symphony_runtime import engine
from symphony_runtime.storage import failpoints
from symphony_runtime.storage.loaded import load
from symphony_runtime.storage.memory import MemoryBlobs
from symphony_runtime.storage.removal import GRACE_SECONDS, remove, sweep
from symphony_runtime.storage.store import KINDS, Store

LATER = 2 * GRACE_SECONDS


async def run(store: Store, home: Path, text: str, name: str = "main") -> str:
    graph = Graph(name)
    graph.output("y", graph.input("x", STRING), STRING)
    execution_id = engine.create(store, graph.seal(), {"x": text}, home, durability="process")
    assert (await engine.drive(store, execution_id, executor=InLoop())).state == "completed"
    return execution_id


def contents(store: Store) -> set[str]:
    return {path.name for path in store.blobs.root.glob("??/*")}


async def test_a_removed_run_takes_its_contents_with_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    first = await run(store, tmp_path, "a" * 50_000, "one")
    before = contents(store)
    second = await run(store, tmp_path, "b" * 50_000, "two")
    added = contents(store) - before
    assert added
    assert remove(store, second)
    assert sweep(store, time.time()) == 0
    assert sweep(store, time.time() + LATER) == len(added)
    assert contents(store) == before
    assert [summary.execution_id for summary in store.runs()] == [first]
    assert load(store, first).inputs == {"x": "a" * 50_000}


async def test_what_a_killed_process_did_not_finish_goes_too(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    await run(store, tmp_path, "a" * 50_000)
    folder = store.root / "runs" / "new-0"
    folder.mkdir()
    content = next(store.blobs.root.iterdir()) / "new-1"
    content.write_text("half")
    sweep(store, time.time())
    assert folder.exists()
    assert content.exists()
    sweep(store, time.time() + LATER)
    assert not folder.exists()
    assert not content.exists()


async def test_a_content_of_two_runs_stays_for_the_other(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    first, second = [await run(store, tmp_path, "a" * 50_000) for _ in range(2)]
    assert remove(store, first)
    sweep(store, time.time() + LATER)
    assert load(store, second).artifact.workflow.name == "main"
    assert load(store, second).inputs == {"x": "a" * 50_000}


async def test_a_run_that_is_driven_stays(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    driven = await run(store, tmp_path, "a")
    lock = store.run(driven).claim()
    assert not remove(store, driven)
    lock.let_go()
    assert remove(store, driven)
    assert store.runs() == []
    with pytest.raises(UserError, match="there is no such run"):
        remove(store, driven)


async def test_nothing_is_swept_while_a_log_cannot_be_read(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    broken = await run(store, tmp_path, "a" * 50_000)
    before = contents(store)
    store.run(broken).log.path.write_bytes(b"no database at all" * 100)
    with pytest.raises(UserError, match="cannot be read"):
        sweep(store, time.time() + LATER)
    assert contents(store) == before


def test_a_store_that_is_not_there_has_nothing(tmp_path: Path) -> None:
    assert sweep(Store(tmp_path / "nowhere"), time.time()) == 0
    assert not (tmp_path / "nowhere").exists()


def age(store: Store, digest: str) -> None:
    """As if it had been put long ago."""
    long_ago = time.time() - 2 * GRACE_SECONDS
    if isinstance(store.blobs, MemoryBlobs):
        store.blobs.kept[digest] = (store.blobs.get(digest), long_ago)
    else:
        os.utime(store.root / "blobs" / digest[:2] / digest, (long_ago, long_ago))


@pytest.mark.parametrize("kind", KINDS)
def test_a_content_that_is_put_again_while_others_are_swept_stays(tmp_path: Path, kind: str) -> None:
    """A run is about to name it, though nothing does yet: what was there already is as new as what is written."""
    store = Store(tmp_path / "store", kind)
    digest = store.blobs.put(b"a")
    age(store, digest)
    assert store.blobs.ages(time.time())[digest] > GRACE_SECONDS
    store.blobs.put(b"a")
    before = time.time() - GRACE_SECONDS
    assert not store.blobs.drop(digest, before), "it was old when it was looked for, and is not any more"
    assert store.blobs.get(digest) == b"a"
    assert store.blobs.drop(digest, time.time() + 1)
    assert store.blobs.put(b"a") == digest
    assert store.blobs.get(digest) == b"a"


def test_a_content_that_is_put_in_the_middle_of_its_removal_is_there(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    digest = store.blobs.put(b"a")
    failpoints.watch(lambda name: store.blobs.put(b"a") and None if name == "blob.doomed" else None)
    try:
        assert store.blobs.drop(digest, time.time() + 1)
    finally:
        failpoints.watch(None)
    assert store.blobs.get(digest) == b"a"
    assert [path.name for path in store.blobs.root.glob("*/*")] == [digest]
