"""A run's events as they happen, to any number of readers, none of which slows the run.

    stream = stream_of(store, execution_id)
    await drive(store, execution_id, executor=…, on_event=stream.emit)

    async for event in stream.subscribe(EventFilter(node_ids=("prices",)), from_seq=1): …

The model. Events that were emitted are in the run's log already, and have numbers that grow. A *subscription* is *behind* or
*live*. While it is behind, it reads the log from the number behind the last it has seen; at the log's end it goes live. A live one has a
queue of bounded length in which it is given what it wants to see; when the queue is full it is thrown away, and the subscription is
behind again. So a slow reader costs the run one comparison an event, and still sees every event it wants, each once, in order.

A stream that has no log (`EventStream(capacity)`) keeps the last `capacity` events instead. What a reader was too slow for is then gone,
and a `Gap` stands in its place.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_runtime.watching.filtering import EVERYTHING, EventFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from symphony_runtime.watching.events import ExecutionEvent

    Past: TypeAlias = "Callable[[int], Iterator[ExecutionEvent]]"
    """The events from a number on, as far as they go now."""

CAPACITY = 1024

PAGE = 200
"""Events that a subscription which is behind reads before others have their turn."""


@frozen
class Gap:
    """Events that are gone: those from number `from_seq` on, before number `to_seq`."""

    from_seq: int
    to_seq: int


class EventStream:
    """Belongs to one event loop. `past` reads what was emitted, where that is kept elsewhere."""

    def __init__(self, capacity: int = CAPACITY, past: Past | None = None) -> None:
        if capacity < 1:
            raise ValueError(f"a queue needs room for one event at least, not {capacity}")
        self.capacity = capacity
        self._recent: deque[ExecutionEvent] = deque(maxlen=capacity)
        self._past = past
        self._subscriptions: dict[Subscription, None] = {}
        self._lost = 0  # the number of the last event that is no longer kept
        self.closed = False

    def emit(self, event: ExecutionEvent) -> None:
        """Called once for each event, in the order of their numbers."""
        if self._past is None:
            if len(self._recent) == self.capacity:
                self._lost = self._recent[0].seq
            self._recent.append(event)
        for subscription in self._subscriptions:
            subscription.offer(event)

    def subscribe(self, wanted: EventFilter = EVERYTHING, *, from_seq: int = 1) -> Subscription:
        """The events from a number on that the filter admits, those before now first; until the stream is closed."""
        made = Subscription(self, wanted, from_seq - 1)
        self._subscriptions[made] = None
        return made

    def history(self, wanted: EventFilter = EVERYTHING) -> list[ExecutionEvent]:
        """What was emitted until now, as far as it is kept."""
        return [event for event in self.past(1) if wanted.admits(event)]

    def past(self, from_seq: int) -> Iterator[ExecutionEvent]:
        if self._past is not None:
            return self._past(from_seq)
        return (event for event in list(self._recent) if event.seq >= from_seq)

    def gap(self, from_seq: int) -> Gap | None:
        """What is gone behind a number."""
        return Gap(from_seq, self._lost + 1) if from_seq <= self._lost else None

    def close(self) -> None:
        """Nothing more is emitted: subscriptions end when they have given everything."""
        self.closed = True
        for subscription in self._subscriptions:
            subscription.wake()

    def leave(self, subscription: Subscription) -> None:
        self._subscriptions.pop(subscription, None)


class Subscription:
    """An async iterator over events, made by `EventStream.subscribe`. `close` it where it is not read to its end."""

    def __init__(self, stream: EventStream, wanted: EventFilter, seen: int) -> None:
        self._stream = stream
        self._wanted = wanted
        self._seen = seen
        self._behind = True
        self._queue: deque[ExecutionEvent] = deque()
        self._page: deque[ExecutionEvent | Gap] = deque()
        self._awake = asyncio.Event()

    def offer(self, event: ExecutionEvent) -> None:
        """What was read from the log ahead of its being emitted is not given again."""
        if not self._behind and event.seq > self._seen and self._wanted.admits(event):
            if len(self._queue) >= self._stream.capacity:
                self._queue.clear()
                self._behind = True
            else:
                self._queue.append(event)
        self._awake.set()

    def wake(self) -> None:
        self._awake.set()

    def close(self) -> None:
        self._stream.leave(self)

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> ExecutionEvent | Gap:
        while True:
            found = self._next()
            if found is not None:
                return found
            if self._stream.closed and not self._behind:
                self.close()
                raise StopAsyncIteration
            await self._wait()

    def _next(self) -> ExecutionEvent | Gap | None:
        if self._page:
            return self._page.popleft()
        if self._queue:
            event = self._queue.popleft()
            self._seen = event.seq
            return event
        if self._behind:
            self._catch_up()
            return self._page.popleft() if self._page else None
        return None

    def _catch_up(self) -> None:
        """Read a page of what was emitted; where that was all, go live. Nothing is emitted meanwhile."""
        gap = self._stream.gap(self._seen + 1)
        if gap:
            self._page.append(gap)
            self._seen = gap.to_seq - 1
        read = 0
        for event in self._stream.past(self._seen + 1):
            if read == PAGE:
                return
            read, self._seen = read + 1, event.seq
            if self._wanted.admits(event):
                self._page.append(event)
        self._behind = False

    async def _wait(self) -> None:
        """Until something may be there. One that is behind only lets others have their turn."""
        if self._behind:
            await asyncio.sleep(0)
            return
        self._awake.clear()
        await self._awake.wait()
