"""The invariants, asserted at every commit: on what is written, on the state before each entry, and on the state after all of them.

The watch folds what it sees into a state of its own, as the next engine would read it, and compares.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.runtime.engine_laws import ENDS, LABELS, check_state, picture, stored

from symphony_model.nodes import Effect
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.evolve import evolve
from symphony_runtime.rules.slots import buckets
from symphony_runtime.rules.state import SETTLED, Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.state import Instance, RunState, Scope


@dataclass
class Watch:
    """`shadow` is what the log gives. Remembers of each step what only the whole log tells."""

    shadow: RunState
    last: dict[str, int] = field(default_factory=dict)  # number of the last attempt
    done: set[str] = field(default_factory=set)
    again: set[str] = field(default_factory=set)  # may begin again though it takes effect once
    due: dict[str, int] = field(default_factory=dict)
    judged: set[str] = field(default_factory=set)

    def saw(self, batch: list[Entry], live: RunState) -> None:
        for entry in batch:
            try:
                self.read(entry)
            except AssertionError as wrong:
                wrong.add_note(told(batch))
                raise
        same(self.shadow, live)
        check_state(live)
        check_slots(live)

    def read(self, entry: Entry) -> None:
        kept = stored(entry)
        assert kept.seq > self.shadow.seq, "numbers grow"
        assert kept.at >= self.shadow.at, "time does not go back"
        assert kept.epoch >= self.shadow.epoch, "epochs grow"
        assert not self.shadow.final or kept.type in LATE, f"{kept.type} after the end"
        LAWS.get(kept.type, _nothing)(self, kept)
        if kept.attempt is not None and kept.type in ENDS:
            self._ends(kept)
        evolve(self.shadow, kept)

    def _ends(self, entry: Entry) -> None:
        instance = self.instance(entry)
        assert entry.address in self.shadow.open, f"{entry.address} ends, and has not begun"
        assert entry.attempt == instance.attempt, "another attempt than the one in flight ends"

    def instance(self, entry: Entry) -> Instance:
        return self.shadow.instances[entry.address or ""]


def told(batch: list[Entry]) -> str:
    return "\n".join(f"{each.seq} {each.type} {each.address or ''} {each.attempt or ''} {each.data}" for each in batch)


LATE = frozenset({
    "engine.released", "command.rejected", "command.applied", "attempt.late_result", "node.log", "node.progress",
    "log.dropped",
})  # fmt: skip
"""What may stand behind a run's end."""


def _nothing(watch: Watch, entry: Entry) -> None:
    pass


def _label(watch: Watch, entry: Entry) -> None:
    assert entry.data["from"] == watch.shadow.label, "a label changes from what it is"
    assert entry.data["to"] in LABELS[watch.shadow.label], f"{entry.data['from']} does not become {entry.data['to']}"
    if entry.data["to"] in ("completed", "failed") or (entry.data["to"] == "cancelled" and not watch.shadow.forced):
        assert not watch.shadow.open, "a run ends with an attempt in flight"


def _starts(watch: Watch, entry: Entry) -> None:
    """No attempt begins under a hold, or in what is ending; a finished step never runs again."""
    instance, address = watch.instance(entry), entry.address or ""
    _opens(watch, entry)
    assert address not in watch.shadow.open, f"{address} has two attempts at the same time"
    assert instance.phase not in SETTLED, f"{address} begins again"
    assert entry.attempt == watch.last.get(address, 0) + 1, "attempts are numbered by one"
    assert entry.at >= watch.due.get(address, 0), f"{address} is tried again too early"
    if instance.plan.effect is Effect.ONCE and entry.attempt > 1:
        assert address in watch.again, f"{address} takes effect twice"
    assert len(watch.shadow.open) < watch.shadow.width, "more attempts than there is room for"
    watch.again.discard(address)
    watch.last[address] = entry.attempt or 0


