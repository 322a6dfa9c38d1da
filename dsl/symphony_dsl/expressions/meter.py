"""What an evaluation may cost, and how it fails.

A run of a program has 1,000,000 units; `pricing` says what costs how many. A meter counts them down, and refuses what is
too large before it is made: the budget bounds time and memory together, since whatever is made is paid for first.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from symphony_dsl.base.canonical import MAX_DEPTH
from symphony_dsl.base.dynamic import Option
from symphony_dsl.base.span import Span
from symphony_dsl.base.values import SecretText, Value, written

BUDGET = 1_000_000
UNIT = 16
"""How many characters that are read or made cost one unit."""

COLLECTION = 8
"""What it costs to go into a list, a map or an optional, beside its elements."""

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

    def place(self, span: Span) -> None:
        """Say what part of the text it is about, unless that is known more closely."""
        self.span = self.span or span


class Meter:
    """What is left of the budget of one run."""

    __slots__ = ("left",)

    def __init__(self, left: int = BUDGET) -> None:
        self.left = left

    def charge(self, units: int) -> None:
        self.left -= units
        if self.left < 0:
            raise EvaluationError("cost", f"the expression costs more than {BUDGET:,} units on this data")

    def work(self, size: int, more: int = 0) -> None:
        """Charge for characters that are read or made, and for more units; called before they are made."""
        if size > MAX_CHARACTERS:
            raise _too_large(MAX_CHARACTERS, "characters")
        self.charge(size // UNIT + more)

    def make(self, size: int) -> None:
        """Charge for the elements of a list; called before it is made."""
        if size > MAX_ELEMENTS:
            raise _too_large(MAX_ELEMENTS, "elements")
        self.charge(size)

    def walk(self, *values: Value, more: int = 0) -> None:
        """Charge for everything inside some values, and more units; refuse what is too large or too deep to be gone through."""
        elements = characters = depth = collections = 0
        for value in values:
            if type(value) not in _COLLECTIONS:
                characters += _length(value)
                continue
            size = measured(value)
            collections += size.collections
            elements += size.elements
            characters += size.characters
            depth = max(depth, size.depth)
        if depth > MAX_DEPTH:
            raise EvaluationError("cost", f"the expression makes a value that nests deeper than {MAX_DEPTH} levels")
        if elements > MAX_ELEMENTS:
            raise _too_large(MAX_ELEMENTS, "elements")
        self.work(characters, elements + COLLECTION * collections + more)


def _too_large(limit: int, what: str) -> EvaluationError:
    return EvaluationError("cost", f"the expression makes a value of more than {limit:,} {what}")


class Size(NamedTuple):
    """`collections` are those inside and the value itself; `depth` is how many stand inside each other."""

    elements: int
    characters: int
    depth: int
    collections: int


_ENOUGH = 2 * MAX_CHARACTERS
"""Where counting stops: what is larger is refused in any case."""

_EMPTY = Size(0, 0, 1, 1)
_TOO_DEEP = Size(_ENOUGH, _ENOUGH, MAX_DEPTH + 1, _ENOUGH)

_COLLECTIONS = frozenset({list, tuple, dict, Option})
_TEXTS = frozenset({str, bytes, SecretText})
_STRINGS = frozenset({str})
_SMALL = 8
"""Collections of so few scalars are counted again each time rather than remembered, which would take more memory."""


def measured(value: Value) -> Size:
    """What all that is inside a value adds up to.

    A value may hold one list many times over, so that its size has no relation to the memory that it takes: each list is
    looked at once, and counted as often as it is there. What nests too deep counts as too large, too: it is not looked at
    any further.
    """
    if type(value) not in _COLLECTIONS:
        return Size(0, _length(value), 0, 0)
    known: dict[int, Size] = {}
    flat = _flat(value, known)
    if flat is not None:
        return flat
    open_ = [_Open(value)]
    while True:
        inner = open_[-1].next_unknown(known)
        if len(open_) > MAX_DEPTH:
            return _TOO_DEEP
        if inner is not None:
            open_.append(_Open(inner))
            continue
        done = open_.pop()
        if not open_:
            return done.size()
        known[id(done.value)] = done.size()
        open_[-1].add(done.size())


class _Open:
    """A collection that is gone through, with what has been counted of it."""

    __slots__ = ("characters", "collections", "depth", "elements", "rest", "value")

    def __init__(self, value: Value) -> None:
        parts = _parts(value)
        self.value = value
        self.elements = len(parts)
        self.characters = _characters(parts, set(map(type, parts)))
        if type(value) is dict:
            self.characters += _characters(value, set(map(type, value)))
        self.depth = 0
        self.collections = 1
        self.rest = iter([part for part in parts if type(part) in _COLLECTIONS])

    def next_unknown(self, known: dict[int, Size]) -> Value | None:
        """Add up what is known of the parts, up to the first of which nothing is."""
        for part in self.rest:
            size = known.get(id(part)) or _flat(part, known)
            if size is None:
                return part
            self.add(size)
        return None

    def add(self, part: Size) -> None:
        self.elements += part.elements
        self.characters += part.characters
        self.collections += part.collections
        self.depth = max(self.depth, part.depth)

    def size(self) -> Size:
        return Size(
            min(self.elements, _ENOUGH), min(self.characters, _ENOUGH), self.depth + 1, min(self.collections, _ENOUGH)
        )


def _parts(value: Value) -> Collection[Value]:
    if type(value) is dict:
        return value.values()
    return (value.value,) if type(value) is Option else value


def _flat(value: Value, known: dict[int, Size]) -> Size | None:
    """The size of a collection that has no other inside; None where there is one."""
    parts = _parts(value)
    if not parts:
        return _EMPTY
    classes = set(map(type, parts))
    if not _COLLECTIONS.isdisjoint(classes):
        return None
    characters = _characters(parts, classes)
    if type(value) is dict:
        characters += _characters(value, set(map(type, value)))
    size = Size(len(parts), characters, 1, 1)
    if len(parts) > _SMALL:
        known[id(value)] = size
    return size


def _characters(parts: Collection[Value], classes: set[type]) -> int:
    if _TEXTS.isdisjoint(classes):
        return 0
    return sum(map(len if classes == _STRINGS else _length, parts))


def _length(value: Value) -> int:
    """How many characters are in a scalar."""
    of = type(value)
    if of is str or of is bytes:
        return len(value)
    return written(value) if of is SecretText else 0
