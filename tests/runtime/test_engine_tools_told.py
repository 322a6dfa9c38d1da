"""Instruments with tools, and who else has a say: people, deadlines, results that are there already, and those who look at it later."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.runtime.engine_graphs import InLoop
from tests.runtime.engine_runs import Bench
from tests.runtime.engine_tools import Model, call, calls, check, go, hang, helping

from symphony_runtime.commands import Kind
from symphony_runtime.sending import command, send
from symphony_runtime.task import Failure
from symphony_runtime.watching.bars import page_of
from symphony_runtime.watching.spans import spans_of
from symphony_runtime.watching.why import why


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


async def test_a_person_is_asked_by_a_model(bench):
    asked = Model(calls(call("ask", prompt="Really?")), "yes")
    bench.executor = InLoop({"help": asked})
    result = await bench.go(helping())
    assert (result.state, result.asks) == ("waiting_for_input", {"help#1/ask[0]": "Really?"})
    send(bench.store, bench.run, command(Kind.PROVIDE_INPUT, "help", value=True, has_value=True))
    result = await bench.drive()
    assert (result.outputs, asked.told) == ({"answer": "yes"}, ["true"])
    check(bench)


async def test_a_lost_call_waits_for_a_person_whose_word_the_model_hears(bench):
    asked = Model(calls(call("pay", x=1), call("look", x=2)), "paid")
    result = await go(bench, asked, pay=lambda *_: Failure("crashed", "its worker died"), look=lambda *_: 2)
    assert (result.state, list(result.undecided)) == ("paused", ["help#1/pay[0]"])
    send(bench.store, bench.run, command(Kind.SKIP_NODE, "help#1/pay[0]", value=7, has_value=True))
    result = await bench.drive()
    assert (result.outputs, asked.told) == ({"answer": "paid"}, ["7", "2"])
    check(bench)


async def test_a_lost_call_that_a_person_gives_up_fails_the_step(bench):
    await go(bench, Model(calls(call("pay", x=1)), "paid"), pay=lambda *_: Failure("crashed", "its worker died"))
    send(bench.store, bench.run, command(Kind.FAIL_NODE, "help"))
    result = await bench.drive()
    assert (result.state, result.error.code, result.error.node) == ("failed", "lost", "help#1/pay[0]")
    check(bench)


async def test_a_person_answers_instead_of_a_model_that_failed(bench):
    body = 'step help = help(question: "?") { on_error: pause, retry: 0 }\noutput answer: string = help'
    result = await go(bench, Model(calls(call("look", x=1)), Failure("error", "no")), body, look=lambda *_: 1)
    assert list(result.undecided) == ["help#2"]
    assert send(bench.store, bench.run, command(Kind.SKIP_NODE, "help")).why == "no_value"
    send(bench.store, bench.run, command(Kind.SKIP_NODE, "help", value="never mind", has_value=True))
    result = await bench.drive()
    assert result.outputs == {"answer": "never mind"}
    check(bench)


async def test_cancelled_in_the_middle_of_a_call(bench):
    begun = asyncio.Event()

    async def hang(task: Any, report: Any) -> None:
        begun.set()
        await asyncio.sleep(60)

    bench.executor = InLoop({"help": Model(calls(call("look", x=1), call("look", x=2)), "never"), "look": hang})
    bench.create(helping())
    driving = asyncio.ensure_future(bench.drive())
    await begun.wait()
    await asyncio.to_thread(send, bench.store, bench.run, command(Kind.CANCEL, reason="enough"))
    result = await driving
    assert (result.state, result.reason) == ("cancelled", "enough")
    assert "help#2" not in {address for address, _ in bench.executor.ran}
    check(bench)


async def test_stopped_between_two_turns_it_goes_on_there(bench):
    stop = asyncio.Event()
    asked = Model(calls(call("look", x=1)), calls(call("look", x=2)), "three")
    bench.executor = InLoop({"help": asked, "look": lambda task, _: stop.set() or task.inputs["x"]})
    bench.create(helping())
    result = await bench.drive(stop)
    assert (result.state, result.interrupted) == ("paused", True)
    result = await bench.drive()
    assert result.outputs == {"answer": "three"}
    ran = [address for address, _ in bench.executor.ran]
    assert len(ran) == len(set(ran)), "what is finished never runs again"
    assert [turn.results for turn in asked.heard[-1].turns] == [("1",), ("2",)]
    check(bench)


async def test_when_its_deadline_has_passed_what_it_does_is_stopped(bench):
    body = 'step d = "20ms"\nstep help = help(question: "?") { deadline: duration(d), timeout: 1m }\noutput answer: string = help'
    result = await go(bench, Model(calls(call("look", x=1), call("look", x=2)), "late"), body, look=hang)
    assert (result.state, result.error.code, result.error.node) == ("failed", "timeout", "help")
    assert result.error.message == "it was not done within its deadline of 20ms"


async def test_when_its_deadline_has_passed_a_turn_is_stopped(bench):
    body = 'step help = try help(question: "?") { deadline: 20ms } catch e: timeout { yield e.step }\noutput answer: string = help'
    bench.executor = InLoop({"yield": hang})
    result = await bench.go(helping(body))
    assert result.outputs == {"answer": "help:body/yield"}
    check(bench)


async def test_a_person_decides_about_one_that_is_exhausted(bench):
    body = 'step help = help(question: "?") { on_error: pause, max_turns: 1, retry: r }\noutput answer: string = help'
    asked = Model(*[calls(call("look", x=1))] * 3)
    bench.executor = InLoop({"help": asked})
    result = await bench.go(helping("step r = 1 + 1\n" + body))
    assert {address: error.code for address, error in result.undecided.items()} == {"help": "exhausted"}
    send(bench.store, bench.run, command(Kind.RETRY_NODE, "help"))
    asked.script = (calls(call("look", x=2)), "two")
    result = await bench.drive()
    assert result.outputs == {"answer": "two"}
    ran = [address for address, _ in bench.executor.ran]
    assert ran == ["help#1", "help#1/look[0]", "help#2", "help~2#1", "help~2#1/look[0]", "help~2#2"]
    assert len({event.source for event in bench.seen if (event.node or "").startswith("help")}) == 1
    check(bench)


async def test_a_turn_that_was_asked_before_is_taken_from_the_cache(bench):
    body = 'step help = help(question: "?") { cache: true }\noutput answer: string = help'
    first, second = (Model(calls(call("look", x=1), usage=5), "one") for _ in range(2))
    await go(bench, first, body, look=lambda *_: 1)
    assert (await go(bench, second, body, look=lambda *_: 1)).outputs == {"answer": "one"}
    assert (len(first.heard), second.heard) == (2, [])
    assert [address for address, _ in bench.executor.ran] == ["help#1/look[0]"], "what tools do is done again"
    third = Model(calls(call("look", x=1)), "two")
    assert (await go(bench, third, body, look=lambda *_: 2)).outputs == {"answer": "two"}
    assert [len(task.turns) for task in third.heard] == [1], (
        "the first turn is as before, the second hears something else"
    )


@pytest.mark.parametrize("key", ['"mine"', "string(1 + 1)"])
async def test_a_key_is_of_all_turns_together(bench, key):
    body = f'step help = help(question: "?") {{ key: {key} }}\noutput answer: string = help'
    await go(bench, Model(calls(call("look", x=1), call("pay", x=2)), "one"), body, look=lambda *_: 1)
    again = Model("never")
    assert (await go(bench, again, body)).outputs == {"answer": "one"}
    assert (again.heard, bench.executor.ran) == ([], [])


async def test_what_it_did_is_shown_with_what_each_call_was_given(bench):
    asked = Model(calls(call("look", x=1), call("lock")), calls(call("twofold", x=4)), "done")
    await go(bench, asked, look=lambda *_: 5)
    page = page_of(spans_of(bench.store, bench.run))
    shown = [(bar["name"], bar["inputs"], bar["outputs"]) for bar in page["bars"] if bar["kind"] == "step"]
    assert shown[1:5] == [
        ("help#1", {"question": '"how many?"'}, {"calls": 'look({"x": 1}), lock({})'}),
        ("help#1/look[0]", {"x": "1", "more": "null", "times": "1"}, {"result": "5"}),
        ("help#2", {"question": '"how many?"'}, {"calls": 'twofold({"x": 4})'}),
        ("help#2/twofold[0]", {}, {"twice": "10"}),
    ]
    critical = [bar["name"] for bar in page["bars"] if bar["kind"] == "step" and bar["critical"]]
    assert critical[:5] == ["help", "help#1", "help#1/look[0]", "help#2", "help#2/twofold[0]"], (
        "one waited for the other"
    )


async def test_why_a_turn_ended_is_told(bench):
    await go(bench, Model(calls(call("look", x=1), call("lock")), "done"), look=lambda *_: 5)
    told = "\n".join(line for each in why(bench.store, bench.run, "help#1") for line in each.told)
    assert "its model called `look`, `lock`" in told
    assert "nothing came of a call, and its model was told so: there is no tool `lock`" in told
