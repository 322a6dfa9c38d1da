"""Which events somebody wants to see."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from symphony_dsl.base.frozen import frozen
from symphony_runtime.plans.places import is_below

if TYPE_CHECKING:
    from symphony_runtime.watching.events import ExecutionEvent


class LogLevel(IntEnum):
    """How much a line matters; the higher the more."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40

    @classmethod
    def named(cls, name: str) -> LogLevel:
        return cls[name.upper()]


@frozen
class EventFilter:
    """What is None is not asked about. `node_ids` are addresses: the step and all below it; events of the run as a whole have
    none. `min_level` is of log lines: other events are not left out by it."""

    event_types: frozenset[str] | None = None
    node_ids: tuple[str, ...] | None = None
    min_level: LogLevel | None = None

    def admits(self, event: ExecutionEvent) -> bool:
        return self._of_type(event) and self._of_node(event) and self._matters(event)

    def _of_type(self, event: ExecutionEvent) -> bool:
        return self.event_types is None or event.type in self.event_types

    def _of_node(self, event: ExecutionEvent) -> bool:
        return self.node_ids is None or any(is_below(event.node, each) for each in self.node_ids)

    def _matters(self, event: ExecutionEvent) -> bool:
        return self.min_level is None or event.type != "log" or LogLevel.named(event.fields["level"]) >= self.min_level


EVERYTHING = EventFilter()
