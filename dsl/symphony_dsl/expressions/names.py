"""The free names of an expression: which there are, and how to put something else in their place."""

from __future__ import annotations

from collections.abc import Callable

from symphony_dsl.expressions.macros import NAMESPACES
from symphony_dsl.expressions.tree import Call, Expr, Name, Select
from symphony_dsl.expressions.walk import Bound, Walk, children, rebuild, scoped_children, settle


def mentioned(expr: Expr) -> list[tuple[tuple[str, ...], Expr]]:
    """Each use of a free name with the fields selected from it, as long as the chain is, in the order of the text.

    `a.b.c + a` mentions `("a", "b", "c")` and `("a",)`. Variables of macros and namespaces of functions are no names.
    """
    found: list[tuple[tuple[str, ...], Expr]] = []
    rest: list[tuple[Expr, Bound]] = [(expr, frozenset())]
    while rest:
        node, bound = rest.pop()
        chain = _chain(node)
        if chain is None:
            rest.extend((child, sees) for child, sees in _uses(node, bound))
        elif chain[0] not in bound:
            found.append((chain, node))
    return found


def _chain(node: Expr) -> tuple[str, ...] | None:
    """The name and fields of a pure chain of selections."""
    fields: list[str] = []
    while isinstance(node, Select):
        fields.append(node.field)
        node = node.operand
    return (node.name, *reversed(fields)) if isinstance(node, Name) else None


def _uses(node: Expr, bound: Bound) -> list[tuple[Expr, Bound]]:
    """The children that use names, last first."""
    listed = [(child, sees) for child, sees in scoped_children(node, bound) if sees is not None]
    if isinstance(node, Call) and isinstance(node.target, Name) and node.target.name in NAMESPACES:
        listed = listed[1:]
    return listed[::-1]


def substitute(expr: Expr, replace: Callable[[Expr], Expr | None]) -> Expr:
    """The expression with other expressions in place of free names and of selections from them.

    `replace` is asked for the longest chain first (`a.b.c`, then `a.b`, then `a`), always with nodes of the tree as it
    was; None leaves a node as it is. Variables of macros are never asked for.
    """
    return settle(_substituted(expr, frozenset(), replace))


def _substituted(node: Expr, bound: Bound, replace: Callable[[Expr], Expr | None]) -> Walk[Expr]:
    chain = _chain(node)
    if chain is not None:
        return _replaced(node, replace) if chain[0] not in bound else node
    if not children(node):
        return node
    uses = dict.fromkeys(id(child) for child, _ in _uses(node, bound))
    parts: list[Expr] = []
    for child, sees in scoped_children(node, bound):
        free = sees is not None and id(child) in uses
        parts.append((yield _substituted(child, sees or bound, replace)) if free else child)
    return rebuild(node, parts)


def _replaced(node: Expr, replace: Callable[[Expr], Expr | None]) -> Expr:
    """A chain with its longest replaceable part replaced."""
    behind: list[Select] = []
    while True:
        made = replace(node)
        if made is not None or not isinstance(node, Select):
            break
        behind.append(node)
        node = node.operand
    if made is None:
        return behind[0] if behind else node
    for select in reversed(behind):
        made = rebuild(select, [made])
    return made
