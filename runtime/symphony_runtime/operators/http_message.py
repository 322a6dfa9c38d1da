"""The message that an HTTP operator sends, from its configuration and the values of its ports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import BYTES, PATHS, STRING, plain
from symphony_dsl.base.values import SecretRef, SecretText, Value
from symphony_model.nodes import OperatorNode
from symphony_runtime.executing.confidential import secrets_in
from symphony_runtime.executing.formulas import evaluated
from symphony_runtime.operators.files import RefusedError, content, reason
from symphony_runtime.operators.pure import json_text
from symphony_runtime.operators.spelling import spelled

if TYPE_CHECKING:
    from symphony_model.http_request import HttpRequest
    from symphony_model.ports import Expression
    from symphony_runtime.executing.attempt import Attempt

MAX_BODY = 64 * 1024 * 1024
KEYED = frozenset({"POST", "PATCH"})
"""Methods whose requests carry the step's key, so that the other side can recognise one that it had before."""


class UnfitError(Exception):
    """The message cannot be made from the ports."""


@frozen
class Message:
    method: str
    url: str
    headers: dict[str, str]
    query: dict[str, str]
    body: bytes | None
    is_secret: bool  # whether a header or the body holds a secret


def message(attempt: Attempt, inputs: dict[str, Value]) -> Message:
    """Raises UnfitError, and FormulaError where an expression has no value."""
    node = attempt.task.node
    assert isinstance(node, OperatorNode), "instruments send no requests"
    request = node.config.http
    assert request is not None, "the compiler writes the request of an HTTP operator"
    made = _Maker(attempt, inputs)
    url, query = made.url(request), made.texts(request.query, "query", in_address=True)
    headers = made.texts(request.headers, "headers")
    body, kind = made.body(request)
    names = {name.lower() for name in headers}
    if kind and "content-type" not in names:
        headers["Content-Type"] = kind
    if request.method in KEYED and "idempotency-key" not in names:
        headers["Idempotency-Key"] = attempt.task.key
    return Message(request.method, url, headers, query, body, made.used_secret)


class _Maker:
    def __init__(self, attempt: Attempt, inputs: dict[str, Value]) -> None:
        self._attempt = attempt
        self._inputs = inputs
        self.used_secret = False

    def url(self, request: HttpRequest) -> str:
        parts = []
        for at, part in enumerate(request.url):
            if isinstance(part, str):
                parts.append(part)
            else:
                text = self._address_text(self._value(part))
                parts.append(quote(text, safe="") if at else text)
        url = "".join(parts)
        if not url.startswith(("https://", "http://")):
            raise UnfitError(f"an address starts with https:// or http://, and this is {url[:200]!r}")
        return url

    def texts(self, given: Expression | None, what: str, *, in_address: bool = False) -> dict[str, str]:
        """A map of texts; what is absent is not sent."""
        values = {} if given is None else self._value(given)
        text = self._address_text if in_address else self._text
        found = {name: text(value) for name, value in values.items() if value is not None}
        wrong = next((name for name, each in found.items() if "\r" in name + each or "\n" in name + each), None)
        if wrong is not None and not in_address:
            raise UnfitError(f"{wrong!r} of the {what} holds a line break")
        return found

    def body(self, request: HttpRequest) -> tuple[bytes | None, str]:
        """The bytes to send, and of what kind they are."""
        if request.body is None:
            return None, ""
        value = self._value(request.body)
        of = plain(request.body.type)
        if value is None and of != request.body.type:
            return None, ""
        if of in PATHS:
            return self._file(str(value)), "application/octet-stream"
        if of == BYTES:
            return bytes(value), "application/octet-stream"
        if of == STRING or isinstance(value, SecretRef | SecretText):
            return self._text(value).encode(), "text/plain; charset=utf-8"
        return json_text(self._opened(value)).encode(), "application/json"

    def _value(self, expression: Expression) -> Value:
        return evaluated(expression, self._attempt.task, self._inputs)

    def _file(self, path: str) -> bytes:
        try:
            return content(Path(self._attempt.task.home / path), MAX_BODY)
        except (OSError, RefusedError) as problem:
            raise UnfitError(f"the file '{path}' cannot be sent: {reason(problem)}") from problem

    def _address_text(self, value: Value) -> str:
        if secrets_in(value):
            raise UnfitError("a secret never stands in an address; send it in a header or the body")
        return self._text(value)

    def _text(self, value: Value) -> str:
        self.used_secret |= isinstance(value, SecretRef | SecretText)
        return spelled(value, self._attempt.secrets)

    def _opened(self, value: Value) -> Value:
        """The value with its secrets in the open."""
        if isinstance(value, SecretRef | SecretText):
            return self._text(value)
        if isinstance(value, dict):
            return {key: self._opened(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._opened(each) for each in value]
        return value
