"""The store and the logs in it: what is found, what is refused, what is kept whatever the disk does."""

from __future__ import annotations

import asyncio
import os
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.runtime.engine_graphs import Graph, InLoop
from tests.runtime.engine_runs import Bench

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import INT, SECRET, STRING
from symphony_dsl.base.values import SecretRef, secret_text
from symphony_model.artifact import seal
from symphony_runtime import engine
from symphony_runtime.entries import NODE_LOG, RUN_CREATED, Entry
from symphony_runtime.ids import new_execution_id
from symphony_runtime.storage import sqlite
from symphony_runtime.storage.codec import decode, encode
from symphony_runtime.storage.contract import LogRefusedError
from symphony_runtime.storage.index import Index
from symphony_runtime.storage.loaded import load
from symphony_runtime.storage.log import POWER, PROCESS, chained
from symphony_runtime.storage.reading import first_bad, read
from symphony_runtime.storage.sqlite import SqliteJournal, SqliteLog
from symphony_runtime.storage.store import Store
from symphony_runtime.task import Success
from symphony_runtime.watching import events


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def line(count: int = 3) -> Graph:
    graph = Graph()
    before = graph.input("x")
    for at in range(count):
        before = graph.task(f"t{at}", {"x": before})
    graph.output("y", before)
    return graph


plain = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text() | st.binary()
marked = st.sampled_from(["$timestamp", "$duration", "$bytes", "$secret", "$float", "$$x", "$", "x"])
scalars = (
    plain
    | marked
    | st.builds(Timestamp, st.integers(0, 10**18))
    | st.builds(Duration, st.integers(-(10**18), 10**18))
    | st.builds(secret_text, st.text(), st.builds(SecretRef, st.text()), marked)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(marked | st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), values, max_size=3))
def test_values_come_back_from_the_log_as_they_were(data):
    text = encode({"outputs": data})
    assert text.isascii()
    assert "\n" not in text
    assert repr(decode(text)["outputs"]) == repr(data)


async def test_the_folder_ignores_itself_and_runs_are_listed_newest_first(bench):
    first = bench.create(line(), x=1)
    second = bench.create(line(), x=2)
    await bench.drive()
    assert (bench.root / ".symphony" / ".gitignore").read_text() == "*\n"
    assert [(run.execution_id, run.workflow, run.state) for run in bench.store.runs()] == [
        (second, "main", "completed"),
        (first, "main", "pending"),
    ]
    done = bench.store.runs()[0]
    assert done.started_at <= done.completed_at


async def test_the_index_can_be_lost(bench):
    await bench.go(line(), x=1)
    listed = bench.store.runs()
    index = bench.root / ".symphony" / "index.db"
    index.unlink()
    assert bench.store.runs() == listed
    assert index.is_file(), "it was written again"
    index.write_bytes(b"this is no database" * 100)
    assert bench.store.runs() == listed


async def test_a_run_goes_on_where_the_index_cannot_be_written(bench):
    bench.create(line(), x=1)
    (bench.root / ".symphony" / "index.db").mkdir()
    assert (await bench.drive()).outputs == {"y": 4}


def test_a_store_without_runs(tmp_path):
    store = Store(tmp_path / "none")
    assert store.runs() == []
    assert not store.root.exists()
    with pytest.raises(UserError, match="there is no run yet"):
        store.find("last")


def test_runs_are_found_by_the_beginning_of_their_id(bench):
    first, second = bench.create(line(), x=1), bench.create(line(), x=1)
    store = bench.store
    assert store.find("last") == second
    assert store.find(first) == first
    assert store.find(second[:-3]) == second
    with pytest.raises(UserError, match="2 runs begin like this"):
        store.find(first[:4])
    with pytest.raises(UserError, match="there is no such run"):
        store.find("zzz")


def test_ids_sort_by_time():
    at = 1_790_000_000_123_456_789
    made = [new_execution_id(at + 300 * step) for step in range(0, 9000, 17)]
    assert [each[:18] for each in made] == sorted(each[:18] for each in made)
    assert {each[14] + each[19] for each in made} <= {"78", "79", "7a", "7b"}


