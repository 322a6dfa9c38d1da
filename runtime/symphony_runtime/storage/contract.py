"""What the engine asks of the place where runs are kept; folders on disk and memory keep to it.

`Store` is what others use; it asks a `Medium`. A run has a lock, a journal and an inbox. Whoever has the lock opens the
journal for writing: what is appended then is there all or none, in order, and only behind what the writer knows of, so
that a writer whose run was taken over is refused. Anybody may read, and send commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from symphony_dsl.base.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager

    from symphony_model.settings import Settings
    from symphony_runtime.commands import Command
    from symphony_runtime.entries import Entry
    from symphony_runtime.storage.index import RunSummary
    from symphony_runtime.storage.records import Records

Row: TypeAlias = "tuple[Any, ...]"
"""An entry as it is kept: seq, at, epoch, type, v, class, cause, actor, address, attempt, data as text, hash."""

Done: TypeAlias = "Callable[[Exception | None], None]"

PAGE = 1000
"""Entries that are read at once."""


class LogRefusedError(UserError):
    """Entries could not be written; none of them is in the log."""


class Lock(Protocol):
    """The right to write a run, until it is let go or its process ends."""

    def let_go(self) -> None: ...


class Blobs(Protocol):
    """Contents by their own hash. `get` raises UserError where one is missing or is not what was put."""

    def put(self, content: bytes) -> str: ...

    def get(self, digest: str) -> bytes: ...

    def ages(self, now: float) -> dict[str, float]:
        """Seconds since each content was put, by its hash."""

    def drop(self, digest: str, before: float) -> bool:
        """Forget a content, unless it was put again since a moment; whether it is gone."""


class Inbox(Protocol):
    """Commands on their way: each is given out once to a driver, and stays until it is forgotten."""

    def put(self, command: Command) -> None: ...

    def arrived(self) -> list[Command]: ...

    def forget(self, done: Iterable[str]) -> None: ...


class SharedSlots(Protocol):
    """Slots of policies, which one run has in common with all others of its store. What it holds is free when it is gone."""

    def take(self, address: str, settings: Settings, at: int) -> bool:
        """All that an attempt needs at once, or none; nobody is waited for."""

    def give(self, address: str, *, unused: bool = False) -> None:
        """An attempt has ended, or did not begin."""

    def close(self) -> None: ...


class Log(Protocol):
    """A journal that is being written.

    `append` answers through `done`, in order: with None, or with what went wrong. Nothing follows a refusal.
    `commit` writes at once.
    """

    def append(self, batch: list[Entry], done: Done) -> None: ...

    def commit(self, entries: list[Entry]) -> LogRefusedError | None: ...

    def close(self) -> None: ...


class Journal(Protocol):
    """The rows of a run. Reading raises UserError where they cannot be read; opening LogRefusedError."""

    def rows(self, after: int = 0, limit: int = PAGE) -> Sequence[Row]:
        """At most `limit` rows behind number `after`."""

    def labels(self) -> Sequence[Row]:
        """The rows that say how the run stands: of its making, and of each change of its label."""

    def check(self) -> None:
        """Raises UserError where what keeps the rows is spoilt, so that some may be missing. Hashes are not looked at."""

    def open(self, blobs: Blobs, durability: str) -> Log: ...


class Run(Protocol):
    """One run in a store."""

    @property
    def execution_id(self) -> str: ...

    @property
    def log(self) -> Journal: ...

    @property
    def inbox(self) -> Inbox: ...

    @property
    def slots(self) -> SharedSlots: ...

    def try_claim(self) -> Lock | None:
        """None while somebody else has it."""

    def leash(self) -> str | None:
        """What was noted, and not taken back, by whoever drove the run last."""

    def note_leash(self, leash: str | None) -> None:
        """Keep the name of what the driver's processes hold, as long as it drives. Raises UserError."""

    def claim(self) -> Lock:
        """Raises UserError while somebody else has it."""

    def remove(self) -> None:
        """Called by whoever has the lock. Raises UserError."""


class Medium(Protocol):
    """All that differs between a store on disk and one in memory."""

    @property
    def blobs(self) -> Blobs: ...

    def names(self) -> list[str]:
        """Ids of all runs, oldest first. Raises UserError."""

    def find(self, execution_id: str) -> Run | None: ...

    def making(self, execution_id: str) -> AbstractContextManager[Run]:
        """A run that is being made. It is there when this ends well, else nothing of it is. Raises UserError."""

    def cache(self) -> Records:
        """Results that any run may take."""

    def keys(self) -> Records:
        """Effects that have a key, and who is at them."""

    def salt(self) -> bytes:
        """What makes hashes of secrets ones that tell nothing to who has not the store. Raises OSError."""

    def note(self, summary: RunSummary) -> None:
        """Remember how a run stands. Nothing waits for it and nothing fails by it."""

    def noted(self) -> dict[str, RunSummary]: ...

    def tidy(self, now: float, grace: float) -> None:
        """Remove what killed processes left half made, once it is older than `grace` seconds."""
