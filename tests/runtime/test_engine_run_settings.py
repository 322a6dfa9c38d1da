"""Settings of a run: how long it may take, and how many attempts run at once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.runtime.engine_laws import check_log, check_state, folded, picture
from tests.runtime.engine_runs import Bench
from tests.runtime.engine_texts import Text

from symphony_runtime import engine, entries
from symphony_runtime.entries import Entry
from symphony_runtime.plans.planning import Plans
from symphony_runtime.rules.agenda import out_of_time
from symphony_runtime.rules.decide import decide
from symphony_runtime.rules.evolve import evolve
from symphony_runtime.rules.inputs import Clock
from symphony_runtime.rules.state import RunState


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


async def for_ever(task: Any, report: Any) -> int:
    await asyncio.sleep(60)
    return 0


def held_to_laws(bench: Bench, text: Text) -> None:
    check_log(bench.entries(), final=True)
    state = engine.recover(bench.store, bench.run)
    check_state(state)
    assert picture(state) == picture(folded(text.seal(), bench.entries()))


SLOW = Text("""
settings { timeout: 50ms }
input x: int = 1
step a = do(x)
step b = do(x: a)
output b: int = b
finally { step do(x: 9) }
""")


async def test_what_takes_too_long_is_stopped_and_fails(bench):
    bench.executor.work = {"a": for_ever}
    result = await bench.go(SLOW)
    assert result.state == "failed"
    assert (result.error.code, result.error.message, result.error.node) == ("timeout", "it took longer than 50ms", None)
    held_to_laws(bench, SLOW)
    begun = [address for address, _ in bench.executor.ran]
    assert begun[0] == "a"
    assert "b" not in begun
    assert len(begun) == 2  # what stands in `finally` runs


async def test_what_is_in_time_is_let_be(bench):
    result = await bench.go(Text("settings { timeout: 1h }\nstep a = do(x: 1)\noutput a: int = a"))
    assert (result.state, result.outputs) == ("completed", {"a": 2})


async def test_a_question_that_nobody_answers_ends_with_the_run(bench):
    text = Text('settings { timeout: 50ms }\nstep ok = ask(prompt: "go on?")\noutput ok: bool = ok')
    bench.create(text)
    result = await engine.drive(bench.store, bench.run, executor=bench.executor, patient=True)
    assert (result.state, result.error.code) == ("failed", "timeout")
    held_to_laws(bench, text)
    labels = [(each.data["from"], each.data["to"]) for each in bench.entries() if each.type == "run.state"]
    assert labels == [
        ("pending", "running"),
        ("running", "waiting_for_input"),
        ("waiting_for_input", "running"),
        ("running", "failed"),
    ]


SECOND = 1_000_000_000


def test_time_counts_only_while_it_is_driven_and_not_held():
    text = Text("settings { timeout: 10s }\nstep a = do(x: 1)\noutput a: int = a")
    state = RunState("run", Plans(text.seal()), Path())

    def say(second: float, kind: str, epoch: int | None = None, **data: Any) -> None:
        epoch = state.epoch if epoch is None else epoch
        evolve(state, Entry(kind, data, seq=state.seq + 1, at=int(second * SECOND), epoch=epoch))

    say(0, entries.RUN_CREATED, inputs={}, durability="process")
    say(100, entries.ENGINE_CLAIMED, epoch=1, width=4)
    say(100, entries.RUN_STATE, **{"from": "pending", "to": "running"})
    say(103, entries.NODE_LOG, level="info", message="its engine is killed")
    say(300, entries.COMMAND_REJECTED, epoch=2, id="c", fingerprint="f")  # by a sender: nobody drives
    say(500, entries.ENGINE_CLAIMED, epoch=2, width=4)
    assert state.driven == 3 * SECOND
    say(502, entries.HOLD_SET, why="user")
    assert (state.driven, out_of_time(state)) == (5 * SECOND, None)
    say(900, entries.HOLD_CLEARED)
    say(901, entries.ENGINE_RELEASED)
    say(1500, entries.HOLD_CLEARED, epoch=3)
    say(1900, entries.COMMAND_REJECTED, epoch=3, id="d", fingerprint="f")
    say(2000, entries.ENGINE_CLAIMED, epoch=3, width=4)
    assert (state.driven, out_of_time(state)) == (6 * SECOND, 2004 * SECOND)
    assert decide(state, Clock(2004 * SECOND - 1)) == []
    (overdue,) = decide(state, Clock(2004 * SECOND))
    assert (overdue.type, overdue.data["error"]["code"]) == (entries.RUN_OVERDUE, "timeout")


async def test_so_many_attempts_run_at_once(bench):
    async def slowly(task: Any, report: Any) -> int:
        await asyncio.sleep(0.005)
        return task.inputs["x"]

    bench.executor.work = {"yield": slowly}
    text = Text(
        "settings { concurrency: 2 }\nstep all = for x in [1, 2, 3, 4, 5] parallel { yield do(x: x) }\n"
        "output all: int[] = all"
    )
    assert (await bench.go(text)).outputs == {"all": [1, 2, 3, 4, 5]}
    assert bench.executor.most == 2
