"""The value of an expression that mentions no name."""

from __future__ import annotations

from symphony_dsl.base.diagnostic import Reporter, Severity
from symphony_dsl.base.types import UNKNOWN, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker.check import check
from symphony_dsl.expressions.names import mentioned
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Expr, Literal


class NotConstant(Exception):  # noqa: N818  # it says what an expression is, and is no error
    """The expression has no value that is known from its text alone; the message says why."""


def constant(expr: Expr, expected: Type | None = None) -> Value:
    """The value of a constant expression, of the type `expected` where one is given. Raises NotConstant."""
    if isinstance(expr, Literal) and expr.kind in PLAIN and expected is None:
        return expr.value
    names = mentioned(expr)
    if names:
        raise NotConstant(f"`{'.'.join(names[0][0])}` is known only when the workflow runs")
    from symphony_dsl.expressions.program import EvaluationError, of_tree  # much, and few texts compute constants

    try:
        return of_tree(expr, {}, expected or _type(expr)).run({})
    except EvaluationError as problem:
        raise NotConstant(problem.message) from None


PLAIN = frozenset({"string", "int", "float", "bool", "null"})
"""Literals that are their value."""


def _type(expr: Expr) -> Type:
    reporter = Reporter("", 0, [])
    of = check(expr, Scope({}), reporter).type
    wrong = next((each for each in reporter.found if each.severity is Severity.ERROR), None)
    if wrong:
        raise NotConstant(wrong.message)
    return UNKNOWN if of == UNKNOWN else of