async def test_two_runs_in_one_store_at_once(bench):
    store = bench.store
    runs = [bench.create(line(20), x=at) for at in range(4)]
    results = await asyncio.gather(*(engine.drive(store, run, executor=InLoop()) for run in runs))
    assert [result.outputs for result in results] == [{"y": 20 + at} for at in range(4)]


async def test_a_large_value_is_kept_beside_the_log(bench):
    graph = Graph()
    text = graph.input("text", STRING)
    graph.output("y", text, STRING)
    result = await bench.go(graph, text="é" * 20_000)
    assert result.outputs == {"y": "é" * 20_000}
    assert bench.store.run(bench.run).log.path.stat().st_size < 60_000
    entry = next(entry for entry in bench.entries() if entry.type == "node.completed")
    assert entry.data["outputs"] == {"input": "é" * 20_000}


async def test_a_content_that_was_changed_is_not_believed(bench):
    bench.create(line(), x=1)
    (blob,) = (bench.root / ".symphony" / "blobs").glob("*/*")
    blob.write_bytes(b"{}")
    with pytest.raises(UserError, match="was changed"):
        await bench.drive()


async def test_a_secret_is_kept_as_a_reference_and_shown_to_nobody(bench):
    graph = Graph()
    key = graph.input("key", SECRET)
    graph.task("a", {"key": key}, types={"key": SECRET}, outputs={"result": SECRET})
    seen = []

    def look(task, report):
        seen.append(task.inputs["key"])
        return task.inputs["key"]

    bench.executor.work = {"a": look}
    result = await bench.go(graph, key={"$secret": "env:KEY"})
    assert result.state == "completed"
    assert seen == [SecretRef("env:KEY")]
    shown = [event.to_json() for event in events.read(bench.store, bench.run)]
    assert "env:KEY" not in str(shown)
    assert next(event for event in shown if event["type"] == "node_completed")["output"] == "(holds a secret)"


async def test_a_text_made_with_a_secret_is_kept_as_its_parts_and_shown_to_nobody(bench):
    graph = Graph()
    made = graph.expression("made", "'Bearer ' + key", SECRET, key=graph.input("key", SECRET))
    graph.task("a", {"auth": made}, types={"auth": SECRET})
    seen = []
    bench.executor.work = {"a": lambda task, report: seen.append(task.inputs["auth"]) or 1}
    await bench.go(graph, key=SecretRef("env:KEY"))
    assert seen == [secret_text("Bearer ", SecretRef("env:KEY"))]
    shown = [event.to_json() for event in events.read(bench.store, bench.run)]
    assert "Bearer" not in str(shown)
    assert next(event for event in shown if event["type"] == "node_completed")["output"] == "(holds a secret)"


@pytest.mark.parametrize("key", ["hunter2", {"$secret": "hunter2"}, {"$secret": ["Bearer ", {"$secret": "env:"}]}])
def test_a_secret_in_the_open_is_refused_and_not_shown(bench, key):
    graph = Graph()
    graph.task("a", {"key": graph.input("key", SECRET)}, types={"key": SECRET})
    with pytest.raises(UserError, match="`env:NAME` or `file:PATH`") as raised:
        engine.create(bench.store, graph.seal(), {"key": key}, bench.root)
    assert "hunter2" not in str(raised.value)
    assert not (bench.root / ".symphony").exists()


@pytest.mark.parametrize("key", [SecretRef("env:KEY"), secret_text("Bearer ", SecretRef("env:KEY"))])
async def test_a_secret_cannot_be_an_output(bench, key):
    graph = Graph()
    graph.output("y", graph.input("key", SECRET), SECRET)
    with pytest.raises(UserError, match="cannot be a secret"):
        await bench.go(graph, key=key)


@pytest.mark.parametrize("key", [SecretRef("env:KEY"), secret_text("Bearer ", SecretRef("env:KEY"))])
async def test_a_secret_that_a_step_gives_away_is_no_output(bench, key):
    graph = Graph()
    graph.output("y", graph.task("a", outputs={"result": STRING}), STRING)
    bench.executor.work = {"a": lambda task, report: Success({"result": key})}
    result = await bench.go(graph)
    assert result.error.code == "secret_leak"


