"""Executors that a project names in its `wf.toml`, for the setting `executor`.

[executors]
gpu = 1                      # on this machine, one attempt at a time
cluster = "slurm:executor"   # what a function gives that takes the home: an object with `run` and `close`
"""

from __future__ import annotations

import importlib
import re
import sys
from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from symphony_runtime.task import Executor

EXECUTORS = "executors"
LOCAL = "local"

_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_FUNCTION = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")


def check_executors(value: object, place: str) -> None:
    """Raises UserError."""
    if not isinstance(value, dict):
        raise UserError("executors must be a table", place=place, hint="write: [executors], and below it: gpu = 1")
    for name, each in value.items():
        if not _NAME.fullmatch(name) or name == LOCAL:
            what = "is there already" if name == LOCAL else 'must be small letters, digits, "-" and "_"'
            raise UserError(f"the name of the executor {name!r} {what}", place=place)
        if not _is_executor(each):
            hint = 'as in: gpu = 1, or: cluster = "module:function"'
            raise UserError(
                f"the executor {name!r} must be how many attempts run at once, or a function", place=place, hint=hint
            )


def _is_executor(value: object) -> bool:
    if isinstance(value, bool):
        return False
    return value >= 1 if isinstance(value, int) else isinstance(value, str) and bool(_FUNCTION.fullmatch(value))


def made(named: Mapping[str, int | str], home: Path) -> dict[str, int | Executor]:
    """The executors, each function called. Raises UserError where one is not there or does not give one."""
    return {name: each if isinstance(each, int) else _called(name, each, home) for name, each in named.items()}


def _called(name: str, function: str, home: Path) -> Executor:
    module, _, path = function.partition(":")
    sys.path.insert(0, str(home))
    try:
        found = importlib.import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
        executor: Executor = found(home)  # type: ignore[operator]  # what is no function is told below
    except Exception as problem:
        message = f"the executor {name!r} cannot be made by {function}: {type(problem).__name__}: {problem}"
        raise UserError(message, place=str(home / "wf.toml")) from problem
    finally:
        sys.path.remove(str(home))
    if not (callable(getattr(executor, "run", None)) and callable(getattr(executor, "close", None))):
        raise UserError(
            f"what {function} gives is no executor: it has no `run` and `close`", place=str(home / "wf.toml")
        )
    return executor
