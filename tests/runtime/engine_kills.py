"""Drives a run in a process of its own and kills it: at a commit, or from outside at any moment.

As a program: `engine_kills.py STORE PLAN`; the plan is a JSON list of runs and how each is killed (see `killed`). The
answer is a JSON list that says which of them were.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from symphony_runtime import engine
from symphony_runtime.entries import Entry
from symphony_runtime.outcome import RunResult
from symphony_runtime.storage import sqlite
from symphony_runtime.storage.contract import LogRefusedError
from symphony_runtime.storage.sqlite import SqliteLog
from symphony_runtime.storage.store import Store
from symphony_runtime.task import Failure, Outcome, Success

KILLED = 9


class DeadlyLog(SqliteLog):
    """Ends the process, as `kill -9` would, around a commit."""

    when, number, commits = "never", 0, 0

    def commit(self, entries: list[Entry]) -> LogRefusedError | None:
        DeadlyLog.commits += 1
        at = DeadlyLog.commits == self.number
        if at and self.when == "before":
            os._exit(KILLED)
        answer = super().commit(entries)
        if at and self.when == "after":
            os._exit(KILLED)
        return answer


async def moment(task: Any, report: Any) -> Outcome:
    """Adds its inputs up after a moment; the first try of some fails."""
    await asyncio.sleep(0.002)
    if task.attempt == 1 and task.address.endswith("flaky"):
        return Failure("timeout", "not yet")
    numbers = [value for value in task.inputs.values() if isinstance(value, int)]
    return Success({"result": sum(numbers) + 1})


class Moments:
    run = staticmethod(moment)

    async def close(self) -> None:
        """Nothing is kept."""


def drive(root: str, run: str, when: str = "never", number: int = 0) -> RunResult:
    DeadlyLog.when, DeadlyLog.number, DeadlyLog.commits = when, number, 0
    sqlite.SqliteLog = DeadlyLog  # type: ignore[misc]  # only in this process
    return asyncio.run(engine.drive(Store(Path(root)), run, executor=Moments()))


def killed(root: str, run: str, how: str) -> bool:
    """Drive a run in a fork. `how` is `before:N` or `after:N` (a commit), or `wait:MILLISECONDS`. Whether it was killed."""
    when, _, number = how.partition(":")
    child = os.fork()
    if child == 0:
        drive(root, run, when, int(number))
        os._exit(0)
    if when == "wait":
        time.sleep(int(number) / 1000)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1] != 0


if __name__ == "__main__":
    plan = json.loads(sys.argv[2])
    engine.recover(Store(Path(sys.argv[1])), plan[0][0])  # loads what every fork needs
    sys.stdout.write(json.dumps([killed(sys.argv[1], run, how) for run, how in plan]))
