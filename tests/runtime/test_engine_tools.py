"""Instruments with tools: turns and calls are steps of their own, and what goes wrong with a call is told to the model."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from tests.runtime.engine_graphs import InLoop
from tests.runtime.engine_laws import check_log, check_state
from tests.runtime.engine_runs import Bench
from tests.runtime.engine_tools import Model, call, calls, helping

from symphony_runtime import engine
from symphony_runtime.commands import Kind
from symphony_runtime.outcome import RunResult
from symphony_runtime.sending import command, send
from symphony_runtime.task import Failure, Success
from symphony_runtime.watching import events
from symphony_runtime.watching.bars import page_of
from symphony_runtime.watching.spans import spans_of
from symphony_runtime.watching.why import why


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


async def go(bench: Bench, asked: Model, body: str | None = None, more: str = "", **work: Any) -> RunResult:
    """Run `help` with a model and what its tools do; the laws hold."""
    bench.executor = InLoop({"help": asked, **work})
    bench.seen.clear()
    result = await bench.go(helping(body, more) if body else helping(more=more))
    check(bench)
    return result


async def hang(task: Any, report: Any) -> None:
    await asyncio.sleep(60)


def check(bench: Bench) -> None:
    check_log(bench.entries(), final=False)
    check_state(engine.recover(bench.store, bench.run))
    read = [event.to_json() for event in events.read(bench.store, bench.run)]
    assert all(event.to_json() in read for event in bench.seen)


async def test_turns_and_calls_are_steps_with_addresses_of_their_own(bench):
    asked = Model(calls(call("look", x=3), call("look", x=4), text="let me see"), "seven")
    result = await go(bench, asked, look=lambda task, _: task.inputs["x"] * task.inputs["times"])
    assert result.outputs == {"answer": "seven"}
    assert bench.executor.ran == [("help#1", 1), ("help#1/look[0]", 1), ("help#1/look[1]", 1), ("help#2", 1)]
    [turn] = asked.heard[-1].turns
    assert (turn.text, [each.name for each in turn.calls]) == ("let me see", ["look", "look"])
    assert asked.told == ["3", "4"]


async def test_calls_of_a_turn_run_at_the_same_time(bench):
    async def slowly(task: Any, report: Any) -> int:
        await asyncio.sleep(0.01)
        return 1

    await go(bench, Model(calls(*[call("look", x=1)] * 3), "done"), look=slowly)
    assert bench.executor.most == 3


async def test_what_it_tells_its_watchers(bench):
    asked = Model(calls(call("look", x=3), call("lock"), usage=5), Success({"result": "three"}, {"total_tokens": 2}))
    await go(bench, asked, look=lambda task, _: 3)
    told = [
        (e.type, e.node, e.fields.get("output", e.fields.get("message")))
        for e in bench.seen
        if e.node and e.node.startswith("help")
    ]
    wanted = [{"name": "look", "arguments": '{"x": 3}'}, {"name": "lock", "arguments": "{}"}]
    known = "there is no tool `lock`; there are `look`, `pay`, `note`, `brief`, `deep`, `twofold`, `ask`, `text`"
    assert told == [
        ("node_started", "help", None),
        ("node_started", "help#1", None),
        ("node_completed", "help#1", {"calls": wanted}),
        ("log", "help#1", f"a call is wrong: {known}"),
        ("node_started", "help#1/look[0]", None),
        ("node_completed", "help#1/look[0]", 3),
        ("node_started", "help#2", None),
        ("node_completed", "help#2", "three"),
        ("node_completed", "help", "three"),
    ]
    assert {e.source for e in bench.seen if e.node} == {("main.wf", 31), ("main.wf", 32)}
    usage = [
        entry.data.get("usage")
        for entry in bench.entries()
        if entry.type == "node.completed" and "help" in entry.address
    ]
    assert usage == [{"total_tokens": 5}, None, {"total_tokens": 2}, {"total_tokens": 7}]


WRONG = [
    (call("lock", x=1), "there is no tool `lock`; there are `look`, "),
    (call("#", x=1), "there is no tool `#`; there are `look`, "),
    (call("look", "{x: 1"), "the arguments of `look` have to be a JSON object: Expecting property name"),
    (call("look", "[1]"), "the arguments of `look` have to be a JSON object: it is no object"),
    (call("look", '{"x": NaN}'), "the arguments of `look` have to be a JSON object: NaN is no JSON number"),
    (call("look", "[" * 100_000), "the arguments of `look` have to be a JSON object: "),
    (call("look", x="one"), 'the arguments of `look` do not fit: `x`: expected an int, found the string "one"'),
    (call("look", x=10), "the arguments of `look` do not fit: `x` "),
    (call("look"), "the arguments of `look` do not fit: `x` has no value"),
    (call("look", x=1, y=2), "`look` has no parameter `y`; its parameters: `x`, `more`, `times`"),
]


@pytest.mark.parametrize(("wrong", "why"), WRONG, ids=[str(at) for at in range(len(WRONG))])
async def test_a_call_that_is_wrong_runs_nothing_and_is_told_to_the_model(bench, wrong, why):
    asked = Model(calls(wrong), calls(call("look", x=2, more=None)), "two")
    result = await go(bench, asked, look=lambda task, _: 2)
    assert result.outputs == {"answer": "two"}
    first, second = asked.heard[-1].turns
    assert json.loads(first.results[0])["error"].startswith(why)
    assert second.results == ("2",)
    assert bench.executor.ran == [("help#1", 1), ("help#2", 1), ("help#2/look[0]", 1), ("help#3", 1)]


async def test_a_call_without_arguments_may_write_nothing(bench):
    more = 'operator now() -> string { shell: "date" }\ninstrument clock() -> string { model: "openai/m", prompt: "?", tools: [now] }'
    bench.executor = InLoop({"clock": Model(calls(call("now", "")), "late"), "now": lambda task, _: "23:59"})
    result = await bench.go(helping("step clock = clock()\noutput now: string = clock", more))
    assert result.outputs == {"now": "late"}


async def test_a_call_that_fails_is_told_with_its_code(bench):
    asked = Model(calls(call("look", x=1), call("look", x=2)), "two")
    broken = lambda task, _: Failure("gone", "not there", {"x": 1}) if task.inputs["x"] == 1 else 2  # noqa: E731
    result = await go(bench, asked, look=broken)
    assert result.outputs == {"answer": "two"}
    assert asked.told == [json.dumps({"error": "not there", "code": "gone", "data": {"x": 1}}), "2"]
    assert [e.node for e in bench.seen if e.type == "node_failed"] == ["help#1/look[0]"]


async def test_attempts_of_a_turn_and_of_a_call_are_their_own(bench):
    def flaky(outcome: Any) -> Any:
        return lambda task, _: Failure("timeout", "late") if task.attempt < 3 else outcome

    more = 'repeatable operator slow() -> int { shell: "x", retry: { attempts: 3, delay: 1ms } }\n'
    more += 'instrument help2() -> string { model: "openai/m", prompt: "?", tools: [slow], retry: { attempts: 3, delay: 1ms } }'
    said = Model(calls(call("slow")), "done")
    bench.executor = InLoop({"help2": lambda task, _: flaky(said(task, _))(task, _), "slow": flaky(1)})
    result = await bench.go(helping("step help2 = help2()\noutput a: string = help2", more))
    assert result.outputs == {"a": "done"}
    assert [address for address, attempt in bench.executor.ran if attempt == 3] == [
        "help2#1",
        "help2#1/slow[0]",
        "help2#2",
    ]
    check(bench)


async def test_a_turn_that_fails_fails_the_step(bench):
    body = 'step help = try help(question: "?") { retry: 0 } catch e { yield e.step + " " + e.code }\noutput answer: string = help'
    asked = Model(calls(call("look", x=1)), Failure("error", "no idea"))
    bench.executor = InLoop({"yield": asked})
    result = await bench.go(helping(body))
    assert result.outputs == {"answer": "help:body/yield#2 error"}


async def run_tools(bench: Bench, *wanted: tuple[str, str], **work: Any) -> list[str]:
    asked = Model(calls(*wanted), "done")
    result = await go(bench, asked, **work)
    assert result.outputs == {"answer": "done"}
    return asked.told


async def test_tools_of_every_kind(bench):
    small = Model("in short")
    deep = Model(calls(call("look", x=5)), "deeply")
    told = await run_tools(
        bench,
        call("brief", text="a"),
        call("deep", text="b"),
        call("twofold", x=4),
        call("note", text="n"),
        call("text", value={"a": 1}),
        brief=small,
        deep=deep,
        look=lambda task, _: 5,
        note=lambda task, _: Success({}),
    )
    assert told[:2] == ["in short", "deeply"]
    assert told[2:] == ['{"twice": 10}', "done", '{"a":1}']
    assert deep.told == ["5"]
    ran = {address for address, _ in bench.executor.ran}
    assert ran >= {"help#1/brief[0]", "help#1/deep[1]#1", "help#1/deep[1]#1/look[0]", "help#1/twofold[2]/one"}
    started = [e.node for e in bench.seen if e.type == "node_started"]
    assert started.count("help#1/twofold[2]") == started.count("help#1/twofold[2]/output.twice") == 1
    assert all(e.source for e in bench.seen if e.node)


async def test_a_person_is_asked_by_a_model(bench):
    asked = Model(calls(call("ask", prompt="Really?")), "yes")
    bench.executor = InLoop({"help": asked})
    result = await bench.go(helping())
    assert (result.state, result.asks) == ("waiting_for_input", {"help#1/ask[0]": "Really?"})
    send(bench.store, bench.run, command(Kind.PROVIDE_INPUT, "help", value=True, has_value=True))
    result = await bench.drive()
    assert (result.outputs, asked.told) == ({"answer": "yes"}, ["true"])
    check(bench)


@pytest.mark.parametrize(("written", "turns"), [("", 3), ("{ max_turns: 1 }", 1), ("{ max_turns: most }", 2)])
async def test_a_model_that_goes_in_circles_is_stopped(bench, written, turns):
    body = f'step most = 1 + 1\nstep help = help(question: "?") {written}\noutput answer: string = help'
    result = await go(bench, Model(*[calls(call("look", x=1))] * 20), body, look=lambda *_: 1)
    assert (result.state, result.error.code, result.error.node) == ("failed", "exhausted", "help")
    times = "one turn" if turns == 1 else f"{turns} turns"
    assert result.error.message == f"the model did not answer, but called tools again after {times} of calls"
    ran = [address for address, _ in bench.executor.ran]
    assert ran == [each for n in range(1, turns + 1) for each in (f"help#{n}", f"help#{n}/look[0]")] + [
        f"help#{turns + 1}"
    ]


async def test_what_is_written_nowhere_is_ten_turns(bench):
    more = 'instrument help3() -> string { model: "openai/m", prompt: "?", tools: [look] }'
    bench.executor = InLoop({"help3": Model(*[calls(call("look", x=1))] * 20)})
    result = await bench.go(helping("step help3 = help3()", more))
    assert result.error.message.endswith("after 10 turns of calls")


async def test_a_computed_model_and_its_options_are_those_of_every_turn(bench):
    body = (
        'input m: model\nstep help = help(question: "?") { model: m, temperature: 0.5 }\noutput answer: string = help'
    )
    asked = Model(calls(call("look", x=1)), "one")
    bench.executor = InLoop({"help": asked})
    await bench.go(helping(body), m="openai/other")
    assert [(t.node.model_id, t.node.config.temperature) for t in asked.heard] == [("openai/other", 0.5)] * 2
    assert all(task.inputs == {"question": "?"} for task in asked.heard)


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


async def test_an_item_of_a_for_has_turns_of_its_own(bench):
    body = "step all = for n in [1, 2] parallel { yield help(question: string(n)) }\noutput answers: string[] = all"
    bench.executor = InLoop({"yield": Model(calls(call("look", x=1)), "ok"), "look": lambda *_: 1})
    result = await bench.go(helping(body))
    assert result.outputs == {"answers": ["ok", "ok"]}
    ran = {address for address, _ in bench.executor.ran}
    assert ran >= {"all[0]/yield#1", "all[1]/yield#1/look[0]", "all[1]/yield#2"}
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
