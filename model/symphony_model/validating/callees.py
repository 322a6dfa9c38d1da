"""Checks of what runs: operators, instruments and the tools of instruments have what their kind needs, and nothing twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from symphony_dsl.base.flows import flows
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import BOOL, DURATION, STRING
from symphony_model.nodes import (
    InstrumentConfig,
    InstrumentNode,
    InstrumentTool,
    OperatorConfig,
    OperatorNode,
    OperatorTool,
    OperatorType,
    port_named,
    tools_of,
)
from symphony_model.problem import InvalidNode, ValidationError

if TYPE_CHECKING:
    from symphony_dsl.base.types import Type
    from symphony_model.nodes import Node, Tool
    from symphony_model.structure import Structure

NEEDED = {
    OperatorType.EXPRESSION: "expression",
    OperatorType.REQUIRE: "expression",
    OperatorType.FAIL: "failure",
    OperatorType.WORKFLOW: "workflow",
    OperatorType.PYTHON: "python",
    OperatorType.SHELL: "shell",
    OperatorType.HTTP: "http",
}
"""What an operator cannot run without, by its type."""

WAYS = ("workflow", "python", "shell", "http")
"""What may run an operator; it is one of them."""

OF_A_STATEMENT = frozenset({OperatorType.EXPRESSION, OperatorType.REQUIRE, OperatorType.FAIL})
"""Operators that are no callable: nobody declares them, and no model calls them."""

PORTS: dict[OperatorType, tuple[str, Type]] = {
    OperatorType.ASK: ("prompt", STRING),
    OperatorType.WAIT: ("duration", DURATION),
}
"""The port that an operator reads, by its type."""

TARGET = re.compile("[^:]+:[^:]+")
METHOD = re.compile("[A-Z]+")

Caller: TypeAlias = "InstrumentNode | OperatorNode | Tool"


@frozen
class Callee:
    """What runs, called as people know it, and the node that it is of."""

    of: Caller
    path: str
    node: Node

    def wrong(self, code: str, message: str) -> InvalidNode:
        return InvalidNode(code, message, self.node.base.path, self.node.base.id)


def check_callees(structure: Structure) -> Iterator[ValidationError]:
    for node in structure.nodes.values():
        if isinstance(node, (InstrumentNode, OperatorNode)):
            yield from _callee(Callee(node, node.base.path, node))
        if isinstance(node, InstrumentNode) and node.config.tools:
            yield from _tools(node)


def _tools(node: InstrumentNode) -> Iterator[ValidationError]:
    for tool in tools_of(node):
        yield from _callee(Callee(tool, f"{node.base.path}` → `{tool.name}", node))
    yield from _twice(node)


def _callee(callee: Callee) -> Iterator[ValidationError]:
    of = callee.of
    if of.config.arguments:
        yield from _arguments(callee)
    if isinstance(of, (OperatorNode, OperatorTool)):
        yield from _implementation(callee, of.operator_type, of.config)
        yield from _reads(callee, of.operator_type)
    else:
        yield from _model(callee, of.model_id, of.config)
    if isinstance(of, OperatorTool) and of.operator_type in OF_A_STATEMENT:
        yield callee.wrong("WF0209", f"`{callee.path}` is no callable that a model could use, but `{of.operator_type}`")


def _model(callee: Callee, model_id: str, config: InstrumentConfig) -> Iterator[ValidationError]:
    if not model_id:
        yield callee.wrong("WF0504", f"`{callee.path}` does not name its model, as in `openai/gpt-4o-mini`")
    if config.prompt is not None and config.messages is not None:
        message = f"`{callee.path}` says twice what the model is told, by `prompt` and by `messages`; leave one away"
        yield callee.wrong("WF0505", message)
    if config.max_turns is not None and config.max_turns < 1:
        yield callee.wrong("WF0503", f"`max_turns` of `{callee.path}` is {config.max_turns}, not 1 or more")
    if config.max_turns is not None and not config.tools:
        message = f"`{callee.path}` has `max_turns`, which counts turns in which tools are called, but has no tools"
        yield callee.wrong("WF0509", message)


def _arguments(callee: Callee) -> Iterator[ValidationError]:
    names = {port.name for port in callee.of.inputs}
    for name in callee.of.config.arguments:
        if name not in names:
            listed = ", ".join(f"`{each}`" for each in sorted(names)) or "none"
            message = f"`{callee.path}` has an argument `{name}`, but no such port; its ports: {listed}"
            yield callee.wrong("WF0403", message)


def _implementation(callee: Callee, of: OperatorType, config: OperatorConfig) -> Iterator[ValidationError]:
    needed = NEEDED.get(of)
    for other in WAYS:
        if other != needed and getattr(config, other) is not None:
            runs = f"by its `{needed}`" if needed else "without one"
            yield callee.wrong("WF0505", f"the operator `{callee.path}` ({of}) runs {runs}, but has a `{other}` too")
    if needed and getattr(config, needed) is None:
        code = "WF0612" if of in OF_A_STATEMENT else "WF0504"
        yield callee.wrong(
            code, f"the operator `{callee.path}` ({of}) has no `{needed}`; its configuration has to give one"
        )
    if of is OperatorType.PYTHON and config.python is not None and not TARGET.fullmatch(config.python):
        yield callee.wrong("WF0508", f"`{callee.path}` runs `{config.python}`; a Python target is `module:function`")
    if of is OperatorType.REQUIRE and config.expression and config.expression.type != BOOL:
        yield callee.wrong("WF0301", f"the condition of `{callee.path}` is {config.expression.type}, not bool")
    if config.http and not METHOD.fullmatch(config.http.method):
        yield callee.wrong("WF0503", f"the method of `{callee.path}` is `{config.http.method}`; write it as in `GET`")
    if config.http and not config.http.url:
        yield callee.wrong("WF0504", f"the request of `{callee.path}` has no address; give it a `url`")


def _reads(callee: Callee, of: OperatorType) -> Iterator[ValidationError]:
    if of not in PORTS:
        return
    name, wanted = PORTS[of]
    port = port_named(callee.of.inputs, name)
    if port is None:
        yield callee.wrong("WF0612", f"the operator `{callee.path}` ({of}) has no port `{name}`; give it one, {wanted}")
    elif not flows(port.data_type, wanted).ok:
        yield callee.wrong("WF0301", f"the port `{name}` of `{callee.path}` is {port.data_type}, not {wanted}")


def _twice(node: InstrumentNode) -> Iterator[ValidationError]:
    """A model knows its tools by their names."""
    owners: list[InstrumentNode | InstrumentTool] = [
        node,
        *(tool for tool in tools_of(node) if isinstance(tool, InstrumentTool)),
    ]
    for owner in owners:
        names = Counter(tool.name for tool in owner.config.tools)
        for name in sorted(each for each, count in names.items() if count > 1):
            message = f"two tools of `{node.base.path}` are called `{name}`; give one of them another name"
            yield InvalidNode("WF0202", message, node.base.path, node.base.id)
