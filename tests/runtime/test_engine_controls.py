"""Loops, branches that run side by side, `try` and `finally`: what runs, what does not, and what comes of it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from tests.runtime.engine_laws import check_log, check_state, folded, picture
from tests.runtime.engine_runs import Bench
from tests.runtime.engine_texts import Text

from symphony_runtime import engine
from symphony_runtime.commands import Kind
from symphony_runtime.outcome import RunResult
from symphony_runtime.sending import command, send
from symphony_runtime.task import Failure


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


async def run(bench: Bench, body: str, more: str = "", **inputs: Any) -> RunResult:
    """Runs a body, and holds its log to the laws of logs and to what folding it gives."""
    text = Text(body, more)
    result = await bench.go(text, **inputs)
    entries = bench.entries()
    check_log(entries, final=result.state in ("completed", "failed", "cancelled"))
    state = engine.recover(bench.store, bench.run)
    check_state(state)
    assert picture(state) == picture(folded(text.seal(), entries))
    return result


def fails(*addresses: str, code: str = "error") -> dict[str, Any]:
    return {address: lambda task, report: Failure(code, f"{task.address} says no") for address in addresses}


COUNT = """
input from: int = 0
step end = loop n = from max 4 {
  step m = do(x: n)
  until m > 3
  next m
}
output end: int = end
"""


async def test_a_loop_goes_on_until_its_condition_holds(bench):
    assert (await run(bench, COUNT)).outputs == {"end": 3}
    assert bench.executor.ran == [(f"end:body#{n}/m", 1) for n in (1, 2, 3, 4)]


async def test_a_loop_may_be_over_in_its_first_round(bench):
    assert (await run(bench, COUNT, **{"from": 7})).outputs == {"end": 7}
    assert bench.executor.ran == [("end:body#1/m", 1)]


async def test_a_loop_out_of_rounds_fails(bench):
    result = await run(bench, COUNT, **{"from": -9})
    assert (result.state, result.error and result.error.code, result.error and result.error.node) == (
        "failed",
        "exhausted",
        "end",
    )
    assert result.error is not None
    assert result.error.message == "`until` did not hold within 4 rounds"
    assert len(bench.executor.ran) == 4


ELSE = """
step end = loop n = 0 max 2 {
  step m = do(x: n)
  until m > 9
  yield m * 100
  step next_one = do(x: m)
  next next_one
} else { yield n - 1000 }
output end: int = end
"""


async def test_out_of_rounds_its_else_sees_the_variable_of_the_last_one(bench):
    assert (await run(bench, ELSE)).outputs == {"end": 2 - 1000}
    assert [address for address, _ in bench.executor.ran] == [
        "end:body#1/m",
        "end:again#1/next_one",
        "end:body#2/m",
    ]  # nobody pays for a next one that no round would look at


async def test_what_is_yielded_is_computed_once_when_the_condition_holds(bench):
    bench.executor.work = {"m": lambda task, report: task.inputs["x"] + 5}
    assert (await run(bench, ELSE)).outputs == {"end": 1100}
    assert [address for address, _ in bench.executor.ran] == ["end:body#1/m", "end:again#1/next_one", "end:body#2/m"]


async def test_rounds_may_wait_for_each_other(bench):
    body = """
