"""Pictures of a run as its log has it: its context, and the machine with its history."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from symphony_runtime.control.context import ExecutionContext
from symphony_runtime.control.machine import ExecutionStateMachine, TransitionResult
from symphony_runtime.control.states import WORST_FIRST, ExecutionState, NodeState, error_of_json
from symphony_runtime.engine import recover
from symphony_runtime.entries import RUN_STATE
from symphony_runtime.plans.places import Places
from symphony_runtime.rules.state import SETTLED, Phase
from symphony_runtime.storage.reading import read
from symphony_runtime.watching.events import View, shown_output

if TYPE_CHECKING:
    from symphony_model.ids import NodeId
    from symphony_runtime.entries import Entry
    from symphony_runtime.plans.plan import NodePlan
    from symphony_runtime.rules.state import Instance, RunState
    from symphony_runtime.storage.store import Store


def context_of(store: Store, execution_id: str) -> ExecutionContext:
    """How a run stands. Raises UserError for one that is not there or cannot be read."""
    return picture(recover(store, execution_id))


def machine_of(store: Store, execution_id: str) -> ExecutionStateMachine:
    """How a run stands, and how it came to that. Raises UserError for one that is not there or cannot be read."""
    state = recover(store, execution_id)
    entries = (each for each in read(store.run(execution_id).log, store.blobs) if each.seq <= state.seq)
    return ExecutionStateMachine.of(picture(state), [_transition(each) for each in entries if each.type == RUN_STATE])


def state_of(state: RunState) -> ExecutionState:
    prompt = next((each.prompt for each in state.asks.values()), None) if state.label == "waiting_for_input" else None
    return ExecutionState(state.label, state.error if state.label == "failed" else None, prompt)


def picture(state: RunState) -> ExecutionContext:
    workflow = state.plans.main.workflow
    ended = moment(state.at) if state.final else None
    metadata = {"workflow": workflow.name, "home": str(state.home), "durability": state.durability}
    metadata |= {"reason": state.ending} if state.ending else {}
    started = moment(state.started) if state.started else None
    return ExecutionContext(
        workflow.id, state.execution_id, state_of(state), _node_states(state), started, ended, metadata
    )


def moment(at: int) -> datetime:
    """Nanoseconds since 1970, to the microsecond."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at // 1000)


def _transition(entry: Entry) -> TransitionResult:
    data = entry.data
    to = ExecutionState(data["to"], error_of_json(data.get("error")))
    return TransitionResult(ExecutionState(data["from"]), to, moment(entry.at), data.get("reason") or None)


def _node_states(state: RunState) -> dict[NodeId, NodeState]:
    """Of every node of the workflow, also of those in blocks that were not come to."""
    found: dict[NodeId, list[Instance]] = {}
    for each in state.instances.values():
        found.setdefault(each.plan.node.base.id, []).append(each)
    view = View(state.execution_id, Places(state.plans))
    return {
        node: _together(view, found[node]) if node in found else _not_come_to(state, plan, found)
        for node, plan in state.plans.main.nodes.items()
    }


def _not_come_to(state: RunState, plan: NodePlan, found: dict[NodeId, list[Instance]]) -> NodeState:
    opener = plan.region.opener
    around = found.get(opener.node.base.id, []) if opener else []
    if state.final or (around and all(each.phase in SETTLED for each in around)):
        return NodeState.skipped("not_taken" if around else "ended")
    return NodeState.PENDING


def _together(view: View, instances: list[Instance]) -> NodeState:
    worst = min(instances, key=lambda each: WORST_FIRST.index(each.phase))
    counts = Counter(each.phase.value for each in instances) if len(instances) > 1 else {}
    return _one(view, worst, dict(counts))


def _one(view: View, instance: Instance, counts: dict[str, int]) -> NodeState:
    phase = instance.phase
    output = None if instance.outputs is None else shown_output(view, instance.outputs, instance.plan)
    error = instance.error if phase in (Phase.FAILED, Phase.HELD, Phase.LOST) else None
    return NodeState(phase.value, output, error, _reason(instance) if phase is Phase.SKIPPED else None, counts)


def _reason(instance: Instance) -> str:
    """A person gave a value, or nothing; else it is disabled, or what is around it ended before it."""
    if not instance.plan.node.base.enabled:
        return "disabled"
    return "ended" if instance.outputs is None else "command"
