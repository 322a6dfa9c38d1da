"""What the audit asks of the place where it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from symphony_runtime.audit.entry import AuditEntry, AuditQuery


class AuditStorage(Protocol):
    """Entries by run, each run's in a chain of hashes of its own. All of it raises AuditError where the place cannot be read or written.

    It may be used by several processes at once, but one in memory.
    """

    def append(self, entries: Iterable[AuditEntry]) -> int:
        """Keep entries, all or none, each behind the last of its run and with the hash that follows; how many were kept.

        An entry whose number is not above the last of its run is there already, and passed over.
        """

    def query(self, query: AuditQuery) -> Sequence[AuditEntry]: ...

    def get_by_execution(self, execution_id: str) -> Iterable[AuditEntry]:
        """All entries of a run, in the order of their numbers."""

    def executions(self) -> Sequence[str]:
        """The runs of which there are entries, in the order of their names."""

    def head(self, execution_id: str) -> AuditEntry | None:
        """The last entry of a run."""

    def forget(self, execution_id: str, instead: AuditEntry) -> None:
        """Put one entry, the first of a new chain, in place of all entries of a run."""

    def close(self) -> None: ...
