"""The calls that are no functions: they bind variables and evaluate an argument once an element.

Most are written as methods: `xs.map(x, …)` binds an element of a list or a key of a map, a macro with two variables
(`xs.all(i, x, …)`) an index or key and the element or value there, `o.optMap(x, …)` the value of an optional.
`cel.bind(x, value, …)` is a function in form, and its value does not see the variable. `has(path)` binds nothing and is
no macro in this sense; the checker knows it by its name.
"""

from __future__ import annotations

from symphony_dsl.base.frozen import frozen
from symphony_dsl.expressions.tree import Call, Expr, Name

NAMESPACES = frozenset({"math", "lists", "sets", "strings", "optional", "base64", "regex", "cel"})
"""Heads of functions with a dot in their name; no value has such a name."""


@frozen
class Shape:
    """Of a macro with so many arguments: how many variables come first, and which arguments cannot see them."""

    arguments: int
    variables: int
    outside: tuple[int, ...] = ()


@frozen
class Binding:
    variables: tuple[Name, ...]
    outside: tuple[Expr, ...]
    inside: tuple[Expr, ...]


_ELEMENT = (Shape(2, 1),)
_ELEMENT_OR_PAIR = (Shape(2, 1), Shape(3, 2))
_PAIR = (Shape(3, 2), Shape(4, 2))
_BIND = (Shape(3, 1, outside=(1,)),)

MACROS: dict[str, tuple[Shape, ...]] = {
    "all": _ELEMENT_OR_PAIR,
    "exists": _ELEMENT_OR_PAIR,
    "exists_one": _ELEMENT_OR_PAIR,
    "existsOne": _ELEMENT_OR_PAIR,
    "filter": _ELEMENT,
    "map": (Shape(2, 1), Shape(3, 1)),
    "transformList": _PAIR,
    "transformMap": _PAIR,
    "transformMapEntry": _PAIR,
    "optMap": _ELEMENT,
    "optFlatMap": _ELEMENT,
    "groupBy": _ELEMENT,
    "sortBy": _ELEMENT,
    "reduce": (Shape(4, 2, outside=(2,)),),
}
"""The macros that are methods."""


def is_bind(call: Call) -> bool:
    """Whether a call is `cel.bind`, however its arguments look."""
    return call.name == "bind" and isinstance(call.target, Name) and call.target.name == "cel"


def is_macro(call: Call) -> bool:
    """Whether a call is a macro, however its arguments look."""
    return is_bind(call) or (call.target is not None and call.name in MACROS)


def binding(call: Call) -> Binding | None:
    """What a macro binds; None for any other call, and for a macro that is not well formed."""
    values = [argument.value for argument in call.arguments]
    shape = next((each for each in _shapes(call) if each.arguments == len(values)), None)
    if shape is None or any(argument.name for argument in call.arguments):
        return None
    variables = tuple(value for value in values[: shape.variables] if isinstance(value, Name) and not value.absolute)
    if len({variable.name for variable in variables}) != shape.variables:
        return None
    outside = tuple(values[at] for at in shape.outside)
    inside = tuple(value for at, value in enumerate(values) if at >= shape.variables and at not in shape.outside)
    return Binding(variables, outside, inside)


def _shapes(call: Call) -> tuple[Shape, ...]:
    if is_bind(call):
        return _BIND
    return MACROS.get(call.name, ()) if call.target is not None else ()
