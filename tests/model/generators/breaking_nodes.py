"""Ways to break nodes, and what is said of each when nothing else is broken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.model.generators.breaking import STRANGER, aside, edit, joined_nodes, nodes
from tests.model.generators.parts import Parts

from symphony_dsl.base.types import BOOL, INT, STRING, ListType, Type
from symphony_model.nodes import InputNode, InstrumentNode, Node, OperatorConfig, OperatorNode, OperatorType, OutputNode
from symphony_model.ports import Constant, Expression, PortDefinition


@edit(joined_nodes, "WF0201 invalid_edge")
def a_node_is_gone(parts: Parts, node: Node) -> Parts:
    return parts.without_node(node.base.id)


@edit(nodes, "WF0202 duplicate_node_id")
def a_node_stands_there_twice(parts: Parts, node: Node) -> Parts:
    return replace(parts, nodes={**parts.nodes, STRANGER: node})


@edit(lambda parts: nodes(parts)[1:], "WF0202 duplicate_node_id")
def a_path_is_taken(parts: Parts, node: Node) -> Parts:
    first = next(iter(parts.nodes.values()))
    return parts.with_node(replace(node, base=replace(node.base, path=first.base.path)))


@edit(nodes, "WF0613 orphan_node")
def a_node_is_alone(parts: Parts, _: Node) -> Parts:
    return parts.with_node(aside())


@edit(nodes)
def a_node_is_disabled(parts: Parts, node: Node) -> Parts:
    return parts.with_node(replace(node, base=replace(node.base, enabled=False)))


def _border(parts: Parts) -> list[InputNode | OutputNode]:
    return [node for node in parts.nodes.values() if isinstance(node, InputNode | OutputNode)]


@edit(_border, "WF0612 invalid_node")
def a_border_has_a_port_of_another_name(parts: Parts, node: InputNode | OutputNode) -> Parts:
    return parts.with_node(replace(node, port=replace(node.port, name="out")))


@edit(_border, "WF0407 invalid_node")
def a_border_stands_in_a_block(parts: Parts, node: InputNode | OutputNode) -> Parts:
    return parts.with_node(replace(node, base=replace(node.base, region="s1:then")))


def _needy(parts: Parts) -> list[OperatorNode]:
    """Operators that cannot run without what their configuration gives."""
    needy = (OperatorType.PYTHON, OperatorType.EXPRESSION, OperatorType.REQUIRE)
    return [node for node in parts.nodes.values() if isinstance(node, OperatorNode) and node.operator_type in needy]


@edit(_needy, "WF0504 invalid_node", "WF0612 invalid_node")
def an_operator_has_nothing_to_do(parts: Parts, node: OperatorNode) -> Parts:
    return parts.with_node(replace(node, config=OperatorConfig()))


def _workers(parts: Parts) -> list[OperatorNode | InstrumentNode]:
    return [node for node in parts.nodes.values() if isinstance(node, OperatorNode | InstrumentNode)]


def _given(node: Any, name: str, argument: Constant | Expression) -> Any:
    arguments = {**node.config.arguments, name: argument}
    return replace(node, config=replace(node.config, arguments=arguments))


@edit(_workers, "WF0403 invalid_node")
def an_argument_has_no_port(parts: Parts, node: OperatorNode | InstrumentNode) -> Parts:
    return parts.with_node(_given(node, "nowhere", Constant("a")))


def _with_inputs(parts: Parts) -> list[Any]:
    return [node for node in _workers(parts) if node.inputs]


@edit(_with_inputs, "WF0301 invalid_value")
def an_argument_does_not_fit(parts: Parts, node: Any) -> Parts:
    port = PortDefinition("number", INT)
    wider = replace(node, inputs=(*node.inputs, port))
    return parts.with_node(_given(wider, "number", Constant("a")))


@edit(_with_inputs, "WF0101 invalid_expression")
def an_argument_cannot_be_read(parts: Parts, node: Any) -> Parts:
    return parts.with_node(_given(node, node.inputs[0].name, Expression("1 +", node.inputs[0].data_type)))


@edit(_with_inputs, "WF0202 invalid_node")
def two_ports_have_one_name(parts: Parts, node: Any) -> Parts:
    return parts.with_node(replace(node, inputs=(*node.inputs, node.inputs[0])))


@edit(_workers, "WF0216 invalid_node")
def a_type_is_too_large(parts: Parts, node: Any) -> Parts:
    deep: Type = STRING
    for _ in range(300):
        deep = ListType(deep)
    return parts.with_node(replace(node, inputs=(*node.inputs, PortDefinition("deep", deep, required=False))))


@edit(lambda parts: [node for node in nodes(parts) if not isinstance(node, InputNode | OutputNode)])
def inputs_and_outputs_change_places(parts: Parts, node: Any) -> Parts:
    return parts.with_node(replace(node, inputs=node.outputs, outputs=node.inputs))


def _gives(node: Node, of: Type) -> bool:
    return any(port.data_type == of for port in node.outputs)


def _expressions(parts: Parts) -> list[OperatorNode]:
    return [node for node in _needy(parts) if node.config.expression is not None]


@edit(_expressions, "WF0101 invalid_expression")
def an_expression_cannot_be_read(parts: Parts, node: OperatorNode) -> Parts:
    return parts.with_node(replace(node, config=replace(node.config, expression=Expression("1 + ", STRING))))


@edit(_expressions, "WF0201 invalid_expression")
def an_expression_names_what_is_not_there(parts: Parts, node: OperatorNode) -> Parts:
    return parts.with_node(replace(node, config=replace(node.config, expression=Expression("nowhere == 1", BOOL))))


@edit(lambda parts: [node for node in _expressions(parts) if _gives(node, STRING)], "WF0301 invalid_value")
def an_expression_gives_something_else(parts: Parts, node: OperatorNode) -> Parts:
    return parts.with_node(replace(node, config=replace(node.config, expression=Expression("true", BOOL))))
