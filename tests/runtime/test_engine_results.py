"""Results that are there already: from the cache, by a key, of an earlier run; within a run, between runs, after kills."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import PROFILE
from tests.runtime.engine_graphs import Graph
from tests.runtime.engine_laws import check_log, check_state
from tests.runtime.engine_runs import Bench
from tests.runtime.engine_texts import Text
from tests.runtime.engine_tools import Model, call, calls, helping

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.types import FILE
from symphony_model.nodes import OperatorType
from symphony_runtime import driver, engine
from symphony_runtime.commands import Kind
from symphony_runtime.entries import NODE_COMPLETED, NODE_STARTED, NODE_WAITING
from symphony_runtime.sending import command, send
from symphony_runtime.storage.log import LARGE
from symphony_runtime.storage.removal import empty_cache, remove, sweep
from symphony_runtime.storage.store import KINDS, Store
from symphony_runtime.task import Failure, Success

HOUR = 3_600_000_000_000


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def of(body: str, more: str = "") -> Text:
    return Text(body, more)


def ran(bench: Bench) -> Counter[str]:
    return Counter(address for address, _ in bench.executor.ran)


def origins(bench: Bench) -> dict[str | None, str]:
    """Where results are from that were there already, by step."""
    found = (entry for entry in bench.entries() if entry.type == NODE_COMPLETED and "from" in entry.data)
    return {entry.address: entry.data["from"]["kind"] for entry in found}


def checked(bench: Bench) -> None:
    check_log(bench.entries())
    check_state(engine.recover(bench.store, bench.run))


CACHED = of("""
input x: int = 1
step a = do(x) { cache: true }
step b = do(x: a) { cache: 1h }
step c = do(x: b)
output y: int = c
""")


async def test_a_result_is_computed_once_for_all_runs(bench):
    first = await bench.go(CACHED)
    again = await bench.go(CACHED)
    assert first.outputs == again.outputs == {"y": 4}
    assert ran(bench) == {"a": 1, "b": 1, "c": 2}
    assert origins(bench) == {"a": "cache", "b": "cache"}
    assert bench.said(NODE_STARTED) == ["c"]
    checked(bench)
    await bench.go(CACHED, x=7)
    assert ran(bench) == {"a": 2, "b": 2, "c": 3}


async def test_a_hit_is_told_with_its_origin(bench):
    await bench.go(CACHED)
    first = bench.run
    bench.seen.clear()
    await bench.go(CACHED)
    told = [event for event in bench.seen if event.node == "a"]
    assert [event.type for event in told] == ["node_started", "node_completed"]
    assert told[1].fields["origin"]["run"] == first
    assert told[1].fields["output"] == 2


async def test_steps_of_one_run_share_one_computation(bench):
    graph = of("""
step xs = for i in [1, 1, 2, 1] parallel { yield do(x: i) { cache: true } }
output y: int[] = xs
""")
    result = await bench.go(graph)
    assert result.outputs == {"y": [2, 2, 3, 2]}
    assert sum(ran(bench).values()) == 2
    assert sorted(origins(bench).values()) == ["cache", "cache"]
    assert len(bench.said(NODE_WAITING)) == 2
    checked(bench)


async def test_who_waits_computes_when_the_first_one_fails(bench):
    graph = of("""
step xs = for i in [1, 1, 1] parallel { yield do(x: i) { cache: true, retry: 0 } } with { on_error: skip }
output y: int[] = xs
""")
    bench.executor.work["xs[0]/yield"] = lambda task, report: Failure("error", "no")
    result = await bench.go(graph)
    assert result.outputs == {"y": [2, 2]}
    assert sum(ran(bench).values()) == 2
    checked(bench)


async def test_a_result_that_is_too_old_is_computed_anew(bench, monkeypatch):
    times = [0]
    clock = driver.time.time_ns
    monkeypatch.setattr(driver, "NATURE", driver.Nature(clock=lambda: clock() + times[0]))
    monkeypatch.setattr(
        driver.Driver.__init__, "__kwdefaults__", {**driver.Driver.__init__.__kwdefaults__, "nature": driver.NATURE}
    )
    await bench.go(CACHED)
    for later, counts in ((HOUR // 2, (1, 1)), (2 * HOUR, (1, 2)), (2 * HOUR, (1, 2))):
        times[0] = later
        await bench.go(CACHED)
        assert (ran(bench)["a"], ran(bench)["b"]) == counts


async def test_what_happens_once_is_never_taken_from_the_cache(bench):
    graph = of("step a = once(x: 1) { cache: true }\noutput y: int = a")
    for _ in range(2):
        await bench.go(graph)
    assert sum(ran(bench).values()) == 2
    assert not (bench.root / ".symphony" / "cache.db").exists()


async def test_whether_is_computed_too(bench):
    graph = of("input fresh: bool\nstep a = do(x: 1) { cache: !fresh }\noutput y: int = a")
    for fresh, count in ((False, 1), (False, 1), (True, 2), (False, 2)):
        await bench.go(graph, fresh=fresh)
        assert ran(bench) == {"a": count}


async def test_a_setting_that_is_wrong_fails_the_step(bench):
    graph = of("input k: int\nstep a = do(x: 1) { key: string(10 / k), retry: 0 }\noutput y: int = a")
    assert (await bench.go(graph, k=0)).state == "failed"
    assert (await bench.go(graph, k=5)).outputs == {"y": 2}
    checked(bench)


async def test_a_hit_needs_no_place(bench):
    graph = of("""
