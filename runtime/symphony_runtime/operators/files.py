"""`read` and `write`: whole texts, or a failure that says why not."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import stat
from hashlib import sha256
from pathlib import Path

from symphony_runtime.executing.processes import to_the_end
from symphony_runtime.executing.results import outcome
from symphony_runtime.task import Failure, Outcome, Task

MAX_READ = 64 * 1024 * 1024

_REASONS = {
    errno.ENOENT: "there is no such file",
    errno.EACCES: "it may not be opened",
    errno.EISDIR: "it is a folder",
    errno.ENOTDIR: "a part of its path is no folder",
    errno.EEXIST: "a part of its path is no folder",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota of the disk is used up",
    errno.EFBIG: "the file would be larger than allowed",
    errno.EROFS: "the disk is read-only",
    errno.ENAMETOOLONG: "the name is too long",
}


class RefusedError(Exception):
    """Why a file is not read or written, as a clause."""


async def read(task: Task) -> Outcome:
    """The text of a UTF-8 file, without its byte order mark."""
    path: str = task.inputs["path"]
    try:
        text = await to_the_end(asyncio.to_thread(_read, task.home / path))
    except (OSError, ValueError, RefusedError) as problem:
        return Failure("error", f"'{path}' cannot be read: {reason(problem)}", before_effect=True)
    return outcome(task.node, text)


async def write(task: Task) -> Outcome:
    """Write a text, whole or not at all; gives the path as it was given."""
    path: str = task.inputs["path"]
    try:
        await to_the_end(asyncio.to_thread(_write, task.home / path, task.inputs["text"].encode(), task.key))
    except (OSError, ValueError, RefusedError) as problem:
        return Failure("error", f"'{path}' cannot be written: {reason(problem)}", before_effect=True)
    return outcome(task.node, path)


def reason(problem: Exception) -> str:
    if isinstance(problem, UnicodeDecodeError):
        return f"it is no UTF-8 text (byte {problem.start + 1})"
    if isinstance(problem, OSError):
        return _REASONS.get(problem.errno or 0) or problem.strerror or str(problem)
    return str(problem)


def _read(path: Path) -> str:
    return content(path, MAX_READ).decode("utf-8-sig")


def content(path: Path, most: int) -> bytes:
    """All that is in a file. Raises OSError, or RefusedError for what is no ordinary file or larger than allowed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # or opening a pipe would wait for a writer
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise RefusedError("it is a folder" if path.is_dir() else "it is no ordinary file")
        data = file.read(most + 1)
    if len(data) > most:
        raise RefusedError(f"it is larger than {most // (1024 * 1024)} MiB")
    return data


def _write(path: Path, data: bytes, key: str) -> None:
    """Write beside and rename: whoever looks sees the old text or the new one, also after a power cut.

    The name beside comes from the step's key, so that the next attempt takes away what a killed one left.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise RefusedError("it is a folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{sha256(key.encode()).hexdigest()[:32]}.part")
    beside.unlink(missing_ok=True)
    try:
        _write_new(beside, data, _mode(target))
        beside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    _sync_folder(target.parent)


def _mode(target: Path) -> int | None:
    """The permissions to keep, where the file is there already."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return None


def _write_new(path: Path, data: bytes, mode: int | None) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        if mode is not None:
            os.fchmod(descriptor, mode)
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    """Some file systems cannot: the rename is whole without it, only later on the disk."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
