"""Plain CEL: an expression as the specification has it, with our additions, outside of any `.wf` file.

Unlike a `program`, it takes and gives values as CEL has them (`base.dynamic`), with optionals, uints, types and maps of
any keys. It may run without having been checked; then what is wrong with it is told when it comes to that.
"""

from __future__ import annotations

from collections.abc import Mapping

from symphony_dsl.base.diagnostic import Reporter, Severity
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import JSON, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker.check import check
from symphony_dsl.expressions.exact.evaluation import Evaluate, evaluation
from symphony_dsl.expressions.meter import EvaluationError, Meter
from symphony_dsl.expressions.parser import ExpressionSyntaxError, parse_cel
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Expr

__all__ = ["CelError", "CelProgram", "EvaluationError", "cel_program"]


class CelError(Exception):
    """Why a source is no program: it does not parse, or what it says does not fit its names. `code` tells which."""

    def __init__(self, message: str, span: Span, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.code = code


@frozen
class CelProgram:
    """`type` is what the checker says of the value, `json` (CEL's dyn) where it was not asked."""

    type: Type
    names: tuple[str, ...]
    evaluate: Evaluate
    span: Span

    def run(self, bindings: Mapping[str, Value]) -> Value:
        """The value; EvaluationError where there is none."""
        missing = next((name for name in self.names if name not in bindings), None)
        if missing:
            raise EvaluationError("binding", f"the expression needs `{missing}`, which has no value")
        value = self.evaluate(Meter(), [bindings[name] for name in self.names])
        try:
            Meter().walk(value)
        except EvaluationError as problem:
            problem.place(self.span)
            raise
        return value


def cel_program(source: str, names: Mapping[str, Type] | None = None, *, checked: bool = True) -> CelProgram:
    """The program of a source over names of these types. CelError where it does not parse, or does not check."""
    types = dict(names or {})
    try:
        tree = parse_cel(source)
    except ExpressionSyntaxError as problem:
        raise CelError(problem.message, problem.span, problem.code) from None
    of = _type(tree, types) if checked else JSON
    return CelProgram(of, tuple(types), evaluation(tree, None, tuple(types)), tree.span)


def _type(tree: Expr, names: Mapping[str, Type]) -> Type:
    reporter = Reporter("", 0, [])
    of = check(tree, Scope(names, cel=True), reporter).type
    wrong = next((each for each in reporter.found if each.severity is Severity.ERROR), None)
    if wrong:
        raise CelError(wrong.message, wrong.location.span, wrong.code.code)
    return of
