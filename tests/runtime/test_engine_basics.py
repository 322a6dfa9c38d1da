"""A run from its making to its end, on graphs without blocks."""

from __future__ import annotations

import asyncio

import pytest
from tests.runtime.engine_graphs import Graph
from tests.runtime.engine_runs import Bench

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.types import INT, STRING, Constraint
from symphony_model.nodes import Effect
from symphony_model.settings import Retry, Settings
from symphony_runtime.rules.kinds import MAX_LOSSES
from symphony_runtime.storage.log import POWER
from symphony_runtime.task import Begun, Failure, LogLine, ProgressNote, Waiting
from symphony_runtime.watching import events


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def line() -> Graph:
    graph = Graph()
    x = graph.input("x")
    a = graph.task("a", {"x": x})
    b = graph.task("b", {"x": a})
    graph.output("y", b)
    return graph


@pytest.mark.parametrize("durability", ["process", POWER])
async def test_a_line_of_tasks_runs_to_its_output(bench, durability):
    bench.durability = durability
    result = await bench.go(line(), x=1)
    assert (result.state, result.outputs, result.error) == ("completed", {"y": 3}, None)
    assert bench.executor.ran == [("a", 1), ("b", 1)]


async def test_events_tell_the_story_once_live_and_once_read(bench):
    await bench.go(line(), x=1)
    assert [(e.type, e.node) for e in bench.seen] == [
        ("started", None),
        ("state_changed", None),
        ("node_started", "a"),
        ("node_completed", "a"),
        ("node_started", "b"),
        ("node_completed", "b"),
        ("node_started", "output.y"),
        ("node_completed", "output.y"),
        ("state_changed", None),
        ("completed", None),
    ]
    assert list(events.read(bench.store, bench.run)) == bench.seen
    numbers = [event.seq for event in bench.seen]
    assert numbers == sorted(set(numbers))
    assert list(events.read(bench.store, bench.run, numbers[4])) == bench.seen[4:]


async def test_an_event_as_json(bench):
    await bench.go(line(), x=1)
    event = bench.seen[3].to_json()
    assert event.pop("time").startswith("20")
    assert event == {
        "seq": bench.seen[3].seq,
        "execution_id": bench.run,
        "type": "node_completed",
        "node": "a",
        "attempt": 1,
        "output": 2,
    }


async def test_steps_that_do_not_need_each_other_run_at_once(bench):
    graph = Graph()
    for name in "abcde":
        graph.task(name)
    gate = asyncio.Barrier(5)
    bench.executor.work = {name: lambda task, report: gate.wait() for name in "abcde"}
    async with asyncio.timeout(5):
        result = await bench.go(graph)
    assert result.state == "completed"
    assert bench.executor.most == 5


async def test_after_orders_what_data_do_not(bench):
    graph = Graph()
    graph.task("early")
    graph.task("late", after=("early",))
    await bench.go(graph)
    assert bench.executor.ran == [("early", 1), ("late", 1)]


async def test_the_higher_priority_starts_first_and_no_more_than_there_is_room_for(bench):
    graph = Graph()
    graph.task("gate")
    for at in range(100):
        graph.task(f"plain{at}", after=("gate",))
    graph.task("urgent", after=("gate",), priority=1)
    full = asyncio.Event()

    async def until_full(task, report):
        if bench.executor.now == 64:
            full.set()
        await full.wait()
        return 1

    bench.executor.work = {f"plain{at}": until_full for at in range(100)}
    async with asyncio.timeout(20):
        await bench.go(graph)
    assert bench.executor.ran[1] == ("urgent", 1)
    assert bench.executor.most == 64


async def test_a_failure_ends_the_run_and_says_where(bench):
    bench.executor.work = {"a": lambda task, report: Failure("error", "no luck")}
    result = await bench.go(line(), x=1)
    assert result.state == "failed"
    assert (result.error.code, result.error.message, result.error.node) == ("error", "no luck", "a")
    assert bench.said("node.failed") == ["a"]
    assert [event.type for event in bench.seen[-3:]] == ["node_failed", "state_changed", "failed"]


async def test_what_runs_beside_a_failure_is_waited_for_and_nothing_new_starts(bench):
    graph = Graph()
    graph.task("bad")
    graph.task("after_slow", {"x": graph.task("slow")})
    begun, ended = asyncio.Event(), asyncio.Event()

    async def slow(task, report):
        begun.set()
        await asyncio.sleep(0.05)
        ended.set()
        return 1

    async def bad(task, report):
        await begun.wait()
        return Failure("error", "no")

    bench.executor.work = {"bad": bad, "slow": slow}
    result = await bench.go(graph)
    assert result.state == "failed"
    assert ended.is_set()
    assert [name for name, _ in bench.executor.ran] == ["bad", "slow"]


def failing(times: int, code: str = "timeout"):
    def work(task, report):
        return Failure(code, "again") if task.attempt <= times else task.attempt

    return work


QUICK = Settings(retry=Retry(attempts=3, delay=1000))


