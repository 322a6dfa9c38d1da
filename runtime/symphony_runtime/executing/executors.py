"""Who runs what: one router over the operators and the providers of instruments.

Expressions, `require`, `fail` and calls of workflows are the engine's own and never come here.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from symphony_model.nodes import InstrumentNode, OperatorType
from symphony_model.settings import Resources
from symphony_runtime.executing import environment
from symphony_runtime.executing.attempt import Attempt, attempt
from symphony_runtime.executing.demands import LOCAL
from symphony_runtime.executing.guardian import Guardian
from symphony_runtime.executing.leash import Leash
from symphony_runtime.executing.limits import CODE, ENFORCED, NOT_ENFORCED, Limits
from symphony_runtime.executing.machine import Machine, this_machine
from symphony_runtime.operators import files
from symphony_runtime.operators.http import HttpOperator
from symphony_runtime.operators.pure import PURE
from symphony_runtime.operators.python import PythonOperator
from symphony_runtime.operators.shell import ShellOperator
from symphony_runtime.providers import PROVIDERS, Provider
from symphony_runtime.task import Begun, Executor, Failure, Notice, Outcome, Task, Waiting
from symphony_runtime.worker.pool import BEAT_SECONDS, TASKS_A_WORKER, Pool, default_size

_SHELLS_A_CORE = 4
UNREACHED = frozenset({"connection", "rate_limited", "provider_unavailable"})
"""Failures that say that a model cannot be reached: the next one is asked."""


class Router:
    """Implements `task.Executor`. Made by `build`."""

    def __init__(
        self, pool: Pool, guardian: Guardian, environ: Mapping[str, str], machine: Machine, shells: int
    ) -> None:
        self._pool = pool
        self._environ = environ
        self._providers: dict[str, Provider] = {}
        self._http = HttpOperator()
        self._machine = machine
        self._has_warned = False
        shell = ShellOperator(guardian, environ, limit=shells)
        self._operators: dict[OperatorType, Callable[[Attempt], Awaitable[Outcome]]] = {
            OperatorType.PYTHON: PythonOperator(pool).run,
            OperatorType.SHELL: shell.run,
            OperatorType.HTTP: self._http.run,
            OperatorType.READ: _of_task(files.read),
            OperatorType.WRITE: _of_task(files.write),
        }

    async def run(self, task: Task, report: Callable[[Notice], None]) -> Outcome:
        node = task.node
        if isinstance(node, InstrumentNode):
            return await attempt(task, report, self._environ, self._within(self._ask))
        if node.operator_type in PURE:
            return PURE[node.operator_type](node, task.inputs)
        return await attempt(task, report, self._environ, self._within(self._operators[node.operator_type]))

    def _within(self, run: Callable[[Attempt], Awaitable[Outcome]]) -> Callable[[Attempt], Awaitable[Outcome]]:
        return lambda each: run(each) if each.task.resources is None else self._in_room(each, each.task.resources, run)

    async def _in_room(
        self, attempt: Attempt, wanted: Resources, run: Callable[[Attempt], Awaitable[Outcome]]
    ) -> Outcome:
        """When the machine has room for what it asks for, and with no more than that."""
        lacking = self._machine.lacks(wanted)
        if lacking:
            return Failure(CODE, f"it asks for {lacking}", before_effect=True)
        if not ENFORCED and not self._has_warned:
            self._has_warned = True
            attempt.log(NOT_ENFORCED, "warning")
        attempt.report(Waiting())
        async with self._machine.room(wanted) as chosen:
            attempt.report(Begun())
            return await run(replace(attempt, limits=Limits(wanted.memory, tuple(chosen))))

    async def close(self) -> None:
        for provider in self._providers.values():
            await provider.close()
        self._providers.clear()
        await self._http.close()
        await self._pool.close()

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


class Executors:
    """Implements `task.Executor`: the usual one, and those that have names. What they start has one guardian."""

    def __init__(self, guardian: Guardian, usual: Router, named: Mapping[str, Executor]) -> None:
        self._guardian = guardian
        self._usual = usual
        self._named = named

    @property
    def leash(self) -> Leash:
        return self._guardian.leash

    async def run(self, task: Task, report: Callable[[Notice], None]) -> Outcome:
        if task.executor is None or task.executor == LOCAL:
            return await self._usual.run(task, report)
        executor = self._named.get(task.executor)
        if executor is None:
            known = ", ".join(f"`{name}`" for name in (LOCAL, *self._named))
            message = f"there is no executor `{task.executor}`; there are {known}"
            return Failure("check", message, before_effect=True)
        return await executor.run(task, report)

    async def close(self) -> None:
        for each in (*self._named.values(), self._usual):
            await each.close()
        self._guardian.close()


def build(
    home: Path,
    *,
    environ: Mapping[str, str] | None = None,
    workers: int | None = None,
    tasks_a_worker: int = TASKS_A_WORKER,
    beat: float = BEAT_SECONDS,
    named: Mapping[str, int | Executor] = MappingProxyType({}),
) -> Executors:
    """Everything that runs the attempts of one run. Nothing is started before the first task needs it.

    `environ` is where secrets and the settings of providers are looked up, the process's own if it is not given. `named` are
    further executors by their names: a number is one on this machine that runs so many attempts at once.
    """
    given = os.environ if environ is None else environ
    guardian, machine = Guardian(), this_machine()

    def local(size: int | None, shells: int) -> Router:
        pool = Pool(
            home.resolve(),
            environment.worker(given),
            guardian,
            size=size,
            tasks_a_worker=tasks_a_worker,
            beat=beat,
        )
        return Router(pool, guardian, given, machine, shells)

    others = {name: local(each, each) if isinstance(each, int) else each for name, each in named.items()}
    return Executors(guardian, local(workers, _SHELLS_A_CORE * default_size()), others)
