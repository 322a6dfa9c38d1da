"""HTTP operators from their text, against a real server on the loopback."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from symphony_compiler.workspace import Workspace
from symphony_dsl.base.diagnostic import Severity
from symphony_dsl.base.values import SecretRef, Value
from symphony_model.nodes import OperatorNode, OperatorType
from symphony_runtime.operators import http
from symphony_runtime.task import Failure, Outcome, Success, Task


@dataclass
class Got:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    """Answers every request with `status`, `headers` and `body`; those under `/to/` point on to where `location` says."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"fine"
    location: str = ""
    got: list[Got] = field(default_factory=list)
    waits: threading.Event | None = None
    arrived: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told.got.append(Got(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            told.arrived.set()
            if told.waits:
                told.waits.wait(10)
            goes_on = self.path.startswith("/to/")
            self.send_response(302 if goes_on else told.status)
            for name, value in ({"Location": told.location} if goes_on else told.headers).items():
                self.send_header(name, value)
            content = b"" if goes_on else told.body
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else content)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - names of the base class

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    thread = threading.Thread(target=running.serve_forever, args=(0.01,))
    thread.start()
    told.url = f"http://127.0.0.1:{running.server_address[1]}"
    yield told
    running.shutdown()
    thread.join()
    running.server_close()


def node_of(operator: str) -> OperatorNode:
    """The node of a call of `f`, which gives each parameter an input of the workflow."""
    parameters = operator.partition("(")[2].partition(")")[0]
    inputs = "".join(f"  input {each}\n" for each in parameters.split(", ") if each)
    names = ", ".join(each.partition(":")[0] for each in parameters.split(", ") if each)
    space = Workspace()
    space.update("main.wf", f"wf 1.0\nworkflow main {{\n{inputs}  step s = f({names})\n}}\n{operator}\n")
    wrong = [each for each in space.diagnostics("main.wf") if each.severity is Severity.ERROR]
    assert not wrong, wrong
    artifact = space.artifact("main.wf", "main")
    assert artifact
    return next(
        each
        for each in artifact.workflow.nodes.values()
        if isinstance(each, OperatorNode) and each.operator_type is OperatorType.HTTP
    )


@pytest.fixture
def send(run: Callable[[Task], Value], tmp_path: Path) -> Callable[..., Value]:
    async def sent(operator: str, **inputs: Value) -> Outcome:
        return await run(Task("run", "s", 1, node_of(operator), inputs, tmp_path, "the-key"))

    return sent


GET = 'operator f(url: string, id: string) -> string { http: { url: "${url}/items/${id}" } }'


async def test_an_address_keeps_what_it_is_made_of_apart(send, server):
    assert await send(GET, url=server.url, id="a/b?c=ü#1") == Success({"result": "fine"})
    (got,) = server.got
    assert (got.method, got.path, got.body) == ("GET", "/items/a%2Fb%3Fc%3D%C3%BC%231", b"")
    assert "idempotency-key" not in got.headers


SEARCH = """operator f(url: string, q: string, page: int?, tag: string?) -> json {
  http: { url, query: { q, page: page, tag: tag }, headers: { "X-Tag": tag, "Accept": "application/json" } }
}"""


async def test_query_and_headers_leave_out_what_is_absent(send, server):
    server.body = b'{"found": [1, 2.5, null]}'
    outcome = await send(SEARCH, url=server.url, q="a b&c", page=2, tag=None)
    assert outcome == Success({"result": {"found": [1, 2.5, None]}})
    assert server.got[0].path in ("/?q=a+b%26c&page=2", "/?q=a%20b%26c&page=2")
    assert server.got[0].headers["accept"] == "application/json"
    assert "x-tag" not in server.got[0].headers


POST = """once operator f(url: string, order: json, key: secret) -> { id: int, state: string } {
  http: { method: "POST", url, body: { order: order, by: "wf" }, headers: { "Authorization": "Bearer ${key}" } }
}"""


async def test_json_goes_out_and_comes_back_typed(send, server, environ):
    environ["KEY"] = "s3cret-value"
    server.body = b'{"id": 7, "state": "new"}'
    outcome = await send(POST, url=server.url, order={"n": 1}, key=SecretRef("env:KEY"))
    assert outcome == Success({"id": 7, "state": "new"})
    (got,) = server.got
    assert (got.method, json.loads(got.body)) == ("POST", {"order": {"n": 1}, "by": "wf"})
    assert got.headers["authorization"] == "Bearer s3cret-value"
    assert (got.headers["content-type"], got.headers["idempotency-key"]) == ("application/json", "the-key")


BODIES = [
    ("string", "grüße", "grüße".encode(), "text/plain; charset=utf-8"),
    ("bytes", b"\x00\xff", b"\x00\xff", "application/octet-stream"),
    ("file", "letter.bin", b"\x01\x02", "application/octet-stream"),
    ("int[]", [1, 2], b"[1,2]", "application/json"),
    ("json", "a text", b'"a text"', "application/json"),
    ("string?", None, b"", None),
]


@pytest.mark.parametrize(("of", "value", "sent", "kind"), BODIES, ids=[row[0] for row in BODIES])
async def test_a_body_is_sent_by_its_type(send, server, tmp_path, of, value, sent, kind):
    (tmp_path / "letter.bin").write_bytes(b"\x01\x02")
    operator = f'operator f(url: string, body: {of}) -> string {{ http: {{ method: "PUT", url, body }} }}'
    assert await send(operator, url=server.url, body=value) == Success({"result": "fine"})
    assert (server.got[0].body, server.got[0].headers.get("content-type")) == (sent, kind)


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "error"), (404, "error"), (408, "timeout"), (429, "rate_limited"), (500, "provider_unavailable")],
)
async def test_what_an_answer_refuses_is_told_with_its_words(send, server, status, code):
    server.status, server.body = status, b'no such thing\n{"more": 1}'
    outcome = await send(GET, url=server.url, id="1")
    data = {"status": status, "body": 'no such thing\n{"more": 1}'}
    assert outcome == Failure(code, f"the answer is {status}: no such thing", data)


