"""Why a step of a run stands as it does: from the run's log, and what the store keeps of results.

The story of a step is what its entries say, one sentence each; what no entry says (that it waits, that it was never come to) follows
from the state around it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.frozen import frozen
from symphony_runtime.plans.places import Places, step_address
from symphony_runtime.rules.evolve import evolve
from symphony_runtime.rules.state import Phase, RunState
from symphony_runtime.storage.loaded import load
from symphony_runtime.storage.reading import read
from symphony_runtime.watching.sentences import SAID, moment
from symphony_runtime.watching.unsaid import unsaid, without_instance

if TYPE_CHECKING:
    from symphony_runtime.entries import Entry
    from symphony_runtime.rules.state import Instance
    from symphony_runtime.storage.store import Store

MOST = 50
"""So many steps are told of at once."""


@frozen
class Why:
    """`state` is where the step stands, `told` why, in sentences in the order of time."""

    node: str
    source: tuple[str, int] | None
    state: str
    told: tuple[str, ...]


@dataclass(slots=True)
class Story:
    """A run as far as it has come, and what its log says of each step."""

    store: Store
    state: RunState
    places: Places
    said: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))


def why(store: Store, execution_id: str, node: str) -> list[Why]:
    """Of the step with that address, or of those below it that came to something. Raises UserError where there is no such step."""
    story = _story(store, execution_id)
    found = [each for each in story.state.instances.values() if _is_meant(each, node)]
    if found:
        return [_of_instance(story, each) for each in found]
    below = [each for each in story.state.instances.values() if _is_below(each.address, node)]
    if below:
        return [_of_instance(story, each) for each in below[:MOST]]
    plan = story.places.find(node)
    if plan is None:
        raise UserError("there is no such step in the run", place=f"run {execution_id}, step {node}")
    return [
        Why(node, plan.step.source or plan.source, "not come to", without_instance(story.state, story.said, node, plan))
    ]


def _story(store: Store, execution_id: str) -> Story:
    loaded = load(store, execution_id)
    state = RunState(execution_id, loaded.plans, loaded.home)
    story = Story(store, state, Places(loaded.plans))
    for entry in read(store.run(execution_id).log, store.blobs):
        evolve(state, entry)
        if entry.address is not None:
            story.said[entry.address].append(entry)
    return story


def _is_meant(instance: Instance, node: str) -> bool:
    """A block is known by its end; its beginning tells nothing that the end does not."""
    return node == instance.address and instance.plan.closer is None


def _is_below(address: str, node: str) -> bool:
    return address.startswith(node) and address[len(node) : len(node) + 1] in ("/", "[", ":", "#")


def _of_instance(story: Story, instance: Instance) -> Why:
    told = [sentence for entry in _entries(story, instance) for sentence in _sentences(story, instance, entry)]
    told += unsaid(story.state, instance)
    plan = instance.plan
    address = step_address(instance.address, plan)
    return Why(address, plan.step.source or plan.source, _state(story.state, instance), tuple(told))


def _entries(story: Story, instance: Instance) -> list[Entry]:
    """Of a block, what was said of its beginning and of its end."""
    openers = [each for each in instance.scope.instances if each.plan.closer is instance.plan]
    found = [entry for each in (*openers, instance) for entry in story.said[each.address]]
    return sorted(found, key=lambda entry: entry.seq)


def _sentences(story: Story, instance: Instance, entry: Entry) -> list[str]:
    say = SAID.get(entry.type)
    return [f"{moment(entry.at)}  {sentence}" for sentence in say(story.store, instance, entry)] if say else []


def _state(state: RunState, instance: Instance) -> str:
    phase = instance.phase
    if state.final and phase in (Phase.PENDING, Phase.QUEUED):
        return "not come to"
    return phase.value
