"""An instrument with tools as a block: a region for a turn of its model, and one for each tool.

A turn is the instrument itself, asked once; it takes what the instrument takes. A tool is a node as if it stood in the graph,
which takes what the model gives.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symphony_dsl.base.flows import hidden_in
from symphony_model.ids import node_id
from symphony_model.nodes import InstrumentNode, InstrumentTool, NodeBase, OperatorNode
from symphony_model.setting_ports import setting_port
from symphony_model.settings import Settings
from symphony_runtime.plans.nodes import argument_of, configure, known_feed, role_of
from symphony_runtime.plans.plan import ABSENT, Feed, FromModel, NodePlan, Passed, RegionPlan, Role

if TYPE_CHECKING:
    from symphony_model.ids import WorkflowId
    from symphony_model.nodes import Tool
    from symphony_model.ports import PortDefinition
    from symphony_runtime.plans.plan import WorkflowPlan

TURN = "#"
"""The region of a turn; no tool is called so. The others have the names of their tools."""


OF_ALL = frozenset({"deadline", "key"})
"""Settings that are of all turns together; a person decides about a turn that failed, and about all of them, so `on_error` is of both."""


def add_tools(plan: WorkflowPlan, opener: NodePlan) -> None:
    """Give an instrument its regions. Its settings are those of its turns, but for those that it has as a whole."""
    node = opener.node
    assert isinstance(node, InstrumentNode), "nothing else has tools"
    turn = _added(plan, opener, TURN, node, Role.TASK)
    passed = [port for port in node.inputs if port.name not in map(setting_port, OF_ALL)]
    turn.feeds = tuple(Feed(port, port.name, Passed(), None, convert=False) for port in passed)
    whole, none = opener.settings, Settings()
    turn.settings = replace(whole, **{name: getattr(none, name) for name in OF_ALL})
    opener.settings = Settings(on_error=whole.on_error, **{name: getattr(whole, name) for name in OF_ALL})
    turn.computes, opener.computes = opener.computes - OF_ALL, opener.computes & OF_ALL
    for tool in node.config.tools:
        made = tool_node(tool, node.base.path, plan.workflow.id)
        called = _added(plan, opener, tool.name, made, role_of(made))
        called.feeds = tuple(_feed(made, port) for port in made.inputs)
        if called.role is Role.TOOLS:
            add_tools(plan, called)


def _added(
    plan: WorkflowPlan, opener: NodePlan, name: str, node: InstrumentNode | OperatorNode, role: Role
) -> NodePlan:
    """A region of its own with the one node, which is known by the address of the region."""
    path = f"{opener.path}{name}" if name == TURN else node.base.path
    region = RegionPlan(plan, name, "", path, opener.region, opener.region.depth + 1, opener=opener)
    made = NodePlan(node, role, region, 0, "", priority=opener.priority)
    configure(made)
    region.nodes.append(made)
    opener.regions[name] = region
    plan.paths[path] = made
    return made


def tool_node(tool: Tool, path: str, workflow: WorkflowId) -> InstrumentNode | OperatorNode:
    """The node that a tool is, of an instrument at `path`."""
    place = f"{path}/{tool.name}"
    base = NodeBase(node_id(workflow, place), place, tool.name, tool.description)
    if isinstance(tool, InstrumentTool):
        return InstrumentNode(base, tool.model_id, tool.config, tool.inputs, tool.outputs, tool.model_version)
    return OperatorNode(base, tool.operator_type, tool.config, tool.inputs, tool.outputs)


def _feed(node: InstrumentNode | OperatorNode, port: PortDefinition) -> Feed:
    argument = argument_of(node, port.name)
    if argument is not None:
        return known_feed(port, port.name, argument)
    return Feed(port, port.name, FromModel() if is_offered(port) else ABSENT, None, convert=True)


def offered(tool: Tool) -> tuple[PortDefinition, ...]:
    """What a model has to give, or may. What the tool has already it is not asked for."""
    return tuple(port for port in tool.inputs if port.name not in tool.config.arguments and is_offered(port))


def is_offered(port: PortDefinition) -> bool:
    """Whether a model may give a value. One that names a secret would decide where that goes."""
    return hidden_in(port.data_type) is None
