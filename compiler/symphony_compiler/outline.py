"""A text that says what a piece of a tree means and nothing of how it is laid out: it names what has no name."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace

from symphony_dsl.expressions import tree as expressions
from symphony_dsl.expressions.tree import Argument, Call, Expr, Name
from symphony_dsl.expressions.unparse import unparse
from symphony_dsl.syntax.tree import Node, Value

LAYOUT = frozenset({"span", "lead", "settings", "lost"})
"""What a piece does not mean: its place, what is said in front of it, how often and how long it is tried, what is missing."""


def outline(value: Value) -> str:
    """Nesting is bounded by the parser."""
    return _part(value)


def _part(part: object) -> str:
    if isinstance(part, Node):
        return unparse(_long(part.expr))
    if isinstance(part, tuple):
        return "(" + " ".join(_part(each) for each in part) + ")"
    if not is_dataclass(part) or isinstance(part, type):
        return repr(part)
    if type(part).__module__ == expressions.__name__:
        return unparse(part)  # type: ignore[arg-type]  # every class of that module that a statement holds is one
    inner = (_part(getattr(part, each.name)) for each in fields(part) if each.name not in LAYOUT)
    return f"[{type(part).__name__} {' '.join(inner)}]"


def _long(expr: Expr) -> Expr:
    """`f(text)` is short for `f(text: text)`."""
    if not isinstance(expr, Call):
        return expr
    return replace(expr, arguments=tuple(_named(each) for each in expr.arguments))


def _named(argument: Argument) -> Argument:
    if argument.name is None and isinstance(argument.value, Name):
        return replace(argument, name=argument.value.name)
    return argument
