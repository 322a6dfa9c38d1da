"""What rarely happens: programs that only look like workers, a guardian that is lost, scratch folders that cannot be."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.runtime.workers.watching import until_gone
from tests.runtime.workers.worker_nodes import Reports, python, shell, task

from symphony_dsl.base.types import (
    BOOL,
    DURATION,
    FILE,
    FLOAT,
    INT,
    JSON,
    STRING,
    UINT,
    Constraint,
    EnumType,
    Field,
    ListType,
    MapType,
    OpaqueType,
    OptionalType,
    RecordType,
    record,
)
from symphony_runtime.executing import processes
from symphony_runtime.executing.confidential import Redactor
from symphony_runtime.executing.executors import build
from symphony_runtime.executing.guardian import Guardian
from symphony_runtime.executing.ports import whole_paths
from symphony_runtime.providers.schema import is_strict, schema_of
from symphony_runtime.task import Failure, Success
from symphony_runtime.worker import process as process_module
from symphony_runtime.worker.protocol import VERSION, Hello, Ready, frame

# --- programs that are no workers


@pytest.fixture
def instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a Python script in the place of the worker program."""
    real = sys.executable

    def put(script: str) -> None:
        (tmp_path / "script.py").write_text(textwrap.dedent(script))
        (tmp_path / "python").write_text(f'#!/bin/sh\nexec "{real}" "{tmp_path}/script.py"\n')
        (tmp_path / "python").chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    return put


READY = f"""
    import os, sys, time
    os.write(1, {frame(Ready(VERSION, 1))!r})
"""


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("print('hello, I am no worker')", "a worker process broke the protocol (a frame of 1751477356 bytes"),
        (
            f"import os, time\nos.write(1, {frame(Ready(VERSION + 1, 1))!r})\ntime.sleep(100)",
            f"the worker speaks version {VERSION + 1} of the protocol, this program {VERSION}",
        ),
        ("import time\ntime.sleep(100)", "a worker process did not answer within 0 seconds"),
    ],
)
async def test_a_program_that_is_no_worker(run, tmp_path, instead, monkeypatch, script, message):
    monkeypatch.setattr(process_module, "_START_SECONDS", 0.4 if "sleep(100)" in script else 30.0)
    instead(script)
    outcome = await run(task(python("m:f"), tmp_path))
    assert (outcome.code, outcome.before_effect) == ("crashed", True)
    assert outcome.message.startswith(message)


async def test_a_worker_that_talks_nonsense_in_the_middle(run, tmp_path, instead):
    instead(READY + "    sys.stdin.buffer.read(200)\n    print('what?', flush=True)\n    time.sleep(100)\n")
    outcome = await run(task(python("m:f", {"x": STRING}), tmp_path, x="x" * 1000))
    message = "the worker broke the protocol (a frame of 2003329396 bytes is longer than allowed) while it ran m:f"
    assert outcome == Failure("crashed", message, before_effect=True)


async def test_a_worker_of_another_version_refuses(tmp_path):
    """The other way round: an engine that speaks another version."""
    pipe = asyncio.subprocess.PIPE
    command = [sys.executable, "-P", "-m", "symphony_runtime.worker"]
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, cwd=tmp_path)
    process.stdin.write(frame(Hello(VERSION + 1, str(tmp_path), str(tmp_path), 1.0)))
    assert await process.stdout.read() == frame(Ready(VERSION, process.pid))
    assert await process.wait() == 1


async def test_a_worker_that_is_told_nonsense_ends(tmp_path):
    pipe = asyncio.subprocess.PIPE
    command = [sys.executable, "-P", "-m", "symphony_runtime.worker"]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, cwd=tmp_path, start_new_session=True
    )
    process.stdin.write(b"GET / HTTP/1.1\r\n")
    assert await process.wait() == -signal.SIGKILL


async def test_one_that_leads_no_group_ends_itself_only(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "symphony_runtime.worker", stdin=asyncio.subprocess.DEVNULL, cwd=tmp_path
    )
    assert await process.wait() == 1


async def test_a_scratch_folder_that_cannot_be(tmp_path):
    router = build(tmp_path)
    router._usual._pool.scratch = tmp_path / "none" / "scratch"
    outcome = await router.run(task(python("m:f", {"x": STRING}), tmp_path, x="x" * 1_000_000), Reports())
    await router.close()
    assert outcome == Failure("error", "the values of m:f cannot be passed on: No such file or directory")


# --- the guardian


async def test_without_a_guardian_all_else_works(tmp_path, monkeypatch):
    def missing(_self: Guardian) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(Guardian, "_start", missing)
    router = build(tmp_path)
    assert await router.run(task(shell("echo a", {}, STRING), tmp_path), Reports()) == Success({"result": "a"})
    await router.close()


