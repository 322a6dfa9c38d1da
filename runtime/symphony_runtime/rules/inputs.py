"""What can happen to a run, as `decide` takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_runtime.rules.state import Instance, Scope, Tries

if TYPE_CHECKING:
    from symphony_dsl.base.values import Value
    from symphony_runtime.commands import Command
    from symphony_runtime.task import Outcome, Report


@frozen
class Claimed:
    """A driver took the run; `width` is how many attempts it lets run at once."""

    width: int


@frozen
class Ended:
    """An attempt ended. `spread`, from -1 to 1, is the chance in a retry's delay."""

    at: int
    address: str
    attempt: int
    outcome: Outcome
    spread: float = 0.0


@frozen
class Reported:
    address: str
    attempt: int
    report: Report


@frozen
class Dropped:
    """So many lines of an attempt were left out."""

    address: str
    attempt: int
    count: int


@frozen
class Interrupted:
    """The person at the terminal wants it to stop here for now."""


@frozen
class Released:
    """The driver is about to let go, with nothing in flight."""


@frozen
class Taken:
    """A result that is there: what the log says of its completion, and where it is from. `parts` are those of the step that takes it."""

    data: dict[str, Any]
    source: dict[str, Value]
    parts: dict[str, str]


@frozen
class Elsewhere:
    """The same is being computed: by which step, and whether it is the same for its key or for its fingerprint."""

    kind: str
    run: str
    address: str


@frozen
class Alone:
    """Nothing is there. `parts` are kept, so that another step can be compared; `differs` are those in which the same step of
    the earlier run was another, `stale` is the run and time of a result that is too old."""

    parts: dict[str, str]
    differs: tuple[str, ...] = ()
    stale: dict[str, Value] | None = None


Found: TypeAlias = "Taken | Elsewhere | Alone"


@frozen
class Next:
    """What is next on the agenda, and what was found of its result."""

    work: Instance | Scope | Tries
    found: Found | None = None


@frozen
class Clock:
    """So late it is."""

    at: int


@frozen
class Idle:
    """Nothing is left on the agenda for now."""


@frozen
class Commanded:
    """A person asks for something."""

    command: Command


Input: TypeAlias = "Claimed | Commanded | Ended | Reported | Dropped | Interrupted | Released | Next | Clock | Idle"
