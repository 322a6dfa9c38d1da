"""Expressions in a node's configuration, over the node's own ports."""

from __future__ import annotations

from symphony_dsl.base.values import Value
from symphony_model.nodes import InstrumentNode, OperatorNode
from symphony_model.ports import Expression


class FormulaError(Exception):
    """An expression has no value for these inputs. `code` is a kind of failure."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def evaluated(expression: Expression, node: InstrumentNode | OperatorNode, inputs: dict[str, Value]) -> Value:
    """Raises FormulaError."""
    from symphony_dsl.expressions.program import EvaluationError, program

    names = {port.name: port.data_type for port in node.inputs}
    try:
        return program(expression.source, names, expression.type).run(inputs)
    except EvaluationError as problem:
        raise FormulaError(problem.code, problem.message) from problem
