"""The audit log: what is kept, asked, exported, and checked against its hashes.

A chain of hashes proves that nothing in it was changed, taken out or reordered by somebody who did not also work out every
hash behind it anew. It does not prove that the last entries are there, nor that somebody who could write the file did not write all of it
anew: for that keep the last hash elsewhere, and compare it (`verify` takes it).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from symphony_dsl.base.frozen import frozen
from symphony_runtime.audit.entry import EPOCH, FIRST, AuditEntry, AuditQuery, hash_of
from symphony_runtime.audit.export import ExportFormat, exported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from symphony_runtime.audit.storage import AuditStorage
    from symphony_runtime.watching.events import ExecutionEvent


@frozen
class Verdict:
    """What came of checking a run's chain: how many entries are right, the last of their hashes, and what is wrong, if anything is."""

    execution_id: str
    entries: int
    head: str
    wrong: str | None = None


class AuditLog:
    """Over a storage, which is not closed."""

    def __init__(self, storage: AuditStorage) -> None:
        self.storage = storage

    def log(self, execution_id: str, event: ExecutionEvent) -> bool:
        """Keep an event; False where it is kept already. Raises AuditError."""
        return bool(self.storage.append([entry_of(execution_id, event)]))

    def query(self, query: AuditQuery) -> Sequence[AuditEntry]:
        return self.storage.query(query)

    def export(self, execution_id: str, form: ExportFormat) -> bytes:
        """All entries of a run."""
        return "".join(exported(self.storage.get_by_execution(execution_id), form)).encode("utf-8")

    def verify(self, execution_id: str, *, known: str | None = None) -> Verdict:
        """Whether a run's entries are as they were written. `known` is a hash that has to be among them, kept elsewhere."""
        previous, count = FIRST, 0
        found = known is None
        for entry in self.storage.get_by_execution(execution_id):
            if entry.hash != hash_of(entry, previous):
                return Verdict(execution_id, count, previous, f"entry {entry.seq} {CHANGED}")
            previous, count = entry.hash, count + 1
            found = found or previous == known
        return Verdict(execution_id, count, previous, None if found else CUT_OFF)


CHANGED = "was changed, or one before it is missing or in another place"
CUT_OFF = "the hash that is known is not among its hashes: entries were cut off, or all was written anew"


def entry_of(execution_id: str, event: ExecutionEvent) -> AuditEntry:
    """An event as an entry: what was done by nobody in particular was done by the engine."""
    moment = EPOCH + timedelta(microseconds=event.at // 1000)
    actor = str(event.fields.get("actor", "engine"))
    return AuditEntry(execution_id, event.seq, moment, event.type, event.fields, actor, event.node, event.attempt)
