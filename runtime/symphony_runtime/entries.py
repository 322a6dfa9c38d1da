"""The entries of a run's log: what happened, in the one order that counts.

An entry says what was decided, never what follows from it: that a step is pending or ready, that an arm which was not
taken is skipped, that an item began, can be read off the entries before. `state` entries make the state of a run;
`info` entries are kept for readers and change nothing. Entries are never changed; when the form of a type changes, its
version `v` grows, and older ones are lifted when they are read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from symphony_dsl.base.frozen import frozen


@frozen
class EntryType:
    v: int
    group: str  # state or info
    what: str
    data: str  # its data, by name


def _state(what: str, data: str = "") -> EntryType:
    return EntryType(1, "state", what, data)


def _info(what: str, data: str = "") -> EntryType:
    return EntryType(1, "info", what, data)


RUN_CREATED = "run.created"
RUN_STATE = "run.state"
HOLD_SET = "hold.set"
HOLD_CLEARED = "hold.cleared"
ENGINE_CLAIMED = "engine.claimed"
ENGINE_RELEASED = "engine.released"
NODE_STARTED = "node.started"
NODE_COMPLETED = "node.completed"
NODE_FAILED = "node.failed"
NODE_LOST = "node.lost"
NODE_WAITING = "node.waiting"
ASK_OPENED = "ask.opened"
ASK_ANSWERED = "ask.answered"
ATTEMPT_FAILED = "attempt.failed"
REGION_DECIDED = "region.decided"
REGION_OPENED = "region.opened"
REGION_CLOSED = "region.closed"
REGION_FAILED = "region.failed"
REGION_OVERDUE = "region.overdue"
ITERATION_CLOSED = "iteration.closed"
ITERATION_OPENED = "iteration.opened"
ROUND_CLOSED = "round.closed"
ROUND_OPENED = "round.opened"
TOOLS_CALLED = "tools.called"
COMMAND_APPLIED = "command.applied"
COMMAND_REJECTED = "command.rejected"
CANCEL_REQUESTED = "cancel.requested"
RUN_OVERDUE = "run.overdue"
NODE_QUEUED = "node.queued"
NODE_SKIPPED = "node.skipped"
NODE_PROGRESS = "node.progress"
NODE_LOG = "node.log"
LOG_DROPPED = "log.dropped"
LATE_RESULT = "attempt.late_result"

TABLE: dict[str, EntryType] = {
    RUN_CREATED: _state("The run was made.", "workflow, artifact, inputs, home, durability, earlier?, on_failure?"),
    RUN_STATE: _state("The run's label changed.", "from, to, error?"),
    HOLD_SET: _state("Nothing new starts.", "why"),
    HOLD_CLEARED: _state("The hold is over."),
    ENGINE_CLAIMED: _state("A driver took the run; attempts found in flight are its predecessor's.", "width"),
    ENGINE_RELEASED: _state("The driver let the run go in order."),
    NODE_STARTED: _state(
        "An attempt began. `parts` are hashes of what its result depends on, `differs` names those in which the earlier run's step was another, `stale` is a result that was too old.",
        "parts?, differs?, stale? (run, at)",
    ),
    NODE_COMPLETED: _state(
        "A step has its result, or a turn of an instrument the calls of tools that its model wants; or such a thing was there already.",
        "outputs, usage?, calls?, text?, from? (kind: cache, key or run; run, address, at), parts?",
    ),
    NODE_FAILED: _state("A step failed for good.", "error, before_effect?"),
    NODE_LOST: _state("What became of an attempt is not known; a person decides.", "error"),
    NODE_WAITING: _state(
        "A `wait` began; or a step waits for another one, of this run or of another, which computes the same.",
        "due?, for? (kind: cache or key; run, address)",
    ),
    ASK_OPENED: _state("A person is asked.", "prompt, due?"),
    ASK_ANSWERED: _state("The person answered.", "outputs"),
    ATTEMPT_FAILED: _state(
        "An attempt ended without a result; another follows.",
        "error, then (retry, again, held), due?, lost?, until? (resume)",
    ),
    REGION_DECIDED: _state(
        "An arm was taken, the others are skipped; of a `try`, who catches; of a loop, where it goes on.",
        "taken, skipped?, error?, timeout?, deadline?",
    ),
    REGION_OPENED: _state(
        "The inside of a block began: of a `for` with its items, of a `parallel` with its branches, of a loop with its first "
        "round, of an instrument with tools with its first turn, or the body of a workflow that is called.",
        "count?, keys?, width?, maximum?, variable?, workflow?, timeout?, deadline?",
    ),
    REGION_CLOSED: _state("A block ended.", "error?, ended?"),
    REGION_FAILED: _state(
        "A block, or an item of a `for`, failed; another round follows, or a person decides.",
        "error, then (retry, held), due?, item?",
    ),
    REGION_OVERDUE: _state(
        "The time of a block, or of an item, is up: what is in flight in it is stopped, and it fails.", "error, item?"
    ),
    ITERATION_CLOSED: _state(
        "An item of a `for`, a branch of a `parallel` or the call of a tool ended.",
        "item, error?, dropped?, enough?, ended?",
    ),
    ITERATION_OPENED: _state("An item that failed is begun again.", "item"),
    ROUND_CLOSED: _state("A round of a loop or a turn of an instrument ended, and another follows.", "variable?, due?"),
    ROUND_OPENED: _state("The time between two rounds has passed."),
    TOOLS_CALLED: _state("The tools that a turn wants were called, but where something is wrong with a call.", "wrong"),
    COMMAND_APPLIED: _state("What a person asked for was done.", "kind, id?, fingerprint?, reason?, nodes?"),
    COMMAND_REJECTED: _state("What a person asked for was refused.", "kind, id, fingerprint, why, message, reason?"),
    CANCEL_REQUESTED: _state(
        "The run is to end, with its `finally` blocks unless they are left out.", "reason?, force?"
    ),
    RUN_OVERDUE: _state("The time of the run is up: what is in flight is stopped, and it fails.", "error"),
    NODE_QUEUED: _state("A step gets another chance."),
    NODE_SKIPPED: _state(
        "A step is passed over: it is disabled, or a person gave the value that others read.", "reason, outputs"
    ),
    NODE_PROGRESS: _info("How far an attempt is.", "fraction, message?"),
    NODE_LOG: _info("A line that an attempt wrote.", "level, message"),
    LOG_DROPPED: _info("Lines were left out, since there were too many.", "count"),
    LATE_RESULT: _info("An attempt ended that nobody waited for any more.", "outcome"),
}


@dataclass(slots=True)
class Entry:
    """One entry. What stands below `room` is filled in when it is appended.

    `room` keeps numbers free in front of the entry's own, one for each event of the public view that is made from it
    beside the last: events have numbers of their own, and they are the log's.
    """

    type: str
    data: dict[str, Any] = field(default_factory=dict)
    address: str | None = None
    attempt: int | None = None
    room: int = 0
    seq: int = 0
    at: int = 0
    epoch: int = 0
    cause: int | None = None
    actor: str = "engine"


def rfc3339(at: int) -> str:
    """Nanoseconds since 1970 as RFC 3339 in UTC, to the microsecond."""
    seconds, rest = divmod(at, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest // 1000:06d}Z"
