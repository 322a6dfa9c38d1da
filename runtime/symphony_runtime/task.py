"""What the driver hands to an executor, and what comes back: one attempt of one node instance.

The driver has bound every input before it makes a task; an executor knows nothing of graphs, logs or other attempts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import field
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_model.nodes import InstrumentNode, OperatorNode
from symphony_model.settings import Resources
from symphony_runtime.plans.formula import Facts, facts_of


@frozen
class ToolCall:
    """What a model wants called before it answers. `arguments` is JSON as the model wrote it, right or wrong."""

    id: str
    name: str
    arguments: str


@frozen
class PastTurn:
    """A turn in which a model called tools: what it said beside, and for each call what the model is told of it."""

    text: str
    calls: tuple[ToolCall, ...]
    results: tuple[str, ...]


@frozen
class Task:
    """`inputs` are typed values by port. `home` is where relative paths and the user's modules are looked up.

    `key` is the same for every attempt of an instance: what a remote side may use to recognise a repetition.
    """

    execution_id: str
    address: str
    attempt: int
    node: InstrumentNode | OperatorNode
    inputs: dict[str, Any]
    home: Path
    key: str
    started: int = 0  # when the run began, in nanoseconds since 1970
    turns: tuple[PastTurn, ...] = ()  # of an instrument with tools, before this one
    resources: Resources | None = None
    executor: str | None = None  # its name, where it is not the usual one

    @property
    def facts(self) -> Facts:
        """What an expression may know of the run."""
        return facts_of(self.execution_id, self.started, self.attempt)


@frozen
class Success:
    """`outputs` are typed values by output port, already conformed to the ports' types."""

    outputs: dict[str, Any]
    usage: dict[str, Any] = field(default_factory=dict)


@frozen
class Calls:
    """A model wants tools called, and another turn; only an instrument with tools gives this."""

    calls: tuple[ToolCall, ...]
    text: str = ""
    usage: dict[str, Any] = field(default_factory=dict)


@frozen
class Failure:
    """`code` is a kind of failure of `docs/execution.md` (timeout, connection, crashed, error, invalid_output …) or one
    that the user gave. `before_effect`: it is certain that nothing happened outside."""

    code: str
    message: str
    data: Any = None
    before_effect: bool = False


Outcome: TypeAlias = "Success | Failure | Calls"


@frozen
class LogLine:
    level: str  # debug, info, warning, error
    message: str


@frozen
class ProgressNote:
    """`fraction` is from 0 to 1."""

    fraction: float
    message: str | None = None


@frozen
class Waiting:
    """The attempt waits for a free place of its executor: until `Begun` its timeout does not count."""


@frozen
class Begun:
    """The attempt has its place: its timeout counts from here. One that never waits need not say so."""


Report: TypeAlias = "LogLine | ProgressNote"
"""What is kept in the log."""

Notice: TypeAlias = "Report | Waiting | Begun"
"""What an executor may say while an attempt runs."""


class Executor(Protocol):
    """Runs attempts of some kinds of node.

    `run` may be cancelled: it then stops what it started before it lets the cancellation through. It raises for bugs of
    ours only; whatever goes wrong outside is a `Failure`. The driver enforces the timeout of an attempt by cancelling.
    """

    def run(self, task: Task, report: Callable[[Notice], None]) -> Awaitable[Outcome]: ...

    async def close(self) -> None:
        """Stop whatever is kept warm."""
