"""What every store keeps to, whatever its runs are kept in."""

from __future__ import annotations

import asyncio
import os
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.runtime.engine_graphs import Graph, InLoop
from tests.runtime.engine_laws import check_log, check_state
from tests.runtime.test_engine_store import line, values

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.types import STRING
from symphony_runtime import engine
from symphony_runtime.commands import Kind
from symphony_runtime.entries import NODE_LOG, RUN_CREATED, Entry
from symphony_runtime.sending import command, send
from symphony_runtime.storage.codec import encode
from symphony_runtime.storage.log import LARGE, POWER, PROCESS, chained
from symphony_runtime.storage.memory import MemoryJournal
from symphony_runtime.storage.reading import first_bad, read
from symphony_runtime.storage.removal import GRACE_SECONDS, remove, sweep
from symphony_runtime.storage.store import KINDS, LINES, MEMORY, SQLITE, Store
from symphony_runtime.watching import events

ON_DISK = (SQLITE, LINES)
DURABILITIES = (PROCESS, POWER)


@pytest.fixture(params=KINDS)
def store(request, tmp_path):
    return Store(tmp_path / "store", request.param)


def note(seq: int, epoch: int = 1, **data: object) -> Entry:
    return Entry(NODE_LOG, {"level": "info", "message": "x"} | data, "a", 1, seq=seq, at=seq, epoch=epoch)


def made(store: Store, name: str = "r", durability: str = PROCESS) -> str:
    """A run that has its first entry."""
    with store.making(name) as run:
        log = run.log.open(store.blobs, durability)
        assert log.commit([Entry(RUN_CREATED, {"workflow": "w"}, seq=1, at=1)]) is None
        log.close()
    return name


def opened(store: Store, run: str, durability: str = PROCESS):
    return store.run(run).log.open(store.blobs, durability)


def seqs(store: Store, run: str) -> list[int]:
    return [entry.seq for entry in read(store.run(run).log, store.blobs)]


def is_refused(problem: Exception | None, by: str = "another process took this run over") -> bool:
    return problem is not None and by in str(problem)


@pytest.mark.parametrize("durability", DURABILITIES)
def test_what_is_appended_is_read_in_its_order(store, durability):
    run = made(store, durability=durability)
    log, told = opened(store, run, durability), []
    batches = [[note(2), note(3)], [note(5)], [note(at) for at in range(6, 40)]]
    for batch in batches:
        log.append(batch, lambda problem, batch=batch: told.append((batch, problem)))
    log.close()
    assert told == [(batch, None) for batch in batches]
    assert list(read(store.run(run).log, store.blobs, 1)) == [entry for batch in batches for entry in batch]
    assert first_bad(store.run(run).log) is None


def test_a_batch_is_there_whole_or_not_at_all(store):
    run = made(store)
    log = opened(store, run)
    assert is_refused(log.commit([note(2), note(3), note(3)]))
    assert is_refused(log.commit([note(2), note(1)]))
    assert seqs(store, run) == [1]
    assert log.commit([note(2)]) is None
    assert log.commit([]) is None
    log.close()
    assert seqs(store, run) == [1, 2]
    assert first_bad(store.run(run).log) is None


@pytest.mark.parametrize("many", [1, 8, 9])
def test_a_writer_whose_run_was_taken_over_is_refused(store, many):
    run = made(store)
    old, new = opened(store, run), opened(store, run)
    assert new.commit([note(2, epoch=2)]) is None
    assert is_refused(old.commit([note(at) for at in range(2, 2 + many)])), "numbers that are there"
    assert is_refused(old.commit([note(at) for at in range(20, 20 + many)])), "numbers that are free"
    assert new.commit([note(at, epoch=2) for at in range(3, 3 + many)]) is None
    old.close()
    new.close()
    assert seqs(store, run) == list(range(1, 3 + many))
    assert first_bad(store.run(run).log) is None


def test_an_epoch_that_is_over_writes_nothing(store):
    run = made(store)
    log = opened(store, run)
    assert log.commit([note(2, epoch=3)]) is None
    assert is_refused(log.commit([note(3, epoch=2)]))
    log.close()
    again = opened(store, run)
    assert is_refused(again.commit([note(3, epoch=2)])), "known from the log itself"
    assert again.commit([note(3, epoch=3)]) is None
    again.close()


@pytest.mark.parametrize("durability", DURABILITIES)
def test_nothing_follows_a_refusal(store, durability):
    run = made(store, durability=durability)
    log, other = opened(store, run, durability), opened(store, run)
    assert other.commit([note(2)]) is None
    told = []
    for seq in (2, 3, 4):
        log.append([note(seq)], told.append)
    log.close()
    other.close()
    assert [is_refused(problem) for problem in told] == [True] * 3
    assert seqs(store, run) == [1, 2]


