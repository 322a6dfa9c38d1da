"""The audit in memory: for tests, and for programs that keep it elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from symphony_runtime.audit.entry import FIRST, AuditEntry, AuditQuery, answers, chained, order, sealed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(slots=True)
class MemoryAuditStorage:
    """Implements `AuditStorage`."""

    _kept: dict[str, list[AuditEntry]] = field(default_factory=dict)

    def append(self, entries: Iterable[AuditEntry]) -> int:
        new = chained(entries, self.head)
        for entry in new:
            self._kept.setdefault(entry.execution_id, []).append(entry)
        return len(new)

    def query(self, query: AuditQuery) -> Sequence[AuditEntry]:
        found = (entry for chain in self._kept.values() for entry in chain if answers(entry, query))
        return list(islice(sorted(found, key=order), query.offset, query.offset + query.limit))

    def get_by_execution(self, execution_id: str) -> Iterable[AuditEntry]:
        return iter(self._kept.get(execution_id, []))

    def executions(self) -> Sequence[str]:
        return sorted(self._kept)

    def head(self, execution_id: str) -> AuditEntry | None:
        chain = self._kept.get(execution_id)
        return chain[-1] if chain else None

    def forget(self, execution_id: str, instead: AuditEntry) -> None:
        self._kept[execution_id] = [sealed(instead, FIRST)]

    def close(self) -> None:
        return
