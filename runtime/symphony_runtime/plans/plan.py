"""A workflow as the engine runs it: what waits for what, counted once, so that running looks nothing up twice.

Regions hold their nodes in declaration order, and a node is known by its position there. Of the sources a node waits
for, those in its own region are counted when the region opens (`needs`); those in regions around it may have settled
long before (`captures`, each so many regions out). A region's opener is no source of what stands inside: the region is
open. What a closer reads stands inside the region that it closes, and it waits for nothing but that region's end. What
stands below the `until` of a loop sees what stands above it: the `parent` of these regions is the loop's body.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_model.nodes import (
    Effect,
)
from symphony_model.settings import NO_SETTINGS, Settings
from symphony_runtime.plans.formula import Formula

if TYPE_CHECKING:
    from symphony_dsl.base.values import Value
    from symphony_model.ids import NodeId
    from symphony_model.nodes import Node
    from symphony_model.ports import PortDefinition
    from symphony_model.workflow import Workflow


class Role(Enum):
    """How the engine treats a node. `TASK` is what executors run, `ASK` waits for a person; all the rest is done on the spot."""

    __hash__ = object.__hash__  # asked for each step; that of enumerations is written in Python

    INPUT = "input"
    OUTPUT = "output"
    EXPRESSION = "expression"
    REQUIRE = "require"
    FAIL = "fail"
    PURE = "pure"  # a built-in operator that computes from its inputs alone
    CALL = "call"
    ASK = "ask"
    WAIT = "wait"
    TOOLS = "tools"  # an instrument with tools: each turn of its model is a task, each call of a tool a step of its own
    TASK = "task"
    BRANCH = "branch"
    EACH = "each"
    ALL = "all"
    FIRST = "first"
    TRY = "try"
    LOOP = "loop"
    FINALLY = "finally"
    CLOSER = "closer"


@frozen
class FromNode:
    """A port of a node `hops` regions further out; for a closer's feed, of a node in the region that it closes."""

    hops: int
    index: int
    port: str


@frozen
class FromBlock:
    """What the block around it, `hops` regions further out, gives inwards: `item` or `key` of a `for`, the `variable` of a
    loop's round, the `error` that is caught."""

    hops: int
    port: str


@frozen
class Given:
    """A value known beforehand."""

    value: Value


@frozen
class Computed:
    """An expression over nothing."""

    formula: Formula


@frozen
class Absent:
    """Nothing gives this port a value: its default counts, or it is left empty."""


@frozen
class Passed:
    """What the block around it has on its port of the same name."""


@frozen
class FromModel:
    """What the model gives that calls a tool."""


Source: TypeAlias = "FromNode | FromBlock | Given | Computed | Absent | Passed | FromModel"
ABSENT = Absent()


@frozen
class Feed:
    """How an input port gets its value. `convert`: the value is not of the port's type as it comes.

    `label` is what a writer calls the port: an output's one port is known by the output's name.
    """

    port: PortDefinition
    label: str
    source: Source
    transform: Formula | None
    convert: bool


@frozen
class Arm:
    """A way out of a branch. Without a region it leads straight to the end."""

    name: str
    condition: Formula | None
    region: RegionPlan | None


@dataclass(slots=True, eq=False)
class NodePlan:
    node: Node
    role: Role
    region: RegionPlan
    index: int
    local: str  # its name inside its region
    needs: int = 0
    captures: list[tuple[int, int]] = field(default_factory=list)  # regions out, index there
    followers: list[int] = field(default_factory=list)
    feeds: tuple[Feed, ...] = ()
    inner_feeds: dict[str, Feed] = field(default_factory=dict)  # of a closer, by the region that feeds it
    arms: tuple[Arm, ...] = ()
    regions: dict[str, RegionPlan] = field(default_factory=dict)  # that it opens, by name
    closer: NodePlan | None = None
    priority: int = 0
    expression: Formula | None = None
    failure: Formula | None = None
    effect: Effect = Effect.PURE
    settings: Settings = NO_SETTINGS
    computes: frozenset[str] = frozenset()  # those of its settings that come by edges
    takes_slots: bool = False  # it waits for a place: a task, and a call of which only so many run at once
    callee: str = ""  # content hash of the workflow that a call runs
    limit: int | Formula | None = None  # of a `for`
    drops_items: bool = False
    count: int | None = None  # of the branches of a `parallel first`, that have to succeed
    maximum: int | Formula | None = None  # of the rounds of a `loop`
    every: int | Formula | None = None  # nanoseconds between its rounds

    @property
    def path(self) -> str:
        return self.node.base.path

    @property
    def source(self) -> tuple[str, int] | None:
        """Where it was written: (file, line). A tool is called where its instrument is."""
        opener = self.region.opener
        if opener and opener.role is Role.TOOLS:
            return opener.source
        return self.region.workflow.sources.get(self.path)

    @property
    def step(self) -> NodePlan:
        """What a writer calls the step: a block is known by its end, where its value is."""
        return self.closer or self


@dataclass(slots=True, eq=False)
class RegionPlan:
    workflow: WorkflowPlan
    name: str  # of its arm; empty for a workflow's own
    local: str  # how its path goes on behind that of the region around it
    path: str
    parent: RegionPlan | None
    depth: int
    nodes: list[NodePlan] = field(default_factory=list)
    opener: NodePlan | None = None
    last: NodePlan | None = None  # the opening node of its `finally`


@dataclass(slots=True, eq=False)
class WorkflowPlan:
    workflow: Workflow
    content_hash: str
    sources: dict[str, tuple[str, int]]
    regions: dict[str | None, RegionPlan] = field(default_factory=dict)
    nodes: dict[NodeId, NodePlan] = field(default_factory=dict)
    paths: dict[str, NodePlan] = field(default_factory=dict)

    @property
    def top(self) -> RegionPlan:
        return self.regions[None]
