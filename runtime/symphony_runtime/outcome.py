"""How a run stands when its driver lets it go."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from symphony_dsl.base.frozen import frozen


@frozen
class RunError:
    """Why something failed. `node` is the address of the step that failed first, `source` where it was written."""

    code: str
    message: str
    node: str | None = None
    source: tuple[str, int] | None = None
    attempt: int | None = None
    data: Any = None


@frozen
class RunResult:
    """`state` is `completed`, `failed`, `cancelled`, `paused` or `waiting_for_input`.

    `outputs` are JSON values by name, for a completed run. `interrupted`: the run was let go because `stop` was set; it
    can be resumed. `undecided` are the steps that a person must decide on: for each its address and the reason. `asks` are
    the questions that wait for an answer, by address, the oldest first. `reason` is why it was cancelled.
    """

    state: str
    outputs: dict[str, Any] | None = None
    error: RunError | None = None
    interrupted: bool = False
    undecided: dict[str, RunError] = field(default_factory=dict)
    asks: dict[str, str] = field(default_factory=dict)
    reason: str | None = None
