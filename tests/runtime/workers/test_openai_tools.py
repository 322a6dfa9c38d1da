"""Tools over real HTTP: how they are offered, called and told of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from tests.runtime.workers.fake_endpoint import USAGE, Endpoint, calls, cuts, listening, refuses, says, status
from tests.runtime.workers.worker_nodes import instrument, operator, ports, task

from symphony_dsl.base.types import FLOAT, INT, JSON, SECRET, STRING, Constraint, OptionalType
from symphony_dsl.base.values import SecretRef
from symphony_model.nodes import OperatorTool, OperatorType
from symphony_model.ports import Expression, PortDefinition
from symphony_runtime.providers import openai as openai_module
from symphony_runtime.task import Calls, Failure, PastTurn, Success, ToolCall


@pytest.fixture
async def endpoint(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Endpoint]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with listening() as made:
        environ |= {"OPENAI_BASE_URL": made.url, "OPENAI_API_KEY": "key-hunter2"}
        yield made


def tool(name: str, *inputs: PortDefinition, about: str | None = None) -> OperatorTool:
    run = operator(OperatorType.SHELL, {}, STRING, shell="x").config
    return OperatorTool(name, OperatorType.SHELL, run, about, inputs, ports({"result": STRING}))


LOOK = tool(
    "look",
    PortDefinition("x", INT, constraints=(Constraint("max", 9),), documentation="Which."),
    PortDefinition("more", OptionalType(STRING)),
    PortDefinition("times", INT, has_default=True, default_value=1),
    PortDefinition("key", SECRET, has_default=True, default_value=None),
    about="Looks a number up.",
)
NOTE = tool("note", PortDefinition("data", JSON))


def asking(outputs: Any = STRING, tools: tuple[OperatorTool, ...] = (LOOK, NOTE), **config: Any) -> Any:
    return instrument("openai/small", {}, outputs, prompt=Expression("'Hello?'", STRING), tools=tools, **config)


async def test_tools_are_offered_with_what_they_are_for(run, tmp_path, endpoint):
    endpoint.replies = [says("no need")]
    assert await run(task(asking(), tmp_path)) == Success({"result": "no need"}, USAGE)
    look, note = (each["function"] for each in endpoint.asked[0]["tools"])
    assert look == {
        "name": "look",
        "description": "Looks a number up.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {
                "x": {"type": "integer", "maximum": 9, "description": "Which."},
                "more": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                "times": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            },
            "required": ["x", "more", "times"],
            "additionalProperties": False,
        },
    }
    assert (note["name"], note["strict"], "description" in note) == ("note", False, False)


@pytest.mark.parametrize("same_index", [False, True])
async def test_calls_come_in_pieces(run, tmp_path, endpoint, same_index):
    endpoint.replies = [
        calls(("look", '{"x": 1, "more": "ä"}'), ("note", "{no JSON"), text="wait", same_index=same_index)
    ]
    wanted = (ToolCall("c0", "look", '{"x": 1, "more": "ä"}'), ToolCall("c1", "note", "{no JSON"))
    assert await run(task(asking(), tmp_path)) == Calls(wanted, "wait", USAGE)


async def test_what_was_called_and_came_of_it_is_told_in_the_next_turn(run, tmp_path, endpoint):
    endpoint.replies = [says("done")]
    made = (ToolCall("a", "look", '{"x": 1}'), ToolCall("b", "lo ok", "{no JSON"), ToolCall("c", "note", ""))
    turns = (PastTurn("wait", made, ("one", "wrong", "{}")), PastTurn("", made[:1], ("two",)))
    await run(replace(task(asking(), tmp_path), turns=turns))
    assert endpoint.asked[0]["messages"] == [
        {"role": "user", "content": "Hello?"},
        {
            "role": "assistant",
            "content": "wait",
            "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "look", "arguments": '{"x": 1}'}},
                {"id": "b", "type": "function", "function": {"name": "lo_ok", "arguments": "{}"}},
                {"id": "c", "type": "function", "function": {"name": "note", "arguments": "{}"}},
            ],
        },
        {"role": "tool", "tool_call_id": "a", "content": "one"},
        {"role": "tool", "tool_call_id": "b", "content": "wrong"},
        {"role": "tool", "tool_call_id": "c", "content": "{}"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "a", "type": "function", "function": {"name": "look", "arguments": '{"x": 1}'}}],
        },
        {"role": "tool", "tool_call_id": "a", "content": "two"},
    ]


async def test_names_that_no_endpoint_takes_are_sent_as_others(run, tmp_path, endpoint):
    endpoint.replies = [calls(("look_up", "{}"), ("look_up_2", "{}"), ("what", "{}"))]
    node = asking(tools=(tool("look up"), tool("look/up")))
    outcome = await run(task(node, tmp_path))
    assert [each["function"]["name"] for each in endpoint.asked[0]["tools"]] == ["look_up", "look_up_2"]
    assert [each.name for each in outcome.calls] == ["look up", "look/up", "what"]


async def test_a_typed_answer_is_checked_and_asked_for_again(run, tmp_path, endpoint):
    endpoint.replies = [says('{"sure": "very"}'), calls(("look", '{"x": 1}')), says('{"sure": 1}')]
    node = asking({"sure": FLOAT})
    outcome = await run(task(node, tmp_path))
    assert isinstance(outcome, Calls)
    assert outcome.usage == {name: 2 * count for name, count in USAGE.items()}
    assert endpoint.asked[0]["response_format"]["type"] == "json_schema"
    turns = (PastTurn("", outcome.calls, ("1",)),)
    assert await run(replace(task(node, tmp_path), turns=turns)) == Success({"sure": 1.0}, USAGE)


async def test_asked_in_words_a_model_may_use_its_tools_first(run, tmp_path, endpoint):
    endpoint.replies = [status(400, "unknown response_format"), says('{"sure": 1}')]
    assert await run(task(asking({"sure": FLOAT}), tmp_path)) == Success({"sure": 1.0}, USAGE)
    assert endpoint.asked[1]["messages"][0]["content"].startswith("Once you need no more tools, answer with one JSON")


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (calls(("look", '{"x'), finish="length"), "invalid_output"),
        (calls(("look", "{}"), finish="content_filter"), "invalid_output"),
        (cuts("let me"), "connection"),
        (refuses("no"), "invalid_output"),
        (status(500), "provider_unavailable"),
    ],
)
async def test_no_whole_answer_is_a_failure_of_the_turn(run, tmp_path, endpoint, reply, code):
    endpoint.replies = [reply] * 3
    outcome = await run(task(asking({"sure": FLOAT}), tmp_path))
    assert isinstance(outcome, Failure)
    assert outcome.code == code


async def test_calls_are_as_long_as_an_answer_may_be(run, tmp_path, endpoint, monkeypatch):
    monkeypatch.setattr(openai_module, "MAX_ANSWER", 20)
    endpoint.replies = [calls(("look", '{"x": 1, "more": "more and more"}'))]
    outcome = await run(task(asking(), tmp_path))
    assert outcome == Failure("invalid_output", "the answer is longer than 20 characters")


async def test_the_next_model_is_asked_in_any_turn(run, tmp_path, endpoint, reports):
    endpoint.replies = [status(500), calls(("look", '{"x": 1}')), status(429), says("one")]
    node = asking(fallback=("openai/tiny",))
    outcome = await run(task(node, tmp_path))
    answer = await run(replace(task(node, tmp_path), turns=(PastTurn("", outcome.calls, ("1",)),)))
    assert answer == Success({"result": "one"}, USAGE)
    assert [each["model"] for each in endpoint.asked] == ["small", "tiny", "small", "tiny"]
    assert len(reports.lines) == 2


async def test_who_has_no_tools_calls_none(run, tmp_path, endpoint):
    endpoint.replies = [calls(("look", '{"x": 1}'), text="anyway")]
    assert await run(task(asking(tools=()), tmp_path)) == Success({"result": "anyway"}, USAGE)


async def test_a_secret_in_a_call_is_kept_out_of_the_log(run, tmp_path, endpoint, environ):
    environ["TOKEN"] = "hunter-22"
    endpoint.replies = [calls(("note", '{"data": "hunter-22"}'))]
    node = replace(asking(), inputs=ports({"token": SECRET}))
    outcome = await run(task(node, tmp_path, token=SecretRef("env:TOKEN")))
    assert outcome == Failure("secret_leak", "the result holds a secret in the open")