input xs: int[]
step ys = for x in xs parallel { yield do(x) { cache: true, rate_limit: { count: 3, per: 1h } } }
output y: int[] = ys
""")
    await bench.go(graph, xs=[1, 2, 3])
    result = await bench.go(graph, xs=[3, 2, 1, 1, 2, 3])
    assert result.outputs == {"y": [4, 3, 2, 2, 3, 4]}


async def test_a_cache_that_is_none_is_made_anew(bench):
    (bench.root / ".symphony").mkdir()
    for text in ("no database at all", ""):
        (bench.root / ".symphony" / "cache.db").write_text(text * 100)
        assert (await bench.go(CACHED)).outputs == {"y": 4}
    await bench.go(CACHED)
    assert "cache" in origins(bench).values()


async def test_keys_that_cannot_be_read_let_no_effect_begin(bench):
    (bench.root / ".symphony").mkdir()
    (bench.root / ".symphony" / "keys.db").write_text("no database at all" * 100)
    with pytest.raises(UserError, match="the keys of this store cannot be used"):
        await bench.go(KEYED)
    assert not bench.executor.ran


# ---- keys ----

KEYED = of("""
input order: string = "7"
input x: int = 1
step a = once(x) { key: "order-${order}" }
output y: int = a
""")


async def test_an_effect_with_a_key_happens_once_whatever_its_inputs(bench):
    assert (await bench.go(KEYED)).outputs == {"y": 2}
    assert (await bench.go(KEYED, x=5)).outputs == {"y": 2}
    assert origins(bench) == {"a": "key"}
    assert (await bench.go(KEYED, x=5, order="8")).outputs == {"y": 6}
    assert ran(bench) == {"a": 2}
    checked(bench)


async def test_a_key_is_one_of_its_callable(bench):
    graph = of("""
step a = once(x: 1) { key: "k" }
step b = do(x: 5) { key: "k" }
output y: int = a + b
""")
    assert (await bench.go(graph)).outputs == {"y": 8}


async def test_every_attempt_with_a_key_has_the_same_idempotency_key(bench):
    given: list[str] = []
    bench.executor.work["a"] = lambda task, report: (
        given.append(task.key) or Failure("timeout", "no", before_effect=True)
    )
    graph = of('step a = do(x: 1) { key: "k", retry: { attempts: 2, delay: 1ms } }\noutput y: int = a')
    for _ in range(2):
        assert (await bench.go(graph)).state == "failed"
    assert len(given) == 4
    assert len(set(given)) == 1


async def test_a_key_whose_step_failed_is_free_again(bench):
    bench.executor.work["a"] = lambda task, report: Failure("error", "no")
    assert (await bench.go(KEYED)).state == "failed"
    del bench.executor.work["a"]
    assert (await bench.go(KEYED)).outputs == {"y": 2}


async def test_a_result_that_no_longer_fits_fails_the_step(bench):
    await bench.go(
        of('step a = f(x: 1) { key: "k" }\noutput y: int = a', 'once operator f(x: int) -> int { shell: "echo" }')
    )
    result = await bench.go(
        of(
            'step a = f(x: 1) { key: "k" }\noutput y: string[] = a',
            'once operator f(x: int) -> string[] { shell: "echo" }',
        )
    )
    assert result.error is not None
    assert result.error.code == "conversion"
    assert sum(ran(bench).values()) == 1


async def test_a_workflow_that_is_called_with_a_key_runs_once(bench):
    more = """
