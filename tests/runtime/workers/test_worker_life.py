"""Workers are kept, replaced, killed and survived; none outlives its engine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.runtime.engine_graphs import Graph, InLoop
from tests.runtime.workers.watching import children_of, lives, pids_in, until_gone
from tests.runtime.workers.worker_nodes import Reports, python, task

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.types import INT, STRING, ListType
from symphony_runtime.engine import create, drive
from symphony_runtime.executing.attempts import Attempts
from symphony_runtime.executing.executors import build
from symphony_runtime.executing.leash import Leash, engine_of, expel
from symphony_runtime.rules.state import RunState
from symphony_runtime.storage.store import Store
from symphony_runtime.task import Begun, Failure, Success, Waiting

PID = python("mine:pid", {}, INT)
MODULE = """
    import ctypes, os, signal, subprocess, sys, time
    from pathlib import Path

    def pid():
        return os.getpid()

    def nap():
        time.sleep(0.1)

    def die(how):
        print("last words", flush=True)
        if how == "exit":
            os._exit(7)
        if how == "segfault":
            ctypes.string_at(0)
        os.kill(os.getpid(), getattr(signal, how))

    def hang(file):
        child = subprocess.Popen(["sleep", "1000"])
        Path(file).write_text(f"{os.getpid()} {child.pid}")
        time.sleep(1000)

    def stray(file):
        "What it starts has a session of its own, and has lost its parent."
        script = f'sleep 1000 & echo "$PPID $!" > {file}.part; mv {file}.part {file}'
        subprocess.run(["sh", "-c", f"(setsid sh -c '{script}; sleep 1000' >/dev/null 2>&1 &)"])
        time.sleep(1000)

    def lost(file):
        "What it starts has another environment, and a session of its own."
        child = subprocess.Popen(["sleep", "1000"], env={}, start_new_session=True)
        Path(file).write_text(f"{os.getpid()} {child.pid}")
        time.sleep(1000)

    def hold(file):
        "Holds the interpreter in C, without a chance for any other thread."
        Path(file).write_text(f"{os.getpid()} {os.getpid()}")
        ctypes.PyDLL(None).usleep(ctypes.c_uint(600_000_000))

    def spin(file, seconds):
        "Computes in C with the interpreter held: no beat can be sent."
        Path(file).write_text(f"{os.getpid()} {os.getpid()}")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            sum(range(3_000_000))
        return 1