def test_pages_follow_on_each_other(store):
    run = made(store)
    log = opened(store, run)
    numbers = [2, *range(5, 60, 2), *range(70, 75)]
    for at in range(0, len(numbers), 7):
        assert log.commit([note(seq) for seq in numbers[at : at + 7]]) is None
    log.close()
    journal = store.run(run).log
    for after in range(80):
        behind = [seq for seq in [1, *numbers] if seq > after]
        for limit in (1, 6, 100):
            assert [row[0] for row in journal.rows(after, limit)] == behind[:limit]


@given(st.lists(st.dictionaries(st.text(), values, max_size=2), min_size=1, max_size=4))
@pytest.mark.parametrize("kind", KINDS)
def test_any_values_come_back_and_fit_their_hashes(tmp_path_factory, kind, data):
    store = Store(tmp_path_factory.mktemp("values") / "store", kind)
    run = made(store)
    log = opened(store, run)
    written = [note(2 + at, more=each) for at, each in enumerate(data)]
    assert log.commit(written) is None
    log.close()
    found = list(read(store.run(run).log, store.blobs, 1))
    assert repr(found) == repr(written)
    assert first_bad(store.run(run).log) is None
    texts = [row[-2] for row in store.run(run).log.rows(1)]
    assert texts == [encode(each.data) for each in written]


def test_large_data_are_kept_beside_the_log(store):
    run = made(store)
    log = opened(store, run)
    just, more = "x" * (LARGE - 40), "é" * LARGE
    assert log.commit([note(2, message=just), note(3, message=more)]) is None
    log.close()
    rows = store.run(run).log.rows(1)
    assert just in rows[0][-2]
    assert len(rows[1][-2]) < 100
    assert [each.data["message"] for each in read(store.run(run).log, store.blobs, 1)] == [just, more]


def test_contents_are_found_by_their_hash(store):
    made(store)
    contents = [b"", b"a", os.urandom(100_000)]
    digests = [store.blobs.put(content) for content in (*contents, b"a")]
    assert [store.blobs.get(digest) for digest in digests] == [*contents, b"a"]
    assert len(store.blobs.ages(time.time())) == len(set(digests)) == 3
    assert [store.blobs.drop(digests[0], time.time() + 1) for _ in range(2)] == [True, False]
    with pytest.raises(UserError, match="is missing"):
        store.blobs.get(digests[0])


def test_a_command_is_given_out_once_in_the_order_of_its_sending(store):
    run = made(store)
    sent = [command(Kind.PAUSE, reason="é"), command(Kind.SKIP_NODE, "a", value={"b": [1]}, has_value=True)]
    sent.append(command(Kind.CANCEL, force=True))
    for each in (*reversed(sent), *sent):
        store.run(run).inbox.put(each)
    inbox = store.run(run).inbox
    assert inbox.arrived() == sent
    assert inbox.arrived() == []
    assert store.run(run).inbox.arrived() == sent, "another driver gets them until they are done"
    inbox.forget([sent[0].id, sent[1].id, "no-such-command"])
    assert store.run(run).inbox.arrived() == sent[2:]


def test_a_run_is_claimed_by_one(store):
    run, other = made(store), made(store, "s")
    lock = store.run(run).claim()
    assert store.run(run).try_claim() is None
    with pytest.raises(UserError, match="another process drives this run"):
        store.run(run).claim()
    beside = store.run(other).claim()
    lock.let_go()
    beside.let_go()
    store.run(run).claim().let_go()


def test_of_many_that_claim_at_once_one_gets_it(store):
    run = made(store)
    start, locks = threading.Barrier(8), []

    def claim() -> None:
        start.wait()
        locks.append(store.run(run).try_claim())

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(lock is not None for lock in locks) == 1


def cut_short(store: Store) -> None:
    with store.making("r") as run:
        log = run.log.open(store.blobs, PROCESS)
        assert log.commit([Entry(RUN_CREATED, {}, seq=1)]) is None
        log.close()
        raise UserError("it takes too much room")


def test_a_run_that_is_not_made_to_the_end_is_no_run(store):
    with pytest.raises(UserError, match="takes too much"):
        cut_short(store)
    assert store.runs() == []
    with pytest.raises(UserError, match="there is no such run"):
        store.run("r")


@pytest.mark.parametrize("durability", DURABILITIES)
async def test_the_engine_works_on_it(store, durability, tmp_path):
    run = engine.create(store, line(30).seal(), {"x": 1}, tmp_path, durability=durability)
    assert store.find("last") == run
    assert [summary.state for summary in store.runs()] == ["pending"]
    result = await engine.drive(store, run, executor=InLoop())
    assert (result.state, result.outputs) == ("completed", {"y": 31})
    assert [summary.state for summary in store.runs()] == ["completed"]
    entries = list(read(store.run(run).log, store.blobs))
    check_log(entries)
    check_state(engine.recover(store, run))
    assert list(events.read(store, run))[-1].fields == {"outputs": {"y": 31}}


