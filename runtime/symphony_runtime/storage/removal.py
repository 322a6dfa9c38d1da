"""Taking runs out of a store, and the contents that no run needs any more.

A content may be needed by several runs, and a run that is being made writes contents before its log names them. So only
contents are removed that nobody put within an hour and that nothing mentions which is kept. What looks like the hash of a
content counts as a mention: keeping too much does no harm.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_runtime.storage.reading import texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from symphony_runtime.storage.store import Store

GRACE_SECONDS = 3600.0

_HASH = re.compile(r"[0-9a-f]{64}")


def remove(store: Store, execution_id: str) -> bool:
    """Whether the run was removed: one that a process works on stays. Raises UserError where the disk refuses."""
    run = store.run(execution_id)
    lock = run.try_claim()
    if lock is None:
        return False
    try:
        run.remove()
    finally:
        lock.let_go()
    return True


def empty_cache(store: Store) -> int:
    """How many results were removed. What has a key stays: it says what has happened."""
    cache = store.medium.cache()
    try:
        return cache.clear()
    finally:
        cache.close()


def sweep(store: Store, now: float) -> int:
    """Remove contents that nothing needs; how many were removed. `now` is in seconds since 1970.

    What a killed process left of its making, runs and contents, goes with them.
    """
    store.medium.tidy(now, GRACE_SECONDS)
    found = store.blobs.ages(now)
    kept = _mentioned(store, found.keys())
    before = now - GRACE_SECONDS
    return sum(store.blobs.drop(digest, before) for digest in found if digest not in kept)


def _mentioned(store: Store, found: Iterable[str]) -> set[str]:
    """Contents that logs and results mention, and those that these mention in turn."""
    left = set(found)
    new = {digest for name in store.medium.names() for digest in _in_log(store, name)} | _in_records(store)
    new &= left
    while new:
        left -= new
        new = {digest for one in new for digest in _in_content(store, one)} & left
    return set(found) - left


def _in_log(store: Store, execution_id: str) -> set[str]:
    """Raises UserError for a log that cannot be read: what it needs is not known."""
    return {digest for text in texts(store.run(execution_id).log) for digest in _HASH.findall(text)}


def _in_records(store: Store) -> set[str]:
    """What the cache and the keys need."""
    found: set[str] = set()
    for records in (store.medium.cache(), store.medium.keys()):
        found.update(digest for text in records.texts() for digest in _HASH.findall(text))
        records.close()
    return found


def _in_content(store: Store, digest: str) -> list[str]:
    """A content that cannot be read mentions nothing."""
    with suppress(UserError):
        return _HASH.findall(store.blobs.get(digest).decode("utf-8", "replace"))
    return []
