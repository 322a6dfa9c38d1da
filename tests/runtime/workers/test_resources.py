"""`resources`: limits on what an attempt uses, and room for it on the machine."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.runtime.workers.worker_nodes import Reports, python, shell, task

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.types import INT, STRING
from symphony_model.artifact import seal
from symphony_model.building.builder import WorkflowBuilder
from symphony_model.nodes import OperatorType
from symphony_model.settings import Resources
from symphony_runtime.executing import executors, limits
from symphony_runtime.executing.demands import check_demands
from symphony_runtime.executing.executors import build
from symphony_runtime.executing.machine import Machine, cores, in_words, memory
from symphony_runtime.task import Failure, LogLine, Success, Task

MIB = 1 << 20
linux = pytest.mark.skipif(sys.platform != "linux", reason="nothing is enforced elsewhere")

EATER = """
import os, subprocess, sys, time

def eat(n):
    return len(bytearray(n))

def eat_elsewhere(n):
    code = f"x = bytearray({n}); print(len(x), flush=True); import time; time.sleep(60)"
    children = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    for child in children:
        child.wait()
    return 0

def on_how_many():
    return len(os.sched_getaffinity(0))

def pid():
    return os.getpid()
"""


def within(made: Task, memory: int | None = None, cpus: float | None = None) -> Task:
    return replace(made, resources=Resources(cpus, memory))


@linux
async def test_a_function_gets_no_more_memory_than_it_asked_for(run, module, tmp_path):
    module(EATER)
    eat = task(python("mine:eat", {"n": INT}, INT), tmp_path, n=300 * MIB)
    outcome = await run(within(eat, 200 * MIB))
    assert isinstance(outcome, Failure)
    assert (outcome.code, outcome.message) == (
        "resources",
        "it needs more memory than its limit of 200 MiB (`resources`)",
    )
    assert await run(within(task(eat.node, tmp_path, n=20 * MIB), 200 * MIB)) == Success({"result": 20 * MIB})
    assert await run(eat) == Success({"result": 300 * MIB})  # without a limit, and in a worker that has none


@linux
async def test_processes_of_an_attempt_count_together(run, module, tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "LOOK_SECONDS", 0.05)
    module(EATER)
    eat = task(python("mine:eat_elsewhere", {"n": INT}, INT), tmp_path, n=100 * MIB)
    outcome = await run(within(eat, 200 * MIB))
    assert (outcome.code, outcome.message) == (
        "resources",
        "it needs more memory than its limit of 200 MiB (`resources`)",
    )


@linux
async def test_a_command_is_told_with_its_limit(run, tmp_path):
    node = shell([f'"{sys.executable}"', '"-c"', '"bytearray(300 * 2**20)"'], {}, STRING)
    outcome = await run(within(task(node, tmp_path), 100 * MIB))
    assert outcome.code == "error"
    assert outcome.message == "exited with 1: MemoryError; its memory is limited to 100 MiB"


@linux
async def test_a_command_that_holds_too_much_is_ended(run, tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "LOOK_SECONDS", 0.05)
    eat = f"{sys.executable} -c 'import time; x = bytearray(80 * 2**20); time.sleep(60)'"
    node = shell(f"{eat} & {eat} & wait", {}, STRING)
    outcome = await run(within(task(node, tmp_path), 100 * MIB))
    assert (outcome.code, outcome.message) == (
        "resources",
        "it needs more memory than its limit of 100 MiB (`resources`)",
    )


@linux
async def test_an_attempt_runs_on_the_processors_it_asked_for(run, module, tmp_path):
    module(EATER)
    node = python("mine:on_how_many", {}, INT)
    assert await run(within(task(node, tmp_path), cpus=0.5)) == Success({"result": 1})
    assert await run(task(node, tmp_path)) == Success({"result": len(os.sched_getaffinity(0))})
    count = shell("nproc", {}, INT)
    assert await run(within(task(count, tmp_path), cpus=1)) == Success({"result": 1})


async def test_what_the_machine_has_not_fails_at_once(run, tmp_path):
    outcome = await run(within(task(shell("echo", {}, STRING), tmp_path), cpus=100_000))
    assert outcome == Failure(
        "resources", f"it asks for 100000 cpus, and this machine has {len(cores())}", before_effect=True
    )


async def test_a_platform_that_limits_nothing_says_so_once(run, reports, tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "ENFORCED", False)
    for _ in range(2):
        assert await run(within(task(shell("echo a", {}, STRING), tmp_path), cpus=1)) == Success({"result": "a"})
    assert [each for each in reports.all if isinstance(each, LogLine)] == [LogLine("warning", limits.NOT_ENFORCED)]


# ---- room ----


async def test_there_is_room_for_so_much_at_once_in_the_order_of_coming():
    machine = Machine(2, 100, {0: 0.0, 1: 0.0})
    order: list[str] = []

    async def work(name: str, wanted: Resources) -> None:
        async with machine.room(wanted) as chosen:
            order.append(f"+{name}{chosen}")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            order.append(f"-{name}")

    wants = {"a": Resources(1), "b": Resources(1), "c": Resources(2), "d": Resources(0.5), "e": Resources(None, 100)}
    await asyncio.gather(*(work(name, wanted) for name, wanted in wants.items()))
    assert order == ["+a[0]", "+b[1]", "-a", "-b", "+c[0, 1]", "-c", "+d[0]", "+e[]", "-d", "-e"]
    assert (machine.used_cpus, machine.used_memory, set(machine.loads.values())) == (0, 0, {0.0})


async def test_who_waits_no_more_leaves_its_place_to_the_next():
    machine = Machine(1, None, {0: 0.0})
    held = asyncio.Event()

    async def work(until: asyncio.Event | None = None) -> None:
        async with machine.room(Resources(1)):
            if until:
                await until.wait()

    first = asyncio.create_task(work(held))
    second, third = asyncio.create_task(work()), asyncio.create_task(work())
    await asyncio.sleep(0)
    second.cancel()
    held.set()
    await asyncio.gather(first, second, third, return_exceptions=True)
    assert third.exception() is None
    assert machine.used_cpus == 0


def test_sizes_are_told_in_words():
    told = [in_words(each) for each in (12, 1024, 1536, 256 * MIB, 5 << 40)]
    assert told == ["12 bytes", "1 KiB", "1.5 KiB", "256 MiB", "5 TiB"]


# ---- before it starts ----


def demanding(**settings: object) -> WorkflowBuilder:
    b = WorkflowBuilder("main").operator("a", OperatorType.PYTHON).ports({}, {"result": INT}).config(python="m:f")
    return b.settings(**settings)


def test_what_is_not_there_is_told_before_anything_starts():
    workflow = demanding(executor="far", resources={"cpus": 100_000.0}).build(validate=False)
    with pytest.raises(UserError) as caught:
        check_demands(seal(workflow, {}, {}), ["near"])
    told = "`a` wants the executor `far`, which is not there; there are `local`, `near` (`wf.toml` may name more)"
    assert told in caught.value.message
    much = demanding(resources=Resources(100_000, 1 << 60)).build(validate=False)
    with pytest.raises(UserError, match=rf"`a` asks for 100000 cpus, and this machine has {len(cores())}"):
        check_demands(seal(much, {}, {}))
    huge = demanding(resources=Resources(None, 1 << 60)).build(validate=False)
    with pytest.raises(UserError, match=r"`a` asks for 1048576 TiB of memory, and this machine has"):
        check_demands(seal(huge, {}, {}))
    check_demands(seal(demanding(executor="local").build(validate=False), {}, {}))
    assert memory()


# ---- executors ----


class Far:
    """Runs nothing, and says where it is."""

    closed = False

    async def run(self, task: Task, report: object) -> Success:
        return Success({"result": f"far {task.address}"})

    async def close(self) -> None:
        self.closed = True


async def test_attempts_go_to_the_executor_that_they_name(tmp_path: Path, reports: Reports):
    far = Far()
    made = build(tmp_path, named={"far": far, "narrow": 1})
    echo = task(shell("echo near", {}, STRING), tmp_path)
    try:
        assert await made.run(replace(echo, executor="far"), reports) == Success({"result": "far s"})
        for name in (None, "local", "narrow"):
            assert await made.run(replace(echo, executor=name), reports) == Success({"result": "near"})
        outcome = await made.run(replace(echo, executor="gone"), reports)
        assert outcome == Failure(
            "check", "there is no executor `gone`; there are `local`, `far`, `narrow`", before_effect=True
        )
    finally:
        await made.close()
    assert far.closed


async def test_an_executor_of_so_many_runs_no_more_at_once(tmp_path: Path, reports: Reports):
    made = build(tmp_path, named={"narrow": 1})
    command = 'test ! -e busy && touch busy && sleep 0.02 && rm busy && echo "$n"'
    node = shell(command, {"n": INT}, INT)
    tasks = [replace(task(node, tmp_path, n=n), executor="narrow") for n in range(3)]
    try:
        found = await asyncio.gather(*(made.run(each, reports) for each in tasks))
    finally:
        await made.close()
    assert found == [Success({"result": n}) for n in range(3)]
