"""Visitors that write down what they visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from symphony_model.ids import NodeId
from symphony_model.nodes import Node
from symphony_model.traversal import VisitResult


@dataclass
class Notes:
    """`answers` says how to go on after some nodes."""

    answers: Mapping[NodeId, VisitResult] = field(default_factory=dict)
    seen: dict[NodeId, int] = field(default_factory=dict)

    def visit(self, node: Node, depth: int) -> VisitResult:
        assert node.base.id not in self.seen, "a node is visited once"
        self.seen[node.base.id] = depth
        return self.answers.get(node.base.id, VisitResult.CONTINUE)
