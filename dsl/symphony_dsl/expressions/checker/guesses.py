"""What a writer may have meant by a name that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from symphony_dsl.base.diagnostic import did_you_mean

ELSEWHERE = {
    **dict.fromkeys(("len", "length", "count"), "size"),
    **dict.fromkeys(("str", "toString", "to_string"), "string"),
    **dict.fromkeys(("lower", "toLowerCase", "tolower"), "lowerAscii"),
    **dict.fromkeys(("upper", "toUpperCase", "toupper"), "upperAscii"),
    **dict.fromkeys(("includes", "has_substring"), "contains"),
    **dict.fromkeys(("any", "some"), "exists"),
    **dict.fromkeys(("every", "forall"), "all"),
    **dict.fromkeys(("startswith", "starts_with", "hasPrefix"), "startsWith"),
    **dict.fromkeys(("endswith", "ends_with", "hasSuffix"), "endsWith"),
    **dict.fromkeys(("unique", "uniq"), "distinct"),
    "substr": "substring",
    "strip": "trim",
    "mean": "avg",
    "fold": "reduce",
    "where": "filter",
    "flatMap": "map",
    "typeof": "type",
    "abs": "math.abs",
    "round": "math.round",
}
"""What other languages call our functions."""


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