"""


@pytest.fixture(autouse=True)
def _mine(module):
    module(MODULE)


async def test_a_worker_is_used_again(run, tmp_path):
    assert await run(task(PID, tmp_path)) == await run(task(PID, tmp_path))


async def test_no_more_workers_than_cores_that_were_given(run, tmp_path):
    outcomes = await asyncio.gather(*(run(task(PID, tmp_path)) for _ in range(30)))
    assert len({outcome.outputs["result"] for outcome in outcomes}) <= 2


async def test_who_waits_for_a_worker_says_so_and_when_it_begins(tmp_path, environ):
    router = build(tmp_path, environ=environ, workers=1)
    first, second = Reports(), Reports()
    await asyncio.gather(router.run(task(PID, tmp_path), first), router.run(task(PID, tmp_path), second))
    await router.close()
    assert first.all == second.all == [Waiting(), Begun()]


async def test_the_timeout_of_a_step_does_not_count_its_wait_for_a_worker(tmp_path, environ):
    """Twelve steps of a tenth of a second each, one after the other, and each may take eight tenths."""
    reports: list[object] = []
    state = RunState("run", None, tmp_path)
    attempts = Attempts(state, build(tmp_path, environ=environ, workers=1), reports.append, print, int, float)
    nap = task(python("mine:nap"), tmp_path)
    outcomes = await asyncio.gather(*(attempts._outcome(nap, reports.append, 800_000_000) for _ in range(12)))
    await attempts.executor.close()
    assert outcomes == [Success({})] * 12


async def test_a_worker_is_replaced_after_its_share_of_tasks(tmp_path, environ):
    router = build(tmp_path, environ=environ, workers=1, tasks_a_worker=2)
    pids = [(await router.run(task(PID, tmp_path), Reports())).outputs["result"] for _ in range(5)]
    await router.close()
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]
    await until_gone(*pids)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("exit", "exited with 7"),
        ("segfault", "was killed by SIGSEGV"),
        ("SIGKILL", "was killed by SIGKILL"),
        ("SIGTERM", "was killed by SIGTERM"),
    ],
)
async def test_a_task_that_kills_its_worker_fails_alone(run, tmp_path, reports, how, words):
    beside = asyncio.ensure_future(
        run(task(python("mine:spin", {"file": STRING, "seconds": INT}, INT), tmp_path, file="s", seconds=0))
    )
    outcome = await run(task(python("mine:die", {"how": STRING}), tmp_path, how=how))
    assert outcome == Failure("crashed", f"the worker {words} while it ran mine:die")
    assert reports.lines == ["last words"]
    assert await beside == Success({"result": 1})
    assert isinstance(await run(task(PID, tmp_path)), Success)


async def test_a_module_that_ends_the_process_did_nothing_yet(run, module, tmp_path):
    module("import os\nos._exit(0)\n", "gone.py")
    outcome = await run(task(python("gone:f"), tmp_path))
    assert outcome == Failure("crashed", "the worker exited with 0 while it ran gone:f", before_effect=True)


async def test_kill_9_from_outside_in_the_middle(run, tmp_path):
    hanging = asyncio.ensure_future(run(task(python("mine:hang", {"file": STRING}), tmp_path, file="pids")))
    worker, child = await pids_in(tmp_path / "pids")
    os.kill(worker, signal.SIGKILL)
    outcome = await hanging
    assert outcome == Failure("crashed", "the worker was killed by SIGKILL while it ran mine:hang")
    await until_gone(worker, child)


async def test_kill_9_between_two_tasks_is_not_noticed(run, tmp_path):
    first = (await run(task(PID, tmp_path))).outputs["result"]
    os.kill(first, signal.SIGKILL)
    await until_gone(first)
    second = await run(task(PID, tmp_path))
    assert second.outputs["result"] != first


async def test_cancelling_kills_the_worker_and_what_it_started(run, tmp_path):
    hanging = asyncio.ensure_future(run(task(python("mine:hang", {"file": STRING}), tmp_path, file="pids")))
    worker, child = await pids_in(tmp_path / "pids")
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert not lives(worker)
    await until_gone(child)
    assert isinstance(await run(task(PID, tmp_path)), Success)


@pytest.mark.parametrize("function", ["stray", "lost"])
async def test_what_a_function_puts_into_a_session_of_its_own_ends_with_it(run, tmp_path, function):
    hanging = asyncio.ensure_future(run(task(python(f"mine:{function}", {"file": STRING}), tmp_path, file="pids")))
    _, child = await pids_in(tmp_path / "pids")
    assert lives(child)
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    await until_gone(child)


async def test_cancelling_twice_still_kills(run, tmp_path):
    hanging = asyncio.ensure_future(run(task(python("mine:hang", {"file": STRING}), tmp_path, file="pids")))
    worker, _ = await pids_in(tmp_path / "pids")
    hanging.cancel()
    await asyncio.sleep(0)
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert not lives(worker)


async def test_cancelling_what_waits_for_a_worker_or_starts_one(run, tmp_path):
    waiting = [asyncio.ensure_future(run(task(PID, tmp_path))) for _ in range(6)]
    await asyncio.sleep(0.005)
    for each in waiting[:4]:
        each.cancel()
    done = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(each) for each in done] == [asyncio.CancelledError] * 4 + [Success] * 2


async def test_a_stopped_worker_is_dead(run, tmp_path):
    hanging = asyncio.ensure_future(run(task(python("mine:hang", {"file": STRING}), tmp_path, file="pids")))
    worker, _ = await pids_in(tmp_path / "pids")
    os.kill(worker, signal.SIGSTOP)
    outcome = await hanging
    assert outcome == Failure("crashed", "the worker gave no sign of life for 5 beats while it ran mine:hang")
    await until_gone(worker)


async def test_one_that_holds_the_interpreter_and_does_nothing_is_dead(run, tmp_path):
    outcome = await run(task(python("mine:hold", {"file": STRING}), tmp_path, file="pids"))
    assert outcome == Failure("crashed", "the worker gave no sign of life for 5 beats while it ran mine:hold")


async def test_one_that_computes_in_silence_is_alive(tmp_path, environ, module):
    """One call, far longer than five of these beats, that never lets the interpreter go."""
    module("def f():\n    return len(hex(pow(7, 900_000, 1 << 500_000)))\n", "heavy.py")
    router = build(tmp_path, environ=environ, workers=1, beat=0.03)
    outcome = await router.run(task(python("heavy:f", {}, INT), tmp_path), Reports())
    assert outcome == Success({"result": 125_002})
    await router.close()


async def test_closing_ends_all_and_leaves_nothing(tmp_path, environ):
    environ["TMPDIR"] = str(tmp_path)
    router = build(tmp_path, environ=environ, workers=2)
    large = python("builtins:len", {"obj": ListType(INT)}, INT)
    pids = {(await router.run(task(PID, tmp_path), Reports())).outputs["result"] for _ in range(3)}
    await router.run(task(large, tmp_path, obj=[0] * 2_000_000), Reports())
    await router.close()
    await router.close()
    await until_gone(*pids)


async def test_the_scratch_folder_is_empty_between_tasks_and_gone_at_the_end(tmp_path, environ, module):
    module("def same(x):\n    return x\n", "echo.py")
    router = build(tmp_path, environ=environ, workers=1)
    node = python("echo:same", {"x": STRING}, STRING)
    await router.run(task(node, tmp_path, x="x" * 2_000_000), Reports())
    scratch = router._usual._pool.scratch
    assert list(scratch.iterdir()) == []
    await router.close()
    assert not scratch.exists()


async def test_a_worker_that_cannot_be_started(tmp_path, environ, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    router = build(tmp_path, environ=environ)
    outcome = await router.run(task(PID, tmp_path), Reports())
    assert (outcome.code, outcome.before_effect) == ("crashed", True)
    assert outcome.message.startswith("a worker process could not be started: ")
    await router.close()


async def test_an_interpreter_without_our_packages(tmp_path, environ, monkeypatch):
    (tmp_path / "python").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    router = build(tmp_path, environ=environ)
    outcome = await router.run(task(PID, tmp_path), Reports())
    assert outcome == Failure("crashed", "a worker process exited with 3 before it was ready", before_effect=True)
    await router.close()


# --- an engine that dies


@contextlib.contextmanager
def engine(home: Path, *functions: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.runtime.workers.dying_engine", str(home), *functions]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[3], start_new_session=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def test_nothing_outlives_an_engine_that_is_killed(tmp_path):
    with engine(tmp_path, "hang", "hold", "stray", "shell", "stray-shell") as process:
        names = ("hang", "hold", "stray", "pids-shell", "pids-stray-shell")
        pids = [pid for name in names for pid in await pids_in(tmp_path / name) if pid != 1]
        assert all(lives(pid) for pid in pids)
        session = children_of(process.pid)
        process.kill()
        process.wait()
        await until_gone(*pids, *session)


async def test_a_worker_sees_the_end_of_its_pipe_without_any_other_help(tmp_path):
    """What holds where there is neither a guardian nor a signal at the parent's death."""
    command = [sys.executable, "-P", "-m", "symphony_runtime.worker"]
    from symphony_runtime.worker.protocol import VERSION, Hello, TaskMessage, frame
    from symphony_runtime.worker.values import encode

    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=tmp_path, start_new_session=True
    )
    process.stdin.write(frame(Hello(VERSION, str(tmp_path), str(tmp_path), 1.0)))
    process.stdin.write(frame(TaskMessage(1, "mine:hang", encode({"file": "pids"}), {}, gives=False)))
    _, child = await pids_in(tmp_path / "pids")
    process.stdin.close()
    assert await process.wait() == -signal.SIGKILL
    await until_gone(child)


