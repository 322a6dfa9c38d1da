"""What an earlier run has finished, for the run that is another try of it.

A step is taken over where it has the same address, the same inputs, and what decides on its result outside of the run (its Python module,
its files, its secrets) is as it was. What the inputs were is bound again from the earlier run's log; of the outside the
log has the hashes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.frozen import frozen
from symphony_model.nodes import InstrumentNode, OperatorNode
from symphony_runtime.entries import ASK_ANSWERED, NODE_COMPLETED
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.bindings import inputs_of
from symphony_runtime.rules.effective import configured
from symphony_runtime.rules.evolve import evolve
from symphony_runtime.rules.state import RunState
from symphony_runtime.rules.turns import past_turns
from symphony_runtime.sharing.callables import callable_parts, parameters
from symphony_runtime.sharing.fingerprint import input_parts, turn_parts
from symphony_runtime.storage.loaded import load
from symphony_runtime.storage.reading import read

if TYPE_CHECKING:
    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.state import Instance
    from symphony_runtime.storage.store import Store

TAKEN = frozenset({Role.TASK, Role.ASK, Role.WAIT})
"""Steps that are taken over. All else is done on the spot, and does nothing outside."""


@frozen
class Finished:
    """`data` is what the log says of the completion, `inside` are the parts that follow from the run, `noted` those of its log."""

    data: dict[str, Any]
    at: int
    inside: dict[str, str]
    noted: dict[str, str]


def finished_in(store: Store, execution_id: str) -> dict[str, Finished]:
    """By address; nothing where the run is gone."""
    try:
        loaded = load(store, execution_id)
        state = RunState(execution_id, loaded.plans, loaded.home)
        found: dict[str, Finished] = {}
        for entry in read(store.run(execution_id).log, store.blobs):
            if entry.type in (NODE_COMPLETED, ASK_ANSWERED):
                _note(state, entry, found)
            evolve(state, entry)
    except UserError:
        return {}
    return found


def _note(state: RunState, entry: Entry, found: dict[str, Finished]) -> None:
    instance = state.instances[entry.address or ""]
    if instance.plan.role in TAKEN:
        noted = entry.data.get("parts") or instance.parts or {}
        found[instance.address] = Finished(entry.data, entry.at, inside_parts(state, instance), noted)


def inside_parts(state: RunState, instance: Instance) -> dict[str, str]:
    """What a step of a run depends on beside what the artifact says. Raises BindingError."""
    node = instance.plan.node
    assert isinstance(node, InstrumentNode | OperatorNode), "only these are taken over"
    inputs = inputs_of(state, instance)
    found = input_parts(parameters(node), inputs) | turn_parts(past_turns(instance))
    if isinstance(node, InstrumentNode) and instance.plan.computes:
        found |= callable_parts(configured(node, inputs))
    return found


def differing(one: dict[str, str], other: dict[str, str]) -> tuple[str, ...]:
    """Names of parts that are not the same, each once and in the order of the names."""
    return tuple(sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name)))
