"""An entry of the audit, what may be asked for, and the hash that ties an entry to the one before."""

from __future__ import annotations

import json
from dataclasses import field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NewType

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.frozen import frozen
from symphony_runtime.plans.places import is_below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from symphony_dsl.base.values import Json

AuditEntryId = NewType("AuditEntryId", str)

FIRST = ""
"""What stands before the first entry of a run, as far as hashes go."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class AuditError(UserError):
    """The audit cannot be read or written, or is not as it was written."""


@frozen
class AuditEntry:
    """One thing that happened. `seq` orders the entries of a run; `timestamp` is aware, to the microsecond.

    `actor` is who wanted it, None where nobody is told; `node` the address of the step. `hash` is hexadecimal, and empty until
    the entry is kept: it is of the entry before it in its run, and of all else here.
    """

    execution_id: str
    seq: int
    timestamp: datetime
    event_type: str
    details: Json = field(default_factory=dict)
    actor: str | None = None
    node: str | None = None
    attempt: int | None = None
    hash: str = ""

    @property
    def id(self) -> AuditEntryId:
        return AuditEntryId(f"{self.execution_id}:{self.seq}")

    def to_json(self) -> dict[str, Json]:
        return {
            "id": self.id,
            "execution_id": self.execution_id,
            "seq": self.seq,
            "timestamp": f"{self.timestamp.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
            "event_type": self.event_type,
            "actor": self.actor,
            "node": self.node,
            "attempt": self.attempt,
            "details": self.details,
            "hash": self.hash,
        }

    @classmethod
    def from_json(cls, data: dict[str, Json]) -> AuditEntry:
        """Raises KeyError, TypeError or ValueError for what is no entry."""
        return cls(
            str(data["execution_id"]),
            _number(data["seq"]),
            datetime.fromisoformat(str(data["timestamp"])),
            str(data["event_type"]),
            data["details"],
            _text(data["actor"]),
            _text(data["node"]),
            None if data["attempt"] is None else _number(data["attempt"]),
            str(data["hash"]),
        )


def _text(value: Json) -> str | None:
    return None if value is None else str(value)


def _number(value: Json) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no number")
    return value


def sealed(entry: AuditEntry, previous: str) -> AuditEntry:
    """The entry with its hash, behind the one whose hash is `previous`."""
    return replace(entry, hash=hash_of(entry, previous))


def chained(entries: Iterable[AuditEntry], head: Callable[[str], AuditEntry | None]) -> list[AuditEntry]:
    """Of entries those that are new, each sealed behind the last of its run. `head` gives the last of a run that is kept."""
    last: dict[str, AuditEntry | None] = {}
    new: list[AuditEntry] = []
    for entry in entries:
        run = entry.execution_id
        before = last[run] if run in last else head(run)
        if before is None or entry.seq > before.seq:
            before = sealed(entry, before.hash if before else FIRST)
            new.append(before)
        last[run] = before
    return new


def hash_of(entry: AuditEntry, previous: str) -> str:
    """SHA-256 of the hash before, and of the entry as JSON with sorted keys, in ASCII, without its own hash."""
    told = entry.to_json()
    del told["hash"]
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return sha256(f"{previous}\n{text}".encode("ascii")).hexdigest()


@frozen
class AuditQuery:
    """What is asked for; what is None is not asked about. `node` means the step and all below it.

    From `start_time` on, and before `end_time`. At most `limit` entries behind the first `offset`, in the order of time; of one moment by
    run and number.
    """

    execution_id: str | None = None
    event_types: tuple[str, ...] | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    node: str | None = None
    actor: str | None = None
    limit: int = 100
    offset: int = 0


ALL = AuditQuery(limit=2**62)


def answers(entry: AuditEntry, query: AuditQuery) -> bool:
    """Whether an entry is among what is asked for."""
    return (
        (query.execution_id is None or entry.execution_id == query.execution_id)
        and (query.event_types is None or entry.event_type in query.event_types)
        and (query.start_time is None or entry.timestamp >= query.start_time)
        and (query.end_time is None or entry.timestamp < query.end_time)
        and (query.node is None or is_below(entry.node, query.node))
        and (query.actor is None or entry.actor == query.actor)
    )


def order(entry: AuditEntry) -> tuple[datetime, str, int]:
    return entry.timestamp, entry.execution_id, entry.seq
