"""What every storage of an audit keeps to: one suite over all of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symphony_runtime.audit.entry import ALL, AuditEntry, AuditError, AuditQuery, answers, order
from symphony_runtime.audit.export import ExportFormat, exported
from symphony_runtime.audit.lines import FileAuditStorage
from symphony_runtime.audit.log import AuditLog
from symphony_runtime.audit.memory import MemoryAuditStorage
from symphony_runtime.audit.sqlite import SqliteAuditStorage
from symphony_runtime.audit.storage import AuditStorage
from symphony_runtime.watching.events import ExecutionEvent

BEGIN = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)

Opened = Callable[[], AuditStorage]


@pytest.fixture(params=["memory", "lines", "sqlite"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Opens the same storage again and again; one in memory is the same object."""
    memory = MemoryAuditStorage()
    ways: dict[str, Opened] = {
        "memory": lambda: memory,
        "lines": lambda: FileAuditStorage(tmp_path / "audit.jsonl"),
        "sqlite": lambda: SqliteAuditStorage(tmp_path / "audit.db"),
    }
    return ways[request.param]


def entry(seq: int, run: str = "r1", **more: Any) -> AuditEntry:
    made = AuditEntry(
        run, seq, BEGIN + timedelta(seconds=seq), "node.completed", {"n": seq}, "engine", f"step[{seq}]/a", 1
    )
    return replace(made, **more)


def test_what_was_kept_is_there_when_it_is_opened_again(opened: Opened) -> None:
    storage = opened()
    assert (
        storage.append(
            [entry(1), entry(2), entry(1, "r2", details=["ü", None, 1.5], actor=None, node=None, attempt=None)]
        )
        == 3
    )
    storage.close()
    again = opened()
    found = list(again.get_by_execution("r1"))
    assert [replace(each, hash="") for each in found] == [entry(1), entry(2)]
    assert again.executions() == ["r1", "r2"]
    head = again.head("r2")
    assert head is not None
    assert (head.details, head.actor, head.node, head.attempt) == (["ü", None, 1.5], None, None, None)
    assert again.head("r3") is None


def test_what_is_there_is_passed_over(opened: Opened) -> None:
    storage = opened()
    assert storage.append([entry(1), entry(2)]) == 2
    assert storage.append([entry(1), entry(2, details="other"), entry(3), entry(3)]) == 1
    assert [each.seq for each in storage.get_by_execution("r1")] == [1, 2, 3]
    assert AuditLog(storage).verify("r1").wrong is None


def test_all_storages_have_the_same_hashes(tmp_path: Path) -> None:
    storages = [MemoryAuditStorage(), FileAuditStorage(tmp_path / "a"), SqliteAuditStorage(tmp_path / "b")]
    for storage in storages:
        storage.append([entry(1), entry(5, details={"b": 1, "a": "\ud800"}), entry(9)])
    heads = {head.hash for storage in storages if (head := storage.head("r1"))}
    assert len(heads) == 1
    assert len(heads.pop()) == 64


NAMES = st.sampled_from(["a", "a/b", "a[0]", "a[0]/x", "ab", "b:then/a", "", None])
ENTRIES = st.lists(
    st.builds(
        AuditEntry,
        st.sampled_from(["r1", "r2"]),
        st.integers(0, 40),
        st.integers(0, 20).map(lambda seconds: BEGIN + timedelta(seconds=seconds)),
        st.sampled_from(["node.completed", "run.state", "command.rejected"]),
        st.just({}),
        st.sampled_from(["engine", "user", None]),
        NAMES,
    ),
    max_size=30,
)
QUERIES = st.builds(
    AuditQuery,
    st.sampled_from(["r1", "r2", "r3", None]),
    st.sampled_from([None, (), ("run.state",), ("run.state", "command.rejected")]),
    st.sampled_from([None, BEGIN, BEGIN + timedelta(seconds=7)]),
    st.sampled_from([None, BEGIN, BEGIN + timedelta(seconds=12)]),
    st.sampled_from([None, "a", "a[0]", "b", "b:then"]),
    st.sampled_from([None, "engine", "user"]),
    st.integers(1, 40),
    st.integers(0, 10),
)


@given(ENTRIES, st.lists(QUERIES, min_size=1, max_size=8))
@settings(deadline=None)
def test_a_query_gives_what_answers_it_in_order(entries: list[AuditEntry], queries: list[AuditQuery]) -> None:
    plain = MemoryAuditStorage()
    plain.append(entries)
    kept = sorted((each for run in plain.executions() for each in plain.get_by_execution(run)), key=order)
    database = SqliteAuditStorage(Path(":memory:"))
    database.append(entries)
    for query in queries:
        wanted = [each for each in kept if answers(each, query)][query.offset :][: query.limit]
        assert list(plain.query(query)) == wanted
        assert list(database.query(query)) == wanted
    database.close()


