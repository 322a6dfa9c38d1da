"""`wait` and `ask`: what waits for a time, and what for a person."""

from __future__ import annotations

import asyncio

import pytest
from tests.runtime.engine_laws import check_log
from tests.runtime.engine_runs import Bench
from tests.runtime.test_engine_controls import run

from symphony_runtime.commands import Kind
from symphony_runtime.sending import command, send
from symphony_runtime.task import Failure


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


async def test_a_wait_takes_its_time(bench):
    result = await run(bench, "step wait(duration: 30ms)\nstep a = do(x: 1)\noutput a: int = a")
    assert result.outputs == {"a": 2}
    waiting = next(entry for entry in bench.entries() if entry.type == "node.waiting")
    began = next(entry for entry in bench.entries() if entry.type == "node.started")
    assert began.at >= waiting.data["due"] >= waiting.at + 30_000_000


ASK = """
step first = do(x: 1)
step answer = ask(prompt: "Go on with ${first}?", form: bool)
step second = if answer { yield do(x: 10) } else { yield 0 }
output second: int = second
"""


async def test_a_question_waits_for_its_answer_and_the_run_goes_on_with_it(bench):
    result = await run(bench, ASK)
    assert (result.state, result.asks) == ("waiting_for_input", {"answer": "Go on with 2?"})
    verdict = send(bench.store, bench.run, command(Kind.PROVIDE_INPUT, "answer", value="yes", has_value=True))
    assert (verdict.done, verdict.why) == (False, "invalid")
    assert send(bench.store, bench.run, command(Kind.PROVIDE_INPUT, "answer", value=True, has_value=True)).done
    assert (await bench.drive()).outputs == {"second": 11}
    check_log(bench.entries())


async def test_a_question_that_nobody_answers_in_time_fails(bench):
    body = ASK.replace("form: bool)", "form: bool) { timeout: 400ms }").replace("ask(", "try ask(", 1)
    body = body.replace("{ timeout: 400ms }", "{ timeout: 400ms } catch e: timeout { yield false }")
    result = await run(bench, body)
    assert result.state == "waiting_for_input"
    await asyncio.sleep(0.45)
    assert (await bench.drive()).outputs == {"second": 0}


async def test_other_steps_go_on_while_a_question_is_open(bench):
    result = await run(bench, ASK + "step aside = do(x: 5)\noutput aside: int = aside")
    assert result.state == "waiting_for_input"
    assert ("aside", 1) in bench.executor.ran


async def test_an_attempt_knows_which_one_it_is(bench):
    def twice(task, report):
        return Failure("timeout", "not yet") if task.attempt == 1 else task.inputs["x"]

    bench.executor.work = {"a": twice}
    body = "step a = do(x: run.attempt * 10) { retry: { attempts: 2, delay: 1ms } }\noutput a: int = a"
    assert (await run(bench, body)).outputs == {"a": 20}


async def test_a_body_knows_its_run(bench):
    body = """
step a = "${run.id} ${run.attempt}"
step b = if run.attempt > 0 { yield run.started } else { fail "never" }
output a: string = a
output b: bool = b <= run.started && run.id != ""
"""
    assert (await run(bench, body)).outputs == {"a": f"{bench.run} 1", "b": True}