step end = loop max 3 every 20ms {
  step m = do(x: 1)
  until m > 9
} else { yield 5 }
output end: int? = end
"""
    assert (await run(bench, body)).outputs == {"end": 5}
    entries = bench.entries()
    # a round is closed at the moment of what closed it
    moments = [before.at for before, entry in pairwise(entries) if entry.type == "round.closed"]
    opened = [entry.at for entry in entries if entry.type == "round.opened"]
    assert len(moments) == 2
    assert all(later - before >= 20_000_000 for before, later in zip(moments, opened, strict=True))


async def test_a_failure_in_a_round_is_the_failure_of_the_loop(bench):
    bench.executor.work = fails("end:body#2/m")
    result = await run(bench, COUNT)
    assert result.error is not None
    assert result.error.node == "end:body#2/m"


ALL = """
step both = parallel all {
  one: do(x: 1)
  two: { step a = do(x: 10) yield a + 1 }
  three: { step quiet = do(x: 5) }
}
output both: int = both.one + both.two
"""


async def test_branches_run_side_by_side_and_make_a_record(bench):
    assert (await run(bench, ALL)).outputs == {"both": 2 + 12}
    assert bench.executor.most == 3


async def test_a_failed_branch_lets_the_others_end_and_fails(bench):
    done = []

    async def slowly(task, report):
        await asyncio.sleep(0.02)
        done.append(task.address)
        return 1

    bench.executor.work = fails("both:one/yield") | {"a": slowly}
    result = await run(bench, ALL)
    assert result.error is not None
    assert result.error.node == "both:one/yield"
    assert done == ["both:two/a"]


FIRST = """
step quick = parallel first {
  slow: do(x: 1)
  fast: do(x: 10)
  bad: do(x: 100)
}
output quick: int = quick
"""


async def forever(task, report):
    await asyncio.sleep(30)
    return 0


async def test_the_first_success_counts_and_the_others_are_stopped(bench):
    bench.executor.work = fails("quick:bad/yield") | {"quick:slow/yield": forever}
    assert (await run(bench, FIRST)).outputs == {"quick": 11}
    stopped = [entry.data["error"]["code"] for entry in bench.entries() if entry.type == "node.failed"]
    assert sorted(stopped) == ["cancelled", "error"]


async def test_where_too_few_can_succeed_the_block_fails(bench):
    bench.executor.work = fails(*(f"quick:{name}/yield" for name in ("slow", "fast", "bad")))
    result = await run(bench, FIRST)
    assert (result.state, result.error and result.error.code) == ("failed", "error")


async def test_the_first_of_several_come_in_the_order_of_the_text(bench):
    body = FIRST.replace("first {", "first 2 {").replace("output quick: int", "output quick: int[]")
    bench.executor.work = {"quick:slow/yield": forever}
    assert (await run(bench, body)).outputs == {"quick": [11, 101]}


async def test_a_branch_without_steps_of_its_own_may_win_before_the_others_began(bench):
    body = FIRST.replace("slow: do(x: 1)", "slow: 5")
    assert (await run(bench, body)).outputs == {"quick": 5}


TRY = """
input code: string = "none"
step safe = try { step a = do(x: 1) yield do(x: a) }
  catch e: timeout | no_url { yield 100 + e.attempt }
  catch e: gone { }
  catch e { yield e.message.size() }
output safe: int = safe ?? -1
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [("timeout", 101), ("no_url", 101), ("gone", -1), ("error", len("safe:body/yield says no"))],
)
async def test_a_failure_is_caught_by_the_first_that_names_its_code(bench, code, expected):
    bench.executor.work = fails("safe:body/yield", code=code)
    text = TRY
    result = await run(bench, text.replace("do(x: a)", "do(x: a) { retry: 0 }"))
    assert result.outputs == {"safe": expected}


async def test_what_does_not_fail_is_not_caught(bench):
    assert (await run(bench, TRY)).outputs == {"safe": 3}


async def test_what_nobody_catches_goes_up(bench):
    bench.executor.work = fails("safe:body/yield", code="other")
    result = await run(bench, TRY.replace("catch e { yield e.message.size() }", ""))
    assert (result.error and result.error.code, result.state) == ("other", "failed")


async def test_a_failure_may_go_on_from_where_it_was_caught(bench):
    bench.executor.work = fails("safe:body/yield", code="other")
    result = await run(bench, TRY.replace("yield e.message.size()", "fail e"))
    assert (result.error and result.error.code, result.state) == ("other", "failed")
    assert result.error is not None
    assert result.error.message == "safe:body/yield says no"
    assert (result.error.node, result.error.attempt) == ("safe:body/yield", 1), "as it was"


