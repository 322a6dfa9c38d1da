"""Who runs what: one router over the operators and the providers of instruments.

Expressions, `require`, `fail` and calls of workflows are the engine's own and never come here.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from itertools import pairwise
from pathlib import Path

from symphony_model.nodes import InstrumentNode, OperatorType
from symphony_runtime.executing import environment
from symphony_runtime.executing.attempt import Attempt, attempt
from symphony_runtime.executing.guardian import Guardian
from symphony_runtime.executing.leash import Leash
from symphony_runtime.operators import files
from symphony_runtime.operators.http import HttpOperator
from symphony_runtime.operators.pure import PURE
from symphony_runtime.operators.python import PythonOperator
from symphony_runtime.operators.shell import ShellOperator
from symphony_runtime.providers import PROVIDERS, Provider
from symphony_runtime.task import Failure, Notice, Outcome, Task
from symphony_runtime.worker.pool import BEAT_SECONDS, TASKS_A_WORKER, Pool, default_size

_SHELLS_A_CORE = 4
UNREACHED = frozenset({"connection", "rate_limited", "provider_unavailable"})
"""Failures that say that a model cannot be reached: the next one is asked."""


class Router:
    """Implements `task.Executor`. Made by `build`."""

    def __init__(self, pool: Pool, guardian: Guardian, environ: Mapping[str, str]) -> None:
        self._pool = pool
        self._guardian = guardian
        self._environ = environ
        self._providers: dict[str, Provider] = {}
        self._http = HttpOperator()
        shell = ShellOperator(guardian, environ, limit=_SHELLS_A_CORE * default_size())
        self._operators: dict[OperatorType, Callable[[Attempt], Awaitable[Outcome]]] = {
            OperatorType.PYTHON: PythonOperator(pool).run,
            OperatorType.SHELL: shell.run,
            OperatorType.HTTP: self._http.run,
            OperatorType.READ: _of_task(files.read),
            OperatorType.WRITE: _of_task(files.write),
        }

    @property
    def leash(self) -> Leash:
        return self._guardian.leash

    async def run(self, task: Task, report: Callable[[Notice], None]) -> Outcome:
        node = task.node
        if isinstance(node, InstrumentNode):
            return await attempt(task, report, self._environ, self._ask)
        if node.operator_type in PURE:
            return PURE[node.operator_type](node, task.inputs)
        return await attempt(task, report, self._environ, self._operators[node.operator_type])

    async def close(self) -> None:
        for provider in self._providers.values():
            await provider.close()
        self._providers.clear()
        await self._http.close()
        await self._pool.close()
        self._guardian.close()

    async def _ask(self, attempt: Attempt) -> Outcome:
        """The answer of the model, or of the first of those behind it that can be reached."""
        node = attempt.task.node
        assert isinstance(node, InstrumentNode)
        models = (node.model_id, *node.config.fallback)
        for model, following in pairwise(models):
            outcome = await self._ask_one(model, attempt)
            if not isinstance(outcome, Failure) or outcome.code not in UNREACHED:
                return outcome
            attempt.log(f"{model}: {outcome.message} ({outcome.code}); {following} is asked", "warning")
        return await self._ask_one(models[-1], attempt)

    async def _ask_one(self, model_id: str, attempt: Attempt) -> Outcome:
        name, _, model = model_id.partition("/")
        if name not in PROVIDERS:
            known = ", ".join(f"{each}/…" for each in PROVIDERS)
            return Failure("error", f"nobody provides the model {model_id}; there are {known}", before_effect=True)
        if name not in self._providers:
            self._providers[name] = PROVIDERS[name](self._environ)
        return await self._providers[name].run(model, attempt)


def _of_task(run: Callable[[Task], Awaitable[Outcome]]) -> Callable[[Attempt], Awaitable[Outcome]]:
    return lambda attempt: run(attempt.task)


def build(
    home: Path,
    *,
    environ: Mapping[str, str] | None = None,
    workers: int | None = None,
    tasks_a_worker: int = TASKS_A_WORKER,
    beat: float = BEAT_SECONDS,
) -> Router:
    """Everything that runs the attempts of one run. Nothing is started before the first task needs it.

    `environ` is where secrets and the settings of providers are looked up, the process's own if it is not given.
    """
    given = os.environ if environ is None else environ
    guardian = Guardian()
    pool = Pool(
        home.resolve(),
        environment.worker(given),
        guardian,
        size=workers,
        tasks_a_worker=tasks_a_worker,
        beat=beat,
    )
    return Router(pool, guardian, given)
