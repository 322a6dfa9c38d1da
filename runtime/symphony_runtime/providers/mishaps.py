"""What an endpoint's failure is called here."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, cast

from symphony_runtime.executing.confidential import Redactor
from symphony_runtime.rules.kinds import kind_of_status
from symphony_runtime.task import Failure

if TYPE_CHECKING:
    from openai import APIStatusError


def failure_of(sdk: ModuleType, problem: Exception, model: str, redactor: Redactor) -> Failure:
    """`problem` is an error of the SDK, or a ValueError for a stream that is no stream."""
    failure = _failure(sdk, problem, model)
    return Failure(failure.code, redactor.text(failure.message), failure.data, failure.before_effect)


def _failure(sdk: ModuleType, problem: Exception, model: str) -> Failure:
    if isinstance(problem, sdk.APITimeoutError):
        return Failure("timeout", "the endpoint did not answer in time")
    if isinstance(problem, sdk.APIConnectionError):
        return _connection(problem)
    if isinstance(problem, sdk.APIStatusError):
        return _status(cast("APIStatusError", problem).status_code, _reason(problem), model)
    if isinstance(problem, sdk.OpenAIError):
        return Failure("provider_unavailable", f"the endpoint gave up: {problem}")
    return Failure("connection", "the endpoint sent a stream that cannot be read")


def _connection(problem: Exception) -> Failure:
    cause = problem.__cause__
    reached = type(cause).__name__ not in ("ConnectError", "ConnectTimeout")
    what = "the connection to the endpoint broke" if reached else "the endpoint cannot be reached"
    return Failure("connection", f"{what}: {cause}" if cause and str(cause) else what, before_effect=not reached)


def _status(status: int, reason: str, model: str) -> Failure:
    code = kind_of_status(status)
    data = {"status": status}
    if status == 404:
        return Failure(code, f"the endpoint answered 404: is there a model '{model}', and is the address right?", data)
    if status == 401:
        return Failure(code, "the endpoint answered 401: it does not accept OPENAI_API_KEY", data)
    return Failure(code, f"the endpoint answered {status}: {reason}", data)


def _reason(problem: Exception) -> str:
    body = getattr(problem, "body", None)
    message = body.get("message") if isinstance(body, dict) else None
    return str(message or problem)[:500]


def refuses_schema(problem: Exception) -> bool:
    """Whether an endpoint says that it does not know structured output."""
    words = str(problem).lower()
    refused = getattr(problem, "status_code", None) in (400, 422)
    return refused and any(word in words for word in ("response_format", "json_schema", "structured output"))