async def test_events_say_where_a_step_was_written(bench):
    graph = line(1)
    artifact = graph.seal()
    artifact = seal(graph.workflow, {}, {artifact.content_hash: {"t0": ("main.wf", 7)}})
    run = engine.create(bench.store, artifact, {"x": 1}, bench.root, durability=PROCESS)
    shown = []
    await engine.drive(bench.store, run, executor=InLoop(), on_event=lambda event: shown.append(event.to_json()))
    (started,) = [event for event in shown if event["type"] == "node_started" and event["node"] == "t0"]
    assert started["source"] == {"file": "main.wf", "line": 7}


async def test_a_log_that_was_changed_is_noticed(bench):
    await bench.go(line(), x=1)
    log = bench.store.run(bench.run).log
    assert first_bad(log) is None
    with sqlite3.connect(log.path) as db, pytest.raises(sqlite3.IntegrityError, match="only grows"):
        db.execute("UPDATE events SET data = '{}' WHERE seq = 5")
    with sqlite3.connect(log.path) as db:
        db.execute("DROP TRIGGER stays")
        db.execute("UPDATE events SET actor = 'nobody' WHERE seq = 5")
    assert first_bad(log) == 5
    with pytest.raises(UserError, match="was changed at entry 5"):
        await bench.drive()


async def test_a_log_that_holds_no_data_is_said_so(bench):
    await bench.go(line(), x=1)
    with sqlite3.connect(bench.store.run(bench.run).log.path) as db:
        db.execute("DROP TRIGGER stays")
        db.execute("UPDATE events SET data = '{' WHERE seq = 5")
    with pytest.raises(UserError, match="what no version has written"):
        list(events.read(bench.store, bench.run))


async def test_an_index_that_is_none_gives_way_to_a_new_one(bench):
    await bench.go(line(), x=1)
    index = bench.root / ".symphony" / "index.db"
    index.write_text("no database")
    told = bench.store.runs()
    assert [run.state for run in told] == ["completed"]
    assert list(Index(index).summaries().values()) == told


async def test_a_run_is_read_where_nothing_can_be_written(bench, monkeypatch):
    await bench.go(line(), x=1)
    shown = list(events.read(bench.store, bench.run))
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    seen = []
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **more: seen.append(path) or connect(path, **more))
    assert list(events.read(bench.store, bench.run)) == shown
    assert all(str(path).endswith("log.db?immutable=1") for path in seen)


async def test_a_log_of_a_newer_version_is_not_driven(bench):
    bench.create(line(), x=1)
    with sqlite3.connect(bench.store.run(bench.run).log.path) as db:
        (row,) = db.execute("SELECT * FROM events").fetchall()
        new = (row[0] + 1, *row[1:3], "node.dreamt", *row[4:-1])
        db.execute(f"INSERT INTO events VALUES ({', '.join('?' * len(row))})", (*new, chained(row[-1], new)))
    with pytest.raises(UserError, match=r"newer version \(node.dreamt\)"):
        await bench.drive()


class FullLog(SqliteLog):
    """A disk that is full after so many pages."""

    pages = 0

    def __init__(self, path, blobs, durability=POWER):
        super().__init__(path, blobs, durability)
        self._db.execute(f"PRAGMA max_page_count = {self.pages}")


@pytest.mark.parametrize("durability", [PROCESS, POWER])
async def test_a_full_disk_lets_the_run_go_and_nothing_is_lost(bench, monkeypatch, durability):
    bench.durability = durability
    bench.create(line(200), x=0)
    monkeypatch.setattr(sqlite, "SqliteLog", FullLog)
    FullLog.pages = 10
    with pytest.raises(UserError, match="cannot be written: database or disk is full") as raised:
        await bench.drive()
    assert "make room, then resume the run" in str(raised.value)
    assert bench.store.runs()[0].state == "running"
    monkeypatch.undo()
    finished = [entry.address for entry in bench.entries() if entry.type == "node.completed"]
    assert 0 < len(finished) < 200
    assert (await bench.drive()).outputs == {"y": 200}
    assert len(bench.said("node.completed")) == len(set(bench.said("node.completed"))) == 201


