"""Instruments with tools: turns and calls are steps of their own, and what goes wrong with a call is told to the model."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.runtime.engine_graphs import Graph, InLoop, tool
from tests.runtime.engine_runs import Bench
from tests.runtime.engine_tools import Model, call, calls, check, go, helping

from symphony_dsl.base.types import INT, SECRET
from symphony_dsl.base.values import SecretRef
from symphony_model.ports import Constant, PortDefinition
from symphony_runtime.task import Failure, Success


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


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


async def test_an_item_of_a_for_has_turns_of_its_own(bench):
    body = "step all = for n in [1, 2] parallel { yield help(question: string(n)) }\noutput answers: string[] = all"
    bench.executor = InLoop({"yield": Model(calls(call("look", x=1)), "ok"), "look": lambda *_: 1})
    result = await bench.go(helping(body))
    assert result.outputs == {"answers": ["ok", "ok"]}
    ran = {address for address, _ in bench.executor.ran}
    assert ran >= {"all[0]/yield#1", "all[1]/yield#1/look[0]", "all[1]/yield#2"}
    check(bench)


async def test_a_model_is_asked_only_for_what_a_tool_has_not_yet(bench):
    key = PortDefinition("key", SECRET, has_default=True, default_value={"$secret": "env:KEY"})
    given = replace(tool("look").config, arguments={"x": Constant(3)})
    look = replace(tool("look"), config=given, inputs=(PortDefinition("x", INT), key, PortDefinition("y", INT)))
    graph = Graph()
    graph.output("y", graph.instrument("help", (look,)))
    asked = Model(
        calls(call("look", y=1, key="env:HOME"), call("look", y=1, x=2), call("look", y=4)), Success({"result": 7})
    )
    seen: list[Any] = []
    bench.executor = InLoop({"help": asked, "look": lambda task, _: seen.append(task.inputs) or 1})
    assert (await bench.go(graph)).outputs == {"y": 7}
    assert [{name: each[name] for name in "xy"} for each in seen] == [{"x": 3, "y": 4}]
    assert seen[0]["key"] == SecretRef("env:KEY")
    assert [json.loads(each)["error"] for each in asked.told[:2]] == [
        "`look` has no parameter `key`; its parameters: `y`",
        "`look` has no parameter `x`; its parameters: `y`",
    ]


async def test_a_result_that_json_has_no_word_for_is_told_as_an_error(bench):
    more = 'operator root(x: int) -> float { shell: "x" }\ninstrument odd() -> string { model: "openai/m", prompt: "?", tools: [root] }'
    asked = Model(calls(call("root", x=1)), "done")
    bench.executor = InLoop({"odd": asked, "root": lambda *_: float("nan")})
    assert (await bench.go(helping("step odd = odd()\noutput a: string = odd", more))).outputs == {"a": "done"}
    assert json.loads(asked.told[0])["error"].startswith("the result cannot be written as JSON")
