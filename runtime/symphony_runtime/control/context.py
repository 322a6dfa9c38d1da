"""Everything that is known of a run at a moment: `ExecutionContext`."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from symphony_model.ids import NodeId, WorkflowId
from symphony_runtime.control.states import ExecutionState, NodeState
from symphony_runtime.ids import new_execution_id

if TYPE_CHECKING:
    from symphony_dsl.base.values import Json


def _new_id() -> str:
    return new_execution_id(time.time_ns())


@dataclass(slots=True)
class ExecutionContext:
    """A run of a workflow. `node_states` are by node, of those that are known; `metadata` is whatever belongs to it, as JSON.

    `context_of` makes it from a run as its log has it.
    """

    workflow_id: WorkflowId
    execution_id: str = field(default_factory=_new_id)
    state: ExecutionState = ExecutionState.PENDING
    node_states: dict[NodeId, NodeState] = field(default_factory=dict)
    started_at: datetime | None = None
    completed_at: datetime | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    def is_terminal(self) -> bool:
        return self.state.is_terminal

    def is_running(self) -> bool:
        return self.state.name == "running"

    def duration(self) -> timedelta | None:
        """From its beginning to its end, or until now; None for a run that has not begun."""
        if self.started_at is None:
            return None
        return (self.completed_at or datetime.now(UTC)) - self.started_at

    def to_json(self) -> dict[str, Json]:
        return {
            "execution_id": self.execution_id,
            "workflow_id": str(self.workflow_id),
            **self.state.to_json(),
            "node_states": {str(node): state.to_json() for node, state in self.node_states.items()},
            "started_at": moment_json(self.started_at),
            "completed_at": moment_json(self.completed_at),
            "metadata": dict(self.metadata),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ExecutionContext:
        """Raises KeyError, TypeError or ValueError for what is no context."""
        return cls(
            WorkflowId(data["workflow_id"]),
            data["execution_id"],
            ExecutionState.from_json(data),
            {NodeId(node): NodeState.from_json(state) for node, state in data["node_states"].items()},
            moment_of(data["started_at"]),
            moment_of(data["completed_at"]),
            dict(data["metadata"]),
        )


def moment_json(at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def moment_of(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