async def test_nothing_is_seen_and_nothing_started_that_is_not_in_the_log(bench, monkeypatch):
    bench.create(line(), x=0)
    monkeypatch.setattr(SqliteLog, "commit", lambda log, entries: LogRefusedError("the disk is gone"))
    with pytest.raises(LogRefusedError):
        await bench.drive()
    assert (bench.seen, bench.executor.ran) == ([], [])


async def test_nothing_begins_once_the_run_is_cut_off(bench, monkeypatch):
    bench.create(line(), x=0)
    late, written = [], asyncio.Event()

    def append(log, batch, done):
        late.append((log.commit(batch), done))
        written.set()

    monkeypatch.setattr(SqliteLog, "append", append)
    running = asyncio.create_task(bench.drive())
    await written.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    for problem, done in late:
        done(problem)
    await asyncio.sleep(0.01)
    assert "t0" in bench.said("node.started")
    assert bench.executor.ran == []


def entry(seq: int) -> Entry:
    return Entry(NODE_LOG, {"level": "info", "message": "x"}, "a", 1, seq=seq, at=seq)


def test_a_batch_is_written_whole_or_not_at_all(tmp_path, bench):
    log = SqliteLog(tmp_path / "log.db", bench.store.blobs, PROCESS)
    assert log.commit([entry(1), entry(2)]) is None
    refused = log.commit([entry(3), entry(2)])
    assert refused is not None
    assert "another process took this run over" in str(refused)
    assert log.commit([entry(3)]) is None
    log.close()
    assert [each.seq for each in read(SqliteJournal(tmp_path / "log.db"), bench.store.blobs)] == [1, 2, 3]
    assert first_bad(SqliteJournal(tmp_path / "log.db")) is None


def test_a_run_whose_making_was_cut_short_is_no_run(bench, monkeypatch):
    bench.create(line(), x=1)
    monkeypatch.setattr(SqliteLog, "commit", lambda log, entries: LogRefusedError("the disk is gone"))
    with pytest.raises(UserError, match="make room, then start it again"):
        engine.create(bench.store, line().seal(), {"x": 1}, bench.root)
    assert [path.name for path in (bench.root / ".symphony" / "runs").iterdir()] == [bench.run]
    killed = bench.root / ".symphony" / "runs" / "new-0"
    killed.mkdir()
    (killed / "log.db").write_bytes(b"")
    assert [run.execution_id for run in bench.store.runs()] == [bench.run]
    assert bench.store.find("last") == bench.run


def test_what_a_run_keeps_of_its_beginning(bench):
    run = bench.create(line(), x=1)
    loaded = load(bench.store, run)
    assert (loaded.execution_id, loaded.home, loaded.inputs, loaded.state) == (run, bench.root, {"x": 1}, "pending")
    assert loaded.artifact.content_hash == line().seal().content_hash
    first = bench.entries()[0]
    assert (first.type, first.actor) == (RUN_CREATED, "user")
    assert loaded.artifact.workflow.at("input.x").port.data_type == INT


async def test_a_log_that_is_spoilt_is_told_in_one_sentence(bench):
    """Whoever looks first, before anything is read of it."""
    await bench.go(line(), x=1)
    path = bench.store.run(bench.run).log.path
    spoilt = bytearray(path.read_bytes())
    spoilt[4096 + 4] ^= 4  # how many cells the second page has
    path.write_bytes(spoilt)
    with pytest.raises(UserError, match=r"^[^\n]*the run's log is spoilt: [^\n]*$") as raised:
        load(bench.store, bench.run)
    assert raised.value.hint == "take the run from a copy of the store, or start it anew"
    assert [run.state for run in bench.store.runs()] == ["completed"], "the index knows how it ended"
