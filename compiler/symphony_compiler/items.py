"""What an alias demands of its values, where those are the items of a list or a map: a check of the whole.

Before: `@min(1) type Small = int` and `Small[]`; after: the constraint `check` with `it.all(each, each >= 1)` on what has that type.
"""

from __future__ import annotations

from collections.abc import Callable

from symphony_dsl.base.conform import conform
from symphony_dsl.base.types import Constraint, Type, plain
from symphony_dsl.base.values import Json
from symphony_dsl.expressions.names import literal_of, substitute
from symphony_dsl.expressions.parser import parse_expression
from symphony_dsl.expressions.tree import Expr, Name
from symphony_dsl.expressions.unparse import unparse

EACH, KEY, IT = "each", "key", "it"


def of_each(constraints: tuple[Constraint, ...], of: Type, *, keyed: bool, optional: bool) -> tuple[Constraint, ...]:
    """`of` is the type of the items, `keyed` says that they are those of a map. Absent items are not checked."""
    if not constraints:
        return ()
    taken = "".join(str(each.value) for each in constraints if each.kind == "check")
    item = next(name for name in (EACH, *(f"{EACH}{n}" for n in range(1, 100))) if name not in taken)
    parts = [f"({_CONDITIONS[each.kind](each.value, item, plain(of))})" for each in constraints]
    condition = " && ".join(parts)
    if optional:
        condition = f"{item} == null || {condition}"
    variables = f"{KEY}, {item}" if keyed else item
    return (Constraint("check", unparse(parse_expression(f"{IT}.all({variables}, {condition})"))),)


def _literal(value: Json, of: Type) -> str:
    return unparse(literal_of(conform(value, of), of))


def _than(sign: str) -> Callable[[Json, str, Type], str]:
    return lambda value, name, of: f"{name} {sign} {_literal(value, of)}"


def _size(sign: str) -> Callable[[Json, str, Type], str]:
    return lambda value, name, of: f"size({name}) {sign} {value}"


def _one_of(values: Json, name: str, of: Type) -> str:
    return f"{name} in [{', '.join(_literal(each, of) for each in values)}]"


def _pattern(value: Json, name: str, of: Type) -> str:
    return f"{name}.matches({_literal(value, of)})"


def _check(source: Json, name: str, of: Type) -> str:
    def renamed(part: Expr) -> Expr | None:
        return Name(part.span, name) if isinstance(part, Name) and part.name == IT else None

    return unparse(substitute(parse_expression(source), renamed))


_CONDITIONS: dict[str, Callable[[Json, str, Type], str]] = {
    "min": _than(">="),
    "max": _than("<="),
    "min_length": _size(">="),
    "max_length": _size("<="),
    "min_items": _size(">="),
    "max_items": _size("<="),
    "one_of": _one_of,
    "pattern": _pattern,
    "check": _check,
}
"""Each kind of constraint as a condition over a name."""
