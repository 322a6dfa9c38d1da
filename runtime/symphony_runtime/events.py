"""What the outside sees of a run: typed events, made from the entries of its log.

`seq` grows strictly within a run; a reader that knows the last one it saw goes on behind it. Types: started,
state_changed, node_started, node_progress, node_completed, node_failed, completed, failed, log.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ExecutionEvent:
    """`node` is the address of a step's instance (`prices[3]/yield`), `source` where it was written.

    `fields` depend on the type: `from`, `to`, `output`, `error`, `percentage`, `message`, `level`; all JSON values.
    """

    seq: int
    at: int  # nanoseconds since 1970
    execution_id: str
    type: str
    node: str | None = None
    source: tuple[str, int] | None = None
    attempt: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def time(self) -> str:
        """RFC 3339, in UTC, to the microsecond."""
        moment = datetime.fromtimestamp(self.at // 1_000_000_000, UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{self.at % 1_000_000_000 // 1000:06d}Z"

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "seq": self.seq,
            "time": self.time,
            "execution_id": self.execution_id,
            "type": self.type,
        }
        if self.node is not None:
            found["node"] = self.node
        if self.source is not None:
            found["source"] = {"file": self.source[0], "line": self.source[1]}
        if self.attempt is not None:
            found["attempt"] = self.attempt
        return found | self.fields
