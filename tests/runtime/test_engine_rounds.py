"""Settings of blocks, of items of a `for`, and of calls of workflows: rounds, time, who decides, how many at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.runtime.engine_laws import check_log, check_state, folded, picture
from tests.runtime.engine_runs import Bench
from tests.runtime.engine_texts import Text

from symphony_dsl.base.types import BOOL
from symphony_model.artifact import Artifact, seal
from symphony_model.ports import Expression
from symphony_model.workflow import Workflow
from symphony_runtime import engine, entries
from symphony_runtime.commands import Kind
from symphony_runtime.entries import Entry
from symphony_runtime.outcome import RunResult
from symphony_runtime.plans.planning import Plans
from symphony_runtime.rules.evolve import evolve
from symphony_runtime.rules.limits import next_limit, overdue
from symphony_runtime.rules.state import RunState
from symphony_runtime.sending import command, send
from symphony_runtime.task import Failure
from symphony_runtime.watching.events import ExecutionEvent

QUICK = "retry: { attempts: 3, delay: 1ms }"


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


async def for_ever(task: Any, report: Any) -> int:
    await asyncio.sleep(60)
    return 0


class Unlucky:
    """Fails so many times, whatever the attempt and the step are called."""

    def __init__(self, times: int, code: str = "error") -> None:
        self.left, self.code = times, code

    def __call__(self, task: Any, report: Any) -> Any:
        self.left -= 1
        return Failure(self.code, "not yet", before_effect=False) if self.left >= 0 else task.inputs["x"]


async def go(bench: Bench, text: Text, **inputs: Any) -> RunResult:
    result = await bench.go(text, **inputs)
    held_to_laws(bench, text, final=result.state in ("completed", "failed"))
    return result


def held_to_laws(bench: Bench, text: Text, *, final: bool = True) -> None:
    check_log(bench.entries(), final=final)
    state = engine.recover(bench.store, bench.run)
    check_state(state)
    assert picture(state) == picture(folded(text.seal(), bench.entries()))


BLOCKS = {
    "if": ("if x > 0 {\n step a = do(x: x)\n yield do(x: a)\n} else { yield 0 }", "b:then~2/yield", 2),
    "match": ("match x {\n 1 => {\n step a = do(x: x)\n yield do(x: a)\n}\n else => 0\n}", 'b:"1"~2/yield', 2),
    "try": ("try {\n step a = do(x: x)\n yield do(x: a)\n} catch e: gone { yield 9 }", "b:body~2/yield", 2),
    "loop": ("loop n = x max 2 {\n yield do(x: n)\n} until n > 5", "b:body#1~2/yield", 2),
    "for": ("for n in [x] {\n step a = do(x: n)\n yield do(x: a)\n}", "b[0]~2/yield", [2]),
}


@pytest.mark.parametrize("kind", ["if", "try", "for"])
async def test_a_block_that_failed_is_begun_again(bench, kind):
    block, _, value = BLOCKS[kind]
    bench.executor.work = {"yield": Unlucky(1)}
    of = "int[]" if kind == "for" else "int?" if kind == "try" else "int"
    text = Text(f"input x: int = 1\nstep b = {block} with {{ {QUICK} }}\noutput b: {of} = b")
    result = await go(bench, text)
    assert (result.state, result.outputs) == ("completed", {"b": value})
    ran = [address for address, _ in bench.executor.ran]
    assert (
        ran
        == {
            "if": ["b:then/a", "b:then/yield", "b:then~2/a", "b:then~2/yield"],
            "try": ["b:body/a", "b:body/yield", "b:body~2/a", "b:body~2/yield"],
            "for": ["b[0]/a", "b[0]/yield", "b[0]~2/a", "b[0]~2/yield"],
        }[kind]
    )
    (warning,) = [event for event in bench.seen if event.type == "log"]
    assert warning.node == "b"
    assert "(error): not yet; all of it is done again at " in warning.fields["message"]


async def test_a_loop_begins_with_its_first_round_again(bench):
    bench.executor.work = {
        "m": lambda task, report: 2 if "~2" in task.address or "#1" in task.address else Failure("error", "no")
    }
    text = Text(
        f"step b = loop n = 1 max 3 {{\n step m = do(x: n)\n until n > 1\n next m\n}} with {{ {QUICK} }}\noutput b: int = b"
    )
    assert (await go(bench, text)).outputs == {"b": 2}
    assert [address for address, _ in bench.executor.ran] == [
        "b:body#1/m",
        "b:body#2/m",
        "b:body#1~2/m",
        "b:body#2~2/m",
    ]


async def test_all_branches_of_a_parallel_are_begun_again(bench):
    bench.executor.work = {"b:two/yield": Unlucky(9)}
    text = Text(
        f"step b = parallel all {{\n one: do(x: 1)\n two: do(x: 2)\n}} with {{ {QUICK} }}\noutput b: int = b.one"
    )
    assert (await go(bench, text)).outputs == {"b": 2}
    assert "b:two~2/yield" in [address for address, _ in bench.executor.ran]


CALLEE = "\nworkflow inner {\n input x: int\n step a = do(x: x)\n output a: int = a\n}\n"


def calling(settings: str, callee: str = CALLEE, more: str = "output b: int = b.a") -> Text:
    return Text(f"step b = inner(x: 1) {{ {settings} }}\n{more}", callee)


async def test_a_call_of_a_workflow_is_begun_again(bench):
    bench.executor.work = {"a": Unlucky(2)}
    result = await go(bench, calling(QUICK))
    assert result.outputs == {"b": 1}
    assert bench.executor.ran == [("b/a", 1), ("b~2/a", 1), ("b~3/a", 1)]


async def test_what_is_tried_too_often_fails_with_the_last_failure(bench):
    bench.executor.work = {"a": Unlucky(9, "no_luck")}
    result = await go(bench, calling(QUICK))
    assert (result.state, result.error.code, result.error.node) == ("failed", "no_luck", "b~3/a")
    assert len(bench.executor.ran) == 3


async def test_only_failures_that_the_retry_names_are_tried_again(bench):
    bench.executor.work = {"a": Unlucky(9, "no_luck")}
    await go(bench, calling("retry: { attempts: 3, delay: 1ms, on: [other] }"))
    assert len(bench.executor.ran) == 1


async def test_nothing_that_must_not_be_done_twice_is_begun_again(bench):
    """Neither what took effect, nor what may have."""
    text = Text(
        f"step b = if true {{\n step p = once(x: 1)\n yield do(x: p)\n}} else {{ yield 0 }} with {{ {QUICK} }}\noutput b: int = b"
    )
    bench.executor.work = {"yield": Unlucky(1)}
    result = await go(bench, text)
    assert (result.state, result.error.code) == ("failed", "error")
    assert [address for address, _ in bench.executor.ran] == ["b:then/p", "b:then/yield"]


async def test_what_was_done_in_an_earlier_part_of_a_round_counts_too(bench):
    """The body of a `try` of which the `catch` fails, and an earlier round of a loop."""
    bench.executor.work = {"f": Unlucky(9), "yield": Unlucky(9)}
    tried = f"step b = try {{\n step p = once(x: 1)\n step f = do(x: p)\n yield f\n}} catch e {{ yield do(x: 1) }} with {{ {QUICK} }}"
    assert (await go(bench, Text(tried))).state == "failed"
    assert [address for address, _ in bench.executor.ran] == ["b:body/p", "b:body/f", "b:catch/yield"]
    bench.executor.ran.clear()
    bench.executor.work = {"m": lambda task, report: Failure("error", "no") if "#2" in task.address else 1}
    loop = f"step b = loop n = 1 max 3 {{\n step m = do(x: n)\n until m > 1\n step p = once(x: n)\n next p\n}} with {{ {QUICK} }}"
    assert (await go(bench, Text(loop))).state == "failed"
    assert [address for address, _ in bench.executor.ran] == ["b:body#1/m", "b:again#1/p", "b:body#2/m"]


async def test_what_failed_before_its_effect_may_be_begun_again(bench):
    text = Text(
        f"step b = if true {{ yield once(x: 1) {{ retry: 0 }} }} else {{ yield 0 }} with {{ {QUICK} }}\noutput b: int = b"
    )
    tries = iter([Failure("connection", "no", before_effect=True), 5])
    bench.executor.work = {"yield": lambda task, report: next(tries)}
    assert (await go(bench, text)).outputs == {"b": 5}


async def test_items_are_tried_again_each_by_itself_and_dropped_in_the_end(bench):
    calls: dict[int, int] = {}

    def work(task: Any, report: Any) -> Any:
        x = task.inputs["x"]
        calls[x] = calls.get(x, 0) + 1
        return x if x == 1 or (x == 2 and calls[x] > 2) else Failure("error", "no")

    bench.executor.work = {"yield": work}
    text = Text(
        f"step b = for x in [1, 2, 3] parallel {{ yield do(x: x) }} with {{ {QUICK}, on_error: skip }}\noutput b: int[] = b"
    )
    assert (await go(bench, text)).outputs == {"b": [1, 2]}
    assert calls == {1: 1, 2: 3, 3: 3}


async def test_a_for_is_not_begun_again_itself(bench):
    bench.executor.work = {"yield": Unlucky(99)}
    text = Text(f"step b = for x in [1, 2] {{ yield do(x: x) }} with {{ {QUICK} }}\noutput b: int[] = b")
    assert (await go(bench, text)).state == "failed"
    assert [address for address, _ in bench.executor.ran] == ["b[0]/yield", "b[0]~2/yield", "b[0]~3/yield"]


async def test_an_item_that_waits_for_its_next_round_is_let_go_with_the_others(bench):
    async def late(task: Any, report: Any) -> Any:
        await asyncio.sleep(0.01)
        return Failure("failed", "late")

    bench.executor.work = {"b[0]/yield": lambda task, report: Failure("error", "no"), "b[1]/yield": late}
    text = Text(
        "step b = for x in [1, 2] parallel { yield do(x: x) } with { retry: { attempts: 2, delay: 1h } }\noutput b: int[] = b"
    )
    result = await go(bench, text)
    assert (result.state, result.error.message) == ("failed", "late")


# ---- time ----


async def test_a_round_that_takes_too_long_is_stopped_and_begun_again(bench):
    bench.executor.work = {"b/a": for_ever}
    result = await go(bench, calling(f"timeout: 200ms, {QUICK}"))
    assert result.outputs == {"b": 2}
    assert [address for address, _ in bench.executor.ran] == ["b/a", "b~2/a"]


TIMED = {
    "call": (Text("step b = inner(x: 1) { timeout: 200ms }", CALLEE), "b"),
    "branch": (Text("step b = if true { yield do(x: 1) } else { yield 1 } with { timeout: 200ms }"), "b"),
    "try": (Text("step b = try { yield do(x: 1) } catch e { yield 1 } with { timeout: 200ms }"), "b"),
    "all": (Text("step b = parallel all {\n one: do(x: 1)\n two: do(x: 2)\n} with { timeout: 200ms }"), "b"),
    "first": (Text("step b = parallel first {\n one: do(x: 1)\n two: do(x: 2)\n} with { timeout: 200ms }"), "b"),
    "loop": (Text("step b = loop n = 1 max 2 {\n step m = do(x: n)\n until m > 9\n} with { timeout: 200ms }"), "b"),
    "pause": (Text("step b = loop max 2 every 1h {\n until false\n} with { timeout: 200ms }"), "b"),
    "item": (Text("step b = for x in [1] { yield do(x: x) } with { timeout: 200ms }"), "b[0]"),
    "deadline": (Text(f"step b = inner(x: 1) {{ deadline: 200ms, {QUICK} }}", CALLEE), "b"),
    "callee": (Text("step b = inner(x: 1)", CALLEE.replace("{\n input", "{\n settings { timeout: 200ms }\n input", 1)), "b"),
}  # fmt: skip


@pytest.mark.parametrize("kind", TIMED)
async def test_what_takes_longer_than_its_block_may_is_stopped(bench, kind):
    text, node = TIMED[kind]
    bench.executor.work = dict.fromkeys(("a", "m", "yield"), for_ever)
    result = await go(bench, text)
    error = result.error
    said = "it was not done within its deadline of 200ms" if kind == "deadline" else "it took longer than 200ms"
    assert (result.state, error.code, error.message, error.node) == ("failed", "timeout", said, node)


async def test_a_finally_inside_runs_when_the_time_of_its_block_is_up(bench):
    bench.executor.work = {"a": for_ever}
    callee = CALLEE.replace("output a: int = a\n", "output a: int = a\n finally { step do(x: 9) }\n")
    result = await go(bench, calling("timeout: 200ms", callee))
    assert result.error.code == "timeout"
    assert [address.rpartition("/")[0] for address, _ in bench.executor.ran] == ["b", "b/finally"]


async def test_the_time_of_a_block_may_be_computed(bench):
    bench.executor.work = {"yield": for_ever}
    text = Text(
        "input t: duration\nstep b = for x in [1] { yield do(x: x) } with { timeout: t, on_error: skip }\noutput b: int[] = b"
    )
    assert (await go(bench, text, t="30ms")).outputs == {"b": []}
    result = await go(bench, text, t="0s")
    assert (result.error.code, result.error.message) == ("check", "`timeout` must be at least 1, but is 0s")


async def test_a_wait_ends_with_its_time(bench):
    result = await go(bench, Text("step wait(duration: 1h) { timeout: 10ms }"))
    assert (result.error.code, result.error.message) == ("timeout", "it waits for 1h, longer than 10ms")


SECOND = 1_000_000_000


def test_the_time_of_a_block_counts_only_while_the_run_is_driven_and_not_held():
    """Its deadline is a moment, whoever drives the run."""
    artifact = calling("timeout: 10s, deadline: 1h").seal()
    state = RunState("run", Plans(artifact), Path())
    callee = next(iter(artifact.callees))

    def say(second: float, kind: str, address: str | None = None, **data: Any) -> None:
        epoch = data.pop("epoch", state.epoch)
        evolve(state, Entry(kind, data, address, seq=state.seq + 1, at=int(second * SECOND), epoch=epoch))

    say(0, entries.RUN_CREATED, inputs={}, durability="process")
    say(100, entries.ENGINE_CLAIMED, epoch=1, width=4)
    say(100, entries.RUN_STATE, **{"from": "pending", "to": "running"})
    say(100, entries.REGION_OPENED, "b", workflow=callee, timeout=10 * SECOND, deadline=3600 * SECOND)
    say(103, entries.NODE_LOG, level="info", message="its engine is killed")
    say(500, entries.ENGINE_CLAIMED, epoch=2, width=4)
    say(502, entries.HOLD_SET, why="user")
    assert (next_limit(state), list(overdue(state, 1000 * SECOND))) == (507 * SECOND, [])
    say(900, entries.HOLD_CLEARED)
    assert next_limit(state) == 905 * SECOND
    assert list(overdue(state, 905 * SECOND - 1)) == []
    (up,) = overdue(state, 905 * SECOND)
    assert (up.type, up.address, up.data["error"]["message"]) == (
        entries.REGION_OVERDUE,
        "b",
        "it took longer than 10s",
    )
    say(905, up.type, up.address, **up.data)
    assert next_limit(state) == 3700 * SECOND


# ---- who decides ----


async def test_what_fails_inside_of_a_call_waits_for_a_person(bench):
    """The one step, before any `catch`; what else there is goes on."""
    callee = "\nworkflow inner {\n input x: int\n step a = try do(x: x) catch e { yield 3 }\n step c = do(x: 4)\n output a: int = a + c\n}\n"
    bench.executor.work = {"yield": Unlucky(1)}
    text = calling("on_error: pause", callee)
    result = await bench.go(text)
    assert result.state == "paused"
    assert list(result.undecided) == ["b/a:body/yield"]
    send(bench.store, bench.run, command(Kind.RETRY_NODE, "b"))
    result = await bench.drive()
    held_to_laws(bench, text)
    assert result.outputs == {"b": 1 + 5}


async def test_a_step_inside_may_say_otherwise(bench):
    callee = CALLEE.replace("do(x: x)", "do(x: x) { on_error: stop }")
    bench.executor.work = {"a": Unlucky(1)}
    assert (await go(bench, calling("on_error: pause", callee))).state == "failed"


async def test_a_call_whose_time_is_up_waits_for_a_person(bench):
    bench.executor.work = {"b/a": for_ever}
    text = calling("on_error: pause, timeout: 200ms")
    result = await bench.go(text)
    assert (result.state, list(result.undecided)) == ("paused", ["b"])
    send(bench.store, bench.run, command(Kind.RETRY_NODE, "b"))
    result = await bench.drive()
    held_to_laws(bench, text)
    assert result.outputs == {"b": 2}
    assert [address for address, _ in bench.executor.ran] == ["b/a", "b~2/a"]


async def test_a_person_may_give_the_value_of_a_call_that_waits(bench):
    bench.executor.work = {"b/a": for_ever}
    await bench.go(calling("on_error: pause, timeout: 200ms"))
    send(bench.store, bench.run, command(Kind.SKIP_NODE, "b", value={"a": 7}, has_value=True))
    assert (await bench.drive()).outputs == {"b": 7}


async def test_what_is_done_on_the_spot_may_wait_for_a_person_too(bench):
    callee = '\nworkflow inner {\n input x: int\n require x > 5 else "no"\n output a: int = x\n}\n'
    await bench.go(calling("on_error: pause", callee))
    (held,) = engine.recover(bench.store, bench.run).undecided
    send(bench.store, bench.run, command(Kind.SKIP_NODE, held))
    assert (await bench.drive()).outputs == {"b": 1}


async def test_a_question_that_nobody_answered_in_time_waits_for_a_decision(bench):
    text = Text('step ok = ask(prompt: "go on?") { timeout: 20ms, on_error: pause }\noutput ok: bool = ok')
    bench.create(text)
    held = asyncio.Event()

    def seen(event: ExecutionEvent) -> None:
        if event.type == "log":
            held.set()

    drive = engine.drive(bench.store, bench.run, executor=bench.executor, patient=True, on_event=seen)
    work = asyncio.create_task(drive)
    await held.wait()
    await asyncio.to_thread(send, bench.store, bench.run, command(Kind.SKIP_NODE, "ok", value=True, has_value=True))
    assert (await work).outputs == {"ok": True}
    held_to_laws(bench, text)


async def test_a_block_that_waits_to_be_begun_again_can_be_begun_now(bench):
    bench.executor.work = {"a": Unlucky(1)}
    text = calling("retry: { attempts: 2, delay: 1h }")
    bench.create(text)
    failed = asyncio.Event()
    work = asyncio.create_task(bench.drive(show=lambda event: failed.set() if event.type == "log" else None))
    await failed.wait()
    await asyncio.to_thread(send, bench.store, bench.run, command(Kind.RETRY_NODE, "b"))
    assert (await work).outputs == {"b": 1}
    held_to_laws(bench, text)


# ---- how many at once ----


async def slowly(task: Any, report: Any) -> Any:
    await asyncio.sleep(0.005)
    return task.inputs["x"]


MANY = "step all = for x in [1, 2, 3, 4, 5] parallel {\n step i = inner(x: x) { SETTINGS }\n yield i.a\n}\noutput all: int[] = all"


async def test_so_many_calls_run_at_once(bench):
    bench.executor.work = {"a": slowly}
    result = await go(bench, Text(MANY.replace("SETTINGS", "concurrency: 2"), CALLEE))
    assert result.outputs == {"all": [1, 2, 3, 4, 5]}
    assert bench.executor.most == 2


async def test_so_many_calls_begin_within_a_time(bench):
    result = await go(bench, Text(MANY.replace("SETTINGS", "rate_limit: { count: 2, per: 30ms }"), CALLEE))
    assert result.state == "completed"
    began = [entry.at for entry in bench.entries() if entry.type == "region.opened" and entry.address.endswith("yield")]
    assert all(later - earlier >= 30_000_000 for earlier, later in zip(began, began[2:], strict=False))


async def test_so_many_attempts_run_at_once_inside_of_a_call(bench):
    bench.executor.work = {"yield": slowly}
    callee = """
