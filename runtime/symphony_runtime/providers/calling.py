"""Tools in OpenAI's chat protocol: how they are offered, how a model calls them, how it hears of what came of that."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import Field, RecordType
from symphony_dsl.base.values import Json, Value
from symphony_model.nodes import Tool
from symphony_runtime.plans.tools import offered
from symphony_runtime.providers.schema import is_strict, schema_of
from symphony_runtime.rules.bindings import arguments_in
from symphony_runtime.task import PastTurn, ToolCall

_LONGEST = 64  # characters of a name
_OTHER = re.compile(r"[^A-Za-z0-9_-]")


@frozen
class Offer:
    """The tools of an instrument; `sent` are the names under which the endpoint knows them, which takes not any name."""

    tools: tuple[Tool, ...]
    sent: dict[str, str]

    def request(self) -> list[Json]:
        return [_function(tool, self.sent[tool.name]) for tool in self.tools]

    def messages(self, turns: Iterable[PastTurn]) -> list[Json]:
        """What was said in the turns before."""
        return [message for turn in turns for message in self._messages(turn)]

    def calls(self, parts: CallParts) -> tuple[ToolCall, ...]:
        """What a model calls, by the names that the tools have here."""
        names = {sent: name for name, sent in self.sent.items()}
        return tuple(
            ToolCall(each.id or f"call_{at}", names.get(each.name, each.name), each.arguments)
            for at, each in enumerate(parts.calls)
        )

    def _messages(self, turn: PastTurn) -> list[Json]:
        calls = [
            {"id": each.id, "type": "function", "function": {"name": self._name(each), "arguments": _arguments(each)}}
            for each in turn.calls
        ]
        told = [
            {"role": "tool", "tool_call_id": call.id, "content": result}
            for call, result in zip(turn.calls, turn.results, strict=True)
        ]
        return [{"role": "assistant", "content": turn.text or None, "tool_calls": calls}, *told]

    def _name(self, call: ToolCall) -> str:
        return self.sent.get(call.name) or _plain(call.name)


NO_TOOLS = Offer((), {})


def offer(tools: tuple[Tool, ...]) -> Offer:
    sent: dict[str, str] = {}
    for tool in tools:
        name, number = _plain(tool.name), 2
        while name in sent.values():
            name, number = f"{_plain(tool.name)[: _LONGEST - 4]}_{number}", number + 1
        sent[tool.name] = name
    return Offer(tools, sent)


def _plain(name: str) -> str:
    return _OTHER.sub("_", name)[:_LONGEST] or "tool"


def _function(tool: Tool, name: str) -> Json:
    parameters = RecordType(
        tuple(
            Field(p.name, p.data_type, p.has_default, p.default_value, p.constraints, None, p.documentation)
            for p in offered(tool)
        )
    )
    about = {"description": tool.description} if tool.description else {}
    of = {"name": name, **about, "parameters": schema_of(parameters), "strict": is_strict(parameters)}
    return {"type": "function", "function": of}


def _arguments(call: ToolCall) -> str:
    """There are endpoints that read what their own model wrote, and take nothing but JSON."""
    try:
        arguments_in(call.arguments)
    except (ValueError, RecursionError):
        return "{}"
    return call.arguments.strip() or "{}"


@dataclass(slots=True)
class CallPart:
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(slots=True)
class CallParts:
    """Calls as they come in, piece by piece. There are endpoints that give all calls of a turn the same index, but ids of their own."""

    calls: list[CallPart] = field(default_factory=list)
    _at: dict[int, CallPart] = field(default_factory=dict)

    def take(self, piece: Value) -> int:
        """How many characters came in. Raises AttributeError or TypeError for what is no piece of a call."""
        of = self._part(piece.index or 0, piece.id or "")
        name, arguments = piece.function.name or "", piece.function.arguments or ""
        of.name += name
        of.arguments += arguments
        return len(name) + len(arguments)

    def _part(self, index: int, name: str) -> CallPart:
        known = self._at.get(index)
        if known is None or (name and known.id and name != known.id):
            known = self._at[index] = CallPart(name)
            self.calls.append(known)
        return known
