"""Who computes what: results are held while they are computed, kept when they are there, and free again when they are not.

A holder whose run nobody drives holds nothing any more, unless its effect is one that happens once and nobody knows whether it
did. What such a run has finished is taken from its log.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_model.nodes import Effect
from symphony_runtime.entries import NODE_COMPLETED
from symphony_runtime.executing.redaction import holds_secret
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.inputs import Elsewhere, Taken
from symphony_runtime.rules.state import SETTLED, Instance, RunState
from symphony_runtime.sharing.left import Left, left_of
from symphony_runtime.sharing.wishes import Wish, Wishes, step_name
from symphony_runtime.storage.records import Holder, Record

if TYPE_CHECKING:
    from symphony_dsl.base.values import Value
    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.inputs import Found
    from symphony_runtime.storage.store import Store

TRIES = 3
"""How often a step looks again because somebody else came between."""


@dataclass(slots=True)
class Holding:
    """What the steps of a run hold, by address: what they compute, and what it is good for."""

    store: Store
    state: RunState
    held: dict[str, Wishes] = field(default_factory=dict)
    stale: dict[str, dict[str, Value]] = field(default_factory=dict)  # results that were too old for those who begin

    def hold_on(self, wish: Wish, address: str) -> None:
        """What this run held when its last driver went away: it may have been done by then."""
        instance = self.state.instances.get(address)
        if instance is not None and instance.phase not in SETTLED:
            self.held[address] = Wishes(instance.parts or {}, (wish,))
            return
        run = self.store.run(self.state.execution_id)
        left = left_of(run.log, self.store.blobs, address)
        if instance is None or not self._keep(wish, instance, address, left):
            wish.records.free(wish.name, Holder(self.state.execution_id, address))

    def found(self, instance: Instance, wishes: Wishes, at: int) -> Found | None:
        for wish in wishes.wishes:
            holder = wish.records.holder(wish.name) if wish is wishes.wishes[0] else None
            is_held = holder and self.is_at_it(instance, wish, holder)
            record = self._fresh(instance, wish, at)
            if record:
                source = {"kind": wish.kind, "run": record.run, "address": record.address, "at": record.at}
                return Taken(record.data, source, wishes.parts)
            if holder and is_held:
                return Elsewhere(wish.kind, holder.run, holder.address)
        return None

    def _fresh(self, instance: Instance, wish: Wish, at: int) -> Record | None:
        record = wish.records.find(wish.name)
        if record and wish.age is not None and at - record.at > wish.age:
            self.stale[instance.address] = {"run": record.run, "at": record.at}
            return None
        return record

    def hold(self, instance: Instance, wishes: Wishes, at: int) -> Found | None:
        """Have it for oneself, unless it is there by now, or somebody else's."""
        wish, me = wishes.wishes[0], Holder(self.state.execution_id, instance.address)
        if self.held.pop(instance.address, None) and wish.records.holder(wish.name) == me:
            self.held[instance.address] = wishes
            return None
        for _ in range(TRIES):
            found = self.found(instance, wishes, at)
            if found:
                return found
            before = wish.records.holder(wish.name)
            if before == me or wish.records.hold(wish.name, me, before):
                self.held[instance.address] = wishes
                return None
        other = wish.records.holder(wish.name) or me
        return Elsewhere(wish.kind, other.run, other.address)

    def is_at_it(self, instance: Instance, wish: Wish, holder: Holder) -> bool:
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

    def written(self, batch: list[Entry]) -> set[str]:
        """The names that are free again, or whose results are there now."""
        if not self.held:
            return set()
        over: list[str] = []
        is_whole = bool(batch) and batch[-1].seq == self.state.seq  # the state is not ahead of the log
        for entry in batch:
            if entry.type == NODE_COMPLETED and "from" not in entry.data and entry.address in self.held:
                over += self._done(entry)
        for address in [*self.held] if is_whole else [each.address for each in batch if each.address in self.held]:
            if address in self.held and self.state.instances[address].phase in SETTLED:
                over += self._freed(self.held.pop(address), address)
        return {*over}

    def _done(self, entry: Entry) -> list[str]:
        address = entry.address or ""
        wishes, instance = self.held.pop(address), self.state.instances[address]
        left = Left(entry.data, entry.at, wishes.parts)
        kept = [wish.name for wish in wishes.wishes if self._keep(wish, instance, address, left)]
        return kept or self._freed(wishes, address)

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
