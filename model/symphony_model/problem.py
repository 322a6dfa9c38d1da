"""What may be wrong with a graph: one class for each kind, with the codes that the compiler's diagnostics have."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_model.ids import EdgeId, NodeId
from symphony_model.ports import DataType


@frozen
class Problem:
    """`code` is the one that the same problem has in text, else one of WF06xx; `place` is the path of the node or region that it is about."""

    kind: ClassVar[str]
    code: str
    message: str
    place: str


@frozen
class CycleDetected(Problem):
    """Nodes wait for each other (WF0601); `path` is the way round, its first node once. One cycle is told, not all."""

    kind = "cycle_detected"
    path: tuple[NodeId, ...]


@frozen
class OrphanNode(Problem):
    """No edge starts or ends at a node, though there are other nodes (WF0613). A warning where orphans are allowed."""

    kind = "orphan_node"
    node_id: NodeId


@frozen
class DisconnectedInput(Problem):
    """A port needs a value and gets none, and no edge at all leads to its node (WF0402)."""

    kind = "disconnected_input"
    node_id: NodeId
    port: str


@frozen
class MissingRequiredInput(Problem):
    """A port needs a value and gets none, though edges lead to its node (WF0402)."""

    kind = "missing_required_input"
    node_id: NodeId
    port: str


@frozen
class TypeMismatch(Problem):
    """What flows over a data edge, behind its transform, does not fit the port at its end (WF0301), or may be absent since its node is disabled (WF0305)."""

    kind = "type_mismatch"
    edge_id: EdgeId
    expected: DataType
    found: DataType


@frozen
class InvalidValue(Problem):
    """What a node's configuration gives to a port, or its expression to its result, does not fit (WF0301)."""

    kind = "invalid_value"
    node_id: NodeId


@frozen
class InvalidExpression(Problem):
    """An expression cannot be read, names what is not there, or has another type than it says.

    Its code is the one that the same mistake has in text. `node_id` is the node whose expression it is, for the transform or
    the condition of an edge the one at its end or start.
    """

    kind = "invalid_expression"
    node_id: NodeId
    source: str
    edge_id: EdgeId | None = None


@frozen
class DuplicateNodeId(Problem):
    """Two nodes have one id or one path (WF0202); the second is left out of whatever else is told."""

    kind = "duplicate_node_id"
    id: NodeId


@frozen
class InvalidEdge(Problem):
    """An edge that cannot be where it is; `reason` says why, and ends a sentence about the edge.

    It ends at a node (WF0201) or a port (WF0403) that is not there or starts at such a port (WF0302), has the id of another (WF0616), crosses the border of a block where
    none may or does not nest (WF0609), or is no way out of its branch (WF0611).
    """

    kind = "invalid_edge"
    edge_id: EdgeId
    reason: str


@frozen
class OverfedInput(Problem):
    """A port gets more than one value, by edges or by an edge and its node's configuration (WF0404)."""

    kind = "overfed_input"
    node_id: NodeId
    port: str


@frozen
class InvalidNode(Problem):
    """A node lacks what its kind needs or has what it cannot have (WF0612), or a type is too large (WF0216)."""

    kind = "invalid_node"
    node_id: NodeId


@frozen
class InvalidSetting(Problem):
    """A setting is not known (WF0501), given twice (WF0502), of a value that it cannot have (WF0503) or of a wrong type (WF0301)."""

    kind = "invalid_setting"


@frozen
class InvalidRegion(Problem):
    """A region, or a node in it, does not fit its two ends or the region around; `place` says which.

    It is not where or what it says (WF0607), an opening or closing node has no counterpart (WF0608), a node is not joined to
    the ends of its block (WF0610), or nothing leads into an arm (WF0611).
    """

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
    | InvalidSetting
    | InvalidRegion
)


@frozen
class ValidationWarning(Problem):
    """What keeps nothing from running, and is hardly meant."""

    kind = "warning"
