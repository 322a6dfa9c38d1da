"""What a driver asks about results that are there already; and how it is where nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from symphony_runtime.rules.inputs import Next
from symphony_runtime.rules.scopes import enqueue, take_turn
from symphony_runtime.rules.state import Phase, Question, RunState

if TYPE_CHECKING:
    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.state import Instance, Scope, Tries


class Library(Protocol):
    """What a driver asks."""

    def begin(self) -> None:
        """The driver has the run."""

    def next(self, work: Instance | Scope | Tries | Question, at: int) -> Next | None:
        """What there is to decide on about the work; None where it waits on."""

    def written(self, batch: list[Entry]) -> bool:
        """Entries are in the log for good. Whether a step has something to look at now."""

    def wake(self) -> bool:
        """Whether a step that waits for one elsewhere has something to look at now."""

    @property
    def waits(self) -> bool:
        """Whether a step waits for one elsewhere."""


@dataclass(slots=True)
class Nothing:
    """There is nothing to be found: each step runs."""

    state: RunState

    def begin(self) -> None:
        self.state.agenda.extend(Question(each) for each in self.state.waiting.values() if each.awaits)

    def next(self, work: Instance | Scope | Tries | Question, at: int) -> Next | None:
        if isinstance(work, Question):
            compute(self.state, work.instance)
            return None
        return Next(work)

    def written(self, batch: list[Entry]) -> bool:
        return False

    def wake(self) -> bool:
        return False

    @property
    def waits(self) -> bool:
        return False


def compute(state: RunState, instance: Instance) -> None:
    """Nothing is there: it runs as soon as there is a place for it."""
    take = enqueue if instance.phase is Phase.WAITING else take_turn
    take(state, instance)
