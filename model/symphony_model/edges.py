"""The edges of a workflow: data from port to port, order, and the ways out of a branch."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_model.ids import EdgeId, NodeId
from symphony_model.ports import Expression
from symphony_model.printing.methods import PrettyPrint


class TransformType(StrEnum):
    """A classification only: the expression says what is done."""

    MAP = "map"
    FILTER = "filter"
    REDUCE = "reduce"
    FLATTEN = "flatten"
    CUSTOM = "custom"


@frozen
class DataTransform:
    """What happens to a value on its way; the value is called `it` in the expression."""

    transform_type: TransformType
    expression: Expression


@frozen
class DataEdge(PrettyPrint):
    kind: ClassVar[str] = "data"
    id: EdgeId
    source_node: NodeId
    source_port: str
    target_node: NodeId
    target_port: str
    transform: DataTransform | None = None


@frozen
class ControlEdge(PrettyPrint):
    """The target waits for the source. Among ready nodes that wait for a slot the higher priority starts first."""

    kind: ClassVar[str] = "control"
    id: EdgeId
    source_node: NodeId
    target_node: NodeId
    priority: int = 0


@frozen
class ConditionalEdge(PrettyPrint):
    """A way from a Branch to a first node of an arm's region, or to the Merge when the arm is empty.

    `condition` is over the ports of the Branch; None is `else`. Arms are tried by `order`, the first true one is taken.
    `label` is the name of the arm's region (`then`, `then2`, `else`, the arm of a `match`).
    """

    kind: ClassVar[str] = "conditional"
    id: EdgeId
    source_node: NodeId
    target_node: NodeId
    condition: Expression | None
    label: str
    order: int


Edge: TypeAlias = DataEdge | ControlEdge | ConditionalEdge
