"""Instruments over real HTTP: good, bad, slow and cut answers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from tests.runtime.workers.fake_endpoint import USAGE, Endpoint, cuts, garbage, refuses, says, stalls, status
from tests.runtime.workers.worker_nodes import instrument, task

from symphony_dsl.base.types import (
    AUDIO,
    FILE,
    FLOAT,
    IMAGE,
    INT,
    JSON,
    STRING,
    Constraint,
    EnumType,
    ListType,
    MapType,
    OptionalType,
    record,
)
from symphony_model.message_parts import PARTS
from symphony_model.ports import Expression, PortDefinition
from symphony_runtime.providers import openai as openai_module
from symphony_runtime.task import Failure, Success

LABEL = EnumType("Label", (("praise", "praise"), ("complaint", "complaint")))
KIND = {"label": LABEL, "confidence": FLOAT}
GOOD = '{"label": "praise", "confidence": 1}'


@pytest.fixture
async def endpoint(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Endpoint]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    made = Endpoint()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    environ |= {"OPENAI_BASE_URL": f"http://{host}:{port}/v1", "OPENAI_API_KEY": "key-hunter2"}
    async with server:
        yield made


def text(source: str) -> Expression:
    return Expression(source, STRING)


def asking(outputs, inputs=None, **config):
    return instrument("openai/small", inputs or {}, outputs, **{"prompt": text("'Hello?'"), **config})


async def test_a_text(run, tmp_path, endpoint):
    endpoint.replies = [says("Good morning, ä")]
    node = asking(
        STRING,
        {"name": STRING},
        system=text("'Be kind.'"),
        prompt=text("'Hello ' + name"),
        temperature=0.2,
        max_tokens=9,
    )
    assert await run(task(node, tmp_path, name="Ada")) == Success({"result": "Good morning, ä"}, USAGE)
    assert endpoint.asked == [
        {
            "model": "small",
            "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hello Ada"}],
            "temperature": 0.2,
            "max_tokens": 9,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
    ]
    assert endpoint.headers[0]["authorization"] == "bearer key-hunter2"


async def test_messages_stand_before_the_prompt(run, tmp_path, endpoint):
    endpoint.replies = [says("ok", usage=False)]
    messages = Expression('[{"role": "assistant", "content": said}]', JSON)
    node = asking(STRING, {"said": STRING}, messages=messages)
    assert await run(task(node, tmp_path, said="hi")) == Success({"result": "ok"})
    assert [message["content"] for message in endpoint.asked[0]["messages"]] == ["hi", "Hello?"]


async def test_a_record_is_asked_for_with_its_schema(run, tmp_path, endpoint):
    endpoint.replies = [says(GOOD)]
    assert await run(task(asking(KIND), tmp_path)) == Success({"label": "praise", "confidence": 1.0}, USAGE)
    assert endpoint.asked[0]["response_format"] == {
        "type": "json_schema",
        "json_schema": {
            "name": "ask",
            "strict": True,
            "schema": {
                "type": "object",
                "properties": {
                    "label": {"type": "string", "enum": ["praise", "complaint"]},
                    "confidence": {"type": "number"},
                },
                "required": ["label", "confidence"],
                "additionalProperties": False,
            },
        },
    }


async def test_a_field_is_asked_for_by_its_name_in_json_with_what_it_is_for(run, tmp_path, endpoint):
    endpoint.replies = [says('{"how-sure": 2}'), says('{"how-sure": 0.5}')]
    bounds = (Constraint("min", 0.0), Constraint("max", 1.0))
    port = PortDefinition("sure", FLOAT, constraints=bounds, wire="how-sure", documentation="How sure it is.")
    node = replace(asking({}), outputs=(port,))
    assert await run(task(node, tmp_path)) == Success({"sure": 0.5}, {name: 2 * n for name, n in USAGE.items()})
    assert endpoint.asked[0]["response_format"]["json_schema"]["schema"]["properties"] == {
        "how-sure": {"type": "number", "minimum": 0.0, "maximum": 1.0, "description": "How sure it is."}
    }


async def test_a_list_stands_in_a_record(run, tmp_path, endpoint):
    endpoint.replies = [says('{"result": [1, 2]}')]
    assert await run(task(asking(ListType(INT)), tmp_path)) == Success({"result": [1, 2]}, USAGE)
    assert endpoint.asked[0]["response_format"]["json_schema"]["schema"]["required"] == ["result"]


@pytest.mark.parametrize(
    ("outputs", "answer", "value"),
    [
        ({"result": STRING}, '{"result": "good"}', "good"),
        ({"result": record(a=INT)}, '{"result": {"a": 1}}', {"a": 1}),
        (record(result=STRING), '{"result": "good"}', {"result": "good"}),
    ],
)
async def test_a_record_of_a_field_result_is_no_value(run, tmp_path, endpoint, outputs, answer, value):
    endpoint.replies = [says(answer)]
    assert await run(task(asking(outputs), tmp_path)) == Success({"result": value}, USAGE)
    assert endpoint.asked[0]["response_format"]["json_schema"]["schema"]["required"] == ["result"]


async def test_a_result_of_a_record_type_is_that_record(run, tmp_path, endpoint):
    endpoint.replies = [says('```json\n{"a": 1}\n```')]
    of = record(a=INT, b=OptionalType(MapType(INT)))
    assert await run(task(asking(of), tmp_path)) == Success({"result": {"a": 1}}, USAGE)
    assert endpoint.asked[0]["response_format"]["json_schema"]["strict"] is False


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"label": "anger", "confidence": 1}', "at label: expected a"),
        ('{"label": "praise"}', "at confidence: expected a float, found nothing"),
        ("I would say praise.", "it is no JSON (Expecting value: line 1 column 1 (char 0))"),
        ("[1]", "does not fit: expected"),
    ],
)
async def test_what_does_not_fit_is_given_back_with_the_reason(run, tmp_path, endpoint, bad, reason):
    endpoint.replies = [says(bad), says(GOOD)]
    outcome = await run(task(asking(KIND), tmp_path))
    twice = {name: 2 * count for name, count in USAGE.items()}
    assert outcome == Success({"label": "praise", "confidence": 1.0}, twice)
    question, answer, objection = endpoint.asked[1]["messages"]
    assert question == {"role": "user", "content": "Hello?"}
    assert answer == {"role": "assistant", "content": bad}
    assert objection["role"] == "user"
    assert reason in objection["content"]


async def test_after_two_repairs_it_is_over(run, tmp_path, endpoint):
    endpoint.replies = [says("no"), says("still no"), says('{"label": 3}'), says(GOOD)]
    outcome = await run(task(asking(KIND), tmp_path))
    assert (outcome.code, outcome.data) == ("invalid_output", {"path": "label"})
    assert outcome.message.startswith("the answer does not fit at label: expected a")
    assert len(endpoint.asked) == 3


async def test_constraints_are_part_of_what_has_to_fit(run, tmp_path, endpoint):
    endpoint.replies = [says('{"result": 7}'), says('{"result": 2}')]
    node = asking(INT)
    port = PortDefinition("result", INT, constraints=(Constraint("max", 5),))
    node = type(node)(node.base, node.model_id, node.config, (), (port,))
    outcome = await run(task(node, tmp_path))
    assert outcome.outputs == {"result": 2}
    schema = endpoint.asked[0]["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["result"] == {"type": "integer", "maximum": 5}
    assert "must be at most 5, but is 7" in endpoint.asked[1]["messages"][-1]["content"]


async def test_an_endpoint_without_structured_output_is_asked_in_words(run, tmp_path, endpoint):
    endpoint.replies = [status(400, "response_format is not supported"), says(GOOD), says(GOOD)]
    for _ in range(2):
        outcome = await run(task(asking(KIND), tmp_path))
        assert outcome.outputs == {"label": "praise", "confidence": 1.0}
    first, second, third = endpoint.asked
    assert "response_format" in first
    for asked in (second, third):
        assert "response_format" not in asked
        assert asked["messages"][0]["role"] == "system"
        assert '"enum": ["praise", "complaint"]' in asked["messages"][0]["content"]


@pytest.mark.parametrize(
    ("reply", "code", "message"),
    [
        (status(500), "provider_unavailable", "the endpoint answered 500: so it is"),
        (status(503), "provider_unavailable", "the endpoint answered 503: so it is"),
        (status(429), "rate_limited", "the endpoint answered 429: so it is"),
        (status(408), "timeout", "the endpoint answered 408: so it is"),
        (status(400), "error", "the endpoint answered 400: so it is"),
        (status(401), "error", "the endpoint answered 401: it does not accept OPENAI_API_KEY"),
        (
            status(404),
            "error",
            "the endpoint answered 404: is there a model 'small', and is the address right?",
        ),
        (status(403, "key-hunter2 may not"), "error", "the endpoint answered 403: [secret] may not"),
        (says("half an answ", None), "connection", "the endpoint ended its answer before it was complete"),
        (garbage("[DONE]"), "connection", "the endpoint ended its answer before it was complete"),
        (garbage("{no json"), "connection", "the endpoint sent a stream that cannot be read"),
        (garbage("5"), "connection", "the endpoint sent a stream that cannot be read"),
        (garbage('{"choices": [{"index": 0}]}'), "connection", "the endpoint sent a stream that cannot be read"),
        (
            garbage('{"choices": [{"delta": {"content": [1]}}]}'),
            "connection",
            "the endpoint sent a stream that cannot be read",
        ),
        (
            garbage('{"choices": [], "usage": {"prompt_tokens": "x"}}'),
            "connection",
            "the endpoint sent a stream that cannot be read",
        ),
        (garbage('{"error": {"message": "overloaded"}}'), "provider_unavailable", "the endpoint gave up: overloaded"),
        (refuses("I will not"), "invalid_output", "the model refused to answer: I will not"),
        (says("x", "content_filter"), "invalid_output", "the endpoint's content filter held the answer back"),
        (
            says("x", "length"),
            "invalid_output",
            "the answer was cut off because it is longer than max_tokens allows",
        ),
    ],
)
async def test_what_goes_wrong_has_a_name(run, tmp_path, endpoint, reply, code, message):
    endpoint.replies = [reply] * 3
    outcome = await run(task(asking(STRING), tmp_path))
    assert (outcome.code, outcome.message) == (code, message)


async def test_a_failure_is_the_engines_to_retry(run, tmp_path, endpoint):
    endpoint.replies = [status(500), says("x")]
    assert (await run(task(asking(STRING), tmp_path))).code == "provider_unavailable"
    assert len(endpoint.asked) == 1


async def test_a_connection_that_breaks(run, tmp_path, endpoint):
    endpoint.replies = [cuts("half an answer")]
    outcome = await run(task(asking(STRING), tmp_path))
    assert (outcome.code, outcome.before_effect) == ("connection", False)
    assert outcome.message.startswith("the connection to the endpoint broke")


async def test_nobody_listens(run, tmp_path, environ):
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    environ["OPENAI_BASE_URL"] = f"http://127.0.0.1:{port}"
    outcome = await run(task(asking(STRING), tmp_path))
    assert (outcome.code, outcome.before_effect) == ("connection", True)
    assert outcome.message.startswith("the endpoint cannot be reached")


async def test_a_slow_answer_can_be_cancelled_and_is_hung_up(run, tmp_path, endpoint):
    begun = asyncio.Event()
    endpoint.replies = [stalls("It was a dark and", begun), says("fast")]
    asking_slowly = asyncio.ensure_future(run(task(asking(STRING), tmp_path)))
    await begun.wait()
    asking_slowly.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking_slowly
    await endpoint.hung_up.wait()
    assert (await run(task(asking(STRING), tmp_path))).outputs == {"result": "fast"}


async def test_an_answer_without_end(run, tmp_path, endpoint, monkeypatch):
    monkeypatch.setattr(openai_module, "MAX_ANSWER", 20)
    endpoint.replies = [says("x" * 100)]
    outcome = await run(task(asking(STRING), tmp_path))
    assert outcome == Failure("invalid_output", "the answer is longer than 20 characters")


async def test_many_at_once(run, tmp_path, endpoint):
    endpoint.replies = [says(GOOD)] * 20
    outcomes = await asyncio.gather(*(run(task(asking(KIND), tmp_path)) for _ in range(20)))
    assert {outcome.outputs["label"] for outcome in outcomes} == {"praise"}


async def test_a_prompt_that_has_no_value(run, tmp_path, endpoint):
    outcome = await run(task(asking(STRING, {"n": INT}, prompt=text("string(1 / n)")), tmp_path, n=0))
    assert isinstance(outcome, Failure)
    assert outcome.before_effect
    assert endpoint.asked == []


async def test_neither_key_nor_address(run, tmp_path):
    outcome = await run(task(asking(STRING), tmp_path))
    message = "neither OPENAI_API_KEY nor OPENAI_BASE_URL is set in the environment"
    assert outcome == Failure("secret_unavailable", message, before_effect=True)


@pytest.mark.parametrize("url", ["localhost:1234", "http://[bad", "ftp://x", "not a url", "http://127.0.0.1:99999"])
async def test_what_is_no_address(run, tmp_path, environ, url):
    environ["OPENAI_BASE_URL"] = url
    outcome = await run(task(asking(STRING), tmp_path))
    message = "OPENAI_BASE_URL is no address like https://host/v1"
    assert outcome == Failure("error", message, before_effect=True)


async def test_what_is_no_key(run, tmp_path, environ):
    environ["OPENAI_API_KEY"] = "schlüssel"
    outcome = await run(task(asking(STRING), tmp_path))
    assert (outcome.code, "schlüssel" in outcome.message) == ("secret_unavailable", False)


async def test_without_the_package_the_extra_is_named(run, tmp_path, endpoint, monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    outcome = await run(task(asking(STRING), tmp_path))
    message = "models of openai/… need a package that is not installed: pip install 'symphony-wf[openai]'"
    assert outcome == Failure("error", message, before_effect=True)


@pytest.mark.parametrize(("url", "name"), [(None, "max_completion_tokens"), ("http://127.0.0.1", "max_tokens")])
def test_the_limit_is_called_as_the_endpoint_calls_it(url, name):
    question = openai_module._Question(asking(STRING, max_tokens=5), "m", [])
    request = openai_module._request(question, by_words=False, official=url is None)
    assert request[name] == 5


async def test_images_sounds_and_files_are_sent_inside_their_message(run, tmp_path, endpoint):
    endpoint.replies = [says("Oslo", usage=False)]
    for name, data in (("a.png", b"png"), ("b.mp3", b"mp3"), ("c.pdf", b"pdf"), ("d", b"d")):
        (tmp_path / name).write_bytes(data)
    source = "[{text: 'See '}, {image: photo}, {audio: sound}, {file: letter}, {file: plain}, {text: '!'}]"
    ports = {"photo": IMAGE, "sound": AUDIO, "letter": FILE, "plain": FILE}
    node = asking(STRING, ports, prompt=Expression(source, PARTS))
    given = {"photo": "a.png", "sound": "b.mp3", "letter": "c.pdf", "plain": "d"}
    assert await run(task(node, tmp_path, **given)) == Success({"result": "Oslo"}, {})
    assert endpoint.asked[0]["messages"][0]["content"] == [
        {"type": "text", "text": "See "},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,cG5n"}},
        {"type": "input_audio", "input_audio": {"data": "bXAz", "format": "mp3"}},
        {"type": "file", "file": {"filename": "c.pdf", "file_data": "data:application/pdf;base64,cGRm"}},
        {"type": "file", "file": {"filename": "d", "file_data": "data:application/octet-stream;base64,ZA=="}},
        {"type": "text", "text": "!"},
    ]


async def test_a_file_that_cannot_be_sent_is_said_before_anything_is_asked(run, tmp_path, endpoint):
    node = asking(STRING, {"photo": IMAGE}, prompt=Expression("[{image: photo}]", PARTS))
    failed = await run(task(node, tmp_path, photo="none.png"))
    message = "'none.png' cannot be sent to the model: there is no such file"
    assert failed == Failure("error", message, before_effect=True)
    assert endpoint.asked == []


async def test_data_that_look_like_a_file_open_none(run, tmp_path, endpoint):
    endpoint.replies = [says("ok", usage=False)]
    (tmp_path / "own.txt").write_text("mine")
    messages = Expression('[{"role": "user", "content": said}]', JSON)
    said = [{"file": "own.txt"}]
    node = asking(STRING, {"said": JSON}, prompt=None, messages=messages)
    await run(task(node, tmp_path, said=said))
    assert endpoint.asked[0]["messages"] == [{"role": "user", "content": said}]


async def test_messages_of_parts_have_their_files_too(run, tmp_path, endpoint):
    endpoint.replies = [says("ok", usage=False)]
    (tmp_path / "a.png").write_bytes(b"png")
    of = ListType(record(role=STRING, content=PARTS))
    messages = Expression("[{role: 'user', content: [{image: photo}]}]", of)
    node = asking(STRING, {"photo": IMAGE}, prompt=None, messages=messages)
    await run(task(node, tmp_path, photo="a.png"))
    sent = {"type": "image_url", "image_url": {"url": "data:image/png;base64,cG5n"}}
    assert endpoint.asked[0]["messages"] == [{"role": "user", "content": [sent]}]


async def test_the_next_model_is_asked_when_one_cannot_be_reached(run, tmp_path, endpoint, reports):
    endpoint.replies = [status(503), status(429), says("at last", usage=False)]
    node = asking(STRING, fallback=("openai/second", "openai/third", "openai/never"))
    assert await run(task(node, tmp_path)) == Success({"result": "at last"})
    assert [each["model"] for each in endpoint.asked] == ["small", "second", "third"]
    first, second = reports.lines
    assert first == "openai/small: the endpoint answered 503: so it is (provider_unavailable); openai/second is asked"
    assert second.endswith("(rate_limited); openai/third is asked")


async def test_what_the_last_model_says_counts(run, tmp_path, endpoint):
    endpoint.replies = [status(503), status(502)]
    outcome = await run(task(asking(STRING, fallback=("openai/second",)), tmp_path))
    assert (outcome.code, outcome.data) == ("provider_unavailable", {"status": 502})


async def test_a_model_that_answers_is_the_last_one_asked(run, tmp_path, endpoint):
    endpoint.replies = [status(400)]
    outcome = await run(task(asking(STRING, fallback=("openai/second",)), tmp_path))
    assert (outcome.code, len(endpoint.asked)) == ("error", 1)
