"""The state machine of a run by itself: it moves along the tables by which the engine runs, and remembers how."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from symphony_dsl.base.frozen import frozen
from symphony_runtime.control.context import ExecutionContext, moment_json, moment_of
from symphony_runtime.control.states import ExecutionState, NodeState
from symphony_runtime.rules.labels import LABELS
from symphony_runtime.rules.moves import DERIVED, MOVES
from symphony_runtime.rules.state import Phase
from symphony_runtime.rules.transition import TransitionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from symphony_dsl.base.values import Json
    from symphony_model.ids import NodeId, WorkflowId

NODE_MOVES: dict[Phase, frozenset[Phase]] = {
    before: frozenset(after for row in (*MOVES.values(), *DERIVED.values()) for after in row.get(before, ()))
    for before in Phase
}
"""Where a step may go, by whatever event."""


@frozen
class TransitionResult:
    """A transition that was made. `reason` is why, where somebody said so."""

    from_: ExecutionState
    to: ExecutionState
    timestamp: datetime
    reason: str | None = None

    def to_json(self) -> dict[str, Json]:
        return {
            "from": self.from_.to_json(),
            "to": self.to.to_json(),
            "timestamp": moment_json(self.timestamp),
            "reason": self.reason,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> TransitionResult:
        """Raises KeyError, TypeError or ValueError for what is none."""
        states = ExecutionState.from_json(data["from"]), ExecutionState.from_json(data["to"])
        timestamp = moment_of(data["timestamp"])
        if timestamp is None:
            raise ValueError("a transition has a time")
        return cls(*states, timestamp, data["reason"])


class ExecutionStateMachine:
    """Of a workflow alone, or as a run stands (`machine_of`).

    A transition is made as a whole or, with a TransitionError, not at all: then context and history are as before. What a real run
    does is up to its driver and to commands: a machine that was made of one is a picture of it, which can be moved on for itself.
    """

    def __init__(self, workflow_id: WorkflowId) -> None:
        self.context = ExecutionContext(workflow_id)
        self._history: list[TransitionResult] = []

    @classmethod
    def of(cls, context: ExecutionContext, history: Sequence[TransitionResult] = ()) -> ExecutionStateMachine:
        made = cls(context.workflow_id)
        made.context, made._history = context, list(history)
        return made

    @property
    def state(self) -> ExecutionState:
        return self.context.state

    def transition(self, to: ExecutionState, reason: str | None = None) -> TransitionResult:
        before = self.context.state
        if not self.can_transition(to):
            raise TransitionError(before.name, to.name, f"a run that is {before.name} cannot become {to.name}")
        if to.name == "failed" and to.error is None:
            raise TransitionError(before.name, to.name, "a run that has failed has an error")
        made = TransitionResult(before, to, datetime.now(UTC), reason)
        self.context.state = to
        self.context.started_at = self.context.started_at or made.timestamp
        if to.is_terminal:
            self.context.completed_at = made.timestamp
        self._history.append(made)
        return made

    def can_transition(self, to: ExecutionState) -> bool:
        return to.name in LABELS[self.context.state.name]

    def valid_transitions(self) -> list[ExecutionState]:
        """Without the error and the prompt that come with two of them."""
        return [ExecutionState(name) for name in LABELS[self.context.state.name]]

    def history(self) -> tuple[TransitionResult, ...]:
        return tuple(self._history)

    def update_node(self, node_id: NodeId, state: NodeState) -> None:
        """A node that nothing is known of is pending."""
        before = self.context.node_states.get(node_id, NodeState.PENDING)
        if Phase(state.phase) not in NODE_MOVES[Phase(before.phase)]:
            message = f"node {node_id}: a step that is {before.phase} cannot become {state.phase}"
            raise TransitionError(before.phase, state.phase, message)
        self.context.node_states[node_id] = state

    def to_json(self) -> dict[str, Json]:
        return {"context": self.context.to_json(), "history": [each.to_json() for each in self._history]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ExecutionStateMachine:
        """Raises KeyError, TypeError or ValueError for what is none."""
        history = [TransitionResult.from_json(each) for each in data["history"]]
        return cls.of(ExecutionContext.from_json(data["context"]), history)