workflow inner {
  settings { concurrency: 2 }
  input x: int
  step a = for n in [1, 2, 3, 4] parallel { yield do(x: n) }
  output a: int = a.sum()
}
"""
    text = Text(
        "step b = parallel all {\n one: inner(x: 1)\n two: inner(x: 2)\n}\noutput b: int = b.one.a + b.two.a", callee
    )
    assert (await go(bench, text)).outputs == {"b": 20}
    assert bench.executor.most == 4


async def test_a_call_inside_of_a_call_of_the_same_policy_waits_for_no_place(bench):
    """It would wait for the one that waits for it."""
    more = (
        "policy narrow { concurrency: 1 }\n"
        + CALLEE
        + CALLEE.replace("inner", "outer").replace(
            "do(x: x)\n output a: int = a", "inner(x: x) { policy: narrow }\n output a: int = a.a"
        )
    )
    text = Text(
        "step b = outer(x: 1) { policy: narrow }\nstep c = outer(x: 5) { policy: narrow }\noutput b: int = b.a + c.a",
        more,
    )
    assert (await go(bench, text)).outputs == {"b": 8}


async def test_a_place_is_not_lost_with_the_one_that_waited_for_it(bench):
    """Items that wait for it may end before they have it; those behind them go on."""

    async def slow(task: Any, report: Any) -> Any:
        await asyncio.sleep(0.02)
        return 1

    bench.executor.work = {"s": slow, "f": lambda task, report: Failure("failed", "no") if task.inputs["x"] == 2 else 1}
    text = Text("""
