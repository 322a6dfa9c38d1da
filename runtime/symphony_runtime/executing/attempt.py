"""What every kind of attempt has around it: its secrets are there before it begins and nowhere when it has ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.values import Value
from symphony_runtime.executing.confidential import (
    NOTHING_TO_HIDE,
    Redactor,
    SecretUnavailableError,
    redactor_of,
    resolve_all,
    secrets_in,
)
from symphony_runtime.executing.limits import NO_LIMITS, Limits
from symphony_runtime.task import (
    Begun,
    Calls,
    Failure,
    LogLine,
    Notice,
    Outcome,
    ProgressNote,
    Success,
    Task,
    Waiting,
)

MAX_MESSAGE = 4000


@frozen
class Attempt:
    """A task, the values of its secrets by source, and a report that redacts them."""

    task: Task
    secrets: dict[str, str]
    redactor: Redactor
    report: Callable[[Notice], None]
    limits: Limits = NO_LIMITS

    @asynccontextmanager
    async def place(self, slots: asyncio.Semaphore) -> AsyncIterator[None]:
        """Wait for one of so many places, and hold it."""
        self.report(Waiting())
        async with slots:
            self.report(Begun())
            yield

    def log(self, line: str, level: str = "info") -> None:
        self.report(LogLine(level, self.redactor.text(line)))

    def progress(self, fraction: float, message: str | None = None) -> None:
        self.report(ProgressNote(fraction, message and self.redactor.text(message)))


async def attempt(
    task: Task,
    report: Callable[[Notice], None],
    environ: Mapping[str, str],
    run: Callable[[Attempt], Awaitable[Outcome]],
) -> Outcome:
    """Run it with its secrets resolved, and keep them out of what it gives."""
    found = secrets_in(task.inputs)
    if not found:
        return _checked(await run(Attempt(task, {}, NOTHING_TO_HIDE, report)), NOTHING_TO_HIDE)
    try:
        secrets = await asyncio.to_thread(resolve_all, found, task.home, environ)
    except SecretUnavailableError as problem:
        return Failure("secret_unavailable", str(problem), before_effect=True)
    redactor = redactor_of(found, secrets)
    return _checked(await run(Attempt(task, secrets, redactor, report)), redactor)


def _checked(outcome: Outcome, redactor: Redactor) -> Outcome:
    if isinstance(outcome, Failure):
        message = redactor.text(outcome.message)
        shown = message if len(message) <= MAX_MESSAGE else message[:MAX_MESSAGE] + "…"
        return replace(outcome, message=shown, data=_redacted(outcome.data, redactor))
    if redactor.leaks(_said(outcome)):
        return Failure("secret_leak", "the result holds a secret in the open")
    return outcome


def _said(outcome: Success | Calls) -> Value:
    """All of a result that is kept."""
    if isinstance(outcome, Success):
        return outcome.outputs
    return [outcome.text, *(part for call in outcome.calls for part in (call.name, call.arguments))]


def _redacted(data: Value, redactor: Redactor) -> Value:
    """`data` of a failure of ours: texts in lists or a flat object."""
    if isinstance(data, str):
        return redactor.text(data)
    if isinstance(data, list):
        return [_redacted(each, redactor) for each in data]
    if isinstance(data, dict):
        return {key: _redacted(each, redactor) for key, each in data.items()}
    return data
