"""From what an operator or a model gave to the outputs of its node."""

from __future__ import annotations

from symphony_dsl.base.conform import ConversionError, conform
from symphony_dsl.base.constraints import violation
from symphony_dsl.base.types import Field, RecordType, Type
from symphony_dsl.base.values import Value
from symphony_model.nodes import InstrumentNode, OperatorNode
from symphony_runtime.plans.checks import holds
from symphony_runtime.task import Failure, Success

SINGLE = "result"
"""The port of a callable whose result is a value; one whose result is a record has a port a field."""


def is_single(node: InstrumentNode | OperatorNode) -> bool:
    return len(node.outputs) == 1 and node.outputs[0].name == SINGLE and not node.config.record


def result_type(node: InstrumentNode | OperatorNode) -> Type:
    """The type of what has to come back; a record without fields where nothing has to."""
    if is_single(node):
        return node.outputs[0].data_type
    return RecordType(
        tuple(
            Field(p.name, p.data_type, p.has_default, p.default_value, p.constraints, p.wire, p.documentation)
            for p in node.outputs
        )
    )


def conformed(node: InstrumentNode | OperatorNode, value: Value) -> dict[str, Value]:
    """The outputs by port. Raises ConversionError, which names the path in the data."""
    if not node.outputs:
        return {}
    typed = conform(value, result_type(node), check=holds)
    if not is_single(node):
        return {port.name: typed.get(port.name) for port in node.outputs}
    wrong = None if typed is None else violation(typed, node.outputs[0].constraints, "", holds)
    if wrong:
        raise ConversionError("", wrong)
    return {SINGLE: typed}


def outcome(node: InstrumentNode | OperatorNode, value: Value) -> Success | Failure:
    try:
        return Success(conformed(node, value))
    except ConversionError as problem:
        return misfit(problem, what=f"what `{name_of(node)}` gave")


def misfit(problem: ConversionError, *, what: str, code: str = "conversion") -> Failure:
    place = f" at {problem.path}" if problem.path else ""
    return Failure(code, f"{what} does not fit{place}: {problem.message}", {"path": problem.path})


def name_of(node: InstrumentNode | OperatorNode) -> str:
    return node.config.callee or node.base.name