@pytest.mark.parametrize(
    ("settings", "code", "attempts", "state"),
    [
        (QUICK, "timeout", 3, "completed"),
        (QUICK, "error", 3, "completed"),
        (QUICK, "of_the_user", 3, "completed"),
        (QUICK, "conversion", 1, "failed"),
        (Settings(retry=Retry(attempts=2, delay=1000)), "timeout", 2, "failed"),
        (Settings(retry=Retry(attempts=1)), "timeout", 1, "failed"),
        (Settings(retry=Retry(attempts=3, delay=1000, on=("conversion",))), "conversion", 3, "completed"),
        (Settings(retry=Retry(attempts=3, delay=1000, on=("conversion",))), "timeout", 1, "failed"),
        (Settings(), "error", 1, "failed"),
    ],
)
async def test_what_is_tried_again_and_how_often(bench, settings, code, attempts, state):
    graph = Graph()
    graph.output("y", graph.task("a", settings=settings))
    bench.executor.work = {"a": failing(2, code)}
    result = await bench.go(graph)
    assert result.state == state
    assert bench.executor.ran == [("a", at + 1) for at in range(attempts)]


async def test_a_retry_waits_until_the_moment_that_the_log_names(bench):
    graph = Graph()
    graph.task("a", settings=Settings(retry=Retry(attempts=2, delay=30_000_000, jitter=0.0)))
    bench.executor.work = {"a": failing(1)}
    await bench.go(graph)
    failed = next(entry for entry in bench.entries() if entry.type == "attempt.failed")
    first, again = (entry for entry in bench.entries() if entry.type == "node.started")
    assert (
        failed.data["due"] >= first.at + 30_000_000
    )  # from when the attempt ended, which may be before the log says so
    assert again.at >= failed.data["due"]


async def test_an_attempt_that_takes_too_long_is_stopped(bench):
    graph = Graph()
    graph.task("a", settings=Settings(timeout=20_000_000, retry=Retry(attempts=1)))
    stopped = asyncio.Event()

    async def endless(task, report):
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    bench.executor.work = {"a": endless}
    result = await bench.go(graph)
    assert (result.error.code, result.error.message) == ("timeout", "no result within 20ms")
    assert stopped.is_set()


async def test_the_wait_for_a_free_place_does_not_count(bench):
    graph = Graph()
    graph.task("a", settings=Settings(timeout=40_000_000, retry=Retry(attempts=1)))

    async def waits(task, report):
        report(Waiting())
        await asyncio.sleep(0.1)
        report(Begun())
        return 1

    bench.executor.work = {"a": waits}
    assert (await bench.go(graph)).state == "completed"


async def test_a_step_that_takes_effect_once_is_not_tried_again(bench):
    graph = Graph()
    graph.task("pay", effect=Effect.ONCE, settings=QUICK)
    bench.executor.work = {"pay": failing(1, "error")}
    result = await bench.go(graph)
    assert result.state == "failed"
    assert bench.executor.ran == [("pay", 1)]


async def test_a_step_that_takes_effect_once_is_tried_again_where_nothing_happened(bench):
    graph = Graph()
    graph.task("pay", effect=Effect.ONCE, settings=QUICK)
    bench.executor.work = {
        "pay": lambda task, report: 1 if task.attempt > 1 else Failure("connection", "no way", before_effect=True)
    }
    assert (await bench.go(graph)).state == "completed"


async def test_nobody_knows_whether_it_took_effect_so_a_person_decides(bench):
    graph = Graph()
    graph.task("pay", effect=Effect.ONCE)
    graph.output("y", graph.task("other"))
    bench.executor.work = {"pay": lambda task, report: Failure("crashed", "the worker died")}
    result = await bench.go(graph)
    assert result.state == "paused"
    assert result.undecided["pay"].message == "the worker died; whether it took effect is not known"
    assert bench.said("node.completed") == ["other", "output.y"]
    again = await bench.drive()
    assert (again.state, list(again.undecided)) == ("paused", ["pay"])
    assert [name for name, _ in bench.executor.ran] == ["pay", "other"]


async def test_what_a_person_can_mend_is_tried_again_when_the_run_is_resumed(bench):
    graph = Graph()
    graph.output("y", graph.task("a"))
    bench.executor.work = {"a": lambda task, report: Failure("secret_unavailable", "KEY is not set")}
    result = await bench.go(graph)
    assert (result.state, result.undecided["a"].code) == ("paused", "secret_unavailable")
    bench.executor.work = {}
    assert (await bench.drive()).outputs == {"y": 1}


async def test_progress_and_lines_become_events(bench):
    graph = Graph()
    graph.task("a")

    def talk(task, report):
        report(ProgressNote(0.25, "a quarter"))
        report(ProgressNote(0.26))
        for at in range(150):
            report(LogLine("info", f"line {at}"))
        return 1

    bench.executor.work = {"a": talk}
    await bench.go(graph)
    progress = [event for event in bench.seen if event.type == "node_progress"]
    lines = [event.fields for event in bench.seen if event.type == "log"]
    assert [event.fields for event in progress] == [{"percentage": 25.0, "message": "a quarter"}]
    assert lines[0] == {"level": "info", "message": "line 0"}
    assert (len(lines), lines[-1]["message"]) == (101, "50 lines are left out")