BYTES = "operator f(url: string) -> bytes { http: { url } }"
JSON = "operator f(url: string) -> { n: int } { http: { url } }"
TEXT = "operator f(url: string) -> string { http: { url } }"


async def test_a_page_for_browsers_is_no_reason(send, server):
    server.status, server.body = 503, b"<!DOCTYPE HTML>\n<html>"
    outcome = await send(GET, url=server.url, id="1")
    assert (outcome.message, outcome.data["body"]) == ("the answer is 503", "<!DOCTYPE HTML>\n<html>")


async def test_answers_are_read_by_the_type_of_the_result(send, server):
    server.body = b"\xff\x00"
    assert await send(BYTES, url=server.url) == Success({"result": b"\xff\x00"})
    server.body, server.headers = "grüße".encode("latin-1"), {"Content-Type": "text/plain; charset=latin-1"}
    assert await send(TEXT, url=server.url) == Success({"result": "grüße"})
    server.body, server.headers = gzip.compress(b'{"n": 3}'), {"Content-Encoding": "gzip"}
    assert await send(JSON, url=server.url) == Success({"n": 3})


@pytest.mark.parametrize(
    ("operator", "body", "headers", "part"),
    [
        (JSON, b"<html>", {}, "the answer to `f` is no JSON"),
        (JSON, b'{"n": "x"}', {}, "what `f` gave does not fit at n"),
        (TEXT, b"\xff", {}, "the answer is no text in utf-8"),
        (TEXT, b"x", {"Content-Type": "text/plain; charset=klingon"}, "the answer is no text in"),
        (TEXT, b"no gzip at all", {"Content-Encoding": "gzip"}, "the answer is not compressed as it says"),
    ],
)
async def test_an_answer_that_is_no_result_says_why(send, server, operator, body, headers, part):
    server.body, server.headers = body, headers
    outcome = await send(operator, url=server.url)
    assert (outcome.code, outcome.before_effect) == ("conversion", False)
    assert part in outcome.message


async def test_an_answer_has_a_largest_size_however_it_is_packed(send, server, monkeypatch):
    monkeypatch.setattr(http, "MAX_ANSWER", 1024 * 1024)
    server.body, server.headers = gzip.compress(b"0" * 50_000_000), {"Content-Encoding": "gzip"}
    assert await send(TEXT, url=server.url) == Failure("error", "the answer is larger than 1 MiB")


