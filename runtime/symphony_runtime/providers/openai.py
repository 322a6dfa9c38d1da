"""Models behind any endpoint that speaks OpenAI's chat protocol.

`OPENAI_BASE_URL` and `OPENAI_API_KEY` say where and as whom. Answers are streamed. A typed result is asked for as structured
output, or in words where the endpoint does not know that; the answer is checked either way, and what does not fit is given
back with the reason, twice at most. A model that calls tools is asked again by the engine, which runs them. The engine
retries, never the SDK.
"""

from __future__ import annotations

import asyncio
import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from urllib.parse import urlsplit

from symphony_dsl.base.conform import ConversionError
from symphony_dsl.base.types import JSON, STRING, Field, ListType, RecordType, Type, plain
from symphony_dsl.base.values import Json, Value
from symphony_model.nodes import InstrumentNode
from symphony_runtime.executing.attempt import Attempt
from symphony_runtime.executing.confidential import Redactor
from symphony_runtime.executing.formulas import FormulaError, evaluated
from symphony_runtime.executing.processes import to_the_end
from symphony_runtime.executing.results import SINGLE, conformed, is_single, misfit, result_type
from symphony_runtime.providers.calling import NO_TOOLS, CallParts, Offer, offer
from symphony_runtime.providers.mishaps import failure_of, refuses_schema
from symphony_runtime.providers.parts import PartError, Parts, said, with_files
from symphony_runtime.providers.schema import is_strict, schema_of
from symphony_runtime.task import Calls, Failure, Outcome, Success, Task

MAX_REPAIRS = 2
MAX_ANSWER = 8 * 1024 * 1024  # characters
_CONNECT_SECONDS = 15.0
_INSTALL = "models of openai/… need a package that is not installed: pip install 'symphony-wf[openai]'"
_CUT = Failure("connection", "the endpoint ended its answer before it was complete")


