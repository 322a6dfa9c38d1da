"""The calls that are no functions: they bind variables and evaluate an argument once an element.

`has(path)` binds nothing and is no macro in this sense; the checker knows it by its name.
"""

from __future__ import annotations

from dataclasses import dataclass

from symphony_dsl.expressions.tree import Call, Expr, Name

NAMESPACES = frozenset({"math", "lists", "sets", "strings", "optional", "base64", "regex", "cel"})
"""Heads of functions with a dot in their name; no value has such a name."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a macro with so many arguments: how many variables come first, and which arguments cannot see them."""

    arguments: int
    variables: int
    outside: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Binding:
    variables: tuple[Name, ...]
    outside: tuple[Expr, ...]
    inside: tuple[Expr, ...]


_ELEMENT = (Shape(2, 1),)

MACROS: dict[str, tuple[Shape, ...]] = {
    "all": _ELEMENT,
    "exists": _ELEMENT,
    "exists_one": _ELEMENT,
    "existsOne": _ELEMENT,
    "filter": _ELEMENT,
    "map": (Shape(2, 1), Shape(3, 1)),
    "groupBy": _ELEMENT,
    "sortBy": _ELEMENT,
    "reduce": (Shape(4, 2, outside=(2,)),),
}


def binding(call: Call) -> Binding | None:
    """What a macro binds; None for any other call, and for a macro that is not well formed."""
    if call.target is None or call.name not in MACROS:
        return None
    values = [argument.value for argument in call.arguments]
    shape = next((each for each in MACROS[call.name] if each.arguments == len(values)), None)
    if shape is None or any(argument.name for argument in call.arguments):
        return None
    variables = tuple(value for value in values[: shape.variables] if isinstance(value, Name))
    if len(variables) != shape.variables:
        return None
    outside = tuple(values[at] for at in shape.outside)
    inside = tuple(value for at, value in enumerate(values) if at >= shape.variables and at not in shape.outside)
    return Binding(variables, outside, inside)