step b = for x in [1, 2, 3] parallel {
  step s = do(x: x) { concurrency: 1 }
  step f = do(x: x)
  yield s + f
} with { on_error: skip }
output b: int[] = b
""")
    assert (await go(bench, text)).outputs == {"b": [2, 2]}


async def test_losers_run_their_finally(bench):
    callee = (
        "\nworkflow inner {\n input x: int\n step a = do(x: x)\n output a: int = a\n finally { step do(x: 9) }\n}\n"
    )
    bench.executor.work = {"b:slow/yield/a": for_ever}
    text = Text(
        "step b = parallel first {\n slow: inner(x: 1)\n fast: inner(x: 2)\n}\noutput b: int = b.a",
        callee,
    )
    assert (await go(bench, text)).outputs == {"b": 3}
    assert any(address.startswith("b:slow/yield/finally/step.") for address in bench.said("node.completed"))


# ---- a graph that was made by hand ----


class Sealed:
    """Stands where tests take a graph."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow

    def seal(self) -> Artifact:
        return seal(self.workflow, {}, {})


async def test_a_loop_may_end_by_a_condition_of_its_closing_node(bench):
    text = "step b = loop n = 1 max 5 {\n step m = do(x: n)\n until m > 3\n next m\n}\noutput b: int = b"
    workflow = Text(text).seal().workflow
    closer = workflow.at("b")
    edge = next(each for each in workflow.incoming(closer.base.id) if getattr(each, "target_port", "") == "until")
    ports = tuple(replace(port, name="m" if port.name == "until" else port.name) for port in closer.inputs)
    workflow.remove_edge(edge.id)
    workflow.replace_node(replace(closer, inputs=ports, condition=Expression("m", BOOL)))
    workflow.put_edge(replace(edge, target_port="m"))
    assert workflow.validate().errors == ()
    assert (await bench.go(Sealed(workflow))).outputs == {"b": 3}
    assert len(bench.executor.ran) == 3
