"""The process side of a worker: takes tasks one after the other, calls the user's function, answers.

The user's code runs in the main thread, where signals and event loops work as it expects. Beside it there are two threads:
one reads what the engine says and ends the process when the engine is gone, one gives a sign of life each second.
"""

from __future__ import annotations

import inspect
import io
import os
import queue
import sys
import threading
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from pathlib import Path

from symphony_dsl.base.values import Value
from symphony_runtime.worker import notes, parcel, values
from symphony_runtime.worker.link import Link, die_with_parent
from symphony_runtime.worker.loading import NotLoadableError, load
from symphony_runtime.worker.mishap import describe
from symphony_runtime.worker.protocol import (
    VERSION,
    Beat,
    Error,
    Hello,
    Message,
    Progress,
    Ready,
    Result,
    Started,
    TaskMessage,
)

_PROGRESS_SECONDS = 0.05  # reports that follow closer than this are left out, the last one apart


def main() -> int:
    link = Link()
    die_with_parent()
    tasks: queue.SimpleQueue[TaskMessage | None] = queue.SimpleQueue()
    messages = link.receive()
    hello = next(messages)
    if not isinstance(hello, Hello) or hello.version != VERSION:
        link.send(Ready(VERSION, os.getpid()))
        return 1
    _prepare(hello)
    threading.Thread(target=_listen, args=(messages, tasks), daemon=True).start()
    threading.Thread(target=_beat, args=(link, hello.beat), daemon=True).start()
    link.send(Ready(VERSION, os.getpid()))
    while (task := tasks.get()) is not None:
        _Work(link, hello, task).run()
    return 0


def _prepare(hello: Hello) -> None:
    """What the user's code finds: its folder first among the modules, streams that show each line at once."""
    sys.path.insert(0, hello.home)
    sys.argv = [""]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True, errors="backslashreplace")


def _listen(messages: Iterator[Message], tasks: queue.SimpleQueue[TaskMessage | None]) -> None:
    for message in messages:
        tasks.put(message if isinstance(message, TaskMessage) else None)


def _beat(link: Link, seconds: float) -> None:
    while True:
        time.sleep(seconds)
        link.send(Beat())


class _Work:
    """One task. Its answer is a Result or an Error, and always comes after the end mark of its output."""

    def __init__(self, link: Link, hello: Hello, task: TaskMessage) -> None:
        self._link = link
        self._home = Path(hello.home)
        self._scratch = Path(hello.scratch)
        self._task = task
        self._told_at = float("-inf")

    def run(self) -> None:
        notes.send_progress_to(self._progress)
        notes.set_key(self._task.key)
        try:
            answer: Result | Error = self._result()
        except BaseException as problem:  # noqa: BLE001 - whatever the user's code raises is the step's failure
            answer = self._error(problem)
        self._link.mark_end(self._task.serial)
        self._link.send(answer)

    def _result(self) -> Result:
        task = self._task
        os.chdir(self._home)  # an earlier task may have gone elsewhere
        function = load(task.function, self._home)
        data = parcel.unwrap(task.arguments, self._scratch)
        arguments = values.decode_for_user(data, task.secrets)
        _check_parameters(function, task.function, arguments)
        self._link.send(Started(task.serial))
        with _own_environment():
            returned = function(**arguments)
            if inspect.isawaitable(returned):
                returned = _awaited(returned)
            encoded = values.encode(values.from_user(returned) if task.gives else None)
        return Result(task.serial, parcel.wrap(encoded, self._scratch, f"{os.getpid()}-{task.serial}.result"))

    def _error(self, problem: BaseException) -> Error:
        if isinstance(problem, NotLoadableError):
            return Error(self._task.serial, "error", str(problem), [], before_effect=True)
        if isinstance(problem, values.UnfitValueError):
            message = f"{self._task.function} returned what cannot be used: {problem}"
            return Error(self._task.serial, "conversion", message, [], before_effect=False)
        message, trace = describe(problem, self._home)
        return Error(self._task.serial, "error", message, trace, before_effect=False)

    def _progress(self, fraction: float, message: str | None) -> None:
        now = time.monotonic()
        if fraction < 1 and now - self._told_at < _PROGRESS_SECONDS:
            return
        self._told_at = now
        self._link.send(Progress(self._task.serial, fraction, message and message[:1000]))


@contextmanager
def _own_environment() -> Iterator[None]:
    """Variables that a function sets are its own. Those that its module sets when it is loaded stay for all its tasks."""
    before = dict(os.environ)
    try:
        yield
    finally:
        if before != os.environ:
            os.environ.clear()
            os.environ.update(before)


def _awaited(awaitable: Awaitable[Value]) -> Value:
    import asyncio  # costs more than all else here together, and most functions are none of its

    async def whole() -> Value:
        return await awaitable

    return asyncio.run(whole())


def _check_parameters(function: Value, name: str, arguments: dict[str, Value]) -> None:
    try:
        signature = inspect.signature(function)
    except (ValueError, TypeError):
        return  # written in C: it says itself what it does not like
    try:
        signature.bind(**arguments)
    except TypeError as problem:
        given = ", ".join(arguments) or "nothing"
        raise NotLoadableError(f"{name}{signature} cannot be called with {given}: {problem}") from None