def _opens(watch: Watch, entry: Entry) -> None:
    assert watch.shadow.hold is None, f"{entry.type} {entry.address} under a hold"
    instance = watch.instance(entry)
    if instance.plan.role is Role.FINALLY:
        return
    for scope in up_to_finally(instance.scope):
        assert not scope.draining, f"{entry.type} {entry.address} in what is ending"


def up_to_finally(scope: Scope | None) -> Iterator[Scope]:
    while scope:
        yield scope
        if scope.owner and scope.owner.plan.role is Role.FINALLY:
            return
        scope = scope.owner.scope if scope.owner else None


def _tried_again(watch: Watch, entry: Entry) -> None:
    if entry.data["then"] != "held":
        watch.again.add(entry.address or "")
    watch.due[entry.address or ""] = entry.data.get("due", 0)


def _queued(watch: Watch, entry: Entry) -> None:
    watch.again.add(entry.address or "")
    watch.due.pop(entry.address or "", None)


def _waits(watch: Watch, entry: Entry) -> None:
    _opens(watch, entry)
    watch.due[entry.address or ""] = entry.data.get("due", 0)


def _completes(watch: Watch, entry: Entry) -> None:
    instance = watch.instance(entry)
    assert instance.phase not in SETTLED, f"{entry.address} completes twice"
    if instance.plan.role is Role.WAIT:
        assert entry.at >= watch.due.get(entry.address or "", 0), "a wait ends too early"
    _closes(watch, entry)


def _closes(watch: Watch, entry: Entry) -> None:
    """What a block holds has settled when it ends."""
    owner = watch.instance(entry)
    scopes = [owner.inner, *(owner.iteration.scopes if owner.iteration else ())]
    for scope in scopes:
        assert scope is None or over(scope), f"{entry.address} ends before what is in it"


def _item_closes(watch: Watch, entry: Entry) -> None:
    iteration = watch.instance(entry).iteration
    assert iteration is not None
    scope = iteration.scopes[entry.data["item"]]
    assert scope is not None, f"item {entry.data['item']} of {entry.address} ends twice"
    assert over(scope), "an item ends before what is in it"


def over(scope: Scope) -> bool:
    return all(each.phase in SETTLED for each in scope.instances) and not scope.inside


def _judges(watch: Watch, entry: Entry) -> None:
    if entry.type == "command.applied" and "id" in entry.data:
        assert entry.data["id"] not in watch.judged, "a command is done twice"
        watch.judged.add(entry.data["id"])


LAWS: dict[str, Callable[[Watch, Entry], None]] = {
    "run.state": _label,
    "node.started": _starts,
    "node.waiting": _waits,
    "ask.opened": _opens,
    "region.opened": _opens,
    "round.opened": _opens,
    "attempt.failed": _tried_again,
    "node.queued": _queued,
    "node.completed": _completes,
    "region.closed": _closes,
    "iteration.closed": _item_closes,
    "command.applied": _judges,
}


def check_slots(state: RunState) -> None:
    """Slots are held by attempts and calls in flight, and by nothing else."""
    held: Counter[str] = Counter()
    for each in state.instances.values():
        if each.settings and each.phase is Phase.RUNNING and each.plan.takes_slots:
            for bucket, most in buckets(each, each.settings):
                held[bucket] += 1
                assert held[bucket] <= most or each.plan.computes, f"too many hold a slot of {bucket}"
    taken = Counter({bucket: count for bucket, count in state.slots.running.items() if count})
    assert held == taken, f"slots are taken {taken}, and in flight is {held}"


def same(shadow: RunState, live: RunState) -> None:
    """What the log gives is what the engine has."""
    if picture(shadow) == picture(live):
        return
    mine, other = picture(shadow), picture(live)
    for part, those in mine["instances"].items():
        assert those == other["instances"].get(part), (
            f"{part} is {other['instances'].get(part)}, and {those} by the log"
        )
    assert mine == other
