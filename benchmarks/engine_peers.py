"""Runs no-op steps under other engines, in whose environment it is run; knows nothing of ours.

It reads a task a line (`{"peer", "shape", "steps"}`) and answers a line each: the milliseconds of CPU of this process and its
children that a run took, or null where the peer is not installed or has no such shape. Workflows are made before the clock starts.
What each keeps is what its documentation names for runs on one machine that survive the end of the process: a SQLite file.
"""

from __future__ import annotations

import contextlib
import json
import logging
import operator
import os
import resource
import sqlite3
import sys
import tempfile
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, TypedDict

SCRATCH = Path(tempfile.mkdtemp(prefix="engines"))

Run = Callable[[], object]


def langgraph(shape: str, steps: int) -> Run:
    from langgraph.checkpoint.sqlite import SqliteSaver
    from langgraph.graph import END, START, StateGraph

    class State(TypedDict):
        total: Annotated[int, operator.add]

    graph = StateGraph(State)
    for n in range(steps):
        graph.add_node(f"s{n}", lambda state: {"total": 1})
        follows_another = shape == "chain" and n > 0
        graph.add_edge(f"s{n - 1}" if follows_another else START, f"s{n}")
    last = [steps - 1] if shape == "chain" else range(steps)
    for n in last:
        graph.add_edge(f"s{n}", END)
    connection = sqlite3.connect(SCRATCH / f"{uuid.uuid4()}.db", check_same_thread=False)
    app = graph.compile(checkpointer=SqliteSaver(connection))
    options = {"configurable": {"thread_id": "1"}, "recursion_limit": steps + 10}
    return lambda: app.invoke({"total": 0}, options)


@cache
def _dbos() -> dict[str, Callable[[int], int]]:
    from dbos import DBOS

    DBOS(config={"name": "engines", "system_database_url": f"sqlite:///{SCRATCH / 'dbos.db'}"})

    @DBOS.step()
    def step(given: int) -> int:
        return given + 1

    @DBOS.workflow()
    def chain(steps: int) -> int:
        total = 0
        for _ in range(steps):
            total = step(total)
        return total

    DBOS.launch()
    return {"chain": chain}


def dbos(shape: str, steps: int) -> Run | None:
    chain = _dbos().get(shape)
    return chain and (lambda: chain(steps))


@cache
def _prefect() -> dict[str, Callable[[int], int]]:
    os.environ |= {
        "PREFECT_HOME": str(SCRATCH / "prefect"),
        "PREFECT_LOGGING_LEVEL": "ERROR",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "60",
    }
    from prefect import flow, task

    @task
    def step(given: int) -> int:
        return given + 1

    @flow
    def chain(steps: int) -> int:
        total = 0
        for _ in range(steps):
            total = step(total)
        return total

    chain(1)  # which starts its server
    return {"chain": chain}


def prefect(shape: str, steps: int) -> Run | None:
    chain = _prefect().get(shape)
    return chain and (lambda: chain(steps))


PEERS: dict[str, Callable[[str, int], Run | None]] = {
    "LangGraph + SQLite": langgraph,
    "DBOS + SQLite": dbos,
    "Prefect": prefect,
}


def spent() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return 1000 * sum(each.ru_utime + each.ru_stime for each in used)


def answer(task: dict[str, object]) -> float | None:
    try:
        run = PEERS[str(task["peer"])](str(task["shape"]), int(str(task["steps"])))
    except ImportError:
        return None
    if run is None:
        return None
    before = spent()
    run()
    return spent() - before


def main() -> None:
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        with contextlib.redirect_stdout(sys.stderr):
            found = answer(json.loads(line))
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
