"""The state of a run: what its log says, laid out so that the next step is found without looking for it.

An *instance* is a node in a *scope*; a scope is one opening of a region: an arm that was taken, an item of a `for`, a branch, a
round of a loop, the body of a workflow that is called, a turn of an instrument with tools or a call of one, or the run itself. Instances are known by their address. Everything here follows from
the entries of the log; what stands under "at hand" only saves looking, and may name what has settled since.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from symphony_runtime.plans.formula import facts_of
from symphony_runtime.rules.slots import Slots

if TYPE_CHECKING:
    from pathlib import Path

    from symphony_dsl.base.values import Json, Value
    from symphony_model.settings import RunSettings, Settings
    from symphony_runtime.outcome import RunError
    from symphony_runtime.plans.formula import Facts
    from symphony_runtime.plans.plan import NodePlan, RegionPlan
    from symphony_runtime.plans.planning import Plans


class Phase(Enum):
    """Where an instance is. `HELD` waits for a person; its attempt failed, or what became of it is not known (`LOST`)."""

    __hash__ = object.__hash__  # asked for each step; that of enumerations is written in Python

    PENDING = "pending"
    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    LOST = "lost"
    HELD = "held"
    COMPLETED = "completed"
    SKIPPED = "skipped"
    FAILED = "failed"


SETTLED = frozenset({Phase.COMPLETED, Phase.SKIPPED, Phase.FAILED})
BEGUN = SETTLED | {Phase.RUNNING}
FINAL = frozenset({"completed", "failed", "cancelled"})


@dataclass(slots=True, eq=False)
class Tries:
    """A block, or an item of a `for`, that is begun again when it failed, or has to be done in time.

    `number` is that of the round. `limit` is when this round is over, in the time that the run is driven and not held; `deadline`
    when all of them are, in the world's time; 0 is never.
    """

    owner: Instance
    item: int | None = None
    number: int = 1
    failures: int = 0
    due: int = 0  # when the next round of an item begins
    limit: int = 0
    deadline: int = 0


@dataclass(slots=True, eq=False)
class Iteration:
    """The items of a running `for`, or the branches of a `parallel`. `scopes` are those that began, None where one was dropped or
    waits for its next round. `times` are the `timeout` and the `deadline` that each item has."""

    count: int
    keys: list[str] | None
    width: int
    scopes: list[Scope | None] = field(default_factory=list)
    open: int = 0
    times: tuple[int | None, int | None] = (None, None)
    tries: dict[int, Tries] = field(default_factory=dict)
    done: list[int] = field(default_factory=list)  # which have succeeded, in the order in which they did
    stopping: bool = False  # enough have succeeded; the others are being stopped


@dataclass(slots=True, eq=False)
class Rounds:
    """A running `loop`. `body` is the scope of the round's body, which what stands below `until` looks into."""

    maximum: int | None
    round: int = 0
    variable: Value = None
    body: Scope | None = None


@dataclass(slots=True, eq=False)
class Turn:
    """A turn in which the model called tools: `calls` have `id`, `name` and `arguments`. `wrong` says what is wrong with a call
    that nothing runs; of the others the `scopes` are here, as soon as they have begun."""

    instance: Instance
    text: str
    calls: list[dict[str, str]]
    wrong: list[str | None] = field(default_factory=list)
    scopes: list[Scope | None] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Turns:
    """A running instrument with tools. Its model may call tools in so many turns; `calling` are those in which it did."""

    maximum: int
    calling: list[Turn] = field(default_factory=list)
    usage: dict[str, int] = field(default_factory=dict)  # of all turns


@dataclass(slots=True, eq=False)
class Instance:
    """`attempt` is the number of the last one that began. `inputs` are kept while they are needed; they can be bound again."""

    plan: NodePlan
    scope: Scope
    address: str
    needs: int
    phase: Phase = Phase.PENDING
    attempt: int = 0
    failures: int = 0  # that count against the retries
    losses: int = 0  # attempts in a row whose engine went away
    until_resume: bool = False  # of a held one: it has failed when the pause is over
    due: int = 0  # of a waiting one
    began: int = 0  # when its first attempt did
    settings: Settings | None = None  # of the attempt in flight
    outputs: dict[str, Value] | None = None
    inputs: dict[str, Value] | None = None
    error: RunError | None = None
    prompt: str = ""  # of a question
    waiters: list[Instance] | None = None  # in scopes further in
    inner: Scope | None = None  # the scope that a block opened which has one at a time
    iteration: Iteration | None = None
    rounds: Rounds | None = None
    turns: Turns | None = None
    caught: RunError | None = None  # that a `catch` deals with
    tries: Tries | None = None  # of a block
    took_effect: bool = False  # a block in whose round something was done that must not be done again, or may have been
    width: int = 0  # of a call: how many attempts run at once inside, 0 for any number
    parts: dict[str, str] | None = None  # of what its result depends on, as the log has them
    awaits: dict[str, str] | None = None  # the step elsewhere that computes the same


