"""Runs in processes of their own that are killed: at a failpoint, or from outside at any moment.

As a program: `engine_kills.py PLAN`; the plan is a JSON list of `[what to do, its arguments, how it is killed]` (see
`killed`). The answer is a JSON list that says which of them were.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.runtime.engine_graphs import Graph, tool

from symphony_dsl.base.types import INT, STRING, ListType
from symphony_model.nodes import Effect, InstrumentNode
from symphony_model.settings import Cache, Concurrency, RateLimit, Retry, Settings
from symphony_runtime import engine
from symphony_runtime.commands import Command, Kind
from symphony_runtime.entries import NODE_LOG, Entry
from symphony_runtime.sending import command, send
from symphony_runtime.storage import failpoints
from symphony_runtime.storage.contract import LogRefusedError
from symphony_runtime.storage.removal import GRACE_SECONDS, remove, sweep
from symphony_runtime.storage.store import SQLITE, Store
from symphony_runtime.task import Calls, Failure, Outcome, Success, Task, ToolCall

FEW = 3
"""So many forks load what they need by themselves."""

QUICK = Settings(retry=Retry(3, delay=1_000_000))
SHARED = Settings(
    concurrency=Concurrency(2, "package:file:policy"), rate_limit=RateLimit(100, 1000, "package:file:policy")
)
LONG = "x" * 20_000
"""Longer than what is kept in a log."""

INPUTS = {"items": [1, 2, 3], "text": LONG}
EXPECTED = {"y": 25, "z": LONG, "heard": 7}


def busy() -> Graph:
    """Items, a branch, a call that is begun again, a retry, a slot that other runs have too, a model that calls tools,
    a large value, and a step that must not be done twice."""
    callee = Graph("callee")
    x = callee.input("x")
    callee.output("r", callee.expression("twice", "x + one", INT, x=x, one=callee.task("one", {"x": x})))
    graph = Graph()
    items = graph.input("items", ListType(INT))
    base = graph.task("flaky", settings=QUICK)
    every = graph.each("every", items)
    with every.body() as body:
        first = graph.task("first", {"x": every.item}, settings=SHARED)
        body.yielded = graph.call("yield", callee, QUICK, x=first)
    total = graph.expression("total", "xs.sum() + base", INT, xs=every.result, base=base)
    choice = graph.branch("choice", {"then": "total > 10", "else": None}, total=total)
    with choice.arm("then") as arm:
        arm.yielded = graph.task("yield", {"x": total})
    with choice.arm("else") as arm:
        arm.yielded = graph.task("yield", {"x": base})
    paid = graph.task("pay", {"x": choice.result}, effect=Effect.ONCE)
    graph.output("y", graph.task("last", {"x": paid}))
    graph.output("heard", graph.instrument("help", (tool("look"), graph.workflow_tool("flow", flow()))))
    graph.output("z", graph.input("text", STRING), STRING)
    return graph


def flow() -> Graph:
    graph = Graph("flow")
    graph.output("r", graph.task("inside", {"x": graph.input("x")}))
    return graph


SCRIPT = (
    (ToolCall("0", "look", '{"x": 1}'), ToolCall("1", "lock", "{}"), ToolCall("2", "look", '{"x": 2}')),
    (ToolCall("0", "flow", '{"x": 1}'),),
)
"""What the model calls in each turn."""


def echo() -> Graph:
    graph = Graph("echo")
    graph.output("z", graph.input("text", STRING), STRING)
    return graph


def shared() -> Graph:
    """What others may take: from the cache, or by its key; and what nobody gets, since it fails."""
    graph = Graph("shared")
    kept = graph.task("kept", constants={"x": 1}, settings=Settings(cache=Cache()))
    graph.output("y", graph.task("once", {"x": kept}, effect=Effect.ONCE, settings=Settings(key="k")))
    graph.task("broken", constants={"x": 1}, after=("once",), settings=Settings(key="b"))
    return graph


@dataclass(frozen=True, slots=True)
class Ledger:
    """What steps did outside: one line each, written at once, so that it outlives whoever did it."""

    path: Path

    def write(self, run: str, address: str, attempt: int, result: int) -> None:
        with self.path.open("a") as file:
            file.write(json.dumps([run, address, attempt, result]) + "\n")

    def of(self, run: str) -> list[tuple[str, int, int]]:
        """Address, attempt and result of all that was done for a run."""
        if not self.path.exists():
            return []
        lines = [json.loads(line) for line in self.path.read_text().splitlines()]
        return [(address, attempt, result) for of, address, attempt, result in lines if of == run]


@dataclass(frozen=True, slots=True)
class Moments:
    """Adds its inputs up after a moment, writes that into the ledger, and takes another moment; the first try of some fails."""

    ledger: Ledger

    async def run(self, task: Any, report: Any) -> Outcome:
        await asyncio.sleep(0.001)
        if task.attempt == 1 and task.address.endswith("flaky"):
            return Failure("timeout", "not yet")
        if task.address == "every[1]/yield/one":
            return Failure("error", "the call is begun again")
        if task.address == "broken":
            return Failure("failed", "always")
        result = sum(value for value in task.inputs.values() if isinstance(value, int)) + 1
        self.ledger.write(task.execution_id, task.address, task.attempt, result)
        await asyncio.sleep(0.001)
        if isinstance(task.node, InstrumentNode):
            return Calls(SCRIPT[len(task.turns)]) if len(task.turns) < len(SCRIPT) else Success({"result": heard(task)})
        return Success({"result": result})

    async def close(self) -> None:
        """Nothing is kept."""


def heard(task: Task) -> int:
    """The sum of what tools gave, whatever else the model was told."""
    told = [json.loads(result) for turn in task.turns for result in turn.results]
    return sum(each if isinstance(each, int) else each.get("r", 0) for each in told)


def create(root: str, kind: str, durability: str) -> str:
    return engine.create(Store(Path(root), kind), busy().seal(), INPUTS, Path(root).parent, durability=durability)


def share(root: str, kind: str, durability: str) -> str:
    return engine.create(Store(Path(root), kind), shared().seal(), {}, Path(root).parent, durability=durability)


def drive(root: str, runs: list[str]) -> None:
    """All of them at the same time."""
    store, executor = Store(Path(root)), Moments(Ledger(Path(root, "ledger")))

    async def together() -> None:
        await asyncio.gather(*(engine.drive(store, run, executor=executor) for run in runs))

    asyncio.run(together())


def tell(root: str, kind: str, durability: str) -> None:
    """A whole life: runs are made, one gets commands and what is none, and is driven; the other is removed."""
    store = Store(Path(root), kind)
    old = engine.create(store, echo().seal(), {"text": LONG + "!"}, Path(root).parent, durability=durability)
    run = create(root, kind, durability)
    Path(root, "told").write_text(run)
    say(store, run, command(Kind.RETRY_NODE, "first"))
    send(store, run, command(Kind.PAUSE))
    say(store, run, command(Kind.RETRY_NODE, "last"))
    Path(root, "runs", run, "inbox", "0-no-command").write_text("{}")
    drive(root, [run])
    drive(root, [share(root, kind, durability)])
    store.medium.cache().clear()
    Path(root, "runs", "new-0").mkdir()
    remove(store, old)
    sweep(store, time.time() + 2 * GRACE_SECONDS)


def say(store: Store, run: str, given: Command) -> None:
    """As to a run that somebody drives; what was promised is noted."""
    store.run(run).inbox.put(given)
    with (store.root / "said").open("a") as said:
        said.write(f"{given.id}\n")


def append(root: str, run: str, many: int) -> None:
    """A transaction of so many entries."""
    store = Store(Path(root))
    log = store.run(run).log.open(store.blobs, "process")
    log.commit([Entry(NODE_LOG, {"level": "info", "message": "x"}, seq=2 + at) for at in range(many)])


def squeeze(root: str, run: str, size: int) -> None:
    """Drive where no file may grow beyond so many bytes: the system refuses, in the middle of what is written."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        drive(root, [run])
    except LogRefusedError as problem:
        Path(root, "refused").write_text(problem.message)


