"""What stands in the cells of the tables, and what is said of a pair that has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.base.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_runtime.entries import Entry


class TransitionError(Exception):
    """`state` takes no `event`. Of a run that is driven this is a bug of ours: it is let go, and nothing is ignored."""

    def __init__(self, state: str, event: str, message: str = "") -> None:
        super().__init__(message or f"`{event}` cannot happen in the state `{state}`")
        self.state = state
        self.event = event


@frozen
class Does:
    """What is done: in words, as the page on execution has it, and the rule that does it. What rules take is up to their table."""

    says: str
    do: Callable[..., list[Entry]]
