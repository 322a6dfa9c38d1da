"""Taking runs out of a store, and the contents that no run needs any more.

A content may be needed by several runs, and a run that is being made writes contents before its log names them. So only
contents are removed that are older than an hour and that nothing mentions which is kept. What looks like the hash of a
content counts as a mention: keeping too much does no harm.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_runtime.storage.store import UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from symphony_runtime.storage.store import Store

GRACE_SECONDS = 3600.0

_HASH = re.compile(rb"[0-9a-f]{64}")


def remove(store: Store, execution_id: str) -> bool:
    """Whether the run was removed: one that a process works on stays. Raises UserError where the disk refuses."""
    folder = store.run(execution_id)
    try:
        lock = folder.claim()
    except UserError:
        return False
    try:
        folder.log.unlink(missing_ok=True)  # from here on there is no such run, even if the rest is cut short
        shutil.rmtree(folder.path)
    except OSError as problem:
        raise UserError(f"the run cannot be removed: {problem.strerror}", place=str(folder.path)) from problem
    finally:
        lock.let_go()
    return True


def sweep(store: Store, now: float) -> int:
    """Remove contents that nothing needs; how many were removed. `now` is in seconds since 1970.

    What a killed process left of its making, runs and contents, goes with them.
    """
    _remove_unmade(store, now)
    found = {path.name: path for path in _contents(store)}
    kept = _mentioned(store, found)
    old = [path for name, path in found.items() if name not in kept and _age(path, now) > GRACE_SECONDS]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _remove_unmade(store: Store, now: float) -> None:
    for folder in (store.root / "runs").glob(f"{UNFINISHED}*"):
        if _age(folder, now) > GRACE_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
    for content in store.blobs.root.glob(f"??/{UNFINISHED}*"):
        if _age(content, now) > GRACE_SECONDS:
            content.unlink(missing_ok=True)


def _contents(store: Store) -> Iterator[Path]:
    for path in store.blobs.root.glob("??/*"):
        if _HASH.fullmatch(path.name.encode()):
            yield path


def _mentioned(store: Store, found: dict[str, Path]) -> set[str]:
    """Contents that logs mention, and those that these mention in turn."""
    kept: set[str] = set()
    new = {name for log in store.logs() for name in _in_log(log)} & found.keys()
    while new:
        kept |= new
        new = {name for one in new for name in _hashes(_read(found[one]))} & found.keys() - kept
    return kept


def _in_log(log: Path) -> Iterator[str]:
    """Raises UserError for a log that cannot be read: what it needs is not known."""
    try:
        with closing(sqlite3.connect(log, timeout=5)) as db:
            for (data,) in db.execute("SELECT data FROM events"):
                yield from _hashes(str(data).encode())
    except sqlite3.Error as problem:
        raise UserError(f"the run's log cannot be read: {problem}", place=str(log)) from problem


def _hashes(text: bytes) -> list[str]:
    return [found.decode("ascii") for found in _HASH.findall(text)]


def _read(path: Path) -> bytes:
    with suppress(OSError):
        return path.read_bytes()
    return b""


def _age(path: Path, now: float) -> float:
    with suppress(OSError):
        return now - path.stat().st_mtime
    return 0.0
