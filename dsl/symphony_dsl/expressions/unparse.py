"""The canonical text of an expression: one line, no more parentheses than needed. Equal texts mean equal trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.expressions.layout import flat
from symphony_dsl.expressions.printer import Printer

if TYPE_CHECKING:
    from symphony_dsl.expressions.tree import Expr


def unparse(expr: Expr) -> str:
    """The text of an expression as files write it; parsing it gives the same tree, but for places and shorthands.

    That holds for a tree of plain CEL too: its keys stand in parentheses where a word would be a field, its strings have
    escapes where they would insert a value, and names that are words of the language stand in back-quotes.
    Raises ValueError for a tree that no text gives: an infinite float, texts in texts in texts.
    """
    return flat(Printer().doc(expr))
