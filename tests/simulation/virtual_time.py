"""An event loop in which time passes only when nobody has anything to do, and then at once."""

from __future__ import annotations

import asyncio
import math
from typing import Any

HOUR = 3600.0
SECOND = 1_000_000_000


MOST_TURNS = 100_000
"""So often the loop may turn without time going by."""


class StuckError(Exception):
    """Nothing happens any more, and somebody waits."""


class VirtualLoop(asyncio.BaseEventLoop):
    """What is ready runs in the order in which it became so; timers by their time, then in the order in which they were set."""

    _scheduled: list[asyncio.TimerHandle]

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self._selector: Any = self
        self._clock_resolution = 0.0
        self._turns = 0  # since time has passed

    def time(self) -> float:
        return self.now

    def select(self, timeout: float | None) -> list[Any]:
        """Where a real loop would wait for sockets: time goes on to just behind the next timer, which fires then."""
        if timeout is None:
            raise StuckError("nothing will ever happen any more")
        self._turns = 0 if timeout > 0 else self._turns + 1
        if self._turns > MOST_TURNS:
            self._turns = 0
            raise StuckError("somebody is busy, and no time passes")
        if self._scheduled and (timeout > 0 or self._scheduled[0].when() <= self.now):
            self.now = math.nextafter(max(self.now, self._scheduled[0].when()), math.inf)
        return []

    def _process_events(self, events: list[Any]) -> None:
        """There are none: nothing here has a socket."""

    def _write_to_self(self) -> None:
        """Nobody has to be woken up."""


class Clock:
    """What a wall clock shows; it can be set, as real ones are."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self.offset = 1_700_000_000 * SECOND

    def __call__(self) -> int:
        return self.offset + round(self._loop.now * SECOND)

    def jump(self, seconds: float) -> None:
        self.offset += round(seconds * SECOND)
