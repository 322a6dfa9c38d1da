"""Where a driver looks for results that are there already: of an earlier run, by a key, in the cache.

Looking is done when a step is ready, before it waits for a place; what it will compute is held when it begins. A step that
another one computes waits for that, and looks again when it is over.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.agenda import STARTABLE
from symphony_runtime.rules.bindings import BindingError
from symphony_runtime.rules.inputs import Alone, Elsewhere, Next, Taken
from symphony_runtime.rules.scopes import ASKING
from symphony_runtime.rules.state import Instance, Phase, Question, RunState, Scope, Tries
from symphony_runtime.sharing.earlier import differing, finished_in, inside_parts
from symphony_runtime.sharing.holding import Holding
from symphony_runtime.sharing.library import compute
from symphony_runtime.sharing.outside import World
from symphony_runtime.sharing.wishes import RUN, Asking, Wish, Wishes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.inputs import Found
    from symphony_runtime.sharing.earlier import Finished
    from symphony_runtime.storage.store import Store


@dataclass(slots=True)
class Shelf:
    """`waiting` is by address; those that wait have the wish that another step is computing."""

    store: Store
    state: RunState
    asking: Asking
    holding: Holding
    finished: dict[str, Finished] = field(default_factory=dict)
    waiting: dict[str, tuple[Instance, Wish]] = field(default_factory=dict)
    looked: dict[str, Wishes] = field(default_factory=dict)  # by those that are ready and wait for a place

    def begin(self) -> None:
        if self.state.earlier is not None:
            self.finished = finished_in(self.store, self.state.earlier)
        for kind, records in (("key", self.asking.keys), ("cache", self.asking.cache)):
            for name, address in records.held_by(self.state.execution_id).items():
                self.holding.hold_on(Wish(kind, records, name), address)
        self.state.agenda.extend(Question(each) for each in self.state.waiting.values() if each.awaits)

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
            found = self._of_earlier(instance, wishes.parts) or self.holding.found(instance, wishes, at)
        except BindingError:
            found, wishes = None, Wishes({})  # which is told when it begins
        if found is not None:
            return self._unless_it_waits(instance, found, wishes)
        self.waiting.pop(instance.address, None)
        self.looked[instance.address] = wishes
        compute(self.state, instance)
        return None

    def _begin(self, instance: Instance, at: int) -> Next | None:
        wishes = self.looked.pop(instance.address, None) or self.holding.held.get(instance.address)
        try:
            wishes = wishes or self.asking.of(instance)
        except BindingError:
            return Next(instance)
        found = self.holding.hold(instance, wishes, at) if wishes.wishes else None
        if found is not None:
            return self._unless_it_waits(instance, found, wishes)
        differs, stale = self._differs(instance, wishes.parts), self.holding.stale.pop(instance.address, None)
        return Next(instance, Alone(wishes.parts, differs, stale)) if wishes.parts or differs else Next(instance)

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

    # ---- waiting ----

    def written(self, batch: list[Entry]) -> bool:
        return self._wake(self.holding.written(batch))

    @property
    def waits(self) -> bool:
        return bool(self.waiting)

    def wake(self) -> bool:
        found = {wish.name: (instance, wish) for instance, wish in self.waiting.values()}
        return self._wake({name for name, (instance, wish) in found.items() if self._is_over(instance, wish)})

    def _is_over(self, instance: Instance, wish: Wish) -> bool:
        holder = wish.records.holder(wish.name)
        return holder is None or not self.holding.is_at_it(instance, wish, holder)

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
        asking = Asking(state, World(state.home, environ, store.medium.salt), cache, keys)
        yield Shelf(store, state, asking, Holding(store, state))
    finally:
        cache.close()
        keys.close()
