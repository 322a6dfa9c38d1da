"""Trees without their places: what two texts have in common when they mean the same.

Spellings that the language counts as one are one here: `f(text: text)` and `f(text)`, `=> { yield x }` and `=> x`,
`{ a: a }` and `{ a }`.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from symphony_dsl.expressions.tree import Argument, Name
from symphony_dsl.syntax.tree import NO_LEAD, Body, Node, Yield

if TYPE_CHECKING:
    from symphony_dsl.syntax.tree import File

Shape: TypeAlias = "list[Any]"
"""The names of classes and the plain values of a tree, parents first."""

PLACES = frozenset(
    {
        "span",
        "name_span",
        "field_span",
        "key_span",
        "operator_span",
        "source_span",
        "version_span",
        "shorthand",
        "doc_start",
    }
)


def shape(node: object) -> Shape:
    """A node without places: equal for trees that mean the same, whatever the layout. Trees may be very deep."""
    made: list[object] = []
    rest: list[object] = [node]
    while rest:
        item = rest.pop()
        if isinstance(item, tuple):
            made += ["tuple", len(item)]
            rest += reversed(item)
        elif not type(item).__module__.endswith(".tree"):
            made += [type(item).__name__, repr(item) if isinstance(item, float) else item]  # tells -0.0 from 0.0
        elif isinstance(item, Body) and (yielded := yielded_alone(item)) is not None:
            rest.append(yielded)
        else:
            made.append(type(item).__name__)
            rest += reversed(_parts(item))
    return made


def _parts(node: object) -> list[object]:
    if isinstance(node, Argument) and node.name is None and isinstance(node.value, Name) and not node.value.absolute:
        return [node.value.name, node.value]
    kind: type = type(node)
    return [getattr(node, name) for name in _compared(kind)]


def yielded_alone(body: Body) -> Node | None:
    """The value of `{ yield value }`, for which the value alone may be written."""
    match body.statements:
        case (Yield(_, lead, Node() as value),) if lead == NO_LEAD or lead is NO_LEAD:
            return value
    return None


def declarations(file: File) -> Shape:
    """What a file means: its edition and its declarations."""
    edition = file.pragma.edition if file.pragma else None
    return [edition, *(shape(island.declaration) for island in file.islands if island.declaration is not None)]


def comments(file: File) -> list[str]:
    """The comments of a file in order, without the blanks behind them."""
    return [comment.text.rstrip() for island in file.islands for comment in island.comments]


@cache
def _compared(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in PLACES)
