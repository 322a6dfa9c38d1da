"""Logs that a crash cut off, or that were spoilt: what is read is what was committed up to a moment, or it is said to be wrong."""

from __future__ import annotations

import json
import random
import shutil
import struct
from pathlib import Path

import pytest
from tests.runtime.engine_kills import create
from tests.runtime.test_engine_kills import FULL, kill, resume

from symphony_dsl.base.errors import UserError
from symphony_runtime import engine
from symphony_runtime.entries import NODE_STARTED, Entry
from symphony_runtime.storage.reading import first_bad, read
from symphony_runtime.storage.store import LINES, SQLITE, Store

HEADER, FRAME_HEADER = 32, 24
"""Bytes at the beginning of a write-ahead log, and of each of its frames (https://sqlite.org/fileformat2.html#walformat)."""


@pytest.fixture
def cut_off(folder):
    """A run that was killed at its very end: nothing of its log has been moved from the write-ahead log to its place."""

    def made(kind: str) -> tuple[Store, str]:
        run = create(str(folder / "store"), kind, "process")
        assert kill([("drive", [str(folder / "store"), [run]], "index.noted:1")]) == [True]
        return Store(folder / "store"), run

    return made


def copied(store: Store, run: str, name: object) -> Store:
    """Another store with the same run, and the ledger of what it did."""
    root = store.root.with_name(str(name))
    shutil.copytree(store.root, root)
    store.run(run).log.path.with_name("log.db-shm").unlink(missing_ok=True)  # a power cut leaves none
    return Store(root)


def cut_to(store: Store, run: str, length: int, is_driven: bool) -> Store:
    """A copy for a cut: one of its own where the run goes on, else one for all, as it was at first."""
    if is_driven:
        return copied(store, run, length)
    shared = Store(store.root.with_name("shared"))
    if not shared.root.exists():
        return copied(store, run, "shared")
    place = shared.run(run).log.path.parent
    for file in store.run(run).log.path.parent.glob("log.*"):
        shutil.copy(file, place / file.name)
    (place / "log.db-shm").unlink(missing_ok=True)
    return shared


def told(store: Store, run: str) -> list[Entry]:
    log = store.run(run).log
    assert first_bad(log) is None
    return list(read(log, store.blobs))


def boundaries(entries: list[Entry]) -> set[int]:
    """How many entries there may be: transactions are whole. The first of each has no cause."""
    return {*(at for at, entry in enumerate(entries) if at and entry.cause is None), len(entries)}


def left_of(store: Store, run: str, whole: list[Entry]) -> int:
    """How many entries a cut left: the beginning of the whole, and a state follows from it."""
    found = told(store, run)
    assert found == whole[: len(found)]
    assert len(found) in boundaries(whole)
    engine.recover(store, run)
    return len(found)


def goes_on(store: Store, run: str) -> None:
    """To the same end. A machine that lost the end of its log has not done what came after: the log says it first."""
    began = {(entry.address, entry.attempt) for entry in told(store, run) if entry.type == NODE_STARTED}
    ledger = store.root / "ledger"
    lines = [json.loads(line) for line in ledger.read_text().splitlines()]
    kept = [line for line in lines if tuple(line[1:3]) in began]
    ledger.write_text("".join(f"{json.dumps(line)}\n" for line in kept))
    resume(store, run)


def wal_of(store: Store, run: str) -> Path:
    return store.run(run).log.path.with_name("log.db-wal")


def frames(wal: bytes) -> list[int]:
    """Where frames end."""
    size = struct.unpack(">I", wal[8:12])[0] + FRAME_HEADER
    return list(range(HEADER, len(wal) + 1, size))


def test_a_log_that_is_cut_at_any_frame_is_what_was_committed_before(cut_off):
    store, run = cut_off(SQLITE)
    wal = wal_of(store, run).read_bytes()
    whole = told(copied(store, run, "whole"), run)
    ends = frames(wal)
    assert len(ends) > 15
    cuts = {0: False, 17: False}
    for at, end in enumerate(ends):
        cuts |= {end - 1: FULL, end: FULL or at % 8 == 0, end + 9: FULL, end + 2000: FULL}
    found = []
    for length, is_driven in sorted(cuts.items()):
        cut = cut_to(store, run, length, is_driven)
        wal_of(cut, run).write_bytes(wal[:length])
        found.append(left_of(cut, run, whole))
        if is_driven:
            goes_on(cut, run)
    assert found == sorted(found), "a longer log never says less"
    assert set(found) == boundaries(whole)


def entries_in(text: bytes) -> int:
    """Of all lines that have an end."""
    return sum(len(json.loads(line)) for line in text.split(b"\n")[:-1])


def test_lines_that_are_cut_at_any_byte_are_what_was_committed_before(cut_off):
    store, run = cut_off(LINES)
    text = store.run(run).log.path.read_bytes()
    whole = told(store, run)
    starts = [at + 1 for at, byte in enumerate(text) if byte == ord("\n")]
    anywhere = range(starts[0], len(text) + 1) if FULL else range(starts[-3], len(text) + 1, 9)
    driven = {*starts, *anywhere} if FULL else {*starts[::6]}
    for length in {*starts, *anywhere}:
        cut = cut_to(store, run, length, length in driven)
        cut.run(run).log.path.write_bytes(text[:length])
        assert left_of(cut, run, whole) == entries_in(text[:length])
        if length in driven:
            goes_on(cut, run)
    assert {entries_in(text[:start]) for start in starts} == boundaries(whole)


@pytest.mark.parametrize("kind", [SQLITE, LINES])
def test_a_log_that_was_spoilt_anywhere_is_said_to_be(folder, kind):
    """A bit of any byte turned over: what is read is what was written, or somebody is told."""
    store = Store(folder / "store", kind)
    run = create(str(folder / "store"), kind, "process")
    resume(store, run)
    path = store.run(run).log.path
    text, whole = path.read_bytes(), told(store, run)
    chance = random.Random(1)
    said = 0
    for at in range(len(text)) if FULL else sorted(chance.sample(range(len(text)), 400)):
        path.write_bytes(text[:at] + bytes([text[at] ^ 1 << chance.randrange(8)]) + text[at + 1 :])
        for beside in (path.with_name("log.db-wal"), path.with_name("log.db-shm")):
            beside.unlink(missing_ok=True)
        said += is_said(Store(folder / "store"), run, whole)
    assert said > 100


def is_said(store: Store, run: str, whole: list[Entry]) -> bool:
    try:
        bad = first_bad(store.run(run).log)
        found = list(read(store.run(run).log, store.blobs)) if bad is None else []
    except UserError as problem:
        return "\n" not in problem.message
    assert bad is not None or found == whole or (found == whole[: len(found)] and is_torn(store, run))
    return bad is not None


def is_torn(store: Store, run: str) -> bool:
    """The end of the last line is what was spoilt: it cannot be told from a line that was cut off."""
    path = store.run(run).log.path
    return path.suffix == ".jsonl" and not path.read_bytes().endswith(b"\n")