async def test_a_command_at_the_gate_ends_with_its_engine(tmp_path):
    """The engine may die after it has started a command and before the guardian knows of it."""
    from symphony_runtime.operators.shell import _GATE

    touch = ["/bin/sh", "-c", _GATE, "sh", "touch", "began"]
    process = await asyncio.create_subprocess_exec(*touch, stdin=asyncio.subprocess.PIPE, cwd=tmp_path)
    process.stdin.close()
    assert await process.wait() == 1
    assert not (tmp_path / "began").exists()


# --- a driver that takes over


async def test_nothing_begins_while_something_lives_that_the_killed_engine_started(tmp_path):
    """A command sees no pipe end, and the guardian was killed before its engine."""
    graph = Graph()
    graph.task("a")
    store = Store(tmp_path / "store")
    run = create(store, graph.seal(), {}, tmp_path)
    with engine(tmp_path, "shell") as process:
        shell, its_child = await pids_in(tmp_path / "pids-shell")
        for guardian in children_of(process.pid) - {shell}:
            os.kill(guardian, signal.SIGKILL)
        store.run(run).note_leash(str(leash_of(shell)))
        process.kill()
        process.wait()
    assert lives(shell)
    assert lives(its_child)

    def look(task, report):
        assert not lives(shell)
        assert not lives(its_child)
        return 1

    assert (await drive(store, run, executor=InLoop({"a": look}))).state == "completed"
    assert store.run(run).leash() is None