workflow ship {
  input x: int
  step a = once(x)
  step b = once(x: a)
  output r: int = b
}
"""
    graph = of('input x: int = 1\nstep s = ship(x) { key: "s" }\noutput y: int = s.r', more)
    assert (await bench.go(graph)).outputs == {"y": 3}
    assert (await bench.go(graph, x=9)).outputs == {"y": 3}
    assert ran(bench) == {"s/a": 1, "s/b": 1}
    assert origins(bench) == {"s": "key"}
    checked(bench)


async def test_an_instrument_with_tools_has_its_key_as_a_whole(bench):
    asked = Model(calls(call("look", x=1)), "seven")
    bench.executor.work |= {"help": asked}
    graph = helping('step help = help(question: "how many?") { key: "q" }\noutput answer: string = help')
    for _ in range(2):
        assert (await bench.go(graph)).outputs == {"answer": "seven"}
    assert len(asked.heard) == 2
    assert origins(bench) == {"help": "key"}
    checked(bench)


async def test_turns_of_an_instrument_with_tools_are_cached_one_by_one(bench):
    asked = Model(calls(call("look", x=1)), "seven")
    bench.executor.work |= {"help": asked}
    graph = helping('step help = help(question: "how many?") { cache: true }\noutput answer: string = help')
    for _ in range(2):
        assert (await bench.go(graph)).outputs == {"answer": "seven"}
    assert len(asked.heard) == 2
    assert origins(bench) == {"help#1": "cache", "help#2": "cache"}
    assert ran(bench)["help#1/look[0]"] == 2
    checked(bench)


# ---- runs at once ----


@dataclass
class Gate:
    """A step that says that it began, and ends when it is let."""

    began: asyncio.Event
    may_end: asyncio.Event
    answer: Any = 5

    async def __call__(self, task: Any, report: Any) -> Any:
        self.began.set()
        await self.may_end.wait()
        return self.answer


def gate(answer: Any = 5) -> Gate:
    return Gate(asyncio.Event(), asyncio.Event(), answer)


def another(bench: Bench) -> Bench:
    """One that shares the store, with an executor of its own."""
    return Bench(bench.root)


async def until_it_waits(bench: Bench, graph: Text, stop: asyncio.Event | None = None) -> asyncio.Future[Any]:
    """A run that is driven, as soon as it says that it waits for a step elsewhere."""
    waits = asyncio.Event()
    bench.create(graph)
    show = lambda event: waits.set() if event.type == "log" and "it waits for" in event.fields["message"] else None  # noqa: E731
    driving = asyncio.ensure_future(bench.drive(stop, show))
    await waits.wait()
    return driving


@pytest.mark.parametrize(("graph", "kind"), [(CACHED, "cache"), (KEYED, "key")])
@pytest.mark.parametrize(("answer", "count"), [(5, 0), (Failure("error", "no"), 1)])
async def test_of_two_runs_at_once_one_computes(bench, graph, kind, answer, count):
    other, slow = another(bench), gate(answer)
    bench.executor.work["a"] = slow
    first = asyncio.ensure_future(bench.go(graph))
    await slow.began.wait()
    second = await until_it_waits(other, graph)
    assert not other.executor.ran
    waits = next(entry for entry in other.entries() if entry.type == NODE_WAITING)
    assert waits.data["for"] == {"kind": kind, "run": bench.run, "address": "a"}
    slow.may_end.set()
    await first
    assert (await second).state == "completed"
    assert ran(other)["a"] == count
    assert origins(other).get("a") == (None if count else kind)
    checked(other)


async def test_a_step_that_waits_for_another_takes_no_word_of_a_person(bench):
    other, slow = another(bench), gate()
    bench.executor.work["a"] = slow
    first = asyncio.ensure_future(bench.go(KEYED))
    await slow.began.wait()
    second = await until_it_waits(other, KEYED)
    for kind in (Kind.RETRY_NODE, Kind.SKIP_NODE, Kind.FAIL_NODE):
        verdict = await asyncio.to_thread(send, other.store, other.run, command(kind, "a", value=1, has_value=True))
        assert (verdict.done, verdict.why) == (False, "not_failed")
    verdict = await asyncio.to_thread(send, other.store, other.run, command(Kind.CANCEL))
    assert verdict.done
    assert (await second).state == "cancelled"
    slow.may_end.set()
    await first
    checked(other)


async def test_a_run_that_waited_and_was_let_go_goes_on_with_the_result(bench):
    other, slow, stop = another(bench), gate(), asyncio.Event()
    bench.executor.work["a"] = slow
    first = asyncio.ensure_future(bench.go(KEYED))
    await slow.began.wait()
    second = await until_it_waits(other, KEYED, stop)
    stop.set()
    assert (await second).interrupted
    slow.may_end.set()
    await first
    assert (await other.drive()).outputs == {"y": 5}
    assert not other.executor.ran
    checked(other)


async def cut_off(bench: Bench, graph: Text) -> None:
    """A run whose process goes away while its step is in flight."""
    slow = gate()
    bench.executor.work["a"] = slow
    bench.create(graph)
    driving = asyncio.ensure_future(bench.drive())
    await slow.began.wait()
    del bench.executor.work["a"]
    held = {
        kind: dict(records._all("SELECT name, run || ' ' || address FROM holders"))
        for kind, records in holders(bench).items()
    }
    driving.cancel()
    await asyncio.gather(driving, return_exceptions=True)
    assert any(held.values())


def holders(bench: Bench) -> dict[str, Any]:
    return {"key": bench.store.medium.keys(), "cache": bench.store.medium.cache()}


async def test_what_a_run_computed_that_went_away_another_computes(bench):
    await cut_off(bench, CACHED)
    other = another(bench)
    assert (await other.go(CACHED)).state == "completed"
    assert ran(other)["a"] == 1
    bench.executor.ran.clear()
    assert (await bench.drive()).outputs == {"y": 4}
    assert ran(bench)["a"] == 0, "it is there by now"
    checked(bench)


async def test_a_key_of_an_effect_that_nobody_knows_of_waits_for_a_decision(bench):
    await cut_off(bench, KEYED)
    other = another(bench)
    waiting = await until_it_waits(other, KEYED)
    assert (await bench.drive()).state == "paused"
    await asyncio.sleep(0.1)
    assert not other.executor.ran
    assert send(bench.store, bench.run, command(Kind.FAIL_NODE, "a")).done
    assert (await waiting).outputs == {"y": 2}
    checked(other)


async def test_a_removed_run_has_no_key_any_more(bench):
    await cut_off(bench, KEYED)
    assert remove(bench.store, bench.run)
    other = another(bench)
    assert (await other.go(KEYED)).outputs == {"y": 2}


CHILD = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.runtime.engine_runs import Bench
from tests.runtime.test_engine_results import CACHED, KEYED
from symphony_runtime.sharing.shelf import Shelf
from symphony_runtime.storage.sqlite_records import SqliteRecords

def die(*given):
    os.kill(os.getpid(), signal.SIGKILL)

SqliteRecords.keep = die
bench = Bench(Path(sys.argv[1]))
bench.create({"KEYED": KEYED, "CACHED": CACHED}[sys.argv[2]])
print(bench.run, flush=True)
asyncio.run(bench.drive())
"""