@pytest.mark.parametrize("cut", [1, 2, 3])
async def test_stop_lets_the_run_go_and_it_goes_on_later(bench, cut):
    graph = Graph()
    before = graph.task("t0")
    for at in range(1, 5):
        before = graph.task(f"t{at}", {"x": before})
    graph.output("y", before)
    stop = asyncio.Event()

    async def hang(task, report):
        if task.address == f"t{cut}" and task.attempt == 1:
            stop.set()
            await asyncio.sleep(60)
        return sum(task.inputs.values()) + 1

    bench.executor.work = {f"t{at}": hang for at in range(5)}
    bench.create(graph)
    result = await bench.drive(stop)
    assert (result.state, result.interrupted) == ("paused", True)
    assert bench.store.runs()[0].state == "paused"
    assert (await bench.drive()).outputs == {"y": 5}
    assert bench.executor.ran == [(f"t{at}", 1) for at in range(cut + 1)] + [(f"t{cut}", 2)] + [
        (f"t{at}", 1) for at in range(cut + 1, 5)
    ]


async def test_a_step_that_takes_effect_once_may_end_before_the_run_is_let_go(bench):
    graph = Graph()
    graph.output("y", graph.task("pay", effect=Effect.ONCE))
    stop = asyncio.Event()

    async def pay(task, report):
        stop.set()
        await asyncio.sleep(0.05)
        return 7

    bench.executor.work = {"pay": pay}
    bench.create(graph)
    assert (await bench.drive(stop)).interrupted
    assert (await bench.drive()).outputs == {"y": 7}
    assert bench.executor.ran == [("pay", 1)]


async def test_a_bug_in_an_executor_lets_the_run_go_as_it_is(bench):
    bench.executor.work = {"b": lambda task, report: 1 // 0}
    bench.create(line(), x=1)
    with pytest.raises(ZeroDivisionError):
        await bench.drive()
    bench.executor.work = {}
    assert (await bench.drive()).outputs == {"y": 3}
    assert bench.executor.ran == [("a", 1), ("b", 1), ("b", 2)]


async def test_a_step_that_its_engine_never_survives_waits_for_a_person(bench):
    bench.executor.work = {"b": lambda task, report: 1 // 0}
    bench.create(line(), x=1)
    for _ in range(MAX_LOSSES):
        with pytest.raises(ZeroDivisionError):
            await bench.drive()
    result = await bench.drive()
    assert (result.state, result.undecided["b"].code) == ("paused", "crash_loop")
    bench.executor.work = {}
    assert (await bench.drive()).outputs == {"y": 3}


async def test_a_run_that_another_driver_holds_is_refused(bench):
    bench.create(line(), x=1)
    lock = bench.store.run(bench.run).claim()
    with pytest.raises(UserError, match="another process drives this run"):
        await bench.drive()
    lock.let_go()
    assert (await bench.drive()).state == "completed"


async def test_a_final_run_is_only_told_again(bench):
    first = await bench.go(line(), x=1)
    again = await bench.drive()
    assert again == first
    assert len(bench.executor.ran) == 2


def typed() -> Graph:
    graph = Graph()
    graph.input("count", INT, constraints=(Constraint("min", 1),))
    graph.input("title", STRING)
    graph.input("note", STRING, has_default=True, default_value="none")
    return graph


def test_every_wrong_input_is_named_at_once(bench):
    with pytest.raises(UserError) as raised:
        bench.create(typed(), count=0, titel="x")
    assert str(raised.value) == (
        "workflow main: 3 inputs are wrong:\n"
        "  there is no input `titel`; did you mean `title`?\n"
        "  input `count` must be at least 1, but is 0\n"
        "  input `title` is missing; it is of type string"
    )


def test_one_wrong_input_is_one_sentence(bench):
    with pytest.raises(UserError, match='input `count`: expected an int, found the string "1"'):
        bench.create(typed(), count="1", title="t")


@pytest.mark.parametrize("durability", ["process", POWER])
async def test_a_bug_of_whoever_watches_ends_the_driving_and_not_the_run(bench, durability):
    bench.durability = durability
    bench.create(line(), x=1)

    def stumble(event):
        if event.type == "node_completed":
            raise KeyError("a bug")

    with pytest.raises(KeyError):
        await bench.drive(show=stumble)
    assert (await bench.drive()).outputs == {"y": 3}


@pytest.mark.parametrize("durability", ["process", POWER])
async def test_a_value_that_cannot_be_kept_is_a_bug_of_the_executor(bench, durability):
    bench.durability = durability
    bench.create(line(), x=1)
    bench.executor.work = {"a": lambda task, report: object()}
    with pytest.raises(TypeError, match="object is no value of the language"):
        await bench.drive()
