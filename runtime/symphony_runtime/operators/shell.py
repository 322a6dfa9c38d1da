"""`shell`: a command line for `sh`, or an argument list without a shell.

A string runs as `sh -c` and finds the ports as environment variables; an argument list is made of expressions over the
ports. Either way the working folder is `home`, the environment is clean, standard input is empty, standard output is the
result and standard error goes to the log. What a command leaves running ends with it.

The process waits at a gate (it reads a line) until its group is known to the guardian: an engine that dies in between
leaves nothing behind, since the gate then reads the end of its input.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Mapping

from symphony_dsl.base.types import (
    BYTES,
    DURATION,
    PATHS,
    STRING,
    TIMESTAMP,
    EnumType,
    Type,
    plain,
)
from symphony_dsl.base.values import Value
from symphony_model.nodes import OperatorNode
from symphony_model.ports import Expression
from symphony_runtime.executing import environment, processes
from symphony_runtime.executing.attempt import Attempt
from symphony_runtime.executing.formulas import FormulaError, evaluated
from symphony_runtime.executing.guardian import Guardian
from symphony_runtime.executing.limits import CODE, hold_to, watched
from symphony_runtime.executing.lines import Lines
from symphony_runtime.executing.machine import in_words
from symphony_runtime.executing.ports import with_whole_paths
from symphony_runtime.executing.results import is_single, outcome, result_type
from symphony_runtime.operators.spelling import spelled
from symphony_runtime.task import Failure, Outcome, Task

GRACE = 10.0
"""Seconds that a command which is stopped gets to end by itself, before it is killed with all that it started."""

MAX_OUTPUT = 64 * 1024 * 1024
_GATE = 'read -r _ && exec "$@" </dev/null'
_TEXTS = frozenset({STRING, TIMESTAMP, DURATION}) | PATHS


class _UnfitError(Exception):
    """The command cannot be made from the ports."""


class ShellOperator:
    def __init__(self, guardian: Guardian, environ: Mapping[str, str], limit: int) -> None:
        self._guardian = guardian
        self._environ = environ
        self._slots = asyncio.Semaphore(limit)

    async def run(self, attempt: Attempt) -> Outcome:
        inputs = with_whole_paths(attempt.task)
        env = environment.shell(self._environ) | {"SYMPHONY_KEY": attempt.task.key}
        try:
            argv = _command(attempt, inputs, env)
        except _UnfitError as problem:
            return Failure("error", str(problem), before_effect=True)
        except FormulaError as problem:
            return Failure(problem.code, f"an argument of the command: {problem.message}", before_effect=True)
        async with attempt.place(self._slots):
            return await self._execute(attempt, argv, env)

    async def _execute(self, attempt: Attempt, argv: list[str], env: dict[str, str]) -> Outcome:
        output = _Output(attempt)
        try:
            process = await processes.start(
                ["/bin/sh", "-c", _GATE, "sh", *argv],
                env=env,
                cwd=attempt.task.home,
                guardian=self._guardian,
                on_output=output.take,
            )
        except OSError as problem:
            return Failure("error", f"the command cannot be started: {problem.strerror}", before_effect=True)
        output.process = process
        hold_to(attempt.limits, process.pid)
        try:
            async with watched(attempt.limits, process.pid, process.kill) as watch:
                process.write(b"\n")
                process.close_input()
                code = await asyncio.shield(process.exited)
        except asyncio.CancelledError:
            await process.stop(GRACE)
            raise
        finally:
            await processes.to_the_end(process.end())
        return Failure(CODE, attempt.limits.breach) if watch.broke else output.outcome(code)


class _Output:
    """What a command writes: the result is kept, the rest is logged line by line."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._node = _node(attempt)
        self.process: processes.GroupProcess | None = None
        self._kept = bytearray()
        self._last_line = ""
        self._errors = Lines(self._error_line)
        self._prints = Lines(attempt.log)
        self._overflown = False

    def take(self, fd: int, data: bytes) -> None:
        if fd == 2:
            self._errors.feed(data)
        elif not self._node.outputs:
            self._prints.feed(data)
        elif len(self._kept) + len(data) > MAX_OUTPUT:
            self._overflow()
        else:
            self._kept += data

    def outcome(self, code: int) -> Outcome:
        self._errors.close()
        self._prints.close()
        if self._overflown:
            return Failure("error", f"the command wrote more than {MAX_OUTPUT // (1024 * 1024)} MiB")
        if code:
            return self._failed(code)
        return self._result()

    def _overflow(self) -> None:
        self._overflown = True
        if self.process is not None:
            self.process.kill()

    def _error_line(self, line: str) -> None:
        self._last_line = line.strip() or self._last_line
        self._attempt.log(line)

    def _failed(self, code: int) -> Failure:
        how = processes.ending(code)
        message = f"{how}: {self._last_line}" if self._last_line else how
        if self._attempt.limits.memory is not None:
            message += f"; its memory is limited to {in_words(self._attempt.limits.memory)}"
        return Failure("error" if code > 0 else "crashed", message, {"exit_code": code})

    def _result(self) -> Outcome:
        node = self._node
        data = bytes(self._kept)
        if not node.outputs or (is_single(node) and plain(result_type(node)) == BYTES):
            return outcome(node, data)
        try:
            text = data.decode()
        except UnicodeDecodeError as problem:
            return Failure("conversion", f"the output is no UTF-8 text (byte {problem.start + 1})")
        return _typed(node, text)


def _typed(node: OperatorNode, text: str) -> Outcome:
    if is_single(node) and _is_text(plain(result_type(node))):
        return outcome(node, text.removesuffix("\n").removesuffix("\r"))
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as problem:
        return Failure("conversion", f"the output is no JSON: {problem}")
    return outcome(node, value)


def _is_text(of: Type) -> bool:
    return of in _TEXTS or isinstance(of, EnumType)


# --- the command


def _node(attempt: Attempt) -> OperatorNode:
    node = attempt.task.node
    assert isinstance(node, OperatorNode), "instruments have no command"
    return node


def _command(attempt: Attempt, inputs: dict[str, Value], env: dict[str, str]) -> list[str]:
    """The argument list; for a command line the ports are put into the environment."""
    node = _node(attempt)
    shell = node.config.shell
    assert shell is not None, "the compiler writes the command of a shell operator"
    if isinstance(shell, str):
        env.update(_variables(inputs, attempt.secrets))
        return ["/bin/sh", "-c", shell]
    argv = [text for part in shell for text in _argument(part, attempt.task, inputs, attempt.secrets)]
    if not argv or not argv[0]:
        raise _UnfitError("the command is empty")
    if "/" not in argv[0] and shutil.which(argv[0], path=env["PATH"]) is None:
        raise _UnfitError(f"there is no command '{argv[0]}' on the PATH")
    return argv


def _variables(inputs: dict[str, Value], secrets: dict[str, str]) -> dict[str, str]:
    return {name: _text(value, secrets) for name, value in inputs.items() if value is not None}


def _argument(part: Expression, task: Task, inputs: dict[str, Value], secrets: dict[str, str]) -> list[str]:
    """An absent optional is no argument at all."""
    value = evaluated(part, task, inputs)
    return [] if value is None else [_text(value, secrets)]


def _text(value: Value, secrets: dict[str, str]) -> str:
    text = spelled(value, secrets)
    if "\0" in text:
        raise _UnfitError("a value holds the character NUL, which no command can be given")
    return text
