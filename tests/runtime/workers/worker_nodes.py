"""Nodes and tasks for the tests of executors, and a record of what an attempt reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from symphony_dsl.base.types import STRING, Type
from symphony_dsl.base.values import Value
from symphony_model.ids import node_id, workflow_id
from symphony_model.nodes import (
    InstrumentConfig,
    InstrumentNode,
    NodeBase,
    OperatorConfig,
    OperatorNode,
    OperatorType,
)
from symphony_model.ports import Expression, PortDefinition
from symphony_runtime.task import LogLine, Notice, ProgressNote, Task

WORKFLOW = workflow_id("w")
BASE = NodeBase(node_id(WORKFLOW, "s"), "s", "s")


@dataclass
class Reports:
    """Called with each report."""

    all: list[Notice] = field(default_factory=list)

    def __call__(self, notice: Notice) -> None:
        self.all.append(notice)

    @property
    def lines(self) -> list[str]:
        return [report.message for report in self.all if isinstance(report, LogLine)]

    @property
    def progress(self) -> list[tuple[float, str | None]]:
        return [(report.fraction, report.message) for report in self.all if isinstance(report, ProgressNote)]


def ports(types: dict[str, Type]) -> tuple[PortDefinition, ...]:
    return tuple(PortDefinition(name, of) for name, of in types.items())


def operator(
    of: OperatorType, inputs: dict[str, Type], outputs: dict[str, Type] | Type | None = None, **config: Value
) -> OperatorNode:
    """An operator node; `outputs` is a type for `-> T`, a dictionary for `-> { … }`."""
    made = OperatorConfig(callee="f", record=_is_record(outputs), **config)
    return OperatorNode(BASE, of, made, ports(inputs), ports(_outputs(outputs)))


def _outputs(outputs: dict[str, Type] | Type | None) -> dict[str, Type]:
    if outputs is None:
        return {}
    return outputs if isinstance(outputs, dict) else {"result": outputs}


def _is_record(outputs: dict[str, Type] | Type | None) -> bool:
    return isinstance(outputs, dict) and outputs.keys() == {"result"}


def python(
    function: str, inputs: dict[str, Type] | None = None, outputs: dict[str, Type] | Type | None = None
) -> OperatorNode:
    return operator(OperatorType.PYTHON, inputs or {}, outputs, python=function)


def shell(
    command: str | list[str], inputs: dict[str, Type] | None = None, outputs: dict[str, Type] | Type | None = None
) -> OperatorNode:
    """A command line, or a list of expressions; one that is just a port has the port's type."""
    inputs = inputs or {}
    if not isinstance(command, str):
        command = tuple(Expression(part, inputs.get(part, STRING)) for part in command)
    return operator(OperatorType.SHELL, inputs, outputs, shell=command)


def instrument(
    model: str, inputs: dict[str, Type], outputs: dict[str, Type] | Type | None, **config: Value
) -> InstrumentNode:
    made = InstrumentConfig("ask", record=_is_record(outputs), **config)
    return InstrumentNode(BASE, model, made, ports(inputs), ports(_outputs(outputs)))


def task(node: OperatorNode | InstrumentNode, home: Path, **inputs: Value) -> Task:
    return Task("run", "s", 1, node, inputs, home, "key")
