"""Graphs of three shapes for `benchmarks.graph`, as our nodes and edges and as plain names for everyone else.

A chain, a fan (one node that all others read, and one that reads all of them), and layers in which a node reads two nodes of
the layer above, chosen by a fixed random sequence. Each is declared in order, and in any order: the same objects, shuffled.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import TypeVar

from symphony_dsl.base.types import INT
from symphony_model.edges import DataEdge
from symphony_model.ids import NodeId, edge_id, node_id, workflow_id
from symphony_model.nodes import InputNode, Node, NodeBase, OperatorConfig, OperatorNode, OperatorType
from symphony_model.ports import PortDefinition
from symphony_model.workflow import Workflow

NAME = "scale"
ID = workflow_id(NAME)
SHAPES = ("chain", "fan", "layers")
QUESTIONS = 1_000
CONFIG = OperatorConfig(callee="add", python="sums:add")
START = PortDefinition("output", INT)
RESULT = (PortDefinition("result", INT),)

T = TypeVar("T")
Pair = tuple[int, int]


def pairs_of(shape: str, count: int) -> Iterator[Pair]:
    """The edges between nodes that are numbered in order: each leads from a lower number to a higher one."""
    random, width = Random(7), max(2, int(count**0.5))
    for n in range(1, count):
        if shape == "chain":
            yield n - 1, n
        elif shape == "fan":
            yield from ((0, n),) if n < count - 1 else ((each, n) for each in range(1, n))
        elif n >= width:
            above = (n // width - 1) * width
            yield from ((above + each, n) for each in random.sample(range(width), 2))


def shuffled(items: Sequence[T]) -> list[T]:
    mixed = list(items)
    Random(11).shuffle(mixed)
    return mixed


@dataclass(frozen=True)
class Case:
    """`nodes` are in order or in any; `pairs` are the edges, as declared, by the numbers that the nodes have in order."""

    shape: str
    count: int
    numbers: Sequence[int]
    pairs: Sequence[Pair]
    nodes: Sequence[Node]
    edges: Sequence[DataEdge]

    @classmethod
    def of(cls, shape: str, count: int) -> Case:
        pairs = list(pairs_of(shape, count))
        sources: list[list[int]] = [[] for _ in range(count)]
        for source, target in pairs:
            sources[target].append(source)
        ids = [node_id(ID, f"s{n}") for n in range(count)]
        nodes = [_node(n, ids[n], len(read)) for n, read in enumerate(sources)]
        edges = [_edge(nodes[source], nodes[n], at) for n, read in enumerate(sources) for at, source in enumerate(read)]
        return cls(shape, count, range(count), pairs, nodes, edges)

    def mixed(self) -> Case:
        """The same graph, declared in any order."""
        name = f"{self.shape}, any order"
        lists = (shuffled(each) for each in (self.numbers, self.pairs, self.nodes, self.edges))
        return Case(name, self.count, *lists)

    def workflow(self) -> Workflow:
        return Workflow.of(NAME, nodes=self.nodes, edges=self.edges)

    @cached_property
    def ids(self) -> list[NodeId]:
        """The ids in order."""
        return [node_id(ID, f"s{n}") for n in range(self.count)]

    @cached_property
    def edges_in_order(self) -> list[Pair]:
        """Some of the edges, ordered."""
        return sorted(
            Random(3).sample(sorted(self.pairs), min(QUESTIONS, len(self.pairs))), key=lambda pair: pair[::-1]
        )

    @cached_property
    def forward(self) -> list[Pair]:
        """Pairs of nodes that agree with the order."""
        return [(min(pair), max(pair)) for pair in self.anyhow]

    @cached_property
    def anyhow(self) -> list[Pair]:
        random = Random(5)
        return [(one, other) for one, other in (random.sample(range(self.count), 2) for _ in range(QUESTIONS))]

    def write(self, path: Path) -> None:
        """What a peer is given."""
        parts = ("ids", "pairs", "edges_in_order", "forward", "anyhow")
        data = {"numbers": list(self.numbers), **{name: getattr(self, name) for name in parts}}
        path.write_text(json.dumps(data), encoding="utf-8")


def _node(n: int, node: NodeId, inputs: int) -> Node:
    base = NodeBase(node, f"s{n}", f"s{n}")
    if not inputs:
        return InputNode(base, START)
    ports = tuple(PortDefinition(f"p{at}", INT) for at in range(inputs))
    return OperatorNode(base, OperatorType.PYTHON, CONFIG, ports, RESULT)


def _edge(source: Node, target: Node, at: int) -> DataEdge:
    """From the one output of a node to one of the inputs of another."""
    one, other = source.base.id, target.base.id
    output, port = source.outputs[0].name, f"p{at}"
    return DataEdge(edge_id(ID, "data", f"{one}.{output}", f"{other}.{port}"), one, output, other, port)
