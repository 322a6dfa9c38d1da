"""The one table of functions and operators, for the checker and for the evaluators."""

from __future__ import annotations

from collections import defaultdict

from symphony_dsl.expressions.functions import (
    convert,
    encoders,
    formatting,
    lists,
    math,
    numbers,
    optional,
    order,
    regex,
    text,
    times,
)
from symphony_dsl.expressions.functions.signatures import FUNCTION, METHOD, Overload
from symphony_dsl.expressions.macros import MACROS

_ALL: tuple[Overload, ...] = (
    *numbers.OVERLOADS,
    *math.OVERLOADS,
    *text.OVERLOADS,
    *formatting.OVERLOADS,
    *regex.OVERLOADS,
    *times.OVERLOADS,
    *lists.OVERLOADS,
    *order.OVERLOADS,
    *optional.OVERLOADS,
    *encoders.OVERLOADS,
    *convert.OVERLOADS,
)


def _by_style_and_name() -> dict[tuple[str, str], tuple[Overload, ...]]:
    found: defaultdict[tuple[str, str], list[Overload]] = defaultdict(list)
    for overload in _ALL:
        found[overload.style, overload.name].append(overload)
    return {key: tuple(overloads) for key, overloads in found.items()}


TABLE = _by_style_and_name()
"""All signatures by style and name, in the order in which they are tried."""


def overloads(style: str, name: str) -> tuple[Overload, ...]:
    """All signatures of a name, in the order in which they are tried; none where there is no such function."""
    return TABLE.get((style, name), ())


FUNCTIONS: frozenset[str] = frozenset(name for style, name in TABLE if style == FUNCTION) | {"has", "cel.bind"}
"""What is called as `name(…)`; no callable may have such a name."""

METHODS: frozenset[str] = frozenset(name for style, name in TABLE if style == METHOD) | frozenset(MACROS)
"""What is called as `value.name(…)`."""
