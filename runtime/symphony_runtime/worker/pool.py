"""Warm workers: started when there is work, reused, replaced after many tasks, never more than there are cores."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from symphony_dsl.base.frozen import frozen
from symphony_runtime.executing.guardian import Guardian
from symphony_runtime.executing.limits import NO_LIMITS, Limits, hold_to, set_free, watched
from symphony_runtime.executing.machine import cores
from symphony_runtime.executing.processes import to_the_end
from symphony_runtime.worker import parcel
from symphony_runtime.worker.process import Answer, Gone, Listener, Worker
from symphony_runtime.worker.protocol import Error, Payload, Result, TaskMessage

TASKS_A_WORKER = 1000
BEAT_SECONDS = 1.0
_COMMAND = ["-P", "-X", "utf8", "-m", "symphony_runtime.worker"]


def default_size() -> int:
    return max(2, os.cpu_count() or 1)


@frozen
class Order:
    """What a worker is to do, and within which limits; the other fields are those of a `TaskMessage`."""

    function: str
    arguments: bytes
    secrets: dict[str, str]
    gives: bool
    limits: Limits = NO_LIMITS
    key: str = ""


class Pool:
    """`slots` are the places for tasks. `scratch` is where large values travel; `close` removes it."""

    def __init__(
        self,
        home: Path,
        env: Mapping[str, str],
        guardian: Guardian,
        *,
        size: int | None = None,
        tasks_a_worker: int = TASKS_A_WORKER,
        beat: float = BEAT_SECONDS,
    ) -> None:
        self._home = home
        self._env = env
        self._guardian = guardian
        self._tasks_a_worker = tasks_a_worker
        self._beat = beat
        self.slots = asyncio.Semaphore(size or default_size())
        self._idle: list[Worker] = []
        self._retiring: set[asyncio.Task[None]] = set()
        self._serials = itertools.count(1)
        self.scratch = Path(tempfile.gettempdir(), f"symphony-{uuid.uuid4().hex}")

    async def call(self, order: Order, listener: Listener) -> tuple[Answer, bytes]:
        """The worker's answer and, for a result, its encoded values. Whoever calls holds one of the `slots`.

        Raises NoWorkerError; ProtocolError for what no frame holds; OSError for the scratch folder.
        """
        while True:
            worker = await self._worker(order.limits.memory)
            is_fresh = worker.done == 0
            answer: Answer | None = None
            try:
                answer = await _limited(worker, await self._task(order), listener, order.limits)
                data = await self._unwrapped(answer)
            finally:
                self._put_back(worker, used_up=isinstance(answer, Error) and order.limits.memory is not None)
            if is_fresh or not isinstance(answer, Gone) or answer.started:
                return answer, data
            # A warm worker that had died a moment before it was given the task: nothing has happened yet.

    async def close(self) -> None:
        """End all workers. Nothing may be in hand any more."""
        for worker in self._idle:
            self._retire(worker)
        self._idle.clear()
        await asyncio.gather(*self._retiring)
        shutil.rmtree(self.scratch, ignore_errors=True)

    async def _worker(self, memory: int | None) -> Worker:
        """One that has this limit already, or a new one: what earlier tasks left in another would count."""
        for worker in [each for each in reversed(self._idle) if each.memory == memory or not each.alive]:
            self._idle.remove(worker)
            if worker.alive:
                return worker
            self._retire(worker)
        worker = await self._new()
        worker.memory = memory
        return worker

    async def _new(self) -> Worker:
        return await Worker.start(
            [sys.executable, *_COMMAND],
            env=self._env,
            home=self._home,
            scratch=self.scratch,
            beat=self._beat,
            guardian=self._guardian,
        )

    async def _task(self, order: Order) -> TaskMessage:
        serial = next(self._serials)
        payload: Payload = order.arguments
        if len(order.arguments) > parcel.INLINE_LIMIT:
            writing = asyncio.to_thread(parcel.wrap, order.arguments, self.scratch, f"{serial}.arguments")
            payload = await to_the_end(writing)
        return TaskMessage(serial, order.function, payload, order.secrets, order.gives, order.key)

    async def _unwrapped(self, answer: Answer) -> bytes:
        if not isinstance(answer, Result):
            return b""
        if isinstance(answer.payload, bytes):
            return answer.payload
        return await to_the_end(asyncio.to_thread(parcel.unwrap, answer.payload, self.scratch))

    def _put_back(self, worker: Worker, *, used_up: bool) -> None:
        """One that may have come to its limit of memory is not used again."""
        if worker.alive and worker.done < self._tasks_a_worker and not used_up:
            self._idle.append(worker)
        else:
            self._retire(worker)

    def _retire(self, worker: Worker) -> None:
        task = asyncio.get_running_loop().create_task(worker.bye())
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)


async def _limited(worker: Worker, task: TaskMessage, listener: Listener, limits: Limits) -> Answer:
    if limits == NO_LIMITS:
        return await worker.call(task, listener)
    pid = worker.process.pid
    hold_to(limits, pid)
    try:
        async with watched(limits, pid, worker.process.kill) as watch:
            answer = await worker.call(task, listener)
    finally:
        set_free(pid, cores())
    return replace(answer, too_much=True) if isinstance(answer, Gone) and watch.broke else answer
