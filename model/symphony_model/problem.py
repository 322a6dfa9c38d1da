"""What may be wrong with a graph: one class for each kind, with the codes that the compiler's diagnostics have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from symphony_model.ids import EdgeId, NodeId
from symphony_model.ports import DataType


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is one of the table of codes (WF06xx); `place` is the path of the node or region that it is about."""

    kind: ClassVar[str]
    code: str
    message: str
    place: str


@dataclass(frozen=True, slots=True)
class CycleDetected(Problem):
    """Nodes wait for each other; `path` is the way round, its first node once."""

    kind = "cycle_detected"
    path: tuple[NodeId, ...]


@dataclass(frozen=True, slots=True)
class OrphanNode(Problem):
    """No edge starts or ends at a node, though there are others."""

    kind = "orphan_node"
    node_id: NodeId


@dataclass(frozen=True, slots=True)
class DisconnectedInput(Problem):
    """A port needs a value, and its node gets none at any port."""

    kind = "disconnected_input"
    node_id: NodeId
    port: str


@dataclass(frozen=True, slots=True)
class MissingRequiredInput(Problem):
    """A port needs a value and gets none, while others of its node do."""

    kind = "missing_required_input"
    node_id: NodeId
    port: str


@dataclass(frozen=True, slots=True)
class TypeMismatch(Problem):
    """What flows over an edge does not fit the port at its end."""

    kind = "type_mismatch"
    edge_id: EdgeId
    expected: DataType
    found: DataType


@dataclass(frozen=True, slots=True)
class InvalidValue(Problem):
    """What a node's configuration gives to a port, or an expression to its result, does not fit."""

    kind = "invalid_value"
    node_id: NodeId


@dataclass(frozen=True, slots=True)
class InvalidExpression(Problem):
    """An expression cannot be read, names what is not there, or has another type than it says.

    Its code is the one that the same mistake has in text. `node_id` is the node whose expression it is, for the transform or
    the condition of an edge the one at its end or start.
    """

    kind = "invalid_expression"
    node_id: NodeId
    source: str
    edge_id: EdgeId | None = None


@dataclass(frozen=True, slots=True)
class DuplicateNodeId(Problem):
    """Two nodes have one id or path."""

    kind = "duplicate_node_id"
    id: NodeId


@dataclass(frozen=True, slots=True)
class InvalidEdge(Problem):
    """An edge ends where nothing is, crosses a border, feeds a port that has a value, or is no way of its branch."""

    kind = "invalid_edge"
    edge_id: EdgeId
    reason: str


@dataclass(frozen=True, slots=True)
class OverfedInput(Problem):
    """A port gets more than one value."""

    kind = "overfed_input"
    node_id: NodeId
    port: str


@dataclass(frozen=True, slots=True)
class InvalidNode(Problem):
    """A node lacks what its kind needs, or has what it cannot have."""

    kind = "invalid_node"
    node_id: NodeId


@dataclass(frozen=True, slots=True)
class InvalidRegion(Problem):
    """A region, or a node in it, does not fit its two ends or the region around; `place` says which."""

    kind = "invalid_region"


ValidationError: TypeAlias = (
    CycleDetected
    | OrphanNode
    | DisconnectedInput
    | MissingRequiredInput
    | TypeMismatch
    | InvalidValue
    | InvalidExpression
    | DuplicateNodeId
    | InvalidEdge
    | OverfedInput
    | InvalidNode
    | InvalidRegion
)


@dataclass(frozen=True, slots=True)
class ValidationWarning(Problem):
    """What keeps nothing from running, and is hardly meant."""

    kind = "warning"
