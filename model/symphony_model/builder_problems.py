"""Everything that is wrong with a workflow that was built.

What would only follow from a problem that is told is not told too: a port has no value because its edge was misspelt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symphony_dsl.base.types import Type
from symphony_dsl.expressions.meter import EvaluationError
from symphony_dsl.expressions.program import program
from symphony_model.edges import ConditionalEdge, DataEdge, Edge
from symphony_model.nodes import ControlNode, InstrumentNode, Node, OperatorNode, OutputNode, port_named
from symphony_model.ports import Argument, Expression
from symphony_model.problem import (
    DisconnectedInput,
    InvalidEdge,
    InvalidValue,
    MissingRequiredInput,
    OrphanNode,
    Problem,
)
from symphony_model.validation import ValidationConfig
from symphony_model.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Assembled:
    """`told` are problems that the builder itself has seen; `doubtful` are ports of which nothing more is told."""

    workflow: Workflow
    told: tuple[Problem, ...]
    doubtful: frozenset[tuple[str, str | None]]

    def problems(self, config: ValidationConfig | None) -> tuple[Problem, ...]:
        found = (*self.workflow.validate(config).errors, *check_expressions(self.workflow))
        return (*self.told, *(each for each in found if not self._follows(each)))

    def _follows(self, problem: Problem) -> bool:
        match problem:
            case DisconnectedInput(port=port) | MissingRequiredInput(port=port):
                return not self.doubtful.isdisjoint({(problem.place, port), (problem.place, None)})
            case OrphanNode():
                return any(path == problem.place for path, _ in self.doubtful)
        return False


def check_expressions(workflow: Workflow) -> Iterator[Problem]:
    """Expressions that cannot be read, or do not fit the ports that they are over: no compiler has seen them."""
    for node in workflow.nodes.values():
        names = {port.name: port.data_type for port in node.inputs}
        for expression in _of_node(node):
            wrong = _wrong(expression, names)
            if wrong:
                message = f"the expression `{expression.source}` of `{node.base.path}` is wrong: {wrong}"
                yield InvalidValue("WF0614", message, node.base.path, node.base.id)
    for edge in workflow.edges:
        yield from _check_edge(workflow, edge)


def _check_edge(workflow: Workflow, edge: Edge) -> Iterator[Problem]:
    source, target = workflow.nodes[edge.source_node], workflow.nodes[edge.target_node]
    expression, names = _of_edge(edge, source)
    wrong = expression and _wrong(expression, names)
    if expression and wrong:
        way = f"the edge from `{source.base.path}` to `{target.base.path}`"
        reason = f"has the expression `{expression.source}`, which is wrong: {wrong}"
        yield InvalidEdge("WF0614", f"{way} {reason}", target.base.path, edge.id, reason)


def _wrong(expression: Expression, names: dict[str, Type]) -> str | None:
    try:
        program(expression.source, names, expression.type)
    except EvaluationError as problem:
        return problem.message
    return None


def _of_edge(edge: Edge, source: Node) -> tuple[Expression | None, dict[str, Type]]:
    match edge:
        case DataEdge(transform=transform) if transform is not None:
            port = port_named(source.outputs, edge.source_port)
            return transform.expression, {"it": port.data_type} if port else {}
        case ConditionalEdge(condition=condition):
            return condition, {port.name: port.data_type for port in source.inputs}
    return None, {}


def _of_node(node: Node) -> Iterator[Expression]:
    return (each for each in _written(node) if isinstance(each, Expression))


def _written(node: Node) -> tuple[Argument | int | None, ...]:
    match node:
        case InstrumentNode(config=model):
            return (model.system, model.prompt, model.messages, *model.arguments.values())
        case OperatorNode(config=code):
            command = code.shell if isinstance(code.shell, tuple) else ()
            return (code.expression, code.failure, *command, *code.arguments.values())
        case ControlNode(config=block):
            return (block.limit, node.condition)
        case OutputNode(argument=argument):
            return (argument,)
    return ()