async def test_commands_reach_a_run_that_is_driven_and_one_that_is_not(store, tmp_path):
    idle = engine.create(store, line(3).seal(), {"x": 1}, tmp_path, durability=PROCESS)
    assert send(store, idle, command(Kind.CANCEL)).done
    assert (await engine.drive(store, idle, executor=InLoop())).state == "cancelled"
    run = engine.create(store, line(3).seal(), {"x": 1}, tmp_path, durability=PROCESS)
    begun, stop = asyncio.Event(), asyncio.Event()

    async def slow(task, report):
        begun.set()
        await asyncio.sleep(60)
        return 1

    driving = asyncio.create_task(engine.drive(store, run, executor=InLoop({"t1": slow}), stop=stop))
    await begun.wait()
    sent = command(Kind.CANCEL, reason="enough")
    assert (await asyncio.to_thread(send, store, run, sent)).done
    assert (await driving).state == "cancelled"
    assert (await asyncio.to_thread(send, store, run, sent)).done, "the verdict it had"
    assert [each.type for each in read(store.run(run).log, store.blobs)].count("command.applied") == 1


async def test_a_driver_whose_run_was_taken_over_lets_go(store, tmp_path, monkeypatch):
    """Were two to hold the lock, as on a file system that has none, the log would refuse the one that came first."""
    run = engine.create(store, line(3).seal(), {"x": 1}, tmp_path, durability=PROCESS)
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def slow(task, report):
        begun.set()
        await goes_on.wait()
        return 1

    monkeypatch.setattr(type(store.run(run)), "claim", lambda self: Unlocked())
    first, second = InLoop({"t1": slow}), InLoop()
    driving = asyncio.create_task(engine.drive(store, run, executor=first))
    await begun.wait()
    assert (await engine.drive(store, run, executor=second)).outputs == {"y": 4}
    goes_on.set()
    with pytest.raises(UserError, match="another process took this run over"):
        await driving
    assert [address for address, _ in first.ran] == ["t0", "t1"]
    assert [address for address, _ in second.ran] == ["t1", "t2"]
    check_log(list(read(store.run(run).log, store.blobs)))
    assert first_bad(store.run(run).log) is None


class Unlocked:
    def let_go(self) -> None:
        """There was nothing."""


def test_a_command_that_is_sent_by_many_at_once_is_there_once(store):
    run, sent = made(store), command(Kind.PAUSE)
    threads = [threading.Thread(target=store.run(run).inbox.put, args=(sent,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.run(run).inbox.arrived() == [sent]


async def test_runs_are_removed_and_their_contents_with_them(store, tmp_path):
    graph = Graph()
    graph.output("y", graph.input("x", STRING), STRING)
    for text in "ab":
        run = engine.create(store, graph.seal(), {"x": text * 50_000}, tmp_path, durability=PROCESS)
        await engine.drive(store, run, executor=InLoop())
    before = len(store.blobs.ages(0))
    lock = store.run(run).claim()
    assert not remove(store, run)
    lock.let_go()
    assert remove(store, run)
    assert sweep(store, time.time()) == 0
    dropped = sweep(store, time.time() + 2 * GRACE_SECONDS)
    assert 0 < dropped == before - len(store.blobs.ages(0))
    (left,) = store.runs()
    assert engine.recover(store, left.execution_id).outputs == {"y": "a" * 50_000}


@pytest.mark.parametrize("kind", ON_DISK)
def test_what_is_written_is_there_for_another_process(tmp_path, kind):
    store = Store(tmp_path / "store", kind)
    run = made(store)
    log = opened(store, run)
    assert log.commit([note(2)]) is None
    assert seqs(Store(tmp_path / "store"), run) == [1, 2], "also while it is open"
    log.close()
    again = opened(Store(tmp_path / "store"), run)
    assert again.commit([note(3)]) is None
    again.close()
    assert seqs(store, run) == [1, 2, 3]
    assert first_bad(store.run(run).log) is None


def test_a_folder_remembers_what_its_logs_are(tmp_path):
    root = tmp_path / "store"
    first = made(Store(root, LINES), "a")
    second = made(Store(root), "b")
    third = made(Store(root, SQLITE), "c")
    assert [Store(root).run(run).log.path.name for run in (first, second, third)] == [
        "log.jsonl",
        "log.jsonl",
        "log.db",
    ]
    assert Store(root).medium.names() == ["a", "b", "c"]
    with pytest.raises(UserError, match="no store of the kind `tape`"):
        Store(root, "tape")
    (root / "kind").write_text("tape\n")
    with pytest.raises(UserError, match="`tape` is not known to this version"):
        Store(root)


def test_nothing_is_written_for_a_store_in_memory(tmp_path):
    made(Store(tmp_path / "store", MEMORY))
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_that_was_put_in_between_does_not_fit(tmp_path, kind):
    store = Store(tmp_path / "store", kind)
    run = made(store)
    log = opened(store, run)
    assert log.commit([note(2), note(4)]) is None
    log.close()
    rows = list(store.run(run).log.rows())
    forged = (3, *rows[1][1:-1])
    journal = MemoryJournal()
    journal.kept = [*rows[:2], (*forged, chained(rows[1][-1], forged)), rows[2]]
    assert first_bad(journal) == 4
