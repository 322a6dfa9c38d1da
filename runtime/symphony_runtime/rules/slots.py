"""Slots: how many attempts run at once, and how many begin within a time, among those that share a bucket.

A bucket is what a policy names, else the one step; the attempts inside of a call share one too, where the workflow that is called
says how many run at once. Calls of workflows have buckets of their own, and one inside of another that has a place in a policy's
needs none: so nothing waits for what waits for it. Only what is in flight holds a slot. What finds none is put aside until one of
its bucket ends, or until the time has passed; so a thousand items that wait cost nothing while they do.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symphony_runtime.plans.plan import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from symphony_model.settings import Settings
    from symphony_runtime.rules.state import Instance


@dataclass(slots=True)
class Slots:
    """`running` counts by bucket, `begun` are moments. `aside` are instances that wait for another of their bucket to end,
    `delayed` says by address how long others wait for time to pass. `called` are those that were let in again, by the bucket
    that has room for them; `offered` is who may take its slots now.

    Where the run `shares` the buckets of policies with others, `wanted` wait for what the driver has to ask for, `granted` have
    it and may begin, `returned` have it and did not."""

    running: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    begun: dict[str, deque[int]] = field(default_factory=lambda: defaultdict(deque))
    aside: dict[str, deque[Instance]] = field(default_factory=lambda: defaultdict(deque))
    delayed: dict[str, int] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    offered: Instance | None = None
    shares: bool = False
    wanted: dict[str, Instance] = field(default_factory=dict)
    granted: dict[str, None] = field(default_factory=dict)
    returned: list[str] = field(default_factory=list)

    def has_to_ask(self, instance: Instance, settings: Settings) -> bool:
        """Whether other runs have to agree."""
        if not self.shares or instance.plan.role is Role.CALL:
            return False
        return any(each and each.bucket for each in (settings.concurrency, settings.rate_limit))

    def is_full(self, instance: Instance, settings: Settings) -> str | None:
        """The bucket in which there is no room for one more."""
        return next((name for name, most in buckets(instance, settings) if self.running[name] >= most), None)

    def due(self, instance: Instance, settings: Settings, at: int) -> int | None:
        """When an attempt may begin that would be one too many now."""
        limit = settings.rate_limit
        if limit is None:
            return None
        begun = self.begun[_bucket(instance, limit.bucket)]
        while begun and begun[0] + limit.per <= at:
            begun.popleft()
        return None if len(begun) < limit.count else begun[len(begun) - limit.count] + limit.per

    def take(self, instance: Instance, settings: Settings, at: int) -> None:
        self.called.pop(instance.address, None)
        self.granted.pop(instance.address, None)
        for name, _ in buckets(instance, settings):
            self.running[name] += 1
        if settings.rate_limit:
            self.begun[_bucket(instance, settings.rate_limit.bucket)].append(at)

    def give(self, instance: Instance, settings: Settings) -> list[str]:
        """The buckets in which a slot is free again."""
        free = [name for name, _ in buckets(instance, settings)]
        for name in free:
            self.running[name] -= 1
        return free

    def next_of(self, bucket: str) -> Instance | None:
        """Who has waited longest for a place in it."""
        waiting = self.aside.get(bucket)
        if not waiting:
            return None
        instance = waiting.popleft()
        self.called[instance.address] = bucket
        return instance


def buckets(instance: Instance, settings: Settings) -> Iterator[tuple[str, int]]:
    """Those in which it needs a slot, with how many there are."""
    limit = settings.concurrency
    if limit is not None and not (limit.bucket and _is_let_in(instance)):
        yield _bucket(instance, limit.bucket), limit.count
    call = instance.scope.narrow if instance.plan.role is Role.TASK else None
    while call is not None:
        yield f"inside {call.address}", call.width
        call = call.scope.narrow


def _is_let_in(instance: Instance) -> bool:
    """Whether it is a call inside of one that has a place in the bucket of a policy."""
    owner = instance.scope.owner if instance.plan.role is Role.CALL else None
    while owner is not None:
        limit = owner.settings.concurrency if owner.settings else None
        if limit and limit.bucket:
            return True
        owner = owner.scope.owner
    return False


def _bucket(instance: Instance, name: str | None) -> str:
    """Of calls of workflows, those that wait for a place among each other."""
    plan = instance.plan
    own = name or f"{plan.region.workflow.content_hash}:{plan.path}"
    return f"calls {own}" if plan.role is Role.CALL else own