ACTS: dict[str, Callable[..., None]] = {"drive": drive, "tell": tell, "append": append, "squeeze": squeeze}


def points(root: str, *arguments: str) -> list[str]:
    """The failpoints that a life reaches, in their order."""
    reached: list[str] = []
    failpoints.watch(reached.append)
    try:
        tell(root, *arguments)
    finally:
        failpoints.watch(None)
    return reached


class Death:
    """Ends this process, as `kill -9` does, at a failpoint that is reached for the nth time; `any` counts all."""

    def __init__(self, name: str, number: int) -> None:
        self._name, self._left = name, number
        self._lock = threading.Lock()

    def __call__(self, name: str) -> None:
        with self._lock:
            self._left -= self._name in (name, "any")
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def begin(act: str, arguments: list[Any], how: str) -> tuple[int, str]:
    """A fork that acts. `how` is `NAME:N` (the nth time at a failpoint), `any:N`, or `wait:MILLISECONDS`."""
    child = os.fork()
    if child:
        return child, how
    name, _, number = how.partition(":")
    failpoints.watch(None if name == "wait" else Death(name, int(number)))
    try:
        ACTS[act](*arguments)
    except BaseException as problem:  # noqa: BLE001 - whoever reads our last words finds it
        os.write(2, repr(problem).encode())
        os._exit(1)
    os._exit(0)


def ended(child: int, how: str, began: float) -> bool:
    """Whether it was killed; anything else but a good end is a mistake."""
    name, _, number = how.partition(":")
    if name == "wait":
        time.sleep(max(0.0, began + int(number) / 1000 - time.monotonic()))
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    assert status in (0, signal.SIGKILL), status
    return status != 0


def killed(plan: list[tuple[str, list[Any], str]], at_once: int) -> list[bool]:
    """So many at the same time."""
    died: list[bool] = []
    for at in range(0, len(plan), at_once):
        began = time.monotonic()
        children = [begin(*each) for each in plan[at : at + at_once]]
        died += [ended(child, how, began) for child, how in children]
    return died


def warm_up() -> None:
    """Load once, for all forks, what a life needs."""
    with tempfile.TemporaryDirectory() as folder:
        tell(folder, SQLITE, "process")


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    if len(given.get("plan", ())) > FEW:
        warm_up()
    if given["act"] == "points":
        sys.stdout.write(json.dumps(points(*given["arguments"])))
    else:
        sys.stdout.write(json.dumps(killed(given["plan"], given["at_once"])))