def test_a_step_means_what_is_below_it_and_no_namesake(opened: Opened) -> None:
    storage = opened()
    nodes = ["a", "a/b", "a[3]", "a:then/x", "a#2", "ab", "b/a", "a b"]
    storage.append([entry(n, node=node) for n, node in enumerate(nodes)])
    assert [each.node for each in storage.query(AuditQuery(node="a"))] == ["a", "a/b", "a[3]", "a:then/x", "a#2"]


def test_a_run_that_is_forgotten_leaves_one_entry(opened: Opened) -> None:
    storage = opened()
    storage.append([entry(1, details="private"), entry(2), entry(1, "r2")])
    storage.forget("r1", entry(3, event_type="run.removed"))
    again = opened()
    assert [each.event_type for each in again.get_by_execution("r1")] == ["run.removed"]
    assert [each.seq for each in again.get_by_execution("r2")] == [1]
    assert again.append([entry(2, "r2")]) == 1
    log = AuditLog(again)
    assert (log.verify("r1").wrong, log.verify("r2").wrong) == (None, None)


def test_events_are_kept_with_their_actors(opened: Opened) -> None:
    log = AuditLog(opened())
    event = ExecutionEvent(
        7, 1_769_846_400_123_456_789, "r1", "command_rejected", "pay", fields={"actor": "ada", "why": "ending"}
    )
    assert log.log("r1", event)
    assert not log.log("r1", event)
    assert log.log("r1", ExecutionEvent(9, 1_769_846_401_000_000_000, "r1", "failed"))
    found = log.query(AuditQuery())
    assert [(each.id, each.actor, each.node) for each in found] == [("r1:7", "ada", "pay"), ("r1:9", "engine", None)]
    assert found[0].timestamp.isoformat() == "2026-01-31T08:00:00.123456+00:00"


def test_exports_say_the_same(opened: Opened) -> None:
    log = AuditLog(opened())
    log.storage.append([entry(1, actor="=1+1", details={"text": 'a "quoted", line\n'}), entry(2, node=None)])
    as_json = json.loads(log.export("r1", ExportFormat.JSON))
    assert [AuditEntry.from_json(each) for each in as_json] == list(log.storage.get_by_execution("r1"))
    rows = list(csv.DictReader(io.StringIO(log.export("r1", ExportFormat.CSV).decode())))
    assert [json.loads(row["details"]) for row in rows] == [each["details"] for each in as_json]
    assert [row["actor"] for row in rows] == ["'=1+1", "engine"], "no spreadsheet computes what a person wrote"
    assert [row["hash"] for row in rows] == [each["hash"] for each in as_json]
    assert json.loads("".join(exported([], ExportFormat.JSON))) == []


def append_many(path: str, kind: str, run: str) -> None:
    storage = SqliteAuditStorage(Path(path)) if kind == "sqlite" else FileAuditStorage(Path(path))
    for seq in range(40):
        storage.append([entry(seq, run), entry(seq, "shared", details=run)])


@pytest.mark.parametrize("kind", ["sqlite", "lines"])
def test_several_processes_append_at_once(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "audit"
    context = get_context("spawn")
    children = [context.Process(target=append_many, args=(str(path), kind, f"r{n}")) for n in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0, 0]
    log = AuditLog(SqliteAuditStorage(path) if kind == "sqlite" else FileAuditStorage(path))
    assert {run: log.verify(run).entries for run in log.storage.executions()} == dict.fromkeys(
        ["r0", "r1", "r2", "shared"], 40
    )
    assert all(log.verify(run).wrong is None for run in log.storage.executions())


@pytest.mark.parametrize("kind", ["sqlite", "lines"])
def test_what_is_no_audit_is_told(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "audit"
    path.write_bytes(b"something else altogether\n" * 200)
    with pytest.raises(AuditError, match="audit"):
        (SqliteAuditStorage(path) if kind == "sqlite" else FileAuditStorage(path)).query(ALL)


def test_a_line_that_was_cut_off_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    FileAuditStorage(path).append([entry(1), entry(2)])
    whole = path.read_bytes()
    second = whole.index(b"\n") + 1
    for cut in range(second, len(whole)):
        path.write_bytes(whole[:cut])
        assert [each.seq for each in FileAuditStorage(path).query(ALL)] == [1]
        assert FileAuditStorage(path).append([entry(2)]) == 1
        assert path.read_bytes() == whole