class OpenAIProvider:
    """One client for all models. `by_words` are the models whose endpoint refused structured output."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._key = environ.get("OPENAI_API_KEY", "").strip()
        self._url = environ.get("OPENAI_BASE_URL", "").strip() or None
        self._redactor = Redactor([self._key])
        self._by_words: set[str] = set()
        self._sdk: ModuleType | None = None
        self._client: Value = None

    async def run(self, model: str, attempt: Attempt) -> Outcome:
        node = attempt.task.node
        assert isinstance(node, InstrumentNode), "operators ask no model"
        wrong = _misconfigured(self._url, self._key)
        if wrong is not None:
            return wrong
        try:
            await self._connect()
            said_so_far = _conversation(attempt.task)
            messages = await to_the_end(asyncio.to_thread(with_files, said_so_far, attempt.task.home))
        except ImportError:
            return Failure("error", _INSTALL, before_effect=True)
        except FormulaError as problem:
            return Failure(problem.code, problem.message, before_effect=True)
        except PartError as problem:
            return Failure("error", str(problem), before_effect=True)
        offered = offer(node.config.tools)
        return await self._ask(_Question(node, model, [*messages, *offered.messages(attempt.task.turns)], offered))

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
        self._client = None

    async def _connect(self) -> None:
        if self._client is not None:
            return
        sdk = await asyncio.to_thread(importlib.import_module, "openai")
        if self._client is None:
            self._sdk = sdk
            timeout = sdk.Timeout(None, connect=_CONNECT_SECONDS)
            key = self._key or "none"
            self._client = sdk.AsyncOpenAI(api_key=key, base_url=self._url, max_retries=0, timeout=timeout)

    async def _ask(self, question: _Question) -> Outcome:
        repairs = 0
        while True:
            answer = await self._answer(question)
            if isinstance(answer, Failure):
                return answer
            if question.offer.tools and answer.called.calls:
                return _calls(question, answer)
            outputs = _outputs(question.node, answer)
            if not isinstance(outputs, Failure):
                return Success(outputs, question.usage)
            if repairs == MAX_REPAIRS:
                return outputs
            repairs += 1
            question.object_to(answer, outputs.message)

    async def _answer(self, question: _Question) -> _Answer | Failure:
        """One request; a second one in words where the endpoint refuses the schema."""
        assert self._sdk is not None, "connected before"
        by_words = question.model in self._by_words
        try:
            return await self._stream(question, by_words=by_words)
        except (self._sdk.OpenAIError, ValueError) as problem:
            if question.is_typed and not by_words and refuses_schema(problem):
                self._by_words.add(question.model)
                return await self._answer(question)
            return failure_of(self._sdk, problem, question.model, self._redactor)

    async def _stream(self, question: _Question, *, by_words: bool) -> _Answer | Failure:
        answer = _Answer()
        request = _request(question, by_words=by_words, official=self._url is None)
        async with await self._client.chat.completions.create(**request) as stream:
            async for chunk in stream:
                answer.take(chunk, question.usage)
                if answer.length > MAX_ANSWER:
                    return Failure("invalid_output", f"the answer is longer than {MAX_ANSWER} characters")
        return answer if answer.finish else _CUT


@dataclass(slots=True)
class _Question:
    """What is asked, and how it goes on when an answer does not fit. `usage` adds up over all turns."""

    node: InstrumentNode
    model: str
    messages: list[Json]
    offer: Offer = NO_TOOLS
    usage: dict[str, Value] = field(default_factory=dict)

    @property
    def is_typed(self) -> bool:
        return not (is_single(self.node) and plain(result_type(self.node)) == STRING)

    @property
    def shape(self) -> RecordType:
        """The record that the endpoint shall answer with; a value that is none stands in one."""
        of = result_type(self.node)
        if isinstance(of, RecordType):
            return of
        return RecordType((Field(SINGLE, of, constraints=self.node.outputs[0].constraints),))

    def object_to(self, answer: _Answer, reason: str) -> None:
        said = {"role": "assistant", "content": answer.text}
        words = f"That answer cannot be used: {reason}. Give the whole answer again, corrected, and nothing else."
        self.messages = [*self.messages, said, {"role": "user", "content": words}]


@dataclass(slots=True)
class _Answer:
    parts: list[str] = field(default_factory=list)
    called: CallParts = field(default_factory=CallParts)
    refusal: str = ""
    finish: str | None = None
    length: int = 0

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def take(self, chunk: Value, usage: dict[str, Value]) -> None:
        """Raises ValueError for what is no chunk: the SDK passes on whatever JSON there is."""
        try:
            for choice in chunk.choices or ():
                self._take_choice(choice)
            if chunk.usage is not None:
                for name in ("prompt_tokens", "completion_tokens", "total_tokens"):
                    usage[name] = usage.get(name, 0) + (getattr(chunk.usage, name) or 0)
        except (AttributeError, TypeError) as problem:
            raise ValueError("no chunk of an answer") from problem

    def _take_choice(self, choice: Value) -> None:
        piece = choice.delta.content or ""
        self.length += len(piece)
        self.parts.append("" + piece)
        for each in choice.delta.tool_calls or ():
            self.length += self.called.take(each)
        self.refusal += choice.delta.refusal or ""
        self.finish = choice.finish_reason or self.finish


def _misconfigured(url: str | None, key: str) -> Failure | None:
    """What the SDK would stumble over."""
    if url is None and not key:
        message = "neither OPENAI_API_KEY nor OPENAI_BASE_URL is set in the environment"
        return Failure("secret_unavailable", message, before_effect=True)
    if not (key.isascii() and key.isprintable()):
        return Failure("secret_unavailable", "OPENAI_API_KEY holds characters that no key has", before_effect=True)
    if url is not None and not _is_address(url):
        message = "OPENAI_BASE_URL is no address like https://host/v1"
        return Failure("error", message, before_effect=True)
    return None


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


# --- the question


def _conversation(task: Task) -> list[dict[str, Json | Parts]]:
    """Raises FormulaError."""
    assert isinstance(task.node, InstrumentNode), "operators ask no model"
    config = task.node.config
    messages: list[dict[str, Json | Parts]] = []
    if config.system is not None:
        messages.append({"role": "system", "content": evaluated(config.system, task, task.inputs)})
    if config.messages is not None:
        of = _content_type(config.messages.type)
        told = evaluated(config.messages, task, task.inputs)
        messages.extend({**each, "content": said(each.get("content"), of)} for each in told)
    if config.prompt is not None:
        messages.append(
            {"role": "user", "content": said(evaluated(config.prompt, task, task.inputs), config.prompt.type)}
        )
    return messages


def _content_type(of: Type) -> Type:
    """The type of what is said in each of some messages."""
    item = of.item if isinstance(of, ListType) else of
    content = item.get("content") if isinstance(item, RecordType) else None
    return content.type if content else JSON


def _request(question: _Question, *, by_words: bool, official: bool) -> dict[str, Value]:
    config = question.node.config
    messages = question.messages
    request: dict[str, Value] = {"stream": True, "stream_options": {"include_usage": True}, "model": question.model}
    if config.temperature is not None:
        request["temperature"] = config.temperature
    if config.max_tokens is not None:
        # OpenAI's own newer models know only the first name, other endpoints often only the second.
        request["max_completion_tokens" if official else "max_tokens"] = config.max_tokens
    if question.is_typed and by_words:
        first = "Once you need no more tools, answer" if question.offer.tools else "Answer"
        messages = [{"role": "system", "content": first + _in_words(question.shape)}, *messages]
    elif question.is_typed:
        request["response_format"] = _response_format(question)
    if question.offer.tools:
        request["tools"] = question.offer.request()
    return {**request, "messages": messages}


def _response_format(question: _Question) -> Json:
    shape = question.shape
    name = "".join(c if c.isascii() and c.isalnum() else "_" for c in question.node.config.callee)[:64] or "answer"
    schema = {"name": name, "schema": schema_of(shape), "strict": is_strict(shape)}
    return {"type": "json_schema", "json_schema": schema}


def _in_words(shape: RecordType) -> str:
    return f" with one JSON object and nothing else. It has to fit this JSON Schema: {json.dumps(schema_of(shape))}"


# --- the answer


def _calls(question: _Question, answer: _Answer) -> Calls | Failure:
    return _held_back(answer) or Calls(question.offer.calls(answer.called), answer.text, question.usage)


def _held_back(answer: _Answer) -> Failure | None:
    """Why there is no whole answer."""
    if answer.finish == "content_filter":
        return Failure("invalid_output", "the endpoint's content filter held the answer back")
    if answer.finish == "length":
        return Failure("invalid_output", "the answer was cut off because it is longer than max_tokens allows")
    return None


def _outputs(node: InstrumentNode, answer: _Answer) -> dict[str, Value] | Failure:
    """The outputs, or why there are none."""
    if answer.refusal and not answer.text:
        return Failure("invalid_output", f"the model refused to answer: {answer.refusal}")
    held_back = _held_back(answer)
    if held_back:
        return held_back
    try:
        return conformed(node, _value(node, answer.text))
    except ConversionError as problem:
        return misfit(problem, what="the answer", code="invalid_output")


def _value(node: InstrumentNode, text: str) -> Value:
    of = result_type(node)
    if is_single(node) and plain(of) == STRING:
        return text
    try:
        value = json.loads(_without_fence(text))
    except (ValueError, RecursionError) as problem:
        raise ConversionError("", f"it is no JSON ({problem})") from None
    if isinstance(of, RecordType):
        return value
    if not isinstance(value, dict) or SINGLE not in value:
        raise ConversionError("", f"it is no JSON object with the field `{SINGLE}`")
    return value[SINGLE]


def _without_fence(text: str) -> str:
    """Models that were asked in words like to put their JSON into a Markdown fence."""
    text = text.strip()
    if not (text.startswith("```") and text.endswith("```") and "\n" in text):
        return text
    return text.partition("\n")[2].removesuffix("```")
