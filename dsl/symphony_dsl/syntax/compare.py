"""Trees without their places: what two texts have in common when they mean the same.

Spellings that the language counts as one are one here: `f(text: text)` and `f(text)`, `=> { yield x }` and `=> x`,
`{ a: a }` and `{ a }`.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from symphony_dsl.expressions.tree import Argument, Name
from symphony_dsl.syntax.tree import NO_LEAD, Body, Node, Yield

if TYPE_CHECKING:
    from symphony_dsl.syntax.tree import File

# Nested tuples of class names and plain values.
Shape: TypeAlias = Any

PLACES = frozenset({"span", "name_span", "field_span", "key_span", "operator_span", "source_span", "shorthand"})


def shape(node: object) -> Shape:
    """A node without places: equal for trees that mean the same, whatever the layout."""
    if isinstance(node, tuple):
        return tuple([shape(item) for item in node])
    if isinstance(node, float):
        return repr(node)  # tells -0.0 from 0.0
    if not is_dataclass(node) or isinstance(node, type) or not type(node).__module__.endswith(".tree"):
        return type(node).__name__, node
    if isinstance(node, Argument) and node.name is None and isinstance(node.value, Name) and not node.value.absolute:
        return "Argument", ("str", node.value.name), shape(node.value)
    if isinstance(node, Body) and (yielded := yielded_alone(node)) is not None:
        return shape(yielded)
    return (type(node).__name__, *[shape(getattr(node, name)) for name in _compared(type(node))])


def yielded_alone(body: Body) -> Node | None:
    """The value of `{ yield value }`, for which the value alone may be written."""
    match body.statements:
        case (Yield(_, lead, Node() as value),) if lead == NO_LEAD or lead is NO_LEAD:
            return value
    return None


def declarations(file: File) -> Shape:
    """What a file means: its edition and its declarations."""
    edition = file.pragma.edition if file.pragma else None
    return edition, tuple(shape(island.declaration) for island in file.islands if island.declaration is not None)


def comments(file: File) -> list[str]:
    """The comments of a file in order, without the blanks behind them."""
    return [comment.text.rstrip() for island in file.islands for comment in island.comments]


@cache
def _compared(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in PLACES)
