"""Workers that are killed around what they do, and wherever their engine just is: a ledger of effects is held to the log."""

from __future__ import annotations

import json
import os
import signal
import textwrap
from collections import Counter
from pathlib import Path

import pytest
from tests.conftest import PROFILE
from tests.runtime.engine_laws import check_log
from tests.runtime.workers.watching import children_of

from symphony_compiler.workspace import Workspace
from symphony_model.artifact import Artifact
from symphony_runtime.commands import Kind
from symphony_runtime.engine import create, drive
from symphony_runtime.entries import ATTEMPT_FAILED, NODE_LOST, NODE_STARTED, Entry
from symphony_runtime.executing.executors import build
from symphony_runtime.sending import command, send
from symphony_runtime.storage import failpoints
from symphony_runtime.storage.reading import read
from symphony_runtime.storage.store import MEMORY, Store

MODULE = """
    import json, os, signal
    from pathlib import Path

    def die(where):
        "Once, where a file asks for it."
        try:
            Path(where).unlink()
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGKILL)

    def did(name, x):
        die(f"before {name}")
        with open("ledger", "a") as ledger:
            ledger.write(json.dumps([name, x]) + "\\n")
        die(f"behind {name}")
        return x + 1

    def first(x):
        return did("first", x)

    def pay(x):
        return did("pay", x)
"""

WORKFLOW = """wf 1.0

operator first(x: int) -> int { python: "mine:first" }
once operator pay(x: int) -> int { python: "mine:pay" }

workflow main {
  step items = for n in [1, 2, 3] parallel 3 { yield first(x: n) }
  step paid = pay(x: items.sum())
  step end = first(x: paid)
  output y: int = end
}
"""
EXPECTED = {"y": 11}


class Killer:
    """Kills the workers of this process when it is somewhere for the nth time."""

    def __init__(self, name: str, number: int) -> None:
        self._name, self._left = name, number

    def __call__(self, name: str) -> None:
        if name != self._name:
            return
        self._left -= 1
        if self._left == 0:
            for pid in workers():
                os.kill(pid, signal.SIGKILL)


def workers() -> list[int]:
    told = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children_of(os.getpid())}
    return [pid for pid, words in told.items() if b"symphony_runtime.worker" in words]


def ledger(folder: Path) -> list[tuple[str, int]]:
    file = folder / "ledger"
    return [tuple(json.loads(line)) for line in file.read_text().splitlines()] if file.exists() else []


def sealed() -> Artifact:
    space = Workspace()
    space.update("main.wf", WORKFLOW)
    space.update_module("mine", textwrap.dedent(MODULE))
    artifact = space.artifact("main.wf", "main")
    assert artifact is not None, space.diagnostics("main.wf")
    return artifact


async def driven(folder: Path, environ: dict[str, str]) -> list[Entry]:
    """To the end, with a person who looks at what was done; then all of it is held to the log."""
    store = Store(folder / "store", MEMORY)
    run = create(store, sealed(), {}, folder)
    router = build(folder, environ=environ, workers=2)
    try:
        result = await drive(store, run, executor=router)
        while result.state == "paused":
            assert list(result.undecided) == ["paid"]
            decide(store, run, folder)
            result = await drive(store, run, executor=router)
    finally:
        await router.close()
    assert (result.state, result.outputs) == ("completed", EXPECTED)
    entries = list(read(store.run(run).log, store.blobs))
    check_log(entries)
    begun = Counter(entry.address for entry in entries if entry.type == NODE_STARTED)
    did = Counter(name for name, _ in ledger(folder))
    assert did["pay"] == 1
    assert 4 <= did["first"] <= sum(begun.values()) - begun["paid"], "what is done stands in the log first"
    return entries


def decide(store: Store, run: str, folder: Path) -> None:
    """What a person does who can see whether it was paid."""
    paid = [x + 1 for name, x in ledger(folder) if name == "pay"]
    skip = command(Kind.SKIP_NODE, "paid", value=paid[0], has_value=True) if paid else None
    assert send(store, run, skip or command(Kind.RETRY_NODE, "paid")).done


@pytest.mark.parametrize("name", ["first", "pay"])
@pytest.mark.parametrize("where", ["before", "behind"])
async def test_a_worker_that_is_killed_around_its_effect(tmp_path, module, environ, name, where):
    module(MODULE)
    (tmp_path / f"{where} {name}").touch()
    entries = await driven(tmp_path, environ)
    ends = [entry.type for entry in entries if entry.type in (ATTEMPT_FAILED, NODE_LOST)]
    assert ends == [NODE_LOST if name == "pay" else ATTEMPT_FAILED]
    assert len(ledger(tmp_path)) == 5 + ((name, where) == ("first", "behind"))


POINTS = ("attempt.begun", "attempt.ended", "log.appending", "log.appended")
SOME = [("attempt.begun", 4), ("attempt.ended", 1)]


@pytest.mark.parametrize(
    ("name", "number"), [(name, at) for name in POINTS for at in range(1, 8)] if PROFILE == "full" else SOME
)
async def test_workers_that_are_killed_wherever_their_engine_is(tmp_path, module, environ, name, number):
    module(MODULE)
    failpoints.watch(Killer(name, number))
    try:
        await driven(tmp_path, environ)
    finally:
        failpoints.watch(None)
