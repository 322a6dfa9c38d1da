"""Each row of the table of effects, for each effect, as it happens."""

from __future__ import annotations

import asyncio

import pytest
from tests.runtime.engine_effects import AGAIN, EFFECTS, FAILS, HAPPENINGS, LOST, RETRY, ROWS, followed, killed
from tests.runtime.engine_graphs import Graph
from tests.runtime.engine_laws import check_log
from tests.runtime.engine_runs import Bench

from symphony_model.nodes import Effect
from symphony_model.settings import Retry, Settings
from symphony_runtime.commands import Kind
from symphony_runtime.sending import command, send
from symphony_runtime.task import Failure

CELLS = [(what, effect) for what in ROWS for effect in EFFECTS]


@pytest.mark.parametrize(("what", "effect"), CELLS, ids=[f"{effect}: {what}" for what, effect in CELLS])
async def test_a_cell(tmp_path, what, effect):
    bench = Bench(tmp_path)
    await HAPPENINGS[what](bench, effect)
    expected = ROWS[what][EFFECTS.index(effect)]
    found, entry = followed(bench.entries())
    assert found == expected
    check_log(bench.entries(), final=False)
    tries = [attempt for address, attempt in bench.executor.ran if address == "a"]
    if expected in (RETRY, AGAIN) and what != "Ctrl-C":
        assert tries == [1, 2]
        assert bench.said("node.completed") == ["a", "output.y"]
    else:
        assert tries == [1], "nothing is done twice without a person"
    if expected in (LOST, FAILS) and effect is Effect.ONCE and "goes away" in what:
        assert entry.data["error"]["message"].endswith("whether it took effect is not known")


@pytest.mark.parametrize("kind", [Kind.RETRY_NODE, Kind.SKIP_NODE, Kind.FAIL_NODE])
async def test_what_is_lost_waits_for_a_person_however_often_the_run_is_resumed(tmp_path, kind):
    bench = Bench(tmp_path)
    await HAPPENINGS["its engine goes away"](bench, Effect.ONCE)
    for _ in range(3):
        again = await bench.drive()
        assert (again.state, list(again.undecided)) == ("paused", ["a"])
        assert not send(bench.store, bench.run, command(Kind.RESUME)).done
    assert bench.executor.ran == [("a", 1)]
    value = {"value": 7, "has_value": True} if kind is Kind.SKIP_NODE else {}
    assert send(bench.store, bench.run, command(kind, "a", **value)).done
    result = await bench.drive()
    ends = {
        Kind.RETRY_NODE: ("completed", {"y": 1}),
        Kind.SKIP_NODE: ("completed", {"y": 7}),
        Kind.FAIL_NODE: ("failed", None),
    }
    assert (result.state, result.outputs) == ends[kind]
    assert bench.executor.ran == [("a", 1), ("a", 2)][: 1 + (kind is Kind.RETRY_NODE)]


async def test_an_attempt_that_was_lost_with_its_engine_counts_for_no_retry(tmp_path):
    """Two may fail: behind one that was cut off there are two more."""
    bench = Bench(tmp_path)

    async def work(task, report):
        if task.attempt == 1:
            begun.set()
            await asyncio.sleep(60)
        return Failure("timeout", "no")

    begun = asyncio.Event()
    graph = Graph()
    graph.task("a", settings=Settings(retry=Retry(2, delay=1)))
    bench.executor.work["a"] = work
    bench.create(graph)
    await killed(bench, begun)
    assert (await bench.drive()).state == "failed"
    assert bench.executor.ran == [("a", 1), ("a", 2), ("a", 3)]
