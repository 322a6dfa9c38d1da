"""Where a driver looks for results that are there already, and puts those that others may take.

Looking is done when a step is ready, before it waits for a place; what it will compute is held when it begins. Who finds a
result or its holder comes back with that. A holder whose run nobody drives holds nothing any more, unless its effect is one that
happens once and nobody knows whether it did. What such a run has finished is taken from its log.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from symphony_dsl.base.errors import UserError
from symphony_model.nodes import Effect
from symphony_runtime.entries import NODE_COMPLETED
from symphony_runtime.executing.redaction import holds_secret
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.agenda import STARTABLE
from symphony_runtime.rules.bindings import BindingError
from symphony_runtime.rules.inputs import Alone, Elsewhere, Next, Taken
from symphony_runtime.rules.scopes import ASKING, enqueue, take_turn
from symphony_runtime.rules.state import SETTLED, Instance, Phase, Question, RunState, Scope, Tries
from symphony_runtime.sharing.earlier import differing, finished_in, inside_parts
from symphony_runtime.sharing.left import Left, left_of
from symphony_runtime.sharing.outside import World
from symphony_runtime.sharing.wishes import RUN, Asking, Wish, Wishes, step_name
from symphony_runtime.storage.records import Holder, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.inputs import Found
    from symphony_runtime.sharing.earlier import Finished
    from symphony_runtime.storage.store import Store

TRIES = 3
"""How often a step looks again because somebody else came between."""


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
            take = enqueue if work.instance.phase is Phase.WAITING else take_turn
            take(self.state, work.instance)
            return None
        return Next(work)

    def written(self, batch: list[Entry]) -> bool:
        return False

    def wake(self) -> bool:
        return False

    @property
    def waits(self) -> bool:
        return False


@dataclass(slots=True)
class Shelf:
    """`held` and `waiting` are by address; those that wait have the wish that another step is computing."""

    store: Store
    state: RunState
    asking: Asking
    finished: dict[str, Finished] = field(default_factory=dict)
    held: dict[str, Wishes] = field(default_factory=dict)
    waiting: dict[str, tuple[Instance, Wish]] = field(default_factory=dict)
    looked: dict[str, Wishes] = field(default_factory=dict)  # by those that are ready and wait for a place

    def begin(self) -> None:
        if self.state.earlier is not None:
            self.finished = finished_in(self.store, self.state.earlier)
        for kind, records in (("key", self.asking.keys), ("cache", self.asking.cache)):
            for name, address in records.held_by(self.state.execution_id).items():
                self._hold_on(Wish(kind, records, name), address)
        self.state.agenda.extend(Question(each) for each in self.state.waiting.values() if each.awaits)

    def _hold_on(self, wish: Wish, address: str) -> None:
        """What this run held when its last driver went away: it may have been done by then."""
        instance = self.state.instances.get(address)
        if instance is not None and instance.phase not in SETTLED:
            self.held[address] = Wishes(instance.parts or {}, (wish,))
            return
        run = self.store.run(self.state.execution_id)
        left = left_of(run.log, self.store.blobs, address)
        if instance is None or not self._keep(wish, instance, address, left):
            wish.records.free(wish.name, Holder(self.state.execution_id, address))

    # ---- looking ----

    def next(self, work: Instance | Scope | Tries | Question, at: int) -> Next | None:
        if isinstance(work, Question):
            return self._look(work.instance, at)
        if isinstance(work, Scope | Tries) or work.phase not in STARTABLE:
            return Next(work)
        if work.plan.role in ASKING and work.plan.node.base.enabled:
            return self._begin(work, at)
        is_asked = self.finished and work.plan.role in (Role.ASK, Role.WAIT) and work.phase is Phase.QUEUED
        return Next(work, self._of_earlier(work, {})) if is_asked else Next(work)

    def _look(self, instance: Instance, at: int) -> Next | None:
        try:
            wishes = self.asking.of(instance)
            found = self._of_earlier(instance, wishes.parts) or self._found(instance, wishes, at)
        except BindingError:
            found, wishes = None, Wishes({})  # which is told when it begins
        if found is not None:
            return self._unless_it_waits(instance, found, wishes)
        self.waiting.pop(instance.address, None)
        self.looked[instance.address] = wishes
        take = enqueue if instance.phase is Phase.WAITING else take_turn
        take(self.state, instance)
        return None

    def _begin(self, instance: Instance, at: int) -> Next | None:
        wishes = self.looked.pop(instance.address, None) or self.held.get(instance.address)
        try:
            wishes = wishes or self.asking.of(instance)
        except BindingError:
            return Next(instance)
        found = self._hold(instance, wishes, at) if wishes.wishes else None
        if found is not None:
            return self._unless_it_waits(instance, found, wishes)
        differs = self._differs(instance, wishes.parts)
        return Next(instance, Alone(wishes.parts, differs)) if wishes.parts or differs else Next(instance)

    def _unless_it_waits(self, instance: Instance, found: Found, wishes: Wishes) -> Next | None:
        if isinstance(found, Taken):
            self.waiting.pop(instance.address, None)
            return Next(instance, found)
        wish = next(wish for wish in wishes.wishes if isinstance(found, Elsewhere) and wish.kind == found.kind)
        self.waiting[instance.address] = (instance, wish)
        return None if instance.awaits else Next(instance, found)

    def _of_earlier(self, instance: Instance, parts: dict[str, str]) -> Taken | None:
        finished = self.finished.get(instance.address)
        if finished is None or self._differs(instance, parts):
            return None
        source = {"kind": RUN, "run": self.state.earlier, "address": instance.address, "at": finished.at}
        return Taken(finished.data, source, parts)

    def _differs(self, instance: Instance, parts: dict[str, str]) -> tuple[str, ...]:
        finished = self.finished.get(instance.address)
        if finished is None:
            return ()
        inside = inside_parts(self.state, instance)
        return tuple(sorted({*differing(inside, finished.inside), *differing(parts, finished.noted)}))

    def _found(self, instance: Instance, wishes: Wishes, at: int) -> Found | None:
        for wish in wishes.wishes:
            holder = wish.records.holder(wish.name) if wish is wishes.wishes[0] else None
            is_held = holder and self._is_at_it(instance, wish, holder)
            record = self._fresh(wish, at)
            if record:
                source = {"kind": wish.kind, "run": record.run, "address": record.address, "at": record.at}
                return Taken(record.data, source, wishes.parts)
            if holder and is_held:
                return Elsewhere(wish.kind, holder.run, holder.address)
        return None

    def _fresh(self, wish: Wish, at: int) -> Record | None:
        record = wish.records.find(wish.name)
        return record if record and (wish.age is None or at - record.at <= wish.age) else None

    def _hold(self, instance: Instance, wishes: Wishes, at: int) -> Found | None:
        """Have it for oneself, unless it is there by now, or somebody else's."""
        if instance.address in self.held:
            return None
        wish, me = wishes.wishes[0], Holder(self.state.execution_id, instance.address)
        for _ in range(TRIES):
            found = self._found(instance, wishes, at)
            if found:
                return found
            before = wish.records.holder(wish.name)
            if before == me or wish.records.hold(wish.name, me, before):
                self.held[instance.address] = wishes
                return None
        other = wish.records.holder(wish.name) or me
        return Elsewhere(wish.kind, other.run, other.address)

    def _is_at_it(self, instance: Instance, wish: Wish, holder: Holder) -> bool:
        if holder.run == self.state.execution_id:
            return holder.address in self.held and holder.address != instance.address
        run = self.store.medium.find(holder.run)
        lock = run.try_claim() if run else None
        if run is None:
            return False
        if lock is None:
            return True
        try:
            left = left_of(run.log, self.store.blobs, holder.address)
        except UserError:
            left = Left(open=True)
        finally:
            lock.let_go()
        self._keep(wish, instance, holder.address, left, holder.run)
        return left.open and (instance.plan.effect is Effect.ONCE or instance.plan.role is not Role.TASK)

    # ---- putting ----

    def written(self, batch: list[Entry]) -> bool:
        if not self.held:
            return False
        over: list[str] = []
        is_whole = bool(batch) and batch[-1].seq == self.state.seq  # the state is not ahead of the log
        for entry in batch:
            if entry.type == NODE_COMPLETED and "from" not in entry.data and entry.address in self.held:
                over += self._done(entry)
        for address in [*self.held] if is_whole else [each.address for each in batch if each.address in self.held]:
            if address in self.held and self.state.instances[address].phase in SETTLED:
                over += self._freed(self.held.pop(address), address)
        return self._wake({*over})

    def _done(self, entry: Entry) -> list[str]:
        address = entry.address or ""
        wishes, instance = self.held.pop(address), self.state.instances[address]
        left = Left(entry.data, entry.at, wishes.parts)
        return [wish.name for wish in wishes.wishes if self._keep(wish, instance, address, left)] or self._freed(
            wishes, address
        )

    def _freed(self, wishes: Wishes, address: str) -> list[str]:
        wish = wishes.wishes[0]
        wish.records.free(wish.name, Holder(self.state.execution_id, address))
        return [wish.name]

    def _keep(self, wish: Wish, instance: Instance, address: str, left: Left, run: str | None = None) -> bool:
        """Whether there was something to keep. What holds a secret is nobody else's."""
        if left.data is None or holds_secret(left.data["outputs"]):
            return False
        step, run = step_name(instance.plan), run or self.state.execution_id
        wish.records.keep(wish.name, Record(step, run, address, left.at, left.parts or {}, left.data))
        return True

    # ---- waiting ----

    @property
    def waits(self) -> bool:
        return bool(self.waiting)

    def wake(self) -> bool:
        found = {wish.name: (instance, wish) for instance, wish in self.waiting.values()}
        return self._wake({name for name, (instance, wish) in found.items() if self._is_over(instance, wish)})

    def _is_over(self, instance: Instance, wish: Wish) -> bool:
        holder = wish.records.holder(wish.name)
        return holder is None or not self._is_at_it(instance, wish, holder)

    def _wake(self, names: set[str]) -> bool:
        ready = [(address, each) for address, (each, wish) in self.waiting.items() if wish.name in names]
        for address, instance in ready:
            del self.waiting[address]
            self.state.agenda.append(Question(instance))
        return bool(ready)


@contextmanager
def shelf_of(store: Store, state: RunState, environ: Mapping[str, str]) -> Iterator[Shelf]:
    """That of a run, open as long as it is driven."""
    cache, keys = store.medium.cache(), store.medium.keys()
    try:
        yield Shelf(store, state, Asking(state, World(state.home, environ, store.medium.salt), cache, keys))
    finally:
        cache.close()
        keys.close()