@dataclass(slots=True, eq=False)
class Question:
    """On the agenda: whether what an instance would give is there already."""

    instance: Instance


@dataclass(slots=True, eq=False)
class Scope:
    """`around` is the scope in which names are looked up next, None for a workflow's own; `owner` opened it.

    `unsettled` counts instances, `running` those among them that are in flight: an attempt, or an open block. `narrow` is the call
    next around it in which only so many attempts run at once.
    """

    region: RegionPlan
    around: Scope | None
    owner: Instance | None
    prefix: str
    item: int = 0
    instances: list[Instance] = field(default_factory=list)
    unsettled: int = 0
    running: int = 0
    error: RunError | None = None
    draining: bool = False
    stopped: bool = False  # what is in flight in it is not waited for, but stopped
    given: str = ""  # what a model gives to the tool that it calls, as it wrote it
    took_effect: bool = False  # what must not be done again was done in it, or may have been
    closed: bool = False
    narrow: Instance | None = None
    holds: bool = False  # of a run: a person decides what becomes of a step that failed
    inside: dict[Scope, None] = field(default_factory=dict)  # open scopes further in


@dataclass(slots=True)
class RunState:
    execution_id: str
    plans: Plans
    home: Path
    top: Scope | None = None
    label: str = "pending"
    inputs: dict[str, Value] = field(default_factory=dict)
    durability: str = ""
    earlier: str | None = None  # the run that this one is another try of
    width: int = 0  # how many attempts may be in flight
    started: int = 0  # when it began
    driven: int = 0  # nanoseconds in which it was driven and not held
    overdue: bool = False  # it took longer than it may
    epoch: int = 0
    seq: int = 0
    at: int = 0
    hold: str | None = None
    cancelled: bool = False  # a person wants it to end
    ending: str | None = None  # why, if that is what it ends of
    forced: bool = False  # without its `finally` blocks
    verdicts: dict[str, str] = field(default_factory=dict)  # fingerprints of commands that were judged, by their ids
    error: RunError | None = None
    outputs: dict[str, Json] | None = None
    instances: dict[str, Instance] = field(default_factory=dict)
    open: dict[str, Instance] = field(default_factory=dict)  # with an attempt in flight
    waiting: dict[str, Instance] = field(default_factory=dict)  # for a retry, a round, the end of a `wait`
    undecided: dict[str, Instance] = field(default_factory=dict)  # lost or held
    asks: dict[str, Instance] = field(default_factory=dict)  # open, oldest first
    # at hand
    agenda: deque[Instance | Scope | Tries | Question] = field(default_factory=deque)  # done on the spot
    queue: list[tuple[int, int, Instance]] = field(default_factory=list)  # for a place to run: a heap, by priority
    timers: list[tuple[int, int, Instance | Tries]] = field(default_factory=list)  # a heap, by when they are due
    limits: list[tuple[int, int, Tries]] = field(default_factory=list)  # a heap, by the time that was driven
    deadlines: list[tuple[int, int, Tries]] = field(default_factory=list)  # a heap
    turn: int = 0  # orders what is equal in the heaps
    slots: Slots = field(default_factory=Slots)

    @property
    def settings(self) -> RunSettings:
        return self.plans.main.workflow.settings

    def facts(self, attempt: int = 1) -> Facts:
        """What an expression may know of its run. What is done on the spot is done once."""
        return facts_of(self.execution_id, self.started, attempt)

    @property
    def is_ending(self) -> bool:
        """It fails or is cancelled, or all is done but its `finally`."""
        if self.ending is not None or self.top is None:
            return self.ending is not None
        last = self.top.region.last
        return self.top.draining or (last is not None and self.top.instances[last.index].phase in BEGUN)

    @property
    def final(self) -> bool:
        return self.label in FINAL
