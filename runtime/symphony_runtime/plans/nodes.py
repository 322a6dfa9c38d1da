"""What a node is to the engine, read off the node alone: its role, its configuration, the values that its ports have from that."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from symphony_dsl.base.conform import ConversionError, conform
from symphony_dsl.base.errors import UserError
from symphony_dsl.base.types import BOOL
from symphony_model.nodes import (
    ControlNode,
    ControlType,
    InputNode,
    InstrumentNode,
    OperatorNode,
    OperatorType,
    OutputNode,
)
from symphony_model.ports import Constant, Expression
from symphony_runtime.operators.pure import PURE
from symphony_runtime.plans.checks import holds
from symphony_runtime.plans.formula import Formula
from symphony_runtime.plans.plan import ABSENT, Computed, Feed, Given, NodePlan, Role

if TYPE_CHECKING:
    from symphony_model.nodes import Node
    from symphony_model.ports import Argument, PortDefinition

OPERATORS = {
    OperatorType.EXPRESSION: Role.EXPRESSION,
    OperatorType.REQUIRE: Role.REQUIRE,
    OperatorType.FAIL: Role.FAIL,
    OperatorType.WORKFLOW: Role.CALL,
    OperatorType.ASK: Role.ASK,
    OperatorType.WAIT: Role.WAIT,
    **dict.fromkeys(PURE, Role.PURE),
}

CONTROLS = {
    (ControlType.BRANCH, "if"): Role.BRANCH,
    (ControlType.BRANCH, "match"): Role.BRANCH,
    (ControlType.BRANCH, "try"): Role.TRY,
    (ControlType.BRANCH, "finally"): Role.FINALLY,
    (ControlType.PARALLEL, "each"): Role.EACH,
    (ControlType.PARALLEL, "all"): Role.ALL,
    (ControlType.PARALLEL, "first"): Role.FIRST,
    (ControlType.LOOP, "until"): Role.LOOP,
}

CLOSERS = frozenset({ControlType.MERGE, ControlType.JOIN})


def role_of(node: Node) -> Role:
    """Raises UserError for what this version cannot run."""
    match node:
        case InputNode():
            return Role.INPUT
        case OutputNode():
            return Role.OUTPUT
        case InstrumentNode():
            return Role.TOOLS if node.config.tools else Role.TASK
        case OperatorNode():
            return OPERATORS.get(node.operator_type, Role.TASK)
    if node.control_type in CLOSERS:
        return Role.CLOSER
    role = CONTROLS.get((node.control_type, node.config.mode))
    if role is None:
        raise UserError(f"this version cannot run a block of the mode `{node.config.mode}`", place=node.base.path)
    return role


def configure(plan: NodePlan) -> None:
    """Put into a plan what the configuration of its node says."""
    node = plan.node
    if isinstance(node, ControlNode):
        config = node.config
        plan.settings = config.settings
        plan.limit = _number(node, config.limit)
        plan.maximum, plan.every = _number(node, config.maximum), _number(node, config.every)
        plan.drops_items, plan.count = config.on_error == "skip", config.count
        plan.expression = _condition(node)
    if not isinstance(node, InstrumentNode | OperatorNode):
        return
    plan.effect, plan.settings = node.config.effect, node.config.settings
    limited = plan.settings.concurrency is not None or plan.settings.rate_limit is not None
    plan.takes_slots = plan.role is Role.TASK or (plan.role is Role.CALL and limited)
    if not isinstance(node, OperatorNode):
        return
    plan.callee = node.config.workflow or ""
    names = {port.name: port.data_type for port in node.inputs}
    of = node.config.expression
    if of:
        plan.expression = Formula(of.source, names, BOOL if plan.role is Role.REQUIRE else of.type)
    if node.config.failure:
        plan.failure = Formula(node.config.failure.source, names, node.config.failure.type)


def _condition(node: ControlNode) -> Formula | None:
    """When a loop ends, where its closing node says it."""
    if node.condition is None:
        return None
    return Formula(node.condition.source, {port.name: port.data_type for port in node.inputs}, BOOL)


def _number(node: ControlNode, of: int | Expression | None) -> int | Formula | None:
    if not isinstance(of, Expression):
        return of
    return Formula(of.source, {port.name: port.data_type for port in node.inputs}, of.type)


def known_feed(port: PortDefinition, label: str, argument: Argument | None) -> Feed:
    """A constant is converted here and now; one that does not fit fails the step when it comes to it."""
    match argument:
        case Constant(value):
            with suppress(ConversionError):
                return Feed(port, label, Given(conform(value, port.data_type, check=holds)), None, convert=False)
            return Feed(port, label, Given(value), None, convert=True)
        case Expression(source, of):
            return Feed(port, label, Computed(Formula(source, {}, of)), None, convert=True)
    return Feed(port, label, ABSENT, None, convert=True)


def argument_of(node: Node, port: str) -> Argument | None:
    match node:
        case InstrumentNode() | OperatorNode():
            return node.config.arguments.get(port)
        case OutputNode():
            return node.argument
    return None
