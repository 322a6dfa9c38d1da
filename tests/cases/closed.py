"""Every expression of a graph with the names that it may use."""

from __future__ import annotations

from collections.abc import Iterator

from symphony_dsl.base.types import Type
from symphony_model.edges import ConditionalEdge, DataEdge
from symphony_model.nodes import ControlNode, InstrumentNode, Node, OperatorNode, OutputNode, port_named
from symphony_model.ports import Expression
from symphony_model.run_names import RUN, RUN_FACTS
from symphony_model.workflow import Workflow

_FACTS: dict[str, Type] = {RUN: RUN_FACTS}

Found = Iterator[tuple[Expression, dict[str, Type]]]


def expressions(workflow: Workflow) -> Found:
    for node in workflow.nodes.values():
        names = _FACTS | {port.name: port.data_type for port in node.inputs}
        yield from ((each, names) for each in _own(node) if isinstance(each, Expression))
    for edge in workflow.edges:
        source = workflow.nodes[edge.source_node]
        if isinstance(edge, DataEdge) and edge.transform is not None:
            port = port_named(source.outputs, edge.source_port)
            assert port is not None
            yield edge.transform.expression, _FACTS | {"it": port.data_type}
        if isinstance(edge, ConditionalEdge) and edge.condition is not None:
            yield edge.condition, _FACTS | {port.name: port.data_type for port in (*source.inputs, *source.outputs)}


def _own(node: Node) -> Iterator[object]:
    match node:
        case InstrumentNode(config=config):
            yield from (config.system, config.prompt, *config.arguments.values())
        case OperatorNode(config=config):
            yield from (config.expression, config.failure, *config.arguments.values())
            if isinstance(config.shell, tuple):
                yield from config.shell
        case ControlNode(config=config):
            yield from (config.limit, config.maximum, config.every)
        case OutputNode(argument=argument):
            yield argument
