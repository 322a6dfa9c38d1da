"""The value of an expression that mentions no name."""

from __future__ import annotations

from symphony_dsl.base.diagnostic import Reporter, Severity
from symphony_dsl.base.types import UNKNOWN, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker.check import check
from symphony_dsl.expressions.names import mentioned
from symphony_dsl.expressions.program import EvaluationError, of_tree
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Expr


class NotConstant(Exception):  # noqa: N818  # it says what an expression is, and is no error
    """The expression has no value that is known from its text alone; the message says why."""


def constant(expr: Expr, expected: Type | None = None) -> Value:
    """The value of a constant expression, of the type `expected` where one is given. Raises NotConstant."""
    names = mentioned(expr)
    if names:
        raise NotConstant(f"`{'.'.join(names[0][0])}` is known only when the workflow runs")
    try:
        return of_tree(expr, {}, expected or _type(expr)).run({})
    except EvaluationError as problem:
        raise NotConstant(problem.message) from None


def _type(expr: Expr) -> Type:
    reporter = Reporter("", 0, [])
    of = check(expr, Scope({}), reporter).type
    wrong = next((each for each in reporter.found if each.severity is Severity.ERROR), None)
    if wrong:
        raise NotConstant(wrong.message)
    return UNKNOWN if of == UNKNOWN else of
