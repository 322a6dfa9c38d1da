"""What an attempt says about itself, kept within bounds: a loop that prints must not fill the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from symphony_runtime.rules.inputs import Dropped, Reported
from symphony_runtime.task import LogLine, ProgressNote

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_runtime.rules.inputs import Input
    from symphony_runtime.task import Notice

SECOND = 1_000_000_000
LINES = 100
"""Log lines of an attempt that are kept in a second."""


@dataclass(slots=True)
class Reporter:
    """Passes on, of one attempt, the first lines of each second and one note of progress a second."""

    address: str
    attempt: int
    send: Callable[[Input], None]
    clock: Callable[[], int]
    window: int = 0
    lines: int = 0
    dropped: int = 0
    noted: int = 0

    def __call__(self, said: Notice) -> None:
        at = self.clock()
        if isinstance(said, LogLine):
            self._line(at, said)
        elif isinstance(said, ProgressNote) and at - self.noted >= SECOND:
            self.noted = at
            self.send(Reported(self.address, self.attempt, said))

    def close(self) -> None:
        """Say how many lines were left out, if any were."""
        if self.dropped:
            self.send(Dropped(self.address, self.attempt, self.dropped))
            self.dropped = 0

    def _line(self, at: int, line: LogLine) -> None:
        if at - self.window >= SECOND:
            self.close()
            self.window, self.lines = at, 0
        self.lines += 1
        if self.lines > LINES:
            self.dropped += 1
        else:
            self.send(Reported(self.address, self.attempt, line))
