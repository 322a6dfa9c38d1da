"""Texts and data that were made to do harm, and how each of them has to end.

A case is a text over the names of the scene, and over `x` where it brings data of its own. It ends in one of a few ways,
each with a range in the text, or it is harmless and has a value. How: `syntax` (the text is refused before it is read
to the end), `mistake` (the checker refuses it), or the code of a failure: `failed`, `conversion`, `cost`; `nothing` is an absent value, and
`any` an error or any value, but no crash. A text that CEL takes otherwise says so by `cel`. `units` is the most that it may have been charged when it ends; one that is not
`untyped` means something else where the types of its names are not known. A `heavy` one uses its budget up, and is run
where there is time.

`tests.expressions.hostile_child` runs the cases, `test_hostile.py` says what may come of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FLOAT,
    INT,
    JSON,
    STRING,
    TIMESTAMP,
    Field,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
)
from symphony_dsl.expressions.meter import BUDGET

Ends = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """The end of what does no harm."""

    value: Any


End = Ends | Value


@dataclass(frozen=True, slots=True)
class Case:
    """`text` and `data` may be made when the case runs. `cel` is None where the text says nothing in that dialect."""

    name: str
    text: str | Callable[[], str]
    end: End
    cel: End | None
    data: Callable[[], Mapping[str, Any]] = field(default=dict)
    units: int = BUDGET
    untyped: bool = True
    heavy: bool = False

    def written(self) -> str:
        return self.text if isinstance(self.text, str) else self.text()


SAME: Ends = ("as in .wf",)


def refused(text: str | Callable[[], str], *end: str, cel: End | None = SAME, name: str = "", **more: Any) -> Case:
    """A case that ends in an error, in one of these ways."""
    return Case(name or str(text), text, end, end if cel is SAME else cel, **more)


def harmless(text: str, value: Any, *, cel: End | None = SAME, name: str = "", **more: Any) -> Case:
    """A case that has a value like any other text."""
    return Case(name or text, text, Value(value), Value(value) if cel is SAME else cel, **more)


def given(value: Any) -> Callable[[], Mapping[str, Any]]:
    """The data of a case whose `x` is this value."""
    return lambda: {"x": value}


LETTERS = 100_000

TYPES: dict[str, Type] = {
    "s": STRING,
    "t": STRING,
    "n": INT,
    "f": FLOAT,
    "b": BOOL,
    "xs": ListType(INT),
    "many": ListType(INT),
    "words": ListType(STRING),
    "m": MapType(INT),
    "r": RecordType((Field("name", STRING), Field("age", INT))),
    "o": OptionalType(INT),
    "at": TIMESTAMP,
    "d": DURATION,
    "raw": BYTES,
    "j": JSON,
    "x": JSON,
}


def scene() -> dict[str, Any]:
    return {
        "s": "a" * LETTERS,
        "t": "short",
        "n": 7,
        "f": 2.5,
        "b": True,
        "xs": list(range(1_000)),
        "many": list(range(100_000)),
        "words": ["b", "a", "b"],
        "m": {"a": 1, "b": 2},
        "r": {"name": "Ada", "age": 36},
        "o": None,
        "at": Timestamp.parse("2024-01-02T03:04:05.5Z"),
        "d": Duration.parse("1h30m"),
        "raw": b"hi",
        "j": {"a": {"b": 41}, "l": [3, 1, 2], "t": "x", "gone": None},
        "x": None,
    }
