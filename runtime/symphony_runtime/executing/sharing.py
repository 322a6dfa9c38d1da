"""The places that a run has in common with the other runs of its store, and asks for when an attempt could begin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symphony_runtime.entries import ATTEMPT_FAILED, NODE_COMPLETED, NODE_FAILED, NODE_LOST
from symphony_runtime.rules.agenda import can_start
from symphony_runtime.rules.effective import settings_of
from symphony_runtime.rules.scopes import enqueue

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.state import RunState
    from symphony_runtime.storage.contract import SharedSlots

ENDS = frozenset({NODE_COMPLETED, NODE_FAILED, NODE_LOST, ATTEMPT_FAILED})


@dataclass(slots=True)
class Sharing:
    """`taken` says by address which attempt has a place, or may begin by it: the one before may end only now."""

    state: RunState
    slots: SharedSlots
    clock: Callable[[], int]
    taken: dict[str, int] = field(default_factory=dict)

    def ask(self) -> bool:
        """Ask for those that want a place; whether one may begin."""
        waiting = self.state.slots
        if self.state.hold:
            waiting.returned += waiting.granted
            waiting.granted.clear()
        for address in waiting.returned:
            self._give(address, unused=True)
        waiting.returned.clear()
        if not waiting.wanted or self.state.hold:
            return False
        return self._ask_for_all()

    def _ask_for_all(self) -> bool:
        """In the order in which they wait, and where a bucket is full not again for the next one."""
        state, waiting = self.state, self.state.slots
        full: set[str | None] = {None}
        before, at = len(waiting.granted), max(self.clock(), state.at)
        for address, instance in list(waiting.wanted.items()):
            if len(state.open) + len(waiting.granted) >= state.width:
                break
            if not can_start(instance, at):
                del waiting.wanted[address]
                continue
            settings = settings_of(state, instance)
            limits = [each.bucket for each in (settings.concurrency, settings.rate_limit) if each]
            if not full.isdisjoint(filter(None, limits)):
                continue
            if self.slots.take(address, settings, at):
                del waiting.wanted[address]
                waiting.granted[address] = None
                self.taken[address] = instance.attempt + 1
                enqueue(state, instance)
            else:
                full.update(limits)
        return len(waiting.granted) > before

    def ended(self, batch: list[Entry]) -> None:
        """Attempts have ended for good: others may have their places."""
        if not self.taken:
            return
        for entry in batch:
            address = entry.address or ""
            if entry.attempt is not None and entry.type in ENDS and self.taken.get(address) == entry.attempt:
                self._give(address)

    def _give(self, address: str, *, unused: bool = False) -> None:
        if self.taken.pop(address, None) is not None:
            self.slots.give(address, unused=unused)

    def close(self) -> None:
        self.slots.close()
