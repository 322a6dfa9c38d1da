"""An audit that was changed is found: any entry changed, taken out or put elsewhere, and a log that was written anew."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.runtime.audit.test_audit_storage import entry
from tests.runtime.engine_graphs import Graph
from tests.runtime.engine_runs import Bench

from symphony_runtime.audit import of_store
from symphony_runtime.audit.entry import ALL, AuditEntry, AuditQuery
from symphony_runtime.audit.lines import FileAuditStorage
from symphony_runtime.audit.log import AuditLog
from symphony_runtime.audit.memory import MemoryAuditStorage
from symphony_runtime.commands import Kind
from symphony_runtime.entries import Entry
from symphony_runtime.sending import command, send
from symphony_runtime.storage.reading import read

COUNT = 6


def chain() -> list[AuditEntry]:
    storage = MemoryAuditStorage()
    storage.append(entry(n) for n in range(COUNT))
    return list(storage.get_by_execution("r1"))


def found_wrong(entries: list[AuditEntry], known: str | None = None) -> bool:
    return AuditLog(MemoryAuditStorage({"r1": entries})).verify("r1", known=known).wrong is not None


CHANGES = {
    "timestamp": lambda old: old.replace(year=2020),
    "event_type": lambda old: old + "x",
    "details": lambda old: {**old, "n": -1},
    "actor": lambda old: None,
    "node": lambda old: old + "x",
    "attempt": lambda old: 2,
    "hash": lambda old: "0" * 64,
    "execution_id": lambda old: "r2",
}


@given(st.integers(0, COUNT - 1), st.sampled_from(sorted(CHANGES)))
def test_any_change_of_any_entry_is_found(at: int, what: str) -> None:
    entries = chain()
    entries[at] = replace(entries[at], **{what: CHANGES[what](getattr(entries[at], what))})
    assert found_wrong(entries)


@given(st.integers(0, COUNT - 2))
def test_an_entry_that_is_missing_is_found(at: int) -> None:
    entries = chain()
    del entries[at]
    assert found_wrong(entries)


@given(st.permutations(range(COUNT)).filter(lambda order: list(order) != sorted(order)))
def test_another_order_is_found(order: list[int]) -> None:
    entries = chain()
    assert found_wrong([entries[at] for at in order])


def test_a_cut_end_and_a_chain_made_anew_are_found_by_a_hash_that_was_kept_elsewhere() -> None:
    entries = chain()
    head = entries[-1].hash
    assert not found_wrong(entries, head)
    assert not found_wrong(entries[:-1]), "the chain alone does not know of its end"
    assert found_wrong(entries[:-1], head)
    anew = MemoryAuditStorage()
    anew.append(entry(n, details="forged") for n in range(COUNT))
    forged = list(anew.get_by_execution("r1"))
    assert not found_wrong(forged)
    assert found_wrong(forged, head)
    assert not found_wrong([*entries], entries[2].hash), "an earlier hash is as good"


def test_lines_that_were_swapped_in_the_file_are_found(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    FileAuditStorage(path).append([entry(1), entry(2), entry(3)])
    first, second, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + third + second)
    assert AuditLog(FileAuditStorage(path)).verify("r1").wrong == (
        "entry 3 was changed, or one before it is missing or in another place"
    )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def line() -> Graph:
    graph = Graph()
    x = graph.input("x")
    graph.output("y", graph.task("a", {"x": x}))
    return graph


async def test_a_store_has_all_of_its_runs_in_its_audit(bench: Bench) -> None:
    runs = [bench.create(line(), x=n) for n in (1, 2)]
    for run in runs:
        bench.run = run
        await bench.drive()
    send(bench.store, runs[0], command(Kind.PAUSE))
    audit = of_store.audit_of(bench.store)
    assert of_store.catch_up(bench.store, audit) > 0
    assert of_store.catch_up(bench.store, audit) == 0
    for run in runs:
        bench.run = run
        told = [(each.seq, each.type, each.address, each.actor) for each in bench.entries()]
        assert [(e.seq, e.event_type, e.node, e.actor) for e in audit.get_by_execution(run)] == told
        assert of_store.verify(bench.store, audit, run).wrong is None
    [refused] = audit.query(AuditQuery(event_types=("command.rejected",)))
    assert (refused.execution_id, refused.actor, refused.details["why"]) == (runs[0], "user", "final")  # type: ignore[index, call-overload]
    audit.close()


async def test_it_goes_on_where_the_log_went_on(bench: Bench) -> None:
    bench.create(line(), x=1)
    audit = of_store.audit_of(bench.store)
    assert of_store.catch_up(bench.store, audit) == 1
    await bench.drive()
    assert of_store.catch_up(bench.store, audit) == len(bench.entries()) - 1
    assert of_store.verify(bench.store, audit, bench.run).wrong is None
    audit.close()


async def test_a_log_that_was_written_anew_with_all_its_hashes_is_found(bench: Bench) -> None:
    await bench.go(line(), x=1)
    audit = of_store.audit_of(bench.store)
    of_store.catch_up(bench.store, audit)
    forged = [entry_with(each) for each in read(bench.store.run(bench.run).log, bench.store.blobs)]
    path = bench.root / ".symphony" / "runs" / bench.run / "log.db"
    path.unlink()
    log = bench.store.medium.find(bench.run) or None
    assert log is None, "a run without a log is none"
    path.touch()
    writer = bench.store.run(bench.run).log.open(bench.store.blobs, "process")
    assert writer.commit(forged) is None
    writer.close()
    wrong = of_store.verify(bench.store, audit, bench.run).wrong
    assert wrong is not None
    assert "does not say what the audit has read of it before" in wrong
    audit.close()


def entry_with(old: Entry) -> Entry:
    if old.type == "node.completed" and old.address == "a":
        old.data = {"outputs": {"result": 1_000_000}}
    return old


async def test_a_log_that_was_changed_is_found(bench: Bench) -> None:
    await bench.go(line(), x=1)
    audit = of_store.audit_of(bench.store)
    of_store.catch_up(bench.store, audit)
    path = bench.root / ".symphony" / "runs" / bench.run / "log.db"
    with sqlite3.connect(path) as database:
        database.execute("DROP TRIGGER stays")
        database.execute("UPDATE events SET actor = 'nobody' WHERE seq = (SELECT max(seq) FROM events)")
    database.close()
    wrong = of_store.verify(bench.store, audit, bench.run).wrong
    assert wrong is not None
    assert wrong.startswith("entry ")
    audit.close()


def kept(bench: Bench, text: str) -> bool:
    """Whether it stands anywhere in the audit's files."""
    return any(text in each.read_text("latin-1") for each in (bench.root / ".symphony").glob("audit.db*"))


async def test_of_a_removed_run_only_its_removal_stays(bench: Bench) -> None:
    await bench.go(line(), x=41)
    audit = of_store.audit_of(bench.store)
    of_store.catch_up(bench.store, audit)
    head = audit.head(bench.run)
    assert head is not None
    assert kept(bench, '{"result":42}')
    bench.store.run(bench.run).remove()
    of_store.forget(audit, bench.run, "ada", 1_769_846_400_000_000_000)
    of_store.forget(audit, bench.run, "bob", 1_769_846_400_000_000_000)
    [left] = audit.query(ALL)
    assert (left.event_type, left.actor, left.details) == ("run.removed", "ada", {"last": head.seq, "hash": head.hash})
    assert of_store.verify(bench.store, audit, bench.run).wrong is None
    audit.close()
    assert not kept(bench, '{"result":42}')
