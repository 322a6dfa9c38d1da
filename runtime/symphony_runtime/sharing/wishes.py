"""What a step that is ready asks for: which results are as good as its own, and what its own depends on."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from symphony_dsl.base.flows import hidden_in
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import PATHS, SECRET, TYPE, Primitive
from symphony_model.nodes import Effect, InstrumentNode, OperatorNode
from symphony_model.setting_ports import is_setting_port
from symphony_runtime.executing.ports import has_paths
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.bindings import inputs_of
from symphony_runtime.rules.effective import configured, plain_inputs, settings_of
from symphony_runtime.rules.scopes import may_share
from symphony_runtime.rules.turns import past_turns
from symphony_runtime.sharing.callables import callable_parts
from symphony_runtime.sharing.fingerprint import MODULE, UnknownError, fingerprint, input_parts, parts_of
from symphony_runtime.sharing.outside import Stamps

if TYPE_CHECKING:
    from symphony_model.ports import PortDefinition
    from symphony_model.settings import Settings
    from symphony_runtime.plans.plan import NodePlan
    from symphony_runtime.rules.state import Instance, RunState
    from symphony_runtime.sharing.outside import World
    from symphony_runtime.storage.records import Records

KEY = "key"
CACHE = "cache"
RUN = "run"
"""Where a result may be from."""


@frozen
class Wish:
    """A result by its name among those of a kind; `age` is how old it may be. The first of a step is held: one computes it at a time."""

    kind: str
    records: Records
    name: str
    age: int | None = None


@frozen
class Wishes:
    """In the order in which they are granted; the first is the one that is held."""

    parts: dict[str, str]
    wishes: tuple[Wish, ...] = ()


NO_WISHES = Wishes({})


@dataclass(slots=True)
class Asking:
    """Makes wishes of steps."""

    state: RunState
    world: World
    cache: Records
    keys: Records
    does: dict[NodePlan, dict[str, str]] = field(default_factory=dict)
    touching: dict[NodePlan, _Touched | None] = field(default_factory=dict)

    def of(self, instance: Instance) -> Wishes:
        """Raises BindingError for a step whose inputs or settings are wrong."""
        if may_share(instance.plan):
            found = self._shared(instance, settings_of(self.state, instance))
            if found:
                return found
        touched = self._touched(instance.plan)
        return Wishes(self._noted(instance, touched)) if touched else NO_WISHES

    def _shared(self, instance: Instance, settings: Settings) -> Wishes | None:
        cache = settings.cache if settings.cache and settings.cache.enabled else None
        key = settings.key
        if instance.plan.effect is Effect.ONCE or instance.plan.role is not Role.TASK:
            cache = None
        if cache is None and key is None:
            return None
        parts = self._parts(instance)
        wishes = [Wish(KEY, self.keys, key_name(instance.plan, key))] if key is not None else []
        if cache and parts:
            wishes.append(Wish(CACHE, self.cache, fingerprint(parts), cache.age))
        return Wishes(parts, tuple(wishes))

    def _parts(self, instance: Instance) -> dict[str, str]:
        """Nothing where something outside cannot be had: then the attempt says so itself."""
        node = _node(instance.plan)
        inputs = inputs_of(self.state, instance)
        if isinstance(node, InstrumentNode) and instance.plan.computes:
            node = configured(node, inputs)
        turns = past_turns(instance)
        try:
            does = self._does(instance.plan, node)
            return parts_of(node, plain_inputs(inputs), self.world, turns, self.state.facts(), does)
        except UnknownError:
            return {}

    def _does(self, plan: NodePlan, node: InstrumentNode | OperatorNode) -> dict[str, str]:
        """The same for all instances of a node, unless it was computed for each."""
        if node is not plan.node:
            return callable_parts(node)
        if plan not in self.does:
            self.does[plan] = callable_parts(node)
        return self.does[plan]

    def _noted(self, instance: Instance, touched: _Touched) -> dict[str, str]:
        """Of a step that nobody shares: only what stands outside of the run, for a run that is another try of it."""
        outside = Stamps(self.world)
        try:
            noted = input_parts(touched.ports, inputs_of(self.state, instance), outside) if touched.ports else {}
            return noted | ({MODULE: outside.module(touched.python)} if touched.python else {})
        except UnknownError:
            return {}

    def _touched(self, plan: NodePlan) -> _Touched | None:
        if plan not in self.touching:
            self.touching[plan] = _touched_by(_node(plan)) if plan.role is Role.TASK else None
        return self.touching[plan]


@frozen
class _Touched:
    """What a step touches outside of its run: ports that take files or secrets, and a module."""

    ports: tuple[PortDefinition, ...]
    python: str | None


def _touched_by(node: InstrumentNode | OperatorNode) -> _Touched | None:
    ports = tuple(port for port in node.inputs if _is_outside(port))
    python = node.config.python if isinstance(node, OperatorNode) else None
    return _Touched(ports, python) if ports or python else None


def step_name(plan: NodePlan) -> str:
    """The same in every run, as long as nobody renames or moves it."""
    return f"{plan.region.workflow.workflow.name}: {plan.path}"


def key_name(plan: NodePlan, key: str) -> str:
    """A key is one of its callable: two operators may have the same key for what each of them does."""
    node = _node(plan)
    return sha256(
        f"{node.kind} {node.config.callee or node.base.name}\n{key}".encode("utf-8", "surrogatepass")
    ).hexdigest()


def _is_outside(port: PortDefinition) -> bool:
    """Whether what a port takes stands for something else: a file, or a secret."""
    of = port.data_type
    if isinstance(of, Primitive) and of.name not in OUTSIDE:  # as most are
        return False
    return not is_setting_port(port.name) and (has_paths(of) or hidden_in(of) is not None)


OUTSIDE = frozenset(str(of) for of in (*PATHS, SECRET, TYPE))


def _node(plan: NodePlan) -> InstrumentNode | OperatorNode:
    assert isinstance(plan.node, InstrumentNode | OperatorNode), "only these are tasks"
    return plan.node
