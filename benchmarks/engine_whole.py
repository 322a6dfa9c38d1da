"""What a run takes as a whole: memory and disk a step, commands, being taken up again."""

from __future__ import annotations

import asyncio
import gc
import time
import tracemalloc
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles

from benchmarks.engine_cases import Case, Kept, NoOp
from benchmarks.measure import Row, own_cpu
from symphony_compiler.workspace import Workspace
from symphony_model.artifact import Artifact
from symphony_runtime.commands import Kind
from symphony_runtime.engine import create, drive, recover
from symphony_runtime.sending import command, send
from symphony_runtime.storage.store import Store

COMMANDS = 200


def size_rows(kept: Kept) -> list[Row]:
    """Bytes a step: of the log, and of memory while the run is driven, at two sizes: both have to be the same."""
    return [row for steps in (1_000, 10_000) for row in _sizes(kept, Case("layers", steps))]


def _sizes(kept: Kept, case: Case) -> list[Row]:
    store, run = kept.made(case, "process")
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    asyncio.run(drive(store, run, executor=NoOp()))
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    log = sum(each.stat().st_size for each in store.run(run).path.glob("log.db*"))
    return [
        Row(f"log, {case.name}", log / case.steps, "-", None, None, "<= 2048"),
        Row(f"memory, {case.name}", peak / case.steps, "-", None, None, ""),
    ]


def resume_rows(kept: Kept, turns: int) -> list[Row]:
    """CPU of taking up a run of 10,000 finished steps: check of the hashes, fold, what is outstanding."""
    case = Case("layers", 10_000)
    store, run = kept.made(case, "process")
    asyncio.run(drive(store, run, executor=NoOp()))
    fresh = [Store(store.root) for _ in range(turns)]
    gc.collect()
    gc.freeze()  # what this process holds of other cases is none of the run's
    spent = [own_cpu(lambda each=each: recover(each, run)) for each in fresh]
    return [Row(f"taken up again, {case.name}", median(spent), "-", None, None, "<= 2000")]


ASKING = """wf 1.0

workflow asking {
  step sure = ask(prompt: "sure?")
  output sure: bool = sure
}
"""


def _asking() -> Artifact:
    workspace = Workspace()
    workspace.update("asking.wf", ASKING)
    artifact = workspace.artifact("asking.wf", "asking")
    assert artifact is not None, workspace.diagnostics("asking.wf")[:1]
    return artifact


def command_rows(kept: Kept) -> list[Row]:
    """Milliseconds from sending a command until its verdict is read, in a run that another process drives."""
    store = Store(kept.folder / "commanded")
    run = create(store, _asking(), {}, kept.folder, durability="power")
    child = get_context("spawn").Process(target=_drive, args=(str(store.root), run))
    child.start()
    while not _waits(store, run):
        time.sleep(0.01)
    spent: list[float] = []
    for n in range(COMMANDS):
        kind = Kind.RESUME if n % 2 else Kind.PAUSE
        before = time.perf_counter()
        verdict = send(store, run, command(kind))
        spent.append(1000 * (time.perf_counter() - before))
        assert verdict.done, verdict
    send(store, run, command(Kind.CANCEL))
    child.join()
    worst = quantiles(spent, n=100)[98]
    return [
        Row("a command, median", median(spent), "-", None, None, ""),
        Row("a command, p99", worst, "-", None, None, "<= 100"),
    ]


def _waits(store: Store, run: str) -> bool:
    return any(each.execution_id == run and each.state == "waiting_for_input" for each in store.runs())


def _drive(root: str, run: str) -> None:
    asyncio.run(drive(Store(Path(root)), run, executor=NoOp(), patient=True))
