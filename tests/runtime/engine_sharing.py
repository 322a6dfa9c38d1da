"""Drives a run whose steps take a policy, in a process of its own: `python -m tests.runtime.engine_sharing STORE RUN LEDGER`.

Each attempt writes into the ledger when it begins and when it ends.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symphony_runtime import engine
from symphony_runtime.storage.store import Store
from symphony_runtime.task import Outcome, Success


@dataclass(frozen=True, slots=True)
class Slow:
    ledger: Path
    seconds: float

    async def run(self, task: Any, report: Any) -> Outcome:
        self.write("+", task)
        await asyncio.sleep(self.seconds)
        self.write("-", task)
        return Success({"result": task.inputs["x"]})

    def write(self, what: str, task: Any) -> None:
        with self.ledger.open("a") as file:
            file.write(f"{what} {os.getpid()} {task.execution_id} {task.address} {time.time_ns()}\n")

    async def close(self) -> None:
        """Nothing is kept."""


def most_at_once(ledger: Path) -> int:
    """How many were between their beginning and their end at the same time."""
    now = most = 0
    for line in ledger.read_text().splitlines():
        now += 1 if line.startswith("+") else -1
        most = max(most, now)
    return most


if __name__ == "__main__":
    store, run, ledger, seconds = sys.argv[1:]
    result = asyncio.run(engine.drive(Store(Path(store)), run, executor=Slow(Path(ledger), float(seconds))))
    sys.stdout.write(result.state)
