"""What an evaluation may cost, and how it fails.

A run of a program has 1,000,000 units. One unit is an operation of the text, an element that a macro visits, an element
that is compared or converted with all that is in it, or 32 characters or elements that a function reads or makes. The
count depends on the text and the data only, so that a program costs the same everywhere and every time.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from symphony_dsl.base.canonical import MAX_DEPTH
from symphony_dsl.base.span import Span
from symphony_dsl.base.values import SecretText, Value, written

BUDGET = 1_000_000
UNIT = 32
MAX_CHARACTERS = 10_000_000
"""How many characters a text may have, and all texts of one value together."""

MAX_ELEMENTS = 1_000_000
"""How many elements a list may have, and all lists and maps of one value together."""


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
        """Charge for characters that are read or made; called before they are made."""
        if size > MAX_CHARACTERS:
            raise _too_large(MAX_CHARACTERS, "characters")
        self.charge(1 + size // UNIT)

    def make(self, size: int) -> None:
        """Charge for the elements of a list; called before it is made."""
        if size > MAX_ELEMENTS:
            raise _too_large(MAX_ELEMENTS, "elements")
        self.charge(1 + size // UNIT)

    def walk(self, *values: Value) -> None:
        """Charge for everything inside some values, and refuse what is too large or too deep to be gone through."""
        size = measured(values)
        if size.elements > MAX_ELEMENTS:
            raise _too_large(MAX_ELEMENTS, "elements")
        if size.depth > MAX_DEPTH + 1:
            raise EvaluationError("cost", f"the expression makes a value that nests deeper than {MAX_DEPTH} levels")
        self.work(size.characters)
        self.charge(size.elements)


def _too_large(limit: int, what: str) -> EvaluationError:
    return EvaluationError("cost", f"the expression makes a value of more than {limit:,} {what}")


class Size(NamedTuple):
    """`depth` is how many lists and maps stand inside each other."""

    elements: int
    characters: int
    depth: int


_NOTHING = Size(0, 0, 0)
_ENOUGH = 2 * MAX_CHARACTERS
"""Where counting stops: what is larger is refused in any case."""


def measured(value: Value) -> Size:
    """What all that is inside a value adds up to.

    A value may hold one list many times over, so that its size has no relation to the memory that it takes: each list is
    looked at once, and counted as often as it is there.
    """
    known: dict[int, Size] = {}
    rest: list[tuple[Value, bool]] = [(value, False)]
    while rest:
        each, opened = rest.pop()
        if id(each) in known:
            continue
        inner = _parts(each)
        if opened or inner is None:
            known[id(each)] = _own(each) if inner is None else _total(inner, known)
        else:
            rest.append((each, True))
            rest.extend((part, False) for part in inner if isinstance(part, _WITH_PARTS) and id(part) not in known)
    return known[id(value)]


_WITH_PARTS = (list, tuple, dict)


def _parts(value: Value) -> Collection[Value] | None:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list | tuple) else None


def _own(value: Value) -> Size:
    if isinstance(value, SecretText):
        return Size(0, written(value), 0)
    return Size(0, len(value), 0) if isinstance(value, str | bytes) else _NOTHING


def _total(parts: Collection[Value], known: dict[int, Size]) -> Size:
    elements = len(parts)
    characters = depth = 0
    for part in parts:
        if isinstance(part, str | bytes):
            characters += len(part)
        elif isinstance(part, _WITH_PARTS):
            inner = known[id(part)]
            elements += inner.elements
            characters += inner.characters
            depth = max(depth, inner.depth)
        elif isinstance(part, SecretText):
            characters += written(part)
    return Size(min(elements, _ENOUGH), min(characters, _ENOUGH), depth + 1)