@pytest.mark.parametrize("graph", ["KEYED", "CACHED"])
async def test_killed_between_computing_and_storing(bench, graph):
    """What is in the log of the run that was killed is taken from there, by others and by itself."""
    root = Path(__file__).parents[2]
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, str(bench.root), graph, cwd=root, stdout=-1
    )
    told, _ = await child.communicate()
    assert child.returncode == -signal.SIGKILL
    other = another(bench)
    result = await other.go(globals()[graph])
    assert result.state == "completed"
    assert ran(other)["a"] == 0
    assert origins(other)["a"] == ("key" if graph == "KEYED" else "cache")
    bench.run = told.decode().strip()
    assert (await bench.drive()).outputs == result.outputs
    assert ran(bench)["a"] == 0
    checked(bench)


# ---- what is kept ----

LARGE_ONE = of(
    "step a = f(x: 1) { cache: true }\noutput y: int = a.size()",
    'repeatable operator f(x: int) -> string { shell: "echo" }',
)


async def test_large_results_are_kept_beside_the_cache_as_long_as_it_needs_them(bench):
    text = "ü" * LARGE
    bench.executor.work["a"] = lambda task, report: Success({"result": text})
    first = await bench.go(LARGE_ONE)
    assert remove(bench.store, bench.run)
    sweep(bench.store, 2e10)
    again = await bench.go(LARGE_ONE)
    assert first.outputs == again.outputs == {"y": LARGE}
    assert ran(bench) == {"a": 1}
    assert remove(bench.store, bench.run)
    assert empty_cache(bench.store) == 1
    sweep(bench.store, 2e10)
    assert not list(bench.store.blobs.root.glob("??/*"))
    await bench.go(LARGE_ONE)
    assert ran(bench) == {"a": 2}


