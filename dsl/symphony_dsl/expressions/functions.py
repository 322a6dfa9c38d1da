"""The one table of functions and operators, for the checker and for the evaluators."""

from __future__ import annotations

from collections import defaultdict

from symphony_dsl.expressions import (
    functions_bytes,
    functions_convert,
    functions_format,
    functions_lists,
    functions_math,
    functions_numbers,
    functions_optional,
    functions_order,
    functions_regex,
    functions_text,
    functions_times,
)
from symphony_dsl.expressions.macros import MACROS
from symphony_dsl.expressions.signatures import FUNCTION, METHOD, Overload

_ALL: tuple[Overload, ...] = (
    *functions_numbers.OVERLOADS,
    *functions_math.OVERLOADS,
    *functions_text.OVERLOADS,
    *functions_format.OVERLOADS,
    *functions_regex.OVERLOADS,
    *functions_times.OVERLOADS,
    *functions_lists.OVERLOADS,
    *functions_order.OVERLOADS,
    *functions_optional.OVERLOADS,
    *functions_bytes.OVERLOADS,
    *functions_convert.OVERLOADS,
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
