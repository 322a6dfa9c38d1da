"""What a writer may have meant by a name that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from symphony_dsl.base.diagnostic import did_you_mean


@dataclass(slots=True)
class Guesses:
    """A few for each expression: each takes a while, and where much is wrong, one begins with what stands first."""

    left: int = 25

    def near(self, name: str, known: Iterable[str]) -> str | None:
        """The known name that was probably meant."""
        if self.left == 0:
            return None
        self.left -= 1
        return did_you_mean(name, known)
