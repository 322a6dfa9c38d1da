"""A run from its making to its end, on graphs without blocks."""

from __future__ import annotations

from tests.runtime.engine_graphs import Graph, InLoop

from symphony_runtime import engine, events
from symphony_runtime.store import Store


def line() -> Graph:
    graph = Graph()
    x = graph.input("x")
    a = graph.task("a", {"x": x})
    b = graph.task("b", {"x": a})
    graph.output("y", b)
    return graph


async def test_a_line_of_tasks_runs_to_its_output(tmp_path):
    store = Store(tmp_path / ".symphony")
    run = engine.create(store, line().seal(), {"x": 1}, tmp_path, durability="process")
    result = await engine.drive(store, run, executor=InLoop())
    assert (result.state, result.outputs) == ("completed", {"y": 3})
    for event in events.read(store, run):
        print(event.to_json())
    print(store.runs())


async def test_power(tmp_path):
    store = Store(tmp_path / ".symphony")
    run = engine.create(store, line().seal(), {"x": 1}, tmp_path)
    result = await engine.drive(store, run, executor=InLoop())
    assert (result.state, result.outputs) == ("completed", {"y": 3})
