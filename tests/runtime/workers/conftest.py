"""A router that is closed after each test, and files that stand beside a workflow."""

from __future__ import annotations

import os
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.runtime.workers.worker_nodes import Reports

from symphony_dsl.base.values import Value
from symphony_runtime.executing import environment
from symphony_runtime.executing.executors import Executors, build
from symphony_runtime.task import Outcome, Task

MEASURING = tuple(name for name in os.environ if name.startswith("COVERAGE_"))


@pytest.fixture(autouse=True)
def _workers_are_measured_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker's environment is clean; where coverage is measured in child processes, let it through."""
    monkeypatch.setattr(environment, "WORKER", (*environment.WORKER, *MEASURING))


@pytest.fixture
def environ() -> dict[str, str]:
    """What the router takes for the environment; tests may add to it before the first task."""
    names = ("PATH", "HOME", "LANG", "TMPDIR", *MEASURING)
    return {name: os.environ[name] for name in names if name in os.environ}


@pytest.fixture
async def router(tmp_path: Path, environ: dict[str, str]) -> AsyncIterator[Executors]:
    made = build(tmp_path, environ=environ, workers=2, beat=0.2)
    yield made
    await made.close()


@pytest.fixture
def reports() -> Reports:
    return Reports()


@pytest.fixture
def run(router: Executors, reports: Reports) -> Callable[[Task], Value]:
    """Runs a task; its reports are in `reports`."""

    async def running(task: Task) -> Outcome:
        return await router.run(task, reports)

    return running


@pytest.fixture
def module(tmp_path: Path) -> Callable[[str], None]:
    """Writes the user's module `mine`, or another, beside the workflow."""

    def write(source: str, name: str = "mine.py") -> None:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(source))

    return write
