"""Names that nothing need stand for, since the checker has better words for the mistake that they are part of.

Whoever resolves names before an expression is checked asks here, so that `maths.abs(n)` and `xs.fliter(x, x > 1)` give
one message each.
"""

from __future__ import annotations

from collections.abc import Iterator

from symphony_dsl.expressions.checker.guesses import ELSEWHERE, Guesses
from symphony_dsl.expressions.checker.paths import TYPES_OF_OURS
from symphony_dsl.expressions.checker.unknown import BIND, means_macro, near_namespaced
from symphony_dsl.expressions.functions.signatures import FUNCTION, METHOD
from symphony_dsl.expressions.functions.table import METHODS, overloads
from symphony_dsl.expressions.macros import binding, is_macro
from symphony_dsl.expressions.tree import Call, Expr, Name
from symphony_dsl.expressions.walk import children, every


def excused(expr: Expr) -> frozenset[Expr]:
    """The names of an expression that need no meaning."""
    guesses = Guesses()
    return frozenset(name for node, _ in every(expr) for name in _excused_by(guesses, node))


def excused_call(name: str) -> bool:
    """Whether the checker knows what is meant by a call of something that does not exist."""
    return name in ELSEWHERE or name in METHODS


def _excused_by(guesses: Guesses, node: Expr) -> Iterator[Expr]:
    if isinstance(node, Name) and (node.name in TYPES_OF_OURS or overloads(FUNCTION, node.name)):
        yield node
    if not isinstance(node, Call) or binding(node) is not None:
        return
    meant = near_namespaced(guesses, node)
    if meant and node.target is not None:
        yield node.target
    if is_macro(node) or meant == BIND or _means_macro(guesses, node):
        for argument in node.arguments:
            yield from _names(argument.value)


def _means_macro(guesses: Guesses, node: Call) -> bool:
    return node.target is not None and not overloads(METHOD, node.name) and means_macro(guesses, node)


def _names(expr: Expr) -> Iterator[Name]:
    rest = [expr]
    while rest:
        node = rest.pop()
        if isinstance(node, Name):
            yield node
        rest.extend(children(node))
