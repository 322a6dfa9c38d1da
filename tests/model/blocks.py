"""Graphs made by hand of opening and closing nodes, in which nobody says where blocks are."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from symphony_dsl.base.types import BOOL, JSON
from symphony_model.arms import infer_regions, with_regions
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, Edge
from symphony_model.ids import edge_id, node_id
from symphony_model.nodes import (
    ControlConfig,
    ControlNode,
    ControlType,
    Node,
    NodeBase,
    OperatorConfig,
    OperatorNode,
    OperatorType,
)
from symphony_model.ports import Expression, PortDefinition
from symphony_model.workflow import Workflow

ID = Workflow("hand").id
KINDS = {
    "if": (ControlType.BRANCH, "if"),
    "for": (ControlType.PARALLEL, "each"),
    "all": (ControlType.PARALLEL, "all"),
    "loop": (ControlType.LOOP, "until"),
    "try": (ControlType.BRANCH, "try"),
    "final": (ControlType.BRANCH, "finally"),
    "merge": (ControlType.MERGE, "if"),
    "join": (ControlType.JOIN, "each"),
    "round": (ControlType.MERGE, "until"),
}
"""What a node is, by the start of its name; every other node is a step."""


def drawn(*lines: str) -> Workflow:
    """A workflow of lines `a > b` (control) and `a > b : label` (conditional); nodes are made when they are first named.

    `a ! port` feeds a port of the node called `round`, the end of a loop, which has a condition as long as nothing does.
    """
    workflow = Workflow("hand")
    for line in lines:
        if "!" in line:
            feed(workflow, *(part.strip() for part in line.split("!")))
            continue
        way, _, label = (part.strip() for part in line.partition(":"))
        names = [name.strip() for name in way.split(">")]
        for name in names:
            if workflow.at(name) is None:
                workflow.add_node(made(name))
        for source, target in pairwise(names):
            edge = joined(source, target, label)
            if workflow.get_edge(edge.id) is None:
                workflow.put_edge(edge)
    return workflow


def feed(workflow: Workflow, source: str, port: str) -> None:
    node, end = workflow.at(source), workflow.at("round")
    assert node
    assert isinstance(end, ControlNode)
    of = BOOL if port == "until" else JSON
    ports = (*end.inputs, PortDefinition(port, of, port == "until"))
    workflow.replace_node(replace(end, inputs=ports, condition=None))
    workflow.replace_node(replace(node, outputs=(PortDefinition(port, of),)))  # type: ignore[arg-type, call-arg]
    name = edge_id(ID, "data", source, port)
    workflow.put_edge(DataEdge(name, node.base.id, port, end.base.id, port))


def made(name: str) -> Node:
    base = NodeBase(node_id(ID, name), name, name)
    kind = KINDS.get(name.rstrip("0123456789"))
    if kind:
        ends = Expression("1 < 2", BOOL) if kind == KINDS["round"] else None
        config = ControlConfig(kind[1], maximum=3 if kind == KINDS["loop"] else None)
        return ControlNode(base, kind[0], config, condition=ends)
    return OperatorNode(base, OperatorType.TEXT, OperatorConfig())


ORDER = {"then": 0, "then2": 1, "else": 2, "catch": 1, "catch2": 2}


def joined(source: str, target: str, label: str) -> Edge:
    ends = node_id(ID, source), node_id(ID, target)
    name = edge_id(ID, label, source, target)
    if not label:
        return ControlEdge(name, *ends)
    condition = None if label in ("else", "catch2") else Expression("1 < 2", BOOL)
    return ConditionalEdge(name, *ends, condition, label, ORDER[label])


def nest(depth: int) -> Workflow:
    """One `for` in another, so many times, with the regions that are inferred."""
    names = [f"for{at}" for at in range(depth)] + ["step"] + [f"join{at}" for at in reversed(range(depth))]
    workflow = drawn(" > ".join(names))
    return with_regions(workflow, infer_regions(workflow))


def stripped(workflow: Workflow) -> Workflow:
    """The same graph, in which nobody says where blocks are."""
    bare = workflow.subgraph(())
    bare.regions = ()
    for node in workflow.nodes.values():
        bare.add_node(replace(node, base=replace(node.base, region=None)))
    for edge in workflow.edges:
        bare.put_edge(edge)
    return bare