async def test_a_result_whose_content_is_gone_is_computed_anew(bench):
    bench.executor.work["a"] = lambda task, report: Success({"result": "x" * LARGE})
    await bench.go(LARGE_ONE)
    assert remove(bench.store, bench.run)
    for content in bench.store.blobs.root.glob("??/*"):
        content.unlink()
    assert (await bench.go(LARGE_ONE)).outputs == {"y": LARGE}
    assert ran(bench) == {"a": 2}


CANARY = "canary-8f3a71"
SECRET = of(
    'input token: secret\nstep a = f(x: 1, token) { cache: true }\nstep b = f(x: 2, token) { key: "k" }\noutput y: int = a + b',
    'repeatable operator f(x: int, token: secret) -> int { shell: "echo" }',
)


async def test_a_secret_never_reaches_what_is_kept(bench, monkeypatch):
    monkeypatch.setenv("TOKEN_OF_TEST", CANARY)
    secret = {"$secret": "env:TOKEN_OF_TEST"}
    await bench.go(SECRET, token=secret)
    await bench.go(SECRET, token=secret)
    assert origins(bench) == {"a": "cache", "b": "key"}
    files = [path for path in (bench.root / ".symphony").rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"cache.db", "keys.db", "salt"}
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]
    if os.name == "posix":
        assert (bench.root / ".symphony" / "salt").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("TOKEN_OF_TEST", "another")
    await bench.go(SECRET, token=secret)
    assert origins(bench) == {"b": "key"}


async def test_what_a_person_gave_is_no_result(bench):
    graph = of(
        'step a = once(x: 1) { key: "k", on_error: pause }\nstep b = do(x: 1) { cache: true, on_error: pause, retry: 0 }\noutput y: int = a + b'
    )
    for name in "ab":
        bench.executor.work[name] = lambda task, report: Failure("error", "no")
    assert (await bench.go(graph)).state == "paused"
    for name in "ab":
        assert send(bench.store, bench.run, command(Kind.SKIP_NODE, name, value=50, has_value=True)).done
    assert (await bench.drive()).outputs == {"y": 100}
    bench.executor.work.clear()
    assert (await bench.go(graph)).outputs == {"y": 4}


PROGRAMS = st.lists(
    st.tuples(
        st.lists(st.integers(0, 9), min_size=1, max_size=2), st.sampled_from(["", "{ cache: true }", "{ cache: 1h }"])
    ),
    min_size=1,
    max_size=5,
)


@given(PROGRAMS, st.sampled_from(KINDS))
@settings(max_examples=300 if PROFILE == "full" else 8)
def test_a_hit_gives_what_computing_gives(tmp_path_factory, program, kind):
    lines = ["step s0 = 1"]
    for at, (uses, setting) in enumerate(program, 1):
        lines.append(f"step s{at} = do(x: {' + '.join(f's{use % at}' for use in uses)}) {setting}")
    graph = of("\n".join([*lines, f"output y: int = s{len(program)}"]))
    store = Store(tmp_path_factory.mktemp("store"), kind)
    bench = OneStore(store.root, store=store)
    outputs = [asyncio.run(bench.go(graph)).outputs for _ in range(3)]
    assert outputs[0] == outputs[1] == outputs[2]
    cached = {f"s{at}" for at, (_, setting) in enumerate(program, 1) if setting}
    assert origins(bench).keys() == cached
    checked(bench)


@dataclass
class OneStore(Bench):
    """A bench with a store that may be in memory."""

    store: Store = None  # type: ignore[assignment]


# ---- another try of a run ----

ITEMS = of("""
input xs: int[] = [1, 2, 3, 4]
step ask = ask(prompt: "go on?", form: bool)
step ys = for x in xs {
  step one = do(x)
  yield once(x: one)
} after ask
step last = do(x: ys.sum())
output y: int = last
""")


async def half_done(bench: Bench) -> None:
    """Two items are done, the third has failed in the middle."""
    bench.executor.work["ys[2]/yield"] = lambda task, report: Failure("error", "no")
    assert (await bench.go(ITEMS)).state == "waiting_for_input"
    assert send(bench.store, bench.run, command(Kind.PROVIDE_INPUT, "ask", value=True, has_value=True)).done
    assert (await bench.drive()).state == "failed"


