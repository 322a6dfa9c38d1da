"""An endpoint that speaks as much of OpenAI's chat protocol as the tests need, over real HTTP on the loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]

USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
_STREAM = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
)


@dataclass
class Endpoint:
    """Answers one request after the other with `replies`; keeps what it was asked and with which headers."""

    replies: list[Reply] = field(default_factory=list)
    asked: list[dict[str, object]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = await reader.readexactly(int(headers["content-length"]))
        self.headers.append(headers)
        self.asked.append(json.loads(body))
        try:
            await self.replies[len(self.asked) - 1](writer)
            await writer.drain()
        except ConnectionError:
            self.hung_up.set()
        writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Endpoint]:
    """An endpoint on a free port; its `url` is what clients need."""
    made = Endpoint()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = "http://{}:{}/v1".format(*server.sockets[0].getsockname())
    async with server:
        yield made


def _event(data: object) -> bytes:
    text = data if isinstance(data, str) else json.dumps(data)
    line = f"data: {text}\n\n".encode()
    return f"{len(line):x}\r\n".encode() + line + b"\r\n"


def _chunk(delta: dict[str, object], finish: str | None = None) -> dict[str, object]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}


def _pieces(text: str) -> list[bytes]:
    return [_event(_chunk({"content": text[at : at + 7]})) for at in range(0, len(text), 7)]


def says(text: str, finish: str | None = "stop", *, usage: bool = True) -> Reply:
    """A whole answer in small pieces; without `finish` the stream ends in good order before the answer does."""

    async def reply(writer: asyncio.StreamWriter) -> None:
        parts = [_STREAM, *_pieces(text)]
        parts += [_event(_chunk({}, finish))] if finish else []
        parts += [_event({**_chunk({}), "choices": [], "usage": USAGE})] if usage else []
        writer.write(b"".join(parts) + _event("[DONE]") + b"0\r\n\r\n")

    return reply


def calls(*wanted: tuple[str, str], text: str = "", finish: str = "tool_calls", same_index: bool = False) -> Reply:
    """Calls of tools, each a name and its arguments as text, in pieces; the ids are `c0`, `c1` …"""

    async def reply(writer: asyncio.StreamWriter) -> None:
        parts = [_STREAM, *_pieces(text)]
        for at, (name, arguments) in enumerate(wanted):
            index = 0 if same_index else at
            first = {"index": index, "id": f"c{at}", "type": "function", "function": {"name": name, "arguments": ""}}
            parts.append(_event(_chunk({"tool_calls": [first]})))
            for start in range(0, len(arguments), 5):
                piece = {"index": index, "function": {"arguments": arguments[start : start + 5]}}
                parts.append(_event(_chunk({"tool_calls": [piece]})))
        parts += [_event(_chunk({}, finish)), _event({**_chunk({}), "choices": [], "usage": USAGE})]
        writer.write(b"".join(parts) + _event("[DONE]") + b"0\r\n\r\n")

    return reply


def refuses(text: str) -> Reply:
    async def reply(writer: asyncio.StreamWriter) -> None:
        writer.write(_STREAM + _event(_chunk({"refusal": text})) + _event(_chunk({}, "stop")) + b"0\r\n\r\n")

    return reply


def status(code: int, message: str = "so it is") -> Reply:
    async def reply(writer: asyncio.StreamWriter) -> None:
        body = json.dumps({"error": {"message": message, "type": "x", "code": None}}).encode()
        head = f"HTTP/1.1 {code} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)

    return reply


def cuts(text: str) -> Reply:
    """The connection breaks in the middle of the stream."""

    async def reply(writer: asyncio.StreamWriter) -> None:
        writer.write(_STREAM + b"".join(_pieces(text)))
        await writer.drain()
        writer.transport.abort()

    return reply


def garbage(*events: str) -> Reply:
    async def reply(writer: asyncio.StreamWriter) -> None:
        writer.write(_STREAM + b"".join(map(_event, events)) + b"0\r\n\r\n")

    return reply


def stalls(text: str, begun: asyncio.Event) -> Reply:
    """Begins to answer and never goes on but for signs of life, until the other side hangs up."""

    async def reply(writer: asyncio.StreamWriter) -> None:
        writer.write(_STREAM + b"".join(_pieces(text)))
        await writer.drain()
        begun.set()
        while True:
            writer.write(b"7\r\n: wait\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.01)

    return reply
