"""Slots: how many attempts run at once, and how many begin within a time, among those that share a bucket.

A bucket is what a policy names, else the one step. Only attempts in flight hold a slot. What finds none is put aside until one of
its bucket ends, or until the time has passed; so a thousand items that wait cost nothing while they do.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symphony_model.settings import Settings
    from symphony_runtime.rules.state import Instance


@dataclass(slots=True)
class Slots:
    """`running` counts by bucket, `begun` are moments. `aside` are instances that wait for another of their bucket to end,
    `delayed` those that wait for time to pass."""

    running: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    begun: dict[str, deque[int]] = field(default_factory=lambda: defaultdict(deque))
    aside: dict[str, deque[Instance]] = field(default_factory=lambda: defaultdict(deque))
    delayed: set[str] = field(default_factory=set)

    def is_full(self, instance: Instance, settings: Settings) -> str | None:
        """The bucket in which there is no room for one more attempt."""
        limit = settings.concurrency
        if limit is None:
            return None
        bucket = limit.bucket or instance.plan.path
        return bucket if self.running[bucket] >= limit.count else None

    def due(self, instance: Instance, settings: Settings, at: int) -> int | None:
        """When an attempt may begin that would be one too many now."""
        limit = settings.rate_limit
        if limit is None:
            return None
        begun = self.begun[limit.bucket or instance.plan.path]
        while begun and begun[0] + limit.per <= at:
            begun.popleft()
        return None if len(begun) < limit.count else begun[len(begun) - limit.count] + limit.per

    def take(self, instance: Instance, settings: Settings, at: int) -> None:
        if settings.concurrency:
            self.running[settings.concurrency.bucket or instance.plan.path] += 1
        if settings.rate_limit:
            self.begun[settings.rate_limit.bucket or instance.plan.path].append(at)

    def give(self, instance: Instance, settings: Settings) -> Instance | None:
        """A slot is free again; who has waited longest for it."""
        if settings.concurrency is None:
            return None
        bucket = settings.concurrency.bucket or instance.plan.path
        self.running[bucket] -= 1
        waiting = self.aside[bucket]
        return waiting.popleft() if waiting else None
