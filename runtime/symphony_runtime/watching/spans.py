"""A run as a tree of what took how long: its steps, what ran inside of each, the attempts of each, and what decided when it ended.

Made from the log alone, whether the run has ended or not. A block is one span from its opening to its end; what ran inside stands in
*groups*, one for each scope that it opened: an arm, an item, a round.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from symphony_runtime import entries
from symphony_runtime.plans.places import Places, step_address
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.evolve import evolve
from symphony_runtime.rules.scopes import outwards
from symphony_runtime.rules.state import RunState, Scope
from symphony_runtime.storage.loaded import load
from symphony_runtime.storage.reading import read

if TYPE_CHECKING:
    from symphony_runtime.entries import Entry
    from symphony_runtime.outcome import RunError
    from symphony_runtime.plans.plan import RegionPlan
    from symphony_runtime.rules.state import Instance, Turns
    from symphony_runtime.storage.store import Store


@dataclass(slots=True)
class AttemptSpan:
    """`ended` is None while it is in flight. `error` is why it failed, if it did."""

    number: int
    began: int
    ended: int | None = None
    error: RunError | None = None


@dataclass(slots=True, eq=False)
class Span:
    """A step. Moments are in nanoseconds since 1970; `began` is None for one that never did. `critical`: had it been
    quicker, the run might have ended earlier."""

    instance: Instance
    address: str
    began: int | None = None
    ended: int | None = None
    attempts: list[AttemptSpan] = field(default_factory=list)
    error: RunError | None = None
    groups: list[Group] = field(default_factory=list)
    critical: bool = False
    usage: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the step is called where it stands: the end of its address."""
        owner = self.instance.scope.owner
        if owner and owner.plan.role is Role.TOOLS:
            return self.address[len(owner.scope.prefix) :]
        return self.address[len(self.instance.scope.prefix) :]

    @property
    def source(self) -> tuple[str, int] | None:
        return self.instance.plan.step.source or self.instance.plan.source

    @property
    def phase(self) -> str:
        return str(self.instance.phase.value)


