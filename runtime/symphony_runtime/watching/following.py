"""Events of a run that is driven elsewhere, or in this process: read from its log as it grows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from symphony_runtime.watching.events import past_of
from symphony_runtime.watching.filtering import EVERYTHING, EventFilter
from symphony_runtime.watching.stream import EventStream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from symphony_runtime.storage.store import Store
    from symphony_runtime.watching.events import ExecutionEvent

PAUSE = 0.05
"""Seconds between two looks at a log that somebody else writes."""

LAST = frozenset({"completed", "failed", "cancelled"})
"""Types of events of a run that nothing follows but refused commands."""


def stream_of(store: Store, execution_id: str) -> EventStream:
    """The stream of a run that this process drives: give its `emit` to `drive`. Raises UserError."""
    return EventStream(past=past_of(store, execution_id))


async def follow(
    store: Store, execution_id: str, wanted: EventFilter = EVERYTHING, *, from_seq: int = 1
) -> AsyncIterator[ExecutionEvent]:
    """The events of a run from a number on, whoever drives it, until it has ended. Raises UserError."""
    past = past_of(store, execution_id)
    over = False
    while not over:
        for event in past(from_seq):
            from_seq = event.seq + 1
            over = over or (event.type in LAST and event.node is None)
            if wanted.admits(event):
                yield event
        if not over:
            await asyncio.sleep(PAUSE)
