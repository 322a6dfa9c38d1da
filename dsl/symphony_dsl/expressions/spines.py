"""Chains: what a writer reads as one thing from left to right, while the tree nests it once an operator."""

from __future__ import annotations

from symphony_dsl.expressions.tree import Binary, Conditional, Expr, Index, Select


def operands(node: Binary) -> tuple[list[Binary], list[Expr]]:
    """Of `a && b && c`: the operators, and `a b c`."""
    nodes: list[Binary] = []
    sides: list[Expr] = []
    at: Expr = node
    while isinstance(at, Binary) and at.operator == node.operator:
        nodes.append(at)
        sides.append(at.right)
        at = at.left
    return nodes, [at, *reversed(sides)]


def alternatives(node: Binary) -> tuple[list[Binary], list[Expr]]:
    """Of `a ?? b ?? c`, which nests to the right: the operators from the outside in, and `a b c`."""
    nodes: list[Binary] = []
    values: list[Expr] = []
    at: Expr = node
    while isinstance(at, Binary) and at.operator == "??":
        nodes.append(at)
        values.append(at.left)
        at = at.right
    return nodes, [*values, at]


def branches(node: Conditional) -> tuple[list[Conditional], Expr]:
    """Of `a ? x : b ? y : z`: the conditionals from the outside in, and `z`."""
    nodes: list[Conditional] = []
    at: Expr = node
    while isinstance(at, Conditional):
        nodes.append(at)
        at = at.otherwise
    return nodes, at


def path_nodes(node: Expr) -> list[Expr]:
    """The selections and indices that lead to a value, outermost first, and what they start from."""
    nodes = [node]
    while isinstance(node, Select | Index):
        node = node.operand
        nodes.append(node)
    return nodes
