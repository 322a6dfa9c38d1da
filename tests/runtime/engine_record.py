"""Records the logs that later versions fold for ever: `python -m tests.runtime.engine_record` writes `logs/VERSION/`.

Run it once for each released form of the log, and never again for an old one.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.runtime.engine_graphs import Graph, InLoop
from tests.runtime.engine_texts import Text
from tests.runtime.engine_tools import Model, call, calls, helping
from tests.runtime.test_engine_commands import asking

from symphony_dsl.base.types import INT, SECRET, STRING, TIMESTAMP, Field, ListType, OptionalType, RecordType
from symphony_model.nodes import Effect
from symphony_model.settings import Retry, Settings
from symphony_runtime import engine
from symphony_runtime.commands import Kind
from symphony_runtime.rules.state import RunState
from symphony_runtime.sending import command, send
from symphony_runtime.storage.log import PROCESS
from symphony_runtime.storage.store import Store
from symphony_runtime.task import Failure, LogLine, ProgressNote, Success

LOGS = Path(__file__).parent / "logs"

NOTE = RecordType((Field("at", TIMESTAMP), Field("text", STRING), Field("tag", OptionalType(STRING))), "Note")


def graph() -> Graph:
    """Something of everything that a log can say."""
    callee = Graph("callee")
    x = callee.input("x")
    callee.output("twice", callee.expression("twice", "x + one", INT, x=x, one=callee.task("one", {"x": x})))
    made = Graph("everything")
    items, key = made.input("items", ListType(INT)), made.input("key", SECRET)
    note = made.input("note", NOTE)
    flaky = made.task("flaky", settings=Settings(retry=Retry(3, delay=1_000_000)))
    large = made.task("large", {"note": note}, types={"note": NOTE}, outputs={"result": STRING})
    every = made.each("every", items, limit=2, on_error="skip")
    with every.body() as body:
        first = made.task("first", {"x": every.item})
        body.yielded = made.call("yield", callee, x=first)
    total = made.expression("total", "xs.sum() + base", INT, xs=every.result, base=flaky)
    choice = made.branch("choice", {"then": "total > 1000", "then2": "total > 10", "else": None}, total=total)
    with choice.arm("then") as arm:
        arm.yielded = made.task("yield", {"x": total})
    with choice.arm("then2") as arm:
        made.require("require.12345678", "total > 1", total=total)
        arm.yielded = made.task("yield", {"x": total})
    with choice.arm("else") as arm:
        arm.yielded = made.task("yield", {"x": flaky})
    paid = made.task("pay", {"x": choice.result, "key": key}, types={"key": SECRET}, effect=Effect.ONCE)
    made.output("paid", paid)
    made.output("large", large, STRING)
    return made


INPUTS = {
    "items": [1, 2, 3, 4],
    "key": {"$secret": "env:KEY"},
    "note": {"at": "2026-01-31T08:00:00Z", "text": "$x"},
}


def flaky(task: Any, report: Any) -> Any:
    report(LogLine("info", "trying"))
    report(ProgressNote(0.5, "half"))
    return Failure("timeout", "not yet") if task.attempt == 1 else 5


def first(task: Any, report: Any) -> Any:
    return Failure("error", "three is bad", {"value": 3}) if task.inputs["x"] == 3 else task.inputs["x"]


def executor() -> InLoop:
    return InLoop({"flaky": flaky, "first": first, "large": lambda task, report: Success({"result": "ü" * 3000})})


async def record(folder: Path) -> None:
    store = Store(folder)
    whole = engine.create(store, graph().seal(), INPUTS, Path("/home"), durability=PROCESS)
    await engine.drive(store, whole, executor=executor())
    cut = engine.create(store, graph().seal(), INPUTS, Path("/home"), durability=PROCESS)
    broken = executor()
    broken.work["choice:then2/yield"] = lambda task, report: 1 // 0
    with suppress(ZeroDivisionError):
        await engine.drive(store, cut, executor=broken)
    runs = {"whole": whole, "cut": cut, "controls": await controls(store), "commands": await commands(store)}
    runs["late"] = await late(store)
    runs["rounds"] = await rounds(store)
    runs["tools"] = await tools(store)
    runs["failing"], runs["holding"] = await failing(store), await holding(store)
    runs["tried"], runs["taken"] = await taken(store)
    stories = {name: story(engine.recover(store, run)) for name, run in runs.items()}
    expected = {"runs": runs, "stories": stories}
    (folder / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")
    for unneeded in (".gitignore", *NOT_RECORDED, *(f"runs/{run}/lock" for run in runs.values())):
        (folder / unneeded).unlink(missing_ok=True)


NOT_RECORDED = ("index.db", "cache.db", "keys.db", "salt")
"""What a store has beside the logs of its runs."""

CONTROLS = """
step grown = loop n = 1 max 3 every 1ms {
  step m = do(x: n)
  until m > 9
  next m * 2
} else { yield n }
step quick = parallel first {
  slow: do(x: 1)
  fast: do(x: 2)
}
step both = parallel all {
  one: do(x: grown)
  two: grown + 1
}
step safe = try do(x: 0) { retry: 0 } catch e: timeout { yield 1 } catch e { yield e.attempt }
output all: int = both.one + both.two + quick + safe
finally { step bye = do(x: safe ?? 0) }
"""


async def slowly(task: Any, report: Any) -> Any:
    await asyncio.sleep(0.01)
    return 1


async def controls(store: Store) -> str:
    """Blocks of every kind that the graph above has not."""
    run = engine.create(store, Text(CONTROLS).seal(), {}, Path("/home"), durability=PROCESS)
    work = {"quick:slow/yield": slowly, "safe:body/yield": lambda task, report: Failure("error", "no")}
    await engine.drive(store, run, executor=InLoop(work))
    return run


LATE = """
settings { timeout: 1ms }
step a = do(x: 1)
@disabled step b = do(x: 2)
output a: int = a
finally { step do(x: b ?? 3) }
"""


async def late(store: Store) -> str:
    """A run that takes longer than it may."""
    run = engine.create(store, Text(LATE).seal(), {}, Path("/home"), durability=PROCESS)
    await engine.drive(store, run, executor=InLoop({"a": slowly}))
    return run


async def tools(store: Store) -> str:
    """A model that calls tools: one that runs, one that fails, one that does not exist."""
    run = engine.create(store, helping().seal(), {}, Path("/home"), durability=PROCESS)
    first = calls(call("look", x=1), call("twofold", x=2), call("lock"), text="let me see", usage=5)
    asked = Model(first, calls(call("note", text="n")), Success({"result": "seven"}, {"total_tokens": 3}))
    work = {"help": asked, "look": lambda task, report: Failure("gone", "no"), "note": lambda *_: Success({})}
    await engine.drive(store, run, executor=InLoop(work))
    return run


ROUNDS = """
step a = inner(x: 1) { retry: { attempts: 2, delay: 1ms } }
step b = for x in [1, 2] { yield do(x: x) } with { retry: { attempts: 2, delay: 1ms } }
step c = try inner(x: 5) { timeout: 1ms } catch e { yield { a: e.attempt } }
output all: int = a.a + b.sum() + c.a
"""
INNER = "workflow inner {\n  input x: int\n  step a = do(x: x)\n  output a: int = a\n}\n"


async def rounds(store: Store) -> str:
    """Blocks that are begun again, and one whose time is up."""
    run = engine.create(store, Text(ROUNDS, INNER).seal(), {}, Path("/home"), durability=PROCESS)
    no = Failure("error", "no")
    await engine.drive(store, run, executor=InLoop({
        "a/a": lambda task, report: no,
        "b[1]/yield": lambda task, report: no,
        "c:body/yield/a": slowly,
    }))  # fmt: skip
    return run


TAKEN = """
step a = do(x: 1) { cache: true }
step b = do(x: 1) { cache: true }
step c = once(x: 2) { key: "c" }
step d = do(x: a + c)
output d: int = d
"""


async def taken(store: Store) -> tuple[str, str]:
    """Results that are there already: of another step, of a step with the key, of the run that this one is another try of."""
    run = engine.create(store, Text(TAKEN).seal(), {}, Path("/home"), durability=PROCESS)
    await engine.drive(store, run, executor=InLoop({"d": lambda task, report: Failure("failed", "no")}))
    again = engine.retry(store, run)
    await engine.drive(store, again, executor=InLoop())
    return run, again


def held() -> Graph:
    made = Graph("held")
    asking(made)
    made.task("a", settings=Settings(on_error="pause"))
    made.task("b", {"x": ("a", "result")}, settings=Settings(on_error="pause"))
    return made


async def commands(store: Store) -> str:
    """What a person may say to a run: it ends by being cancelled."""
    run = engine.create(store, held().seal(), {"prompt": "go on?"}, Path("/home"), durability=PROCESS)
    broken = InLoop({name: lambda task, report: Failure("error", "no") for name in "ab"})
    await engine.drive(store, run, executor=broken)
    for kind, address, more in (
        (Kind.RESUME, None, {}),
        (Kind.RETRY_NODE, "a", {}),
        (Kind.PROVIDE_INPUT, "ask", {"value": 3, "has_value": True}),
    ):
        send(store, run, command(kind, address, **more))
    await engine.drive(store, run, executor=broken)
    send(store, run, command(Kind.SKIP_NODE, "a", value=7, has_value=True))
    await engine.drive(store, run, executor=broken)
    for kind in (Kind.PAUSE, Kind.CANCEL):
        send(store, run, command(kind, reason="enough"))
    await engine.drive(store, run, executor=broken)
    return run


async def failing(store: Store) -> str:
    """A step fails while the run is paused, and has failed when it goes on."""
    run = engine.create(store, Text("step a = do(x: 1)").seal(), {}, Path("/home"), durability=PROCESS)
    stop = asyncio.Event()

    async def fails(task: Any, report: Any) -> Failure:
        store.run(run).inbox.put(command(Kind.PAUSE))
        await asyncio.sleep(0.2)
        asyncio.get_running_loop().call_later(0.2, stop.set)
        return Failure("error", "no")

    await engine.drive(store, run, executor=InLoop({"a": fails}), stop=stop)
    await engine.drive(store, run, executor=InLoop())
    return run


async def holding(store: Store) -> str:
    """A run that holds what fails."""
    text = Text("step a = do(x: 1)\noutput a: int = a")
    run = engine.create(store, text.seal(), {}, Path("/home"), durability=PROCESS, holds=True)
    await engine.drive(store, run, executor=InLoop({"a": lambda task, report: Failure("error", "no")}))
    return run


def story(state: RunState) -> dict[str, Any]:
    phases = {each.address: f"{each.phase.value} {each.attempt}" for each in state.instances.values()}
    return {"label": state.label, "outputs": state.outputs, "phases": phases}


if __name__ == "__main__":
    target = LOGS / sys.argv[1]
    shutil.rmtree(target, ignore_errors=True)
    asyncio.run(record(target))
