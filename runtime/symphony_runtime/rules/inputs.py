"""What can happen to a run, as `decide` takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_runtime.rules.state import Instance, Scope, Tries

if TYPE_CHECKING:
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
class Next:
    """What is next on the agenda."""

    work: Instance | Scope | Tries


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
