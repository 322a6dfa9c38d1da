"""The checker: a type for every node, and a message with its place for every mistake.

It is gradual: a mistake is reported where it is and gives the type UNKNOWN, which fits everywhere. The evaluator takes
from here what was decided: the type of each node, and for each call and operator the signatures that may be meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symphony_dsl.base.diagnostic import Reporter
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import Primitive, Type
from symphony_dsl.expressions.checker.calls import check_call
from symphony_dsl.expressions.checker.checking import Checking, Context, bounded, fit
from symphony_dsl.expressions.checker.literals import check_brace, check_list, check_literal, check_text
from symphony_dsl.expressions.checker.operators import check_binary, check_conditional, check_unary
from symphony_dsl.expressions.checker.paths import check_index, check_name, check_select
from symphony_dsl.expressions.functions.signatures import Choice
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import (
    Binary,
    Brace,
    Call,
    Conditional,
    Expr,
    Index,
    ListLiteral,
    Literal,
    Name,
    Select,
    Text,
    Unary,
)
from symphony_dsl.expressions.walk import settle


@frozen
class Checked:
    """`soft` are the nodes at which a missing value is no failure, since `has` or `??` asks about it."""

    type: Type
    types: Mapping[Expr, Type]
    choices: Mapping[Expr, tuple[Choice, ...]]
    soft: frozenset[Expr]


def check(expr: Expr, scope: Scope, reporter: Reporter, expected: Type | None = None) -> Checked:
    """Check an expression, and that its value may stand where `expected` is needed."""
    ctx = Context(reporter, _visit, scope.cel)
    of = settle(_visit(ctx, expr, scope, expected))
    return Checked(of, ctx.types, ctx.choices, frozenset(ctx.soft))


def _visit(ctx: Context, node: Expr, scope: Scope, expected: Type | None) -> Checking:
    of = yield from _CHECKS[type(node)](ctx, node, scope, expected)
    if isinstance(node, _MAKERS) and not isinstance(of, Primitive):
        of = bounded(ctx, node, of)
    ctx.types[node] = of = fit(ctx, node, of, scope, expected)
    return of


_MAKERS = (Call, ListLiteral, Brace)
"""Nodes that make types which nobody has written."""


_Check = Callable[[Context, Any, Scope, "Type | None"], Checking]  # each takes the class of node that it stands beside

_CHECKS: dict[type, _Check] = {
    Literal: check_literal,
    Text: check_text,
    Name: check_name,
    Select: check_select,
    Index: check_index,
    Call: check_call,
    Unary: check_unary,
    Binary: check_binary,
    Conditional: check_conditional,
    ListLiteral: check_list,
    Brace: check_brace,
}