async def test_an_engine_that_lives_is_let_be_though_a_run_still_has_its_note(tmp_path):
    """It could not take the note back, and drives other runs."""
    graph = Graph()
    graph.task("a")
    store = Store(tmp_path / "store")
    run = create(store, graph.seal(), {}, tmp_path)
    with engine(tmp_path, "shell") as process:
        pids = await pids_in(tmp_path / "pids-shell")
        store.run(run).note_leash(str(leash_of(pids[0])))
        assert (await drive(store, run, executor=InLoop())).state == "completed"
        assert all(map(lives, (process.pid, *pids)))
        process.kill()
        process.wait()
        await until_gone(*pids)


def leash_of(pid: int) -> Path:
    links = [Path(os.readlink(link)) for link in Path(f"/proc/{pid}/fd").iterdir()]
    (found,) = [link for link in links if link.suffix == ".leash"]
    return found


async def test_a_leash_that_nobody_holds_is_no_hindrance(tmp_path):
    leash = Leash(tmp_path / "a.leash")
    expel(leash.path)
    leash.descriptor()
    assert leash.descriptor() == leash.descriptor()
    leash.close()
    assert not leash.path.exists()
    leash.path.touch()
    expel(leash.path)
    assert not leash.path.exists()


async def test_what_cannot_be_ended_is_told(tmp_path, monkeypatch):
    """Where the system does not tell who it is, or does not let us."""
    monkeypatch.setattr("symphony_runtime.executing.leash.YIELD_SECONDS", 0.0)
    monkeypatch.setattr("symphony_runtime.executing.leash.PATIENCE", 0.05)
    monkeypatch.setattr("symphony_runtime.executing.leash._kill", lambda pid: None)
    leash = Leash(tmp_path / "a.leash")
    leash.descriptor()
    expel(leash.path)
    assert leash.path.exists(), "whoever holds it lives, and so may all that it started"
    engine_of(leash.path).unlink()  # as if it did not
    with pytest.raises(
        UserError, match=f"process {os.getpid()}: a process that the run's last driver started cannot be"
    ):
        expel(leash.path)
    leash.close()


async def test_a_run_says_what_its_processes_hold_while_it_is_driven(tmp_path, environ):
    graph = Graph()
    graph.task("a")
    store, router = Store(tmp_path / "store"), build(tmp_path, environ=environ)
    run = create(store, graph.seal(), {}, tmp_path)
    seen = []
    result = await drive(store, run, executor=router, on_event=lambda event: seen.append(store.run(run).leash()))
    assert (result.state, set(seen)) == ("failed", {str(router.leash.path)})
    assert store.run(run).leash() is None
    assert router.leash.path.exists()
    await router.close()
    assert not router.leash.path.exists()
