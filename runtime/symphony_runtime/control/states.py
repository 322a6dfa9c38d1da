"""The states of a run and of its steps, as values that programs compare, keep and send."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, ClassVar

from symphony_dsl.base.frozen import frozen
from symphony_runtime.outcome import RunError
from symphony_runtime.rules.labels import LABELS
from symphony_runtime.rules.state import FINAL, Phase

if TYPE_CHECKING:
    from symphony_dsl.base.values import Json


@frozen
class ExecutionState:
    """`name` is `pending`, `running`, `paused`, `completed`, `failed`, `cancelled` or `waiting_for_input`.

    A failed one has its `error`, one that waits the `prompt` of the question that has been open for longest.
    """

    name: str
    error: RunError | None = None
    prompt: str | None = None

    PENDING: ClassVar[ExecutionState]
    RUNNING: ClassVar[ExecutionState]
    PAUSED: ClassVar[ExecutionState]
    COMPLETED: ClassVar[ExecutionState]
    CANCELLED: ClassVar[ExecutionState]

    @classmethod
    def failed(cls, error: RunError) -> ExecutionState:
        return cls("failed", error=error)

    @classmethod
    def waiting_for_input(cls, prompt: str) -> ExecutionState:
        return cls("waiting_for_input", prompt=prompt)

    @property
    def is_terminal(self) -> bool:
        return self.name in FINAL

    def to_json(self) -> dict[str, Json]:
        found: dict[str, Json] = {"state": self.name}
        found |= {"error": error_json(self.error)} if self.error else {}
        return found | ({} if self.prompt is None else {"prompt": self.prompt})

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ExecutionState:
        """Raises KeyError, TypeError or ValueError for what is no state."""
        if data["state"] not in LABELS:
            raise ValueError(f"`{data['state']}` is no state of a run")
        return cls(data["state"], error_of_json(data.get("error")), data.get("prompt"))


ExecutionState.PENDING = ExecutionState("pending")
ExecutionState.RUNNING = ExecutionState("running")
ExecutionState.PAUSED = ExecutionState("paused")
ExecutionState.COMPLETED = ExecutionState("completed")
ExecutionState.CANCELLED = ExecutionState("cancelled")


WORST_FIRST = (
    Phase.FAILED, Phase.HELD, Phase.LOST, Phase.RUNNING, Phase.WAITING, Phase.QUEUED, Phase.PENDING, Phase.COMPLETED,
    Phase.SKIPPED,
)  # fmt: skip
"""What a node that has several instances is said to be: what the worst of them is."""

NAMES = {Phase.WAITING: "running", Phase.LOST: "failed", Phase.HELD: "failed"}
"""What the engine tells apart and the specification does not."""


@frozen
class NodeState:
    """`phase` is the engine's word, `name` that of the specification: `pending`, `queued`, `running`, `completed`, `failed`, `skipped`.

    A node inside of a block has an instance for each time that it is come to; then this is the worst of them, and `counts` says
    how many there are of each phase.
    """

    phase: str
    output: Any = None  # of a completed one, or the value that a person gave: any JSON value
    error: RunError | None = None
    reason: str | None = None  # of a skipped one
    counts: dict[str, int] = field(default_factory=dict)

    PENDING: ClassVar[NodeState]
    QUEUED: ClassVar[NodeState]
    RUNNING: ClassVar[NodeState]

    @classmethod
    def completed(cls, output: Json) -> NodeState:
        return cls("completed", output=output)

    @classmethod
    def failed(cls, error: RunError) -> NodeState:
        return cls("failed", error=error)

    @classmethod
    def skipped(cls, reason: str) -> NodeState:
        return cls("skipped", reason=reason)

    @property
    def name(self) -> str:
        phase = Phase(self.phase)
        return NAMES.get(phase, phase.value)

    @property
    def is_held(self) -> bool:
        """Whether a person has to decide what becomes of it."""
        return self.phase in (Phase.HELD.value, Phase.LOST.value)

    def to_json(self) -> dict[str, Json]:
        found: dict[str, Json] = {"state": self.name, "phase": self.phase}
        found |= {"output": self.output} if self.phase == "completed" or self.output is not None else {}
        found |= {"error": error_json(self.error)} if self.error else {}
        found |= {} if self.reason is None else {"reason": self.reason}
        return found | ({"counts": dict(self.counts)} if self.counts else {})

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> NodeState:
        """Raises KeyError, TypeError or ValueError for what is no state."""
        phase = Phase(data["phase"]).value
        return cls(
            phase,
            data.get("output"),
            error_of_json(data.get("error")),
            data.get("reason"),
            dict(data.get("counts", {})),
        )


NodeState.PENDING = NodeState("pending")
NodeState.QUEUED = NodeState("queued")
NodeState.RUNNING = NodeState("running")


def error_json(error: RunError) -> dict[str, Json]:
    found: dict[str, Json] = {"code": error.code, "message": error.message, "node": error.node}
    source = {"file": error.source[0], "line": error.source[1]} if error.source else None
    found |= {"source": source, "attempt": error.attempt, "data": error.data}
    return {key: value for key, value in found.items() if value is not None}


def error_of_json(data: dict[str, Any] | None) -> RunError | None:
    if data is None:
        return None
    source = data.get("source")
    place = (source["file"], source["line"]) if source else None
    return RunError(data["code"], data["message"], data.get("node"), place, data.get("attempt"), data.get("data"))