async def test_what_a_failed_run_has_finished_is_taken_over(bench):
    await half_done(bench)
    earlier = bench.run
    bench.executor.work.clear()
    bench.executor.ran.clear()
    bench.run = engine.retry(bench.store, earlier)
    assert (await bench.drive()).outputs == {"y": 19}
    assert set(ran(bench)) == {"ys[2]/yield", "ys[3]/one", "ys[3]/yield", "last"}
    taken = {"ask", "ys[0]/one", "ys[0]/yield", "ys[1]/one", "ys[1]/yield", "ys[2]/one"}
    assert origins(bench) == dict.fromkeys(taken, "run")
    checked(bench)


async def test_each_try_takes_from_the_one_before(bench):
    await half_done(bench)
    bench.run = engine.retry(bench.store, bench.run)
    assert (await bench.drive()).state == "failed"
    bench.executor.work.clear()
    bench.executor.ran.clear()
    bench.run = engine.retry(bench.store, bench.run)
    assert (await bench.drive()).outputs == {"y": 19}
    assert set(ran(bench)) == {"ys[2]/yield", "ys[3]/one", "ys[3]/yield", "last"}


async def test_a_try_that_is_cut_off_goes_on(bench):
    await half_done(bench)
    bench.executor.work.clear()
    bench.run = engine.retry(bench.store, bench.run)
    slow = gate()
    bench.executor.work["ys[3]/one"] = slow
    driving = asyncio.ensure_future(bench.drive())
    await slow.began.wait()
    driving.cancel()
    await asyncio.gather(driving, return_exceptions=True)
    bench.executor.work.clear()
    assert (await bench.drive()).outputs == {"y": 19}
    checked(bench)


async def test_what_has_changed_outside_runs_again(bench):
    graph = Graph()
    a = graph.task("a", constants={"x": 1})
    b = of_shell(graph, "b", graph.input("f", FILE))
    of_shell(graph, "c", a, b)
    module, file = bench.root / "a.py", bench.root / "f.txt"
    module.write_text("1")
    file.write_text("1")
    bench.executor.work |= {"b": lambda task, report: 1, "c": lambda task, report: Failure("error", "no")}
    await bench.go(graph, f="f.txt")
    changes = (lambda: None, lambda: module.write_text("22"), lambda: file.write_text("22"))
    for change, again in zip(changes, (set(), {"a"}, {"b"}), strict=True):
        change()
        bench.executor.ran.clear()
        bench.run = engine.retry(bench.store, bench.run)
        await bench.drive()
        assert set(ran(bench)) == again | {"c"}


def of_shell(graph: Graph, path: str, *sources: tuple[str, str]) -> tuple[str, str]:
    """A step that a command runs, whatever it is."""
    names = {f"p{at}": source for at, source in enumerate(sources)}
    made = graph.task(path, names, types={name: graph._type(source) for name, source in names.items()})
    node = graph._node(path)
    config = replace(node.config, python=None, shell="echo")
    graph.workflow.nodes[node.base.id] = replace(node, operator_type=OperatorType.SHELL, config=config)
    return made


async def test_turns_and_calls_of_tools_are_taken_over(bench):
    asked = Model(calls(call("look", x=1), call("pay", x=2)), calls(call("look", x=3)), Failure("error", "no"))
    bench.executor.work |= {"help": asked}
    assert (await bench.go(helping())).state == "failed"
    bench.executor.ran.clear()
    bench.executor.work["help"] = Model(calls(), calls(), "seven")
    bench.run = engine.retry(bench.store, bench.run)
    assert (await bench.drive()).outputs == {"answer": "seven"}
    assert set(ran(bench)) == {"help#3"}
    checked(bench)


async def test_only_a_run_that_failed_or_was_cancelled_is_tried_again(bench):
    await bench.go(CACHED)
    with pytest.raises(UserError, match="the run succeeded"):
        engine.retry(bench.store, bench.run)
    bench.create(CACHED)
    with pytest.raises(UserError, match="has not ended"):
        engine.retry(bench.store, bench.run)
    assert send(bench.store, bench.run, command(Kind.CANCEL)).done
    if (await bench.drive()).state == "cancelled":
        bench.run = engine.retry(bench.store, bench.run)
        assert (await bench.drive()).outputs == {"y": 4}


async def test_a_try_of_a_run_that_is_gone_runs_everything(bench):
    await half_done(bench)
    earlier = bench.run
    bench.executor.work.clear()
    bench.executor.ran.clear()
    bench.run = engine.retry(bench.store, earlier)
    assert remove(bench.store, earlier)
    assert (await bench.drive()).state == "waiting_for_input"
