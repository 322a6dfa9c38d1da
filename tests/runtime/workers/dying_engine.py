"""A process that runs tasks without end, to be killed: `python -m … HOME FUNCTION…`; "shell" and "stray-shell" stand for commands."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.runtime.workers.worker_nodes import Reports, python, shell, task

from symphony_dsl.base.types import STRING
from symphony_runtime.executing.executors import build

COMMANDS = {
    "shell": shell('sleep 1000 & echo "$$ $!" > pids-shell; wait'),
    "stray-shell": shell("(setsid sh -c 'sleep 1000 & echo \"$$ $!\" > pids-stray-shell; wait' &) ; sleep 1000"),
}


async def main(home: Path, functions: list[str]) -> None:
    router = build(home, workers=len(functions))
    tasks = [
        task(COMMANDS[name], home)
        if name in COMMANDS
        else task(python(f"mine:{name}", {"file": STRING}), home, file=name)
        for name in functions
    ]
    await asyncio.gather(*(router.run(each, Reports()) for each in tasks))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