async def test_redirects_are_followed_where_nothing_is_sent(send, server):
    server.location = "/there"
    assert await send(TEXT, url=f"{server.url}/to/x") == Success({"result": "fine"})
    assert [each.path for each in server.got] == ["/to/x", "/there"]
    put = 'operator f(url: string) -> string { http: { method: "PUT", url, body: "x" } }'
    assert (await send(put, url=f"{server.url}/to/x")).data == {"status": 302, "body": ""}
    server.location = "/to/x"
    assert "point on and on" in (await send(TEXT, url=f"{server.url}/to/x")).message


KEYED = 'operator f(url: string, key: secret) -> string { http: { url, headers: { "X-Key": key } } }'


async def test_a_secret_is_not_sent_on_to_another_host(send, server, environ):
    environ["KEY"] = "s3cret-value"
    server.location = server.url.replace("127.0.0.1", "localhost") + "/there"
    outcome = await send(KEYED, url=f"{server.url}/to/x", key=SecretRef("env:KEY"))
    assert outcome == Failure("error", "the answer points to localhost, and a secret is not sent on to there")
    assert len(server.got) == 1


async def test_a_secret_that_comes_back_is_no_result(send, server, environ):
    environ["KEY"] = "s3cret-value"
    server.body = b"your key is s3cret-value"
    assert (await send(KEYED, url=server.url, key=SecretRef("env:KEY"))).code == "secret_leak"
    server.status = 403
    outcome = await send(KEYED, url=server.url, key=SecretRef("env:KEY"))
    assert "s3cret-value" not in repr(outcome)


async def test_no_step_keeps_cookies_for_another(send, server):
    server.headers = {"Set-Cookie": "session=1; Path=/"}
    await send(TEXT, url=server.url)
    await send(TEXT, url=server.url)
    assert "cookie" not in server.got[1].headers


@pytest.mark.parametrize(
    ("inputs", "part"),
    [
        ({"url": "ftp://x", "id": "1"}, "an address starts with https:// or http://, and this is 'ftp://x/items/1'"),
        ({"url": "", "id": "1"}, "an address starts with https:// or http://"),
        ({"url": "http://[::1", "id": "1"}, "the request cannot be sent"),
    ],
)
async def test_what_cannot_be_sent_never_was(send, inputs, part):
    outcome = await send(GET, **inputs)
    assert (outcome.code, outcome.before_effect) == ("error", True)
    assert part in outcome.message


async def test_a_header_is_one_line(send, server):
    outcome = await send(SEARCH, url=server.url, q="x", page=None, tag="a\r\nX-Admin: 1")
    assert outcome == Failure("error", "'X-Tag' of the headers holds a line break", before_effect=True)
    assert server.got == []


async def test_a_file_that_is_not_there_is_told(send, server):
    operator = 'operator f(url: string, body: file) -> string { http: { method: "PUT", url, body } }'
    outcome = await send(operator, url=server.url, body="none.bin")
    assert outcome.message.endswith("cannot be sent: there is no such file")
    assert outcome.before_effect


async def test_nobody_there_has_had_no_effect(send):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        outcome = await send(GET, url=f"http://127.0.0.1:{taken.getsockname()[1]}", id="1")
    assert (outcome.code, outcome.before_effect) == ("connection", True)
    assert outcome.message.startswith("the address cannot be reached")


async def test_a_server_that_hangs_up_may_have_had_an_effect(send):
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as there:
        outcome = await send(GET, url=f"http://127.0.0.1:{there.sockets[0].getsockname()[1]}", id="1")
    assert (outcome.code, outcome.before_effect) == ("connection", False)
    assert outcome.message.startswith("the connection broke")


async def test_a_server_that_says_nothing_is_given_up(send, server, monkeypatch):
    monkeypatch.setattr(http, "_SILENT_SECONDS", 0.05)
    server.waits = threading.Event()
    assert (await send(GET, url=server.url, id="1")).code == "timeout"
    server.waits.set()


async def test_a_request_that_is_stopped_lets_go_at_once(send, server):
    server.waits = threading.Event()
    working = asyncio.create_task(send(GET, url=server.url, id="1"))
    await asyncio.to_thread(server.arrived.wait, 10)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    server.waits.set()
