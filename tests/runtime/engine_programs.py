"""Random workflows as a strategy, and a way to run them in memory, to the end or to any point before it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

from hypothesis import strategies as st
from tests.runtime.engine_graphs import From, Graph, X, tool
from tests.runtime.engine_laws import folded, stored

from symphony_dsl.base.types import INT, ListType
from symphony_model.artifact import Artifact
from symphony_model.nodes import Effect, InstrumentConfig, InstrumentNode, InstrumentTool
from symphony_model.ports import PortDefinition
from symphony_model.settings import NO_SETTINGS, Concurrency, RateLimit, Retry, RunSettings, Settings
from symphony_runtime.driver import Driver
from symphony_runtime.entries import RUN_CREATED, Entry
from symphony_runtime.plans.planning import Plans
from symphony_runtime.rules.evolve import evolve
from symphony_runtime.rules.state import RunState
from symphony_runtime.storage.contract import Done
from symphony_runtime.task import Calls, Failure, LogLine, Outcome, Success, Task, ToolCall

RESULT = PortDefinition("result", INT)
QUICK = Settings(retry=Retry(3, delay=1000))
AGAIN = Settings(retry=Retry(2, delay=1000))
IN_TIME = Settings(retry=Retry(3, delay=1000), timeout=3600 * 10**9, deadline=3600 * 10**9)
FEW = Settings(retry=Retry(3, delay=1000), concurrency=Concurrency(2, "package:file:policy"))
ONE = Settings(concurrency=Concurrency(1), rate_limit=RateLimit(1, 1000, "package:file:policy"))
blocks = st.sampled_from([NO_SETTINGS, AGAIN, IN_TIME])
"""Settings of a block."""

tasks = st.tuples(st.just("task"), st.lists(st.integers(0, 9), max_size=2), st.sampled_from(["repeatable", "pure"]))
onces = st.tuples(st.just("task"), st.lists(st.integers(0, 9), max_size=2), st.just("once"))
talks = st.tuples(st.just("talk"), st.integers(0, 9), st.sampled_from(["repeatable"]))
once_talks = st.tuples(st.just("talk"), st.integers(0, 9), st.just("once"))
expressions = st.tuples(st.just("expression"), st.lists(st.integers(0, 9), min_size=1, max_size=2))


def bodies(step: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.recursive(
        st.lists(step | expressions, min_size=1, max_size=4),
        lambda body: st.lists(
            step
            | st.tuples(st.just("each"), blocks, st.sampled_from([None, 0, 2]), st.sampled_from(["stop", "skip"]), body)
            | st.tuples(st.just("branch"), blocks, st.integers(0, 9), body, body)
            | st.tuples(st.just("call"), blocks | st.just(ONE), st.integers(0, 9), body),
            min_size=2,
            max_size=5,
        ),
        max_leaves=16,
    )


def graph_of(body: list[Any]) -> Graph:
    graph = Graph()
    seen = [graph.input("x", has_default=True, default_value=3)]
    Builder(graph).add(body, seen)
    for at, source in enumerate(seen[-3:]):
        graph.output(f"y{at}", source)
    return graph


@dataclass
class Builder:
    """Adds the statements of a body; what each gives can be read by those below it and inside."""

    graph: Graph
    count: int = 0

    def add(self, body: list[Any], seen: list[From]) -> From:
        for kind, *rest in body:
            self.count += 1
            seen.append(getattr(self, kind)(f"{kind}{self.count}", seen, *rest))
        return seen[-1]

    def task(self, name: str, seen: list[From], uses: list[int], effect: str) -> From:
        settings = FEW if self.count % 3 == 0 else QUICK
        return self.graph.task(name, _used(seen, uses), effect=Effect(effect), settings=settings)

    def expression(self, name: str, seen: list[From], uses: list[int]) -> From:
        sources = _used(seen, uses)
        return self.graph.expression(name, " + ".join(sources) + " + 1", INT, **sources)

    def each(
        self, name: str, seen: list[From], settings: Settings, limit: int | None, on_error: str, body: list[Any]
    ) -> From:
        graph = self.graph
        source = graph.expression(f"{name}.for.items", "[v, v + 1, v + 2]", ListType(INT), v=seen[-1])
        every = graph.each(name, source, limit=limit, on_error=on_error, settings=settings)
        with every.body() as inside:
            inner = [*seen, every.item]
            inside.yielded = graph.task("yield", {"v": self.add(body, inner)}, settings=QUICK)
        return graph.expression(f"{name}sum", "vs.sum()", INT, vs=every.result)

    def branch(
        self, name: str, seen: list[From], settings: Settings, least: int, then: list[Any], otherwise: list[Any]
    ) -> From:
        arms = {"then": f"v % 10 > {least}", "else": None}
        block = self.graph.branch(name, arms, settings=settings, v=seen[-1])
        for arm, body in (("then", then), ("else", otherwise)):
            with block.arm(arm) as inside:
                inside.yielded = self.graph.expression("yield", "v", INT, v=self.add(body, list(seen)))
        return block.result

    def talk(self, name: str, seen: list[From], use: int, effect: str) -> From:
        """A model with a tool, with a workflow, and with a model that has a tool itself."""
        callee = Graph(f"callee{self.count}")
        callee.output("r", callee.task("inside", {"x": callee.input("x")}, settings=QUICK))
        look = tool("look", Effect(effect), QUICK)
        deep = InstrumentTool(
            "deep", "test/model", InstrumentConfig("deep", tools=(look,), settings=QUICK), None, (X,), (RESULT,)
        )
        tools = (look, deep, self.graph.workflow_tool("flow", callee))
        return self.graph.instrument(name, tools, QUICK, x=seen[use % len(seen)])

    def call(self, name: str, seen: list[From], settings: Settings, use: int, body: list[Any]) -> From:
        callee = Graph(f"callee{self.count}")
        if use % 3 == 0:
            callee.workflow.update(settings=RunSettings(concurrency=2))
        inner = [callee.input("x")]
        callee.output("r", Builder(callee).add(body, inner))
        return self.graph.call(name, callee, settings, x=seen[use % len(seen)])


def _used(seen: list[From], uses: list[int]) -> dict[str, From]:
    return {f"p{at}": seen[use % len(seen)] for at, use in enumerate(dict.fromkeys(use % len(seen) for use in uses))}


WANTED = (("look",), ("look", "deep"), ("lock", "flow"), ("deep", "flow", "lock"))
"""Who may be called by each of the calls of a turn; there is no `lock`."""


@dataclass
class Whims:
    """Answers by the step's address alone: most go well, some are slow, some fail at first, a few always do."""

    seed: int
    bad: int = 4

    async def run(self, task: Task, report: Callable[[Any], None]) -> Outcome:
        whim = crc32(f"{self.seed} {task.address}".encode()) % 100
        for _ in range(whim % 4):
            await asyncio.sleep(0)
        if whim < self.bad:
            return Failure("error", "always") if whim % 2 else Failure("conversion", "never fits")
        if whim > 95 and task.node.config.effect is Effect.ONCE:
            return Failure("crashed", "its worker died")
        if whim < 30 and task.attempt == 1 and task.node.config.effect is not Effect.ONCE:
            report(LogLine("info", "not this time"))
            return Failure("timeout", "at first")
        if isinstance(task.node, InstrumentNode):
            return self._say(task, whim)
        return Success({"result": sum(task.inputs.values()) % 1000 + 1})

    def _say(self, task: Task, whim: int) -> Outcome:
        """Some calls first, right ones and wrong ones; what it says at the end is made of all that it heard."""
        said = [(names[whim // 7 % len(names)], whim) for names in WANTED[: whim % 5]]
        if task.turns and (len(task.turns) > 2 or whim % 3):
            said = []
        if said:
            return Calls(tuple(ToolCall(str(at), name, f'{{"x": {x}}}') for at, (name, x) in enumerate(said)))
        heard = [result for turn in task.turns for result in turn.results]
        return Success({"result": crc32(f"{task.inputs} {heard}".encode()) % 1000})

    async def close(self) -> None:
        """Nothing is kept."""


@dataclass
class Batches:
    """A log in memory, which remembers where each transaction ended."""

    entries: list[Entry] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def append(self, batch: list[Entry], done: Done) -> None:
        self.entries += batch
        done(None)
        self.ends.append(len(self.entries))

    def close(self) -> None:
        pass


@dataclass
class Ran:
    state: RunState
    log: Batches

    @property
    def told(self) -> list[Entry]:
        return self.log.entries


def run(artifact: Artifact, seed: int, before: list[Entry] | None = None, bad: int = 4, width: int = 8) -> Ran:
    """From the beginning, or from where a log ends."""
    if before is None:
        first = Entry(RUN_CREATED, {"inputs": {"x": 3}, "durability": "memory"}, seq=1)
        state = RunState("run", Plans(artifact), Path())
        evolve(state, first)
        before = [first]
    else:
        state = folded(artifact, before)
    log = Batches([stored(entry) for entry in before])

    async def drive() -> None:
        async with asyncio.timeout(20):
            await Driver(state, log, Whims(seed, bad), width=width).run()

    asyncio.run(drive())
    return Ran(state, log)