FINALLY = """
step a = do(x: 1)
step b = do(x: a)
output b: int = b
finally { step bye = do(x: a ?? -1) }
"""


async def test_what_is_last_runs_after_a_success(bench):
    assert (await run(bench, FINALLY)).outputs == {"b": 3}
    assert bench.executor.ran[-1] == ("finally/bye", 1)


async def test_what_is_last_runs_after_a_failure_which_stays_the_failure(bench):
    bench.executor.work = fails("a")
    result = await run(bench, FINALLY)
    assert (result.state, result.error and result.error.node) == ("failed", "a")
    assert bench.executor.ran == [("a", 1), ("finally/bye", 1)]
    assert bench.said("node.completed") == ["finally/bye.x", "finally/bye"]


async def test_its_own_failure_fails_what_had_succeeded(bench):
    bench.executor.work = fails("finally/bye")
    result = await run(bench, FINALLY)
    assert (result.state, result.error and result.error.node) == ("failed", "finally/bye")


NESTED = """
step outer = try {
  step inner = do(x: 1)
  yield do(x: inner)
  finally { step tidy = do(x: 7) }
} catch e { yield 0 }
output outer: int = outer
finally { step bye = do(x: 8) }
"""


@pytest.mark.parametrize("bad", ["outer:body/inner", "outer:body/yield", "none"])
async def test_inner_ones_run_before_outer_ones(bench, bad):
    bench.executor.work = fails(bad)
    result = await run(bench, NESTED)
    assert result.outputs == {"outer": 3 if bad == "none" else 0}
    ran = [address for address, _ in bench.executor.ran]
    assert [each for each in ran if "finally" in each] == ["outer:body/finally/tidy", "finally/bye"]


async def cancelled(bench: Bench, text: Text, when: str, *, force: bool = False) -> RunResult:
    """Runs a text and cancels it when a step begins."""
    bench.create(text)

    def watch(event):
        if event.type == "node_started" and event.node == when:
            asyncio.get_running_loop().run_in_executor(
                None, send, bench.store, bench.run, command(Kind.CANCEL, reason="enough", force=force)
            )

    return await bench.drive(show=watch)


@pytest.mark.parametrize("force", [False, True])
async def test_a_cancelled_run_stops_what_runs_and_tidies_up_unless_forced(bench, force):
    bench.executor.work = {"b": forever}
    result = await cancelled(bench, Text(FINALLY), "b", force=force)
    assert (result.state, result.reason) == ("cancelled", "enough")
    assert (("finally/bye", 1) in bench.executor.ran) is not force
    check_log(bench.entries())
    check_state(engine.recover(bench.store, bench.run))


@pytest.mark.parametrize(
    "body",
    [COUNT, ELSE, ALL, FIRST, TRY, FINALLY, NESTED],
    ids=["count", "else", "all", "first", "try", "finally", "nested"],
)
async def test_a_run_that_is_cut_off_anywhere_goes_on_to_the_same_end(bench, body):
    """Whatever transactions of the log there are, another driver goes on from them."""
    whole = await run(bench, body)
    entries = bench.entries()
    text = Text(body)
    cuts = [
        number for number, entry in enumerate(entries) if number and entry.cause is None
    ]  # where a transaction begins
    assert len(cuts) > 1
    for cut in cuts:
        other = Bench(bench.root / str(cut))
        other.root.mkdir()
        other.create(text)
        await _replay(other, entries[1:cut])
        result = await other.drive()
        assert (result.state, result.outputs) == (whole.state, whole.outputs)
        check_log(other.entries())


async def _replay(bench: Bench, entries: list[Any]) -> None:
    log = bench.store.run(bench.run).log.open(bench.store.blobs, "process")
    now = time.time_ns()  # the run was made just now, and time does not go back
    if entries:
        assert log.commit([replace(entry, at=now) for entry in entries]) is None
    log.close()
