"""Expressions in a node's configuration, over the node's own ports."""

from __future__ import annotations

from symphony_dsl.base.values import Value
from symphony_model.ports import Expression
from symphony_runtime.plans.formula import Formula
from symphony_runtime.task import Task


class FormulaError(Exception):
    """An expression has no value for these inputs. `code` is a kind of failure."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def evaluated(expression: Expression, task: Task, inputs: dict[str, Value]) -> Value:
    """`inputs` are those of the task, or what they stand for outside. Raises FormulaError."""
    from symphony_dsl.expressions.program import EvaluationError

    names = {port.name: port.data_type for port in task.node.inputs}
    try:
        return Formula(expression.source, names, expression.type).run(inputs, task.facts)
    except EvaluationError as problem:
        raise FormulaError(problem.code, problem.message) from problem