@dataclass(slots=True, eq=False)
class Group:
    """What ran in one scope of a block, in the order of the text."""

    scope: Scope
    spans: list[Span] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What tells the scope from the others of its block: `[3]`, `body#2`, `then`; empty for the inside of a call, and for a turn
        or the call of a tool, which are a step each."""
        owner = self.scope.owner
        if owner and owner.plan.role is Role.TOOLS:
            return ""
        prefix = self.scope.prefix.rstrip("/")
        return prefix[len(self.scope.owner.scope.prefix) :] if self.scope.owner else ""

    @property
    def began(self) -> int | None:
        return min((span.began for span in self.spans if span.began is not None), default=None)

    @property
    def ended(self) -> int | None:
        return max((span.ended for span in self.spans if span.ended is not None), default=None)


@dataclass(slots=True)
class RunSpan:
    """The whole run. `at` is the moment of its last entry, `plan` the name of its workflow."""

    state: RunState
    places: Places
    top: Group | None
    at: int


HIDDEN = frozenset({Role.INPUT, Role.CLOSER})
"""Values that were given, and the ends of blocks, which their beginnings stand for."""


def spans_of(store: Store, execution_id: str) -> RunSpan:
    """Raises UserError for a run that is not there or cannot be read."""
    loaded = load(store, execution_id)
    state = RunState(execution_id, loaded.plans, loaded.home)
    clocks: dict[str, Clocks] = {}
    for entry in read(store.run(execution_id).log, store.blobs):
        evolve(state, entry)
        if entry.address:
            clocks.setdefault(entry.address, Clocks()).take(entry)
    return RunSpan(state, Places(loaded.plans), _tree(state, clocks), state.at)


@dataclass(slots=True)
class Clocks:
    """What the entries of one address say of time."""

    began: int | None = None
    ended: int | None = None
    attempts: list[AttemptSpan] = field(default_factory=list)
    error: RunError | None = None
    usage: dict[str, Any] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        if entry.type in BEGINS:
            self.began = entry.at if self.began is None else self.began
        if entry.type == entries.NODE_STARTED:
            self.attempts.append(AttemptSpan(entry.attempt or 1, entry.at))
        if (
            entry.type in ENDS_ATTEMPT
            and self.attempts
            and self.attempts[-1].ended is None
            and entry.attempt is not None
        ):
            self.attempts[-1].ended = entry.at
            self.attempts[-1].error = _error(entry)
        if entry.type in ENDS:
            self.began = entry.at if self.began is None else self.began
            self.ended = entry.at
            self.usage = entry.data.get("usage", {})
        self.error = _error(entry) or (None if entry.type in ENDS else self.error)


def _error(entry: Entry) -> RunError | None:
    from symphony_runtime.rules.changing import error_from

    found = entry.data.get("error")
    return error_from(found) if isinstance(found, dict) and entry.type in FAILURES else None


BEGINS = frozenset({
    entries.NODE_STARTED, entries.NODE_WAITING, entries.ASK_OPENED, entries.REGION_OPENED, entries.REGION_DECIDED,
})  # fmt: skip
ENDS_ATTEMPT = frozenset({entries.NODE_COMPLETED, entries.NODE_FAILED, entries.NODE_LOST, entries.ATTEMPT_FAILED})
ENDS = frozenset({
    entries.NODE_COMPLETED, entries.NODE_FAILED, entries.ASK_ANSWERED, entries.REGION_CLOSED, entries.NODE_SKIPPED,
})  # fmt: skip
FAILURES = frozenset({
    entries.NODE_FAILED, entries.NODE_LOST, entries.ATTEMPT_FAILED, entries.REGION_CLOSED,
})  # fmt: skip


def _tree(state: RunState, clocks: dict[str, Clocks]) -> Group | None:
    """Owners were there before what stands inside of them."""
    spans: dict[Instance, Span] = {}
    groups: dict[Scope, Group] = {}
    for instance in state.instances.values():
        group = groups.get(instance.scope)
        if group is None:
            group = groups[instance.scope] = Group(instance.scope)
            if instance.scope.owner is not None:
                spans[instance.scope.owner].groups.append(group)
        span = spans[instance] = _span(instance, clocks)
        if instance.plan.role not in HIDDEN:
            group.spans.append(span)
    top = groups.get(state.top) if state.top else None
    if top:
        Path(spans).mark(_latest(top.spans))
    return top


def _span(instance: Instance, clocks: dict[str, Clocks]) -> Span:
    told = clocks.get(instance.address, Clocks())
    address = step_address(instance.address, instance.plan)
    return Span(instance, address, told.began, told.ended, told.attempts, told.error, usage=told.usage)


@dataclass(slots=True)
class Path:
    """What decided when the run ended, found backwards from what ended last: into a block by what ended last in it, and from a step to
    what it waited for longest."""

    spans: dict[Instance, Span]
    links: dict[RegionPlan, Links] = field(default_factory=dict)

    def mark(self, span: Span | None) -> None:
        while span is not None:
            span.critical = True
            inside = _latest([each for group in span.groups for each in group.spans])
            span = inside if inside and not inside.critical else self._waited_for(span)

    def _waited_for(self, span: Span) -> Span | None:
        """Where a step waited for nothing, what the block around it waited for."""
        instance: Instance | None = span.instance
        while instance is not None:
            sources = [self.spans[each] for each in self._sources(instance)]
            found = _latest([each for each in sources if not each.critical])
            if found:
                return found
            instance = instance.scope.owner
        return None

    def _sources(self, instance: Instance) -> list[Instance]:
        """Whom it waits for, in its own scope and further out."""
        scope = instance.scope
        if scope.owner and scope.owner.turns:
            return _before(scope.owner.turns, scope)
        beside = [(scope, place) for place in self._links(scope.region).before.get(instance.plan.index, ())]
        captured = [(outwards(scope, hops), place) for hops, place in instance.plan.captures]
        return [self._at(each, place) for each, place in (*beside, *captured)]

    def _at(self, scope: Scope, place: int) -> Instance:
        """Who waits for the end of a block waits for the block."""
        return scope.instances[self._links(scope.region).openers.get(place, place)]

    def _links(self, region: RegionPlan) -> Links:
        if region not in self.links:
            self.links[region] = Links.of(region)
        return self.links[region]


def _before(turns: Turns, scope: Scope) -> list[Instance]:
    """What a call of a tool waited for, its turn; and what a turn waited for, the calls of the one before."""
    calls: list[Instance] = []
    for turn in turns.calling:
        if turn.instance.scope is scope:
            return calls
        if scope in turn.scopes:
            return [turn.instance]
        calls = [each.instances[0] for each in turn.scopes if each] or [turn.instance]
    return calls


@dataclass(slots=True)
class Links:
    """In a region, by places: whom each step waits for, and the opening nodes of closing ones."""

    before: dict[int, list[int]]
    openers: dict[int, int]

    @classmethod
    def of(cls, region: RegionPlan) -> Links:
        before: dict[int, list[int]] = {}
        for plan in region.nodes:
            for follower in plan.followers:
                before.setdefault(follower, []).append(plan.index)
        return cls(before, {plan.closer.index: plan.index for plan in region.nodes if plan.closer})


def _latest(spans: list[Span]) -> Span | None:
    return max((each for each in spans if each.ended is not None), key=lambda each: each.ended or 0, default=None)
