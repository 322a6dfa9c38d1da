"""Settings that hold attempts back, and settings that are computed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.runtime.engine_laws import check_log
from tests.runtime.engine_runs import Bench
from tests.runtime.engine_texts import Text

from symphony_runtime.outcome import RunResult
from symphony_runtime.task import Failure


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


async def slowly(task, report):
    await asyncio.sleep(0.005)
    return task.inputs["x"]


async def run(bench: Bench, settings: str, more: str = "", **inputs: Any) -> RunResult:
    body = f"""
input xs: int[] = [1, 2, 3, 4, 5, 6]
input most: int = 2
step all = for x in xs parallel {{ yield do(x: x) {{ {settings} }} }}
output all: int[] = all
"""
    result = await bench.go(Text(body, more), **inputs)
    check_log(bench.entries())
    return result


async def test_so_many_run_at_once(bench):
    bench.executor.work = {"yield": slowly}
    assert (await run(bench, "concurrency: 2")).outputs == {"all": [1, 2, 3, 4, 5, 6]}
    assert bench.executor.most == 2


async def test_how_many_may_be_computed(bench):
    bench.executor.work = {"yield": slowly}
    assert (await run(bench, "concurrency: most", most=3)).outputs == {"all": [1, 2, 3, 4, 5, 6]}
    assert bench.executor.most == 3


async def test_a_computed_setting_that_is_none_fails_the_step(bench):
    result = await run(bench, "concurrency: most", most=0)
    assert result.error is not None
    assert (result.error.code, result.error.message) == ("check", "`concurrency` must be at least 1, but is 0")


async def test_so_many_begin_within_a_time(bench):
    assert (await run(bench, "rate_limit: { count: 2, per: 40ms }")).outputs == {"all": [2, 3, 4, 5, 6, 7]}
    began = [entry.at for entry in bench.entries() if entry.type == "node.started"]
    assert all(later - earlier >= 40_000_000 for earlier, later in zip(began, began[2:], strict=False))


async def test_steps_of_one_policy_share_its_bucket(bench):
    bench.executor.work = {"do": slowly, "a": slowly, "b": slowly, "c": slowly}
    body = """
step a = do(x: 1) { policy: narrow }
step b = do(x: 2) { policy: narrow }
step c = do(x: 3) { policy: narrow }
output all: int = a + b + c
"""
    assert (await bench.go(Text(body, "policy narrow { concurrency: 1 }"))).outputs == {"all": 6}
    assert bench.executor.most == 1


async def test_a_deadline_is_of_all_attempts_together(bench):
    bench.executor.work = {"yield": lambda task, report: Failure("error", "no")}
    settings = "retry: { attempts: 50, delay: 15ms, factor: 1.0 }, deadline: 100ms"
    result = await run(bench, settings, xs=[1])
    assert result.error is not None
    assert result.error.code == "error"
    assert 2 <= len(bench.executor.ran) <= 8


async def test_an_attempt_ends_with_the_deadline(bench):
    async def forever(task, report):
        await asyncio.sleep(30)

    bench.executor.work = {"yield": forever}
    result = await run(bench, "deadline: 30ms, retry: 0", xs=[1])
    assert result.error is not None
    assert result.error.code == "timeout"


async def test_a_failed_run_forgets_what_was_held_back(bench):
    bench.executor.work = {"yield": lambda task, report: Failure("error", "no")}
    result = await run(bench, "concurrency: 1, rate_limit: { count: 1, per: 1h }")
    assert result.state == "failed"
    assert len(bench.executor.ran) == 1


MODEL = """
instrument say(n: int) -> int { model: "openai/small"  prompt: "${n}"  temperature: 0.5 }
"""
ASKED = """
input which: string = "openai/large"
input most: int = 70
step a = say(n: most) { model: which, max_tokens: most }
output a: int = a
"""


async def test_a_model_may_be_computed_with_its_options(bench):
    def answer(task, report):
        return f"{task.node.model_id} {task.node.config.max_tokens} {task.node.config.temperature} {task.inputs}"

    bench.executor.work = {"a": answer}
    result = await bench.go(
        Text(ASKED.replace("output a: int", "output a: string"), MODEL.replace("-> int", "-> string"))
    )
    assert result.outputs == {"a": "openai/large 70 0.5 {'n': 70}"}


async def test_computed_options_that_are_none_fail_the_step(bench):
    result = await bench.go(Text(ASKED, MODEL), most=0)
    assert (result.error.code, result.error.message) == ("check", "`max_tokens` must be at least 1, but is 0")
    assert bench.executor.ran == []
