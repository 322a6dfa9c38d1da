"""Runs a graph in a store of its own, and reads what its log says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.runtime.engine_graphs import Graph, InLoop

from symphony_model.schema_check import first_violation
from symphony_runtime import engine
from symphony_runtime.entries import Entry
from symphony_runtime.outcome import RunResult
from symphony_runtime.storage.reading import read
from symphony_runtime.storage.store import Store
from symphony_runtime.watching.events import ExecutionEvent
from symphony_schemas import newest


@dataclass
class Bench:
    """A store in a folder of the test's."""

    root: Path
    executor: InLoop = field(default_factory=InLoop)
    seen: list[ExecutionEvent] = field(default_factory=list)
    run: str = ""
    durability: str = "process"

    @property
    def store(self) -> Store:
        return Store(self.root / ".symphony")

    def create(self, graph: Graph, **inputs: Any) -> str:
        self.run = engine.create(self.store, graph.seal(), inputs, self.root, durability=self.durability)
        return self.run

    async def drive(
        self, stop: asyncio.Event | None = None, show: Callable[[ExecutionEvent], None] | None = None
    ) -> RunResult:
        def seen(event: ExecutionEvent) -> None:
            assert first_violation("event", newest("event"), event.to_json()) is None
            self.seen.append(event)
            if show:
                show(event)

        return await engine.drive(self.store, self.run, executor=self.executor, on_event=seen, stop=stop)

    async def go(self, graph: Graph, **inputs: Any) -> RunResult:
        self.create(graph, **inputs)
        return await self.drive()

    def entries(self) -> list[Entry]:
        return list(read(self.store.run(self.run).log, self.store.blobs))

    def said(self, kind: str) -> list[str | None]:
        """The addresses of all entries of a type."""
        return [entry.address for entry in self.entries() if entry.type == kind]
