"""What the log of a run that nobody drives says of one step: whether it is done, or what became of it is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symphony_dsl.base.frozen import frozen
from symphony_runtime import entries
from symphony_runtime.rules.state import FINAL
from symphony_runtime.storage.reading import read

if TYPE_CHECKING:
    from symphony_runtime.storage.contract import Blobs, Journal


@frozen
class Left:
    """`data` of the completion of an attempt, where there is one. `open`: it began, and nobody knows or has decided how it ended."""

    data: dict[str, Any] | None = None
    at: int = 0
    parts: dict[str, str] | None = None
    open: bool = False


def left_of(log: Journal, blobs: Blobs, address: str) -> Left:
    """A run that has ended leaves nothing open: whoever ended it has decided. Raises UserError for a log that cannot be read."""
    found, parts = Left(), {}
    for entry in read(log, blobs):
        if entry.type == entries.RUN_STATE and entry.data["to"] in FINAL and found.open:
            found = Left()
        if entry.address != address:
            continue
        if entry.type == entries.NODE_STARTED:
            parts = entry.data.get("parts", {})
        if entry.type == entries.NODE_COMPLETED and "from" not in entry.data:
            return Left(entry.data, entry.at, parts)
        found = Left(open=entry.type in OPEN) if entry.type in MOVES else found
    return found


OPEN = frozenset({entries.NODE_STARTED, entries.NODE_LOST, entries.REGION_OPENED})

MOVES = frozenset({
    *OPEN, entries.ATTEMPT_FAILED, entries.NODE_FAILED, entries.NODE_SKIPPED, entries.NODE_QUEUED,
    entries.REGION_FAILED, entries.REGION_CLOSED,
})  # fmt: skip
"""Entries after which a step stands otherwise than before."""
