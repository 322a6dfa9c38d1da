"""`python -m benchmarks.steps`: a run of 1,000 no-op steps beside a bare asyncio loop with one SQLite row a step.

Both work in this process on the same graph. The peer has one task a step that waits for the tasks it depends on, and
commits one row when it is done; it has no events, retries, types or resume. Ours keeps its log as a run does that
survives `kill -9` (durability `process`).
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import own_cpu, paired, show
from benchmarks.workloads import MODULE, SHAPES, sources, workflow_text
from symphony_compiler.workspace import Workspace
from symphony_model.artifact import Artifact
from symphony_runtime.engine import create, drive
from symphony_runtime.storage.store import Store
from symphony_runtime.task import Outcome, Report, Success, Task

STEPS = 1_000
NOTHING = Success({"result": 0})


class NoOp:
    """An executor whose every attempt is done at once."""

    async def run(self, _task: Task, _report: Callable[[Report], None]) -> Outcome:
        return NOTHING

    async def close(self) -> None:
        return


def compiled(shape: str) -> Artifact:
    workspace = Workspace()
    workspace.update("scale.wf", workflow_text(shape, STEPS))
    workspace.update_module("sums", MODULE)
    artifact = workspace.artifact("scale.wf", "scale")
    assert artifact is not None, workspace.diagnostics("scale.wf")[:1]
    return artifact


def ours(artifact: Artifact, folder: Path) -> float:
    store = Store(folder / "store")
    run = create(store, artifact, {}, folder, durability="process")

    def work() -> None:
        result = asyncio.run(drive(store, run, executor=NoOp()))
        assert result.state == "completed", result

    return own_cpu(work)


async def nothing() -> int:
    return 0


async def bare_loop(shape: str, log: sqlite3.Connection) -> None:
    tasks: dict[str, asyncio.Task[int]] = {}

    async def step(name: str, needs: list[asyncio.Task[int]]) -> int:
        for needed in needs:
            await needed
        result = await nothing()
        log.execute("INSERT INTO log VALUES (?, ?)", (name, result))
        log.commit()
        return result

    for n, reads in enumerate(sources(shape, STEPS)):
        needs = [tasks[name] for name in reads if name in tasks]
        tasks[f"s{n}"] = asyncio.create_task(step(f"s{n}", needs))
    await asyncio.gather(*tasks.values())


def peer(shape: str, folder: Path) -> float:
    path = folder / "peer.db"
    path.unlink(missing_ok=True)
    log = sqlite3.connect(path)
    log.execute("PRAGMA journal_mode = WAL")
    log.execute("PRAGMA synchronous = NORMAL")
    log.execute("CREATE TABLE log (step TEXT, result INTEGER)")
    spent = own_cpu(lambda: asyncio.run(bare_loop(shape, log)))
    log.close()
    return spent


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--turns", type=int, default=5)
    arguments.add_argument("--out", type=Path, help="write the table as JSON, too")
    chosen = arguments.parse_args()
    rows = []
    for shape in SHAPES:
        artifact = compiled(shape)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            rows.append(
                paired(
                    f"{STEPS:,} no-op steps, {shape}",
                    lambda artifact=artifact, folder=folder: ours(artifact, folder),
                    "asyncio + one row",
                    lambda shape=shape, folder=folder: peer(shape, folder),
                    "<= 3",
                    chosen.turns,
                )
            )
    show("a run of no-op steps", rows, chosen.out)


if __name__ == "__main__":
    main()
