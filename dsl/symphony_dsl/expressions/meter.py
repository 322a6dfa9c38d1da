"""What an evaluation may cost, and how it fails.

A run of a program has 1,000,000 units. One unit is an operation of the text or an element that a macro visits; texts and
lists that are read or made cost one unit for each 32 characters or elements. The count depends on the text and the data
only, so that a program costs the same everywhere and every time.
"""

from __future__ import annotations

from symphony_dsl.base.canonical import MAX_DEPTH
from symphony_dsl.base.span import Span
from symphony_dsl.base.values import Value

BUDGET = 1_000_000
MAX_SIZE = 10_000_000
"""How many characters a text and how many elements a list may have, inside an evaluation and as its result."""

UNIT = 32


class EvaluationError(Exception):
    """Why an expression has no value: `code` is conversion, binding, failed or cost; `span` is where in its text."""

    def __init__(self, code: str, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.span = span


class Meter:
    """What is left of the budget of one run."""

    __slots__ = ("left",)

    def __init__(self, left: int = BUDGET) -> None:
        self.left = left

    def charge(self, units: int) -> None:
        self.left -= units
        if self.left < 0:
            raise EvaluationError("cost", f"the expression costs more than {BUDGET:,} units on this data")

    def work(self, size: int) -> None:
        """Charge for characters or elements; called before they are made."""
        if size > MAX_SIZE:
            raise EvaluationError(
                "cost", f"the expression makes a value of more than {MAX_SIZE:,} characters or elements"
            )
        self.charge(1 + size // UNIT)

    def walk(self, *values: Value) -> None:
        """Charge for everything inside some values, and refuse those that are too deep to be walked."""
        self.work(measured(values))


def measured(values: tuple[Value, ...]) -> int:
    """How many characters and elements are in some values; counting stops where there are too many.

    A value may hold the same list many times over, so that its size has no relation to the memory that it takes.
    """
    size = 0
    rest = [(each, 0) for each in values]
    while rest and size <= MAX_SIZE:
        value, depth = rest.pop()
        if depth > MAX_DEPTH:
            raise EvaluationError("cost", f"the expression makes a value that nests deeper than {MAX_DEPTH} levels")
        if isinstance(value, str | bytes):
            size += len(value)
        elif isinstance(value, list | tuple | dict):
            size += len(value)
            inner = value.values() if isinstance(value, dict) else value
            rest.extend((each, depth + 1) for each in inner if isinstance(each, str | bytes | list | tuple | dict))
    return size
