"""What any reader sees of a run: exactly what it wants, each event once, in order, however slow it is and however often it comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.runtime.engine_graphs import Graph
from tests.runtime.engine_runs import Bench

from symphony_runtime.engine import drive
from symphony_runtime.task import LogLine, Report, Task
from symphony_runtime.watching.events import ExecutionEvent, read
from symphony_runtime.watching.filtering import EVERYTHING, EventFilter, LogLevel
from symphony_runtime.watching.following import follow, stream_of
from symphony_runtime.watching.stream import EventStream, Gap, Subscription

TYPES = ("node_started", "node_completed", "log")
NODES = (None, "a", "a/b", "ab", "b[1]/c")
LEVELS = ("debug", "info", "warning", "error")


def event(seq: int, chance: Random) -> ExecutionEvent:
    kind = chance.choice(TYPES)
    fields = {"level": chance.choice(LEVELS), "message": "x"} if kind == "log" else {}
    return ExecutionEvent(seq, seq, "run", kind, chance.choice(NODES), fields=fields)


@dataclass
class Kept:
    """A log in memory. It may be ahead of what was emitted, as a real one is."""

    events: list[ExecutionEvent] = field(default_factory=list)

    def past(self, from_seq: int) -> Iterator[ExecutionEvent]:
        return (each for each in list(self.events) if each.seq >= from_seq)


FILTERS = st.builds(
    EventFilter,
    st.none() | st.frozensets(st.sampled_from(TYPES)),
    st.none() | st.lists(st.sampled_from(["a", "b", "b[1]", "c"]), max_size=2).map(tuple),
    st.none() | st.sampled_from(LogLevel),
)


async def reader(
    stream: EventStream, wanted: EventFilter, chance: Random, patience: float, seen: list[ExecutionEvent]
) -> None:
    """Reads, stops to think, goes away and comes back where it was."""
    while True:
        subscription = stream.subscribe(wanted, from_seq=seen[-1].seq + 1 if seen else 1)
        stays = chance.randrange(1, 40)
        async for each in subscription:
            assert isinstance(each, ExecutionEvent), "nothing is gone from a stream that has a log"
            seen.append(each)
            for _ in range(int(chance.random() * patience)):
                await asyncio.sleep(0)
            stays -= 1
            if not stays:
                break
        subscription.close()
        if stays:
            return


@given(
    st.integers(0, 2**32).map(Random),
    st.integers(0, 300),
    st.integers(1, 8),
    st.lists(st.tuples(FILTERS, st.floats(0, 30)), min_size=1, max_size=4),
)
def test_every_reader_sees_what_it_wants_once_and_in_order(
    chance: Random, count: int, capacity: int, readers: list[tuple[EventFilter, float]]
) -> None:
    kept = Kept()

    async def run() -> None:
        stream = EventStream(capacity, kept.past)
        seen: list[list[ExecutionEvent]] = [[] for _ in readers]
        tasks = [
            asyncio.create_task(reader(stream, wanted, chance, patience, found))
            for (wanted, patience), found in zip(readers, seen, strict=True)
        ]
        seq, emitted = 0, 0
        while emitted < count:
            for _ in range(chance.randrange(1, 12)):  # a transaction is in the log before any of it is emitted
                seq += chance.randrange(1, 3)
                kept.events.append(event(seq, chance))
            if chance.random() < 0.3:
                await asyncio.sleep(0)
            for each in kept.events[emitted:]:
                stream.emit(each)
            emitted = len(kept.events)
            if chance.random() < 0.5:
                await asyncio.sleep(0)
        stream.close()
        await asyncio.gather(*tasks)
        for (wanted, _), found in zip(readers, seen, strict=True):
            assert found == [each for each in kept.events if wanted.admits(each)]
            assert stream.history(wanted) == found

    asyncio.run(run())


async def test_a_reader_that_stands_still_costs_a_bounded_queue_and_no_one_else_anything() -> None:
    kept = Kept()
    stream = EventStream(4, kept.past)
    still, quick = stream.subscribe(), stream.subscribe()
    assert (await taken(still, 0), await taken(quick, 0)) == ([], [])
    for seq in range(1, 1001):
        kept.events.append(ExecutionEvent(seq, seq, "run", "log"))
        stream.emit(kept.events[-1])
        assert [each.seq for each in await taken(quick, 1)] == [seq]
        assert len(still._queue) <= 4
    assert [each.seq for each in await taken(still, 1000)] == list(range(1, 1001))


async def taken(subscription: Subscription, count: int) -> list[ExecutionEvent]:
    """So many events, which are there; with none, the subscription has only had its first look."""
    if not count:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(subscription), 0)
        return []
    found = [await anext(subscription) for _ in range(count)]
    return [each for each in found if isinstance(each, ExecutionEvent)]


async def test_without_a_log_what_is_gone_is_said() -> None:
    stream = EventStream(3)
    for seq in (2, 4, 6, 8, 10):
        stream.emit(ExecutionEvent(seq, seq, "run", "log"))
    stream.close()
    found = [each async for each in stream.subscribe()]
    assert found[0] == Gap(1, 5)
    assert [each.seq for each in found[1:] if isinstance(each, ExecutionEvent)] == [6, 8, 10]
    assert [each.seq for each in stream.history()] == [6, 8, 10]
    later = [each async for each in stream.subscribe(from_seq=8)]
    assert [each.seq for each in later if isinstance(each, ExecutionEvent)] == [8, 10]


def test_a_queue_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="one event at least"):
        EventStream(0)


def graph() -> Graph:
    made = Graph()
    x = made.input("x")
    a = made.task("a", {"x": x})
    made.output("y", made.task("b", {"x": a}))
    return made


async def test_a_run_is_watched_while_it_is_driven_and_from_elsewhere(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    run = bench.create(graph(), x=1)
    stream = stream_of(bench.store, run)
    wanted = EventFilter(frozenset({"node_completed"}), ("a", "b"))

    async def live() -> list[ExecutionEvent]:
        return [each async for each in stream.subscribe(wanted) if isinstance(each, ExecutionEvent)]

    async def elsewhere() -> list[ExecutionEvent]:
        return [each async for each in follow(bench.store, run)]

    readers = [asyncio.create_task(live()), asyncio.create_task(elsewhere())]
    await drive(bench.store, run, executor=bench.executor, on_event=stream.emit)
    stream.close()
    seen, all_of_it = await asyncio.gather(*readers)
    assert [(each.type, each.node) for each in seen] == [("node_completed", "a"), ("node_completed", "b")]
    assert all_of_it == list(read(bench.store, run))
    half = all_of_it[len(all_of_it) // 2].seq
    assert [each async for each in follow(bench.store, run, from_seq=half)] == [e for e in all_of_it if e.seq >= half]


async def test_lines_below_a_level_are_left_out_and_other_events_are_not(tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    def talk(_task: Task, report: Callable[[Report], None]) -> int:
        for level in LEVELS:
            report(LogLine(level, level))
        return 1

    bench.executor.work["a"] = talk
    await bench.go(graph(), x=1)
    wanted = EventFilter(min_level=LogLevel.WARNING)
    seen = [each async for each in follow(bench.store, bench.run, wanted)]
    assert [each.fields["level"] for each in seen if each.type == "log"] == ["warning", "error"]
    everything = [each async for each in follow(bench.store, bench.run, EVERYTHING)]
    assert [each for each in everything if each.type != "log"] == [each for each in seen if each.type != "log"]
