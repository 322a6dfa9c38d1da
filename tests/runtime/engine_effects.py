"""What becomes of an attempt, by what its step may do outside and what went wrong: a table, and how each row comes about.

`test_engine_effects.py` makes every cell happen; `engine_docs.py` puts the table into the docs.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from tests.runtime.engine_graphs import Graph
from tests.runtime.engine_runs import Bench

from symphony_model.nodes import Effect
from symphony_model.settings import NO_SETTINGS, Retry, Settings
from symphony_runtime import driver
from symphony_runtime.commands import Kind
from symphony_runtime.entries import ATTEMPT_FAILED, NODE_FAILED, NODE_LOST, Entry
from symphony_runtime.sending import command
from symphony_runtime.task import Failure

AGAIN = "done again"
RETRY = "tried again, as a failure"
FAILS = "fails"
LOST = "lost: a person decides"
HELD = "held until it is mended and the run is resumed"
CANCELLED = "fails, as cancelled"

EFFECTS = (Effect.PURE, Effect.REPEATABLE, Effect.ONCE)
ROWS: dict[str, tuple[str, str, str]] = {
    "its engine goes away": (AGAIN, AGAIN, LOST),
    "its worker dies": (RETRY, RETRY, LOST),
    "its time is up": (RETRY, RETRY, LOST),
    "the connection breaks": (RETRY, RETRY, LOST),
    "nothing was reached, certainly": (RETRY, RETRY, RETRY),
    "it fails": (FAILS, FAILS, FAILS),
    "it fails, `retry` is written": (RETRY, RETRY, FAILS),
    "a secret is missing": (HELD, HELD, HELD),
    "Ctrl-C": (AGAIN, AGAIN, LOST),
    "the run is cancelled": (CANCELLED, CANCELLED, CANCELLED),
    "the engine goes away while its block fails": (CANCELLED, CANCELLED, FAILS),
}
"""By what happens to an attempt in flight: what follows for a `pure`, a `repeatable` and a `once` step."""

Happening = Callable[[Bench, Effect], Awaitable[None]]


def stepping(bench: Bench, effect: Effect, work: Any, settings: Settings = NO_SETTINGS) -> None:
    """A run of one step, which goes well from the second attempt on."""
    graph = Graph()
    graph.output("y", graph.task("a", effect=effect, settings=settings))

    def first(task: Any, report: Any) -> Any:
        return work(task, report) if task.attempt == 1 else 1

    bench.executor.work["a"] = first
    bench.create(graph)


def failing(failure: Failure, settings: Settings = NO_SETTINGS) -> Happening:
    async def happen(bench: Bench, effect: Effect) -> None:
        stepping(bench, effect, lambda task, report: failure, settings)
        await bench.drive()

    return happen


async def timed_out(bench: Bench, effect: Effect) -> None:
    stepping(
        bench, effect, lambda task, report: asyncio.sleep(60), Settings(timeout=1_000_000, retry=Retry(2, delay=1))
    )
    await bench.drive()


async def cut_off(bench: Bench, effect: Effect) -> None:
    """As a kill: nothing is written of how the attempt ended."""
    begun = asyncio.Event()

    async def hang(task: Any, report: Any) -> int:
        begun.set()
        await asyncio.sleep(60)
        return 0

    stepping(bench, effect, hang)
    await killed(bench, begun)
    await bench.drive()


async def cut_off_in_a_failing_block(bench: Bench, effect: Effect) -> None:
    begun = asyncio.Event()

    async def hang(task: Any, report: Any) -> int:
        begun.set()
        await asyncio.sleep(60)
        return 0

    async def fail(task: Any, report: Any) -> Failure:
        await begun.wait()
        return Failure("conversion", "no")

    graph = Graph()
    graph.task("a", effect=effect)
    graph.task("b")
    bench.executor.work |= {"a": hang, "b": fail}
    bench.create(graph)
    seen = asyncio.Event()
    await killed(bench, seen, lambda event: seen.set() if event.type == "node_failed" else None)
    await bench.drive()


async def killed(bench: Bench, when: asyncio.Event, show: Any = None) -> None:
    driving = asyncio.create_task(bench.drive(show=show))
    await when.wait()
    driving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await driving


async def interrupted(bench: Bench, effect: Effect) -> None:
    stop = asyncio.Event()

    async def hang(task: Any, report: Any) -> int:
        stop.set()
        await asyncio.sleep(60)
        return 0

    stepping(bench, effect, hang)
    grace, driver.GRACE = driver.GRACE, 0.01
    try:
        await bench.drive(stop)
    finally:
        driver.GRACE = grace


async def cancelled(bench: Bench, effect: Effect) -> None:
    async def hang(task: Any, report: Any) -> int:
        bench.store.run(bench.run).inbox.put(command(Kind.CANCEL))
        await asyncio.sleep(60)
        return 0

    stepping(bench, effect, hang)
    await bench.drive()


HAPPENINGS: dict[str, Happening] = {
    "its engine goes away": cut_off,
    "its worker dies": failing(Failure("crashed", "the worker was killed by SIGKILL")),
    "its time is up": timed_out,
    "the connection breaks": failing(Failure("connection", "reset")),
    "nothing was reached, certainly": failing(Failure("connection", "no route", before_effect=True)),
    "it fails": failing(Failure("error", "no")),
    "it fails, `retry` is written": failing(Failure("error", "no"), Settings(retry=Retry(2, delay=1))),
    "a secret is missing": failing(Failure("secret_unavailable", "KEY is not set", before_effect=True)),
    "Ctrl-C": interrupted,
    "the run is cancelled": cancelled,
    "the engine goes away while its block fails": cut_off_in_a_failing_block,
}


def followed(entries: list[Entry]) -> tuple[str, Entry]:
    """What the log says of the first attempt of the step, in the words of the table."""
    said = next(
        entry
        for entry in entries
        if (entry.address, entry.attempt) == ("a", 1) and entry.type in (ATTEMPT_FAILED, NODE_FAILED, NODE_LOST)
    )
    if said.type == NODE_LOST:
        return LOST, said
    if said.type == NODE_FAILED:
        return CANCELLED if said.data["error"]["code"] == "cancelled" else FAILS, said
    return {"again": AGAIN, "retry": RETRY, "held": HELD}[said.data["then"]], said