async def test_a_guardian_that_was_killed_is_not_missed(tmp_path):
    router = build(tmp_path)
    node = task(shell("echo a", {}, STRING), tmp_path)
    assert await router.run(node, Reports()) == Success({"result": "a"})
    os.kill(router._guardian._process.pid, signal.SIGKILL)
    router._guardian._process.wait()
    for _ in range(2):
        assert await router.run(node, Reports()) == Success({"result": "a"})
    await router.close()


async def test_a_guardian_kills_what_still_lives_when_it_is_let_go(tmp_path):
    guardian = Guardian()
    process = await processes.start(
        ["/bin/sleep", "1000"], env={}, cwd=tmp_path, guardian=guardian, on_output=lambda _fd, _data: None
    )
    guardian.close()
    guardian.close()
    assert await process.exited == -signal.SIGKILL
    await until_gone(process.pid)
    await process.end()


# --- small parts


def test_how_processes_end():
    assert processes.ending(3) == "exited with 3"
    assert processes.ending(-9) == "was killed by SIGKILL"
    assert processes.ending(-63) == "was killed by signal 63"


async def test_work_that_fails_after_its_cancellation_is_still_cancelled():
    gate = asyncio.Event()

    async def work() -> None:
        await gate.wait()
        raise ValueError

    waiting = asyncio.ensure_future(processes.to_the_end(work()))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.sleep(0)
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_work_that_is_cancelled_itself():
    inner = asyncio.get_running_loop().create_future()
    waiting = asyncio.ensure_future(processes.to_the_end(inner))
    await asyncio.sleep(0)
    inner.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


@pytest.mark.parametrize(
    ("value", "of", "whole"),
    [
        ("a", FILE, "/h/a"),
        ("../a", FILE, "/a"),
        ("/x", FILE, "/x"),
        ("a", STRING, "a"),
        (None, OptionalType(FILE), None),
        ("a", OptionalType(FILE), "/h/a"),
        ({"k": ["a"]}, MapType(ListType(FILE)), {"k": ["/h/a"]}),
        ({"n": 1, "f": "a"}, record(n=INT, f=FILE), {"n": 1, "f": "/h/a"}),
        ({"n": 1}, record(n=INT, f=OptionalType(FILE)), {"n": 1}),
    ],
)
def test_whole_paths(value, of, whole):
    assert whole_paths(value, of, Path("/h")) == whole


def test_the_longest_secret_is_hidden_first_and_none_is_nothing():
    redactor = Redactor(["", "abc", "abcdef"])
    assert redactor.text("abcdefabc.") == "[secret][secret]."
    assert redactor.leaks({"k": ["xabcdefx"]})
    assert redactor.leaks({"abcdef": 1})
    assert not redactor.leaks(["abc", 1, None])
    assert not Redactor([""]).leaks("")


NESTED = RecordType(
    (
        Field("count", INT, constraints=(Constraint("min", 1), Constraint("min_length", 2)), doc="How many"),
        Field("note", STRING, has_default=True, default="", constraints=(Constraint("pattern", "^a"),)),
        Field("kind", OptionalType(EnumType("K", (("a", "A"),))), wire="Kind"),
        Field("wait", DURATION, constraints=(Constraint("min", "1s"),)),
    )
)


def test_the_schema_of_a_type():
    assert schema_of(NESTED) == {
        "type": "object",
        "properties": {
            "count": {"type": "integer", "minimum": 1, "description": "How many"},
            "note": {"anyOf": [{"type": "string", "pattern": "^a"}, {"type": "null"}]},
            "Kind": {"anyOf": [{"type": "string", "enum": ["A"]}, {"type": "null"}]},
            "wait": {"type": "string"},
        },
        "required": ["count", "note", "Kind", "wait"],
        "additionalProperties": False,
    }
    assert schema_of(ListType(OptionalType(BOOL))) == {
        "type": "array",
        "items": {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
    }
    assert schema_of(MapType(FLOAT)) == {"type": "object", "additionalProperties": {"type": "number"}}
    assert schema_of(UINT) == {"type": "integer", "minimum": 0}


@pytest.mark.parametrize(
    ("of", "strict"),
    [
        (NESTED, True),
        (ListType(OptionalType(INT)), True),
        (JSON, False),
        (record(a=ListType(JSON)), False),
        (MapType(INT), False),
        (OpaqueType("T"), False),
    ],
)
def test_what_strict_mode_can_say(of, strict):
    assert is_strict(of) is strict
