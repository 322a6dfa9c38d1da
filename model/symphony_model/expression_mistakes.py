"""What is wrong with an expression of a graph, in the codes and sentences that the same mistake has in text.

The sources in a graph are closed (`expressions.program`): a port with dots is a field of its head, and enums are strings.
Equal expressions over equal names are looked at once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from symphony_dsl.base.diagnostic import Reporter, Severity

if TYPE_CHECKING:
    from symphony_dsl.base.types import Type
    from symphony_dsl.expressions.tree import Expr

Names: TypeAlias = "tuple[tuple[str, Type], ...]"
Mistakes: TypeAlias = "tuple[tuple[str, str], ...]"
"""Codes and sentences."""

MOST_DOTS = 64
"""No expression selects deeper than that, so that ports with more dots are no names."""


@lru_cache(maxsize=4096)
def mistakes(source: str, names: Names, of: Type) -> Mistakes:
    from symphony_dsl.expressions.checker.check import check  # a graph without expressions needs none of it
    from symphony_dsl.expressions.program import assembled, without_enums
    from symphony_dsl.expressions.scope import Scope

    tree = _parsed(source)
    if isinstance(tree, tuple):
        return tree
    scope = Scope(assembled({name: without_enums(each) for name, each in names if name.count(".") <= MOST_DOTS}))
    reporter = Reporter("", 0, [])
    check(tree, scope, reporter, without_enums(of))
    return tuple((each.code.code, each.message) for each in reporter.found if each.severity is Severity.ERROR)


def heads(source: str) -> frozenset[str]:
    """The names that an expression uses, without the fields that it selects."""
    from symphony_dsl.expressions.names import mentioned

    tree = _parsed(source)
    return frozenset() if isinstance(tree, tuple) else frozenset(chain[0] for chain, _ in mentioned(tree))


@lru_cache(maxsize=4096)
def _parsed(source: str) -> Expr | Mistakes:
    from symphony_dsl.expressions.parser import ExpressionSyntaxError, parse_expression

    try:
        return parse_expression(source)
    except ExpressionSyntaxError as problem:
        return ((problem.code, problem.message),)
