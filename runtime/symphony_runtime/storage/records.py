"""Results that other steps may take, by what they are asked for: a fingerprint, or a key.

The cache of a store is a convenience: what cannot be read is as if it were not there, and nothing fails by it. Its keys are
more: whoever cannot be sure that an effect is nobody else's must not have it, so they are on the disk before it begins, and
an error is one. Who computes something at the moment is a *holder*; whether it still does, the lock of its run says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from symphony_dsl.base.frozen import frozen

if TYPE_CHECKING:
    pass


@frozen
class Holder:
    """The step that is being computed: of which run, and its address there."""

    run: str
    address: str


@frozen
class Record:
    """A result: of which step (its workflow and path), from which run, when; `parts` are those of its fingerprint, `data` is what
    the log says of its completion."""

    step: str
    run: str
    address: str
    at: int
    parts: dict[str, str]
    data: dict[str, Any]


class Records(Protocol):
    """Raises UserError where the keys of a store cannot be used."""

    def find(self, name: str) -> Record | None: ...

    def holder(self, name: str) -> Holder | None: ...

    def hold(self, name: str, holder: Holder, instead_of: Holder | None) -> bool:
        """Whether it is held now: only where nobody else came between."""

    def keep(self, name: str, record: Record) -> None:
        """What was computed; its holder is done."""

    def free(self, name: str, holder: Holder) -> None: ...

    def held_by(self, run: str) -> dict[str, str]:
        """Addresses by name."""

    def of_step(self, step: str, limit: int) -> list[Record]:
        """The newest results of a step."""

    def texts(self) -> Iterator[str]:
        """All data as it is kept, for whoever looks for contents that are needed."""

    def clear(self) -> int: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class MemoryRecords:
    results: dict[str, Record] = field(default_factory=dict)
    holders: dict[str, Holder] = field(default_factory=dict)

    def find(self, name: str) -> Record | None:
        return self.results.get(name)

    def holder(self, name: str) -> Holder | None:
        return self.holders.get(name)

    def hold(self, name: str, holder: Holder, instead_of: Holder | None) -> bool:
        if self.holders.get(name) != instead_of:
            return False
        self.holders[name] = holder
        return True

    def keep(self, name: str, record: Record) -> None:
        self.results[name] = record
        self.holders.pop(name, None)

    def free(self, name: str, holder: Holder) -> None:
        if self.holders.get(name) == holder:
            del self.holders[name]

    def held_by(self, run: str) -> dict[str, str]:
        return {name: holder.address for name, holder in self.holders.items() if holder.run == run}

    def of_step(self, step: str, limit: int) -> list[Record]:
        found = [record for record in self.results.values() if record.step == step]
        return sorted(found, key=lambda record: -record.at)[:limit]

    def texts(self) -> Iterator[str]:
        return iter(())  # what is kept here needs no contents

    def clear(self) -> int:
        count = len(self.results)
        self.results.clear()
        return count

    def close(self) -> None:
        """Nothing is open."""
