"""A run from its making to its end: what the command line and other faces call.

A run is made by `create`, worked on by `drive` as often as it takes, and found again by `load`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from symphony_runtime.outcome import RunResult

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from pathlib import Path

    from symphony_model.artifact import Artifact
    from symphony_runtime.events import ExecutionEvent
    from symphony_runtime.store import Store
    from symphony_runtime.task import Executor


@dataclass(frozen=True, slots=True)
class LoadedRun:
    """What a run keeps of its beginning. `inputs` are typed values; `state` is how it stands."""

    execution_id: str
    artifact: Artifact
    home: Path
    inputs: dict[str, Any]
    state: str


def create(store: Store, artifact: Artifact, inputs: dict[str, Any], home: Path, *, durability: str = "power") -> str:
    """Make a run, and answer its id. Raises UserError that names every input that is wrong."""
    raise NotImplementedError


def load(store: Store, execution_id: str) -> LoadedRun:
    raise NotImplementedError


async def drive(
    store: Store,
    execution_id: str,
    *,
    executor: Executor,
    on_event: Callable[[ExecutionEvent], None] | None = None,
    stop: asyncio.Event | None = None,
) -> RunResult:
    """Work on a run until it ends, needs a person, or `stop` is set; a run that was left goes on where it was.

    Raises UserError where another process drives the run or its log cannot be written. The executor is not closed.
    """
    raise NotImplementedError
