"""`http`: one request, and its answer as the result.

The engine retries, never the client. Cookies are not kept: a step knows nothing of another's session. Redirects of `GET` and
`HEAD` are followed, but a secret goes to no other host than the one that the writer named.
"""

from __future__ import annotations

import asyncio
import importlib
import json
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import ModuleType
from typing import TYPE_CHECKING

from symphony_dsl.base.types import BYTES, STRING, plain
from symphony_model.nodes import OperatorNode
from symphony_runtime.executing.formulas import FormulaError
from symphony_runtime.executing.ports import with_whole_paths
from symphony_runtime.executing.processes import to_the_end
from symphony_runtime.executing.results import is_single, name_of, outcome, result_type
from symphony_runtime.operators.http_message import Message, UnfitError, message
from symphony_runtime.rules.kinds import kind_of_status
from symphony_runtime.task import Failure, Outcome

if TYPE_CHECKING:
    import httpx2

    from symphony_runtime.executing.attempt import Attempt

MAX_ANSWER = 64 * 1024 * 1024
MAX_REDIRECTS = 10
FOLLOWED = frozenset({"GET", "HEAD"})
_CONNECT_SECONDS = 15.0
_SILENT_SECONDS = 300.0
_SHOWN = 2000  # characters of an answer that says no


class _AnswerError(Exception):
    """The answer is no result."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class HttpOperator:
    """One client for all requests of a run."""

    def __init__(self) -> None:
        self._library: ModuleType | None = None
        self._client: httpx2.AsyncClient | None = None

    async def run(self, attempt: Attempt) -> Outcome:
        node = attempt.task.node
        assert isinstance(node, OperatorNode), "instruments send no requests"
        try:
            inputs = with_whole_paths(attempt.task)
            sent = await to_the_end(asyncio.to_thread(message, attempt, inputs))
        except UnfitError as problem:
            return Failure("error", str(problem), before_effect=True)
        except FormulaError as problem:
            return Failure(problem.code, f"the request: {problem.message}", before_effect=True)
        library, client = await self._connected()
        try:
            return _result(node, *await _answer(client, sent))
        except _AnswerError as problem:
            return problem.failure
        except (library.HTTPError, library.InvalidURL) as problem:
            return _mishap(library, problem)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
        self._client = None

    async def _connected(self) -> tuple[ModuleType, httpx2.AsyncClient]:
        if self._library is None:
            self._library = await asyncio.to_thread(importlib.import_module, "httpx2")
        if self._client is None:
            no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
            timeout = self._library.Timeout(_SILENT_SECONDS, connect=_CONNECT_SECONDS, pool=None)
            self._client = self._library.AsyncClient(
                timeout=timeout, cookies=no_cookies, headers={"User-Agent": "symphony"}
            )
        return self._library, self._client


async def _answer(client: httpx2.AsyncClient, sent: Message) -> tuple[bytes, str]:
    """What came, and how its text is encoded."""
    request = client.build_request(
        sent.method, sent.url, headers=sent.headers, params=sent.query or None, content=sent.body
    )
    for _ in range(MAX_REDIRECTS + 1):
        response = await client.send(request, stream=True)
        try:
            following = response.next_request
            if following is None or sent.method not in FOLLOWED:
                return await _content(response), response.charset_encoding or "utf-8"
        finally:
            await response.aclose()
        if sent.is_secret and _origin(following.url) != _origin(request.url):
            raise _AnswerError(
                Failure("error", f"the answer points to {following.url.host}, and a secret is not sent on to there")
            )
        request = following
    raise _AnswerError(Failure("error", f"the answers point on and on, more than {MAX_REDIRECTS} times"))


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


async def _content(response: httpx2.Response) -> bytes:
    kept = bytearray()
    async for part in response.aiter_bytes():
        kept += part
        if len(kept) > MAX_ANSWER:
            raise _AnswerError(Failure("error", f"the answer is larger than {MAX_ANSWER // (1024 * 1024)} MiB"))
    if not response.is_success:
        raise _AnswerError(_refusal(response.status_code, bytes(kept)))
    return bytes(kept)


def _refusal(status: int, body: bytes) -> Failure:
    text = body.decode("utf-8", errors="replace").strip()
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    first = "" if text.startswith("<") else text.partition("\n")[0][:200]
    code = kind_of_status(status)
    return Failure(code, f"the answer is {status}" + (f": {first}" if first else ""), {"status": status, "body": shown})


def _result(node: OperatorNode, data: bytes, encoding: str) -> Outcome:
    of = plain(result_type(node)) if is_single(node) else None
    if not node.outputs or of == BYTES:
        return outcome(node, data)
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as problem:
        return Failure("conversion", f"the answer is no text in {encoding}: {problem}")
    if of == STRING:
        return outcome(node, text)
    try:
        return outcome(node, json.loads(text))
    except (ValueError, RecursionError) as problem:
        return Failure("conversion", f"the answer to `{name_of(node)}` is no JSON: {problem}")


def _mishap(library: ModuleType, problem: Exception) -> Failure:
    """`before_effect` where nothing can have reached the other side."""
    said = str(problem)
    because = f": {said}" if said else ""
    if isinstance(problem, library.ConnectTimeout):
        return Failure("connection", f"nobody takes the connection within {_CONNECT_SECONDS:.0f} s", before_effect=True)
    if isinstance(problem, library.ConnectError):
        return Failure("connection", f"the address cannot be reached{because}", before_effect=True)
    if isinstance(problem, library.InvalidURL | library.UnsupportedProtocol | library.LocalProtocolError):
        return Failure("error", f"the request cannot be sent{because}", before_effect=True)
    if isinstance(problem, library.TimeoutException):
        return Failure("timeout", f"nothing came for {_SILENT_SECONDS:.0f} s")
    if isinstance(problem, library.DecodingError):
        return Failure("conversion", f"the answer is not compressed as it says{because}")
    return Failure("connection", f"the connection broke{because}")
