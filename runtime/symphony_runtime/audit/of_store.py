"""The audit of a store: every entry of every run's log, in one place that answers questions about all of them.

The logs are what counts; the audit is brought up to them when somebody asks (`catch_up`). It keeps hashes of its own, so
that a log which was written anew as a whole is found to differ from what the audit had read of it before.
"""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from symphony_runtime.audit.entry import EPOCH, AuditEntry
from symphony_runtime.audit.log import AuditLog, Verdict
from symphony_runtime.audit.sqlite import SqliteAuditStorage
from symphony_runtime.storage.codec import encode
from symphony_runtime.storage.reading import first_bad, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from symphony_runtime.audit.storage import AuditStorage
    from symphony_runtime.entries import Entry
    from symphony_runtime.storage.store import Store

PAGE = 1000

REMOVED = "run.removed"
"""What stays of a run that was removed: that it was, by whom, and what its last entry was."""


def audit_of(store: Store) -> SqliteAuditStorage:
    """Where a store on disk keeps its audit. Raises AuditError."""
    return SqliteAuditStorage(store.root / NAME)


def has_audit(store: Store) -> bool:
    return (store.root / NAME).is_file()


NAME = "audit.db"


def catch_up(store: Store, audit: AuditStorage) -> int:
    """Take over what the logs of all runs say by now; how many entries were new. Raises UserError."""
    return sum(_follow(store, audit, execution_id) for execution_id in store.medium.names())


def _follow(store: Store, audit: AuditStorage, execution_id: str) -> int:
    head = audit.head(execution_id)
    found = _entries(store, execution_id, head.seq if head else 0)
    added = 0
    while page := list(islice(found, PAGE)):
        added += audit.append(page)
    return added


def _entries(store: Store, execution_id: str, after: int = 0) -> Iterator[AuditEntry]:
    return (_entry(execution_id, entry) for entry in read(store.run(execution_id).log, store.blobs, after))


def _entry(execution_id: str, entry: Entry) -> AuditEntry:
    moment = EPOCH + timedelta(microseconds=entry.at // 1000)
    details = json.loads(encode(entry.data))
    return AuditEntry(execution_id, entry.seq, moment, entry.type, details, entry.actor, entry.address, entry.attempt)


def forget(audit: AuditStorage, execution_id: str, actor: str, at: int) -> None:
    """Of a run that was removed nothing stays but that it was. `at` is in nanoseconds since 1970."""
    head = audit.head(execution_id)
    if head is None or head.event_type == REMOVED:
        return
    moment = EPOCH + timedelta(microseconds=at // 1000)
    details = {"last": head.seq, "hash": head.hash}
    audit.forget(execution_id, AuditEntry(execution_id, head.seq + 1, moment, REMOVED, details, actor))


def verify(store: Store, audit: AuditStorage, execution_id: str, *, known: str | None = None) -> Verdict:
    """Whether the audit of a run is as it was written, and its log says the same. Raises UserError."""
    verdict = AuditLog(audit).verify(execution_id, known=known)
    if verdict.wrong or execution_id not in store.medium.names():
        return verdict
    wrong = _differs(store, audit, execution_id)
    return Verdict(execution_id, verdict.entries, verdict.head, wrong)


def _differs(store: Store, audit: AuditStorage, execution_id: str) -> str | None:
    bad = first_bad(store.run(execution_id).log)
    if bad is not None:
        return f"entry {bad} of the run's log was changed, or one before it is missing or in another place"
    told = iter(_entries(store, execution_id))
    for kept in audit.get_by_execution(execution_id):
        found = next(told, None)
        if found is None or found.to_json() | {"hash": kept.hash} != kept.to_json():
            return f"the run's log does not say what the audit has read of it before, from entry {kept.seq} on"
    return None
