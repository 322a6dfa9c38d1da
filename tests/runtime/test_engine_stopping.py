"""What a command gets when its run is cancelled: a word, and time; then it is killed with all that it started."""

from __future__ import annotations

import asyncio
import time

import pytest
from tests.runtime.engine_texts import Text

from symphony_runtime import engine
from symphony_runtime.commands import Kind
from symphony_runtime.executing.executors import build
from symphony_runtime.operators import shell
from symphony_runtime.outcome import RunResult
from symphony_runtime.sending import command
from symphony_runtime.storage.store import Store
from symphony_runtime.watching.events import ExecutionEvent

POLITE = "trap 'echo bye > said; exit 0' TERM; echo begun; while :; do sleep 0.02; done"
DEAF = "trap '' TERM; echo $$ > pid; echo begun; while :; do sleep 0.02; done"


async def cancelled(tmp_path, script: str, *more: dict[str, bool]) -> RunResult:
    """A run of one command, which is cancelled when it has begun: once for each."""
    store = Store(tmp_path / ".symphony")
    text = Text("step a = serve()", f'operator serve() {{ shell: "{script}" }}')
    run = engine.create(store, text.seal(), {}, tmp_path, durability="process")
    executor = build(tmp_path)
    begun = asyncio.Event()

    def heard(event: ExecutionEvent) -> None:
        if event.fields.get("message") == "begun":
            begun.set()

    driving = asyncio.create_task(engine.drive(store, run, executor=executor, on_event=heard))
    try:
        await begun.wait()
        for each in more:
            store.run(run).inbox.put(command(Kind.CANCEL, **each))
            await asyncio.sleep(0.1)
        return await asyncio.wait_for(driving, 60)
    finally:
        await executor.close()


def is_alive(pid: str) -> bool:
    try:
        return open(f"/proc/{pid}/stat").read().split()[2] != "Z"
    except FileNotFoundError:
        return False


async def test_a_command_may_tidy_up_when_it_is_stopped(tmp_path):
    result = await cancelled(tmp_path, POLITE, {})
    assert result.state == "cancelled"
    assert (tmp_path / "said").read_text() == "bye\n"


async def test_a_command_that_does_not_end_is_killed_when_its_time_is_up(tmp_path, monkeypatch):
    monkeypatch.setattr(shell, "GRACE", 0.3)
    begun = time.monotonic()
    result = await cancelled(tmp_path, DEAF, {})
    assert result.state == "cancelled"
    assert time.monotonic() - begun >= 0.3
    assert not is_alive((tmp_path / "pid").read_text().strip())


@pytest.mark.parametrize("more", [({"force": True},), ({}, {"force": True})], ids=["at once", "after all"])
async def test_by_force_it_is_killed_at_once(tmp_path, more):
    result = await asyncio.wait_for(cancelled(tmp_path, DEAF, *more), shell.GRACE)
    assert result.state == "cancelled"
    assert not is_alive((tmp_path / "pid").read_text().strip())
