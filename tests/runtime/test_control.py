"""The specification's view of a run: states, the state machine, commands and their controller."""

from __future__ import annotations

import json
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.runtime.engine_runs import Bench
from tests.runtime.engine_texts import Text

from symphony_model.ids import NodeId, WorkflowId
from symphony_runtime import (
    CommandResult,
    ControlCommand,
    ControlError,
    ExecutionContext,
    ExecutionController,
    ExecutionState,
    ExecutionStateMachine,
    NodeState,
    RunError,
    TransitionError,
    TransitionResult,
    context_of,
    machine_of,
)
from symphony_runtime.commands import Kind
from symphony_runtime.control.machine import NODE_MOVES
from symphony_runtime.rules.labels import LABELS
from symphony_runtime.rules.moves import MOVES
from symphony_runtime.rules.state import Phase
from symphony_runtime.task import Failure

WORKFLOW = WorkflowId("6f1c1c0e-0000-5000-8000-000000000000")
NODE = NodeId("6f1c1c0e-0000-5000-8000-000000000001")
ERROR = RunError("error", "no", "a", ("main.wf", 3), 2, {"x": 1})

texts = st.text(max_size=6)
values = st.recursive(st.none() | st.booleans() | st.integers() | texts, lambda inner: st.lists(inner, max_size=2))
errors = st.builds(RunError, texts, texts, st.none() | texts, st.none() | st.tuples(texts, st.integers(1, 9)), st.none() | st.integers(1, 9), values)  # fmt: skip
states = st.sampled_from(sorted(LABELS)).flatmap(
    lambda name: st.builds(
        ExecutionState,
        st.just(name),
        errors if name == "failed" else st.none(),
        texts if "input" in name else st.none(),
    )
)
phases = st.sampled_from([phase.value for phase in Phase])
nodes = st.builds(
    NodeState, phases, values, st.none() | errors, st.none() | texts, st.dictionaries(phases, st.integers(1, 9))
)
moments = st.datetimes(timezones=st.just(UTC)).filter(lambda at: at.year >= 1970)
contexts = st.builds(
    ExecutionContext, st.just(WORKFLOW), texts, states, st.dictionaries(st.just(NODE), nodes), st.none() | moments,
    st.none() | moments, st.dictionaries(texts, values),
)  # fmt: skip
steps = st.builds(TransitionResult, states, states, moments, st.none() | texts)
machines = st.builds(ExecutionStateMachine.of, contexts, st.lists(steps, max_size=3))
commands = st.sampled_from([ControlCommand.START, ControlCommand.PAUSE, ControlCommand.RESUME]) | st.one_of(
    st.builds(ControlCommand.cancel, st.none() | texts, force=st.booleans()),
    st.builds(ControlCommand.retry_node, texts),
    st.builds(ControlCommand.skip_node, texts),
    st.builds(ControlCommand.skip_node, texts, values),
    st.builds(ControlCommand.fail_node, texts, st.none() | texts),
    st.builds(ControlCommand.provide_input, texts, values),
)


@given(st.one_of(states, nodes, contexts, steps, machines, commands))
def test_all_of_it_is_json_and_comes_back_from_it(value):
    text = json.dumps(value.to_json(), allow_nan=False)
    again = type(value).from_json(json.loads(text))
    assert json.dumps(again.to_json()) == text
    if isinstance(value, ExecutionStateMachine):
        assert (again.context, again.history()) == (value.context, value.history())
    else:
        assert again == value


@pytest.mark.parametrize("data", [{"state": "going"}, {"state": 1}, {}])
def test_what_is_no_state_is_not_taken_for_one(data):
    with pytest.raises((KeyError, ValueError)):
        ExecutionState.from_json(data)
    with pytest.raises((KeyError, ValueError)):
        NodeState.from_json({"phase": data.get("state")})


def standing(name: str) -> ExecutionStateMachine:
    context = ExecutionContext(WORKFLOW, state=ExecutionState(name))
    return ExecutionStateMachine.of(context)


def one(name: str) -> ExecutionState:
    return {"failed": ExecutionState.failed(ERROR), "waiting_for_input": ExecutionState.waiting_for_input("so?")}.get(
        name, ExecutionState(name)
    )


@pytest.mark.parametrize("to", LABELS)
@pytest.mark.parametrize("before", LABELS)
def test_a_machine_moves_along_the_table_or_not_at_all(before, to):
    machine = standing(before)
    assert [each.name for each in machine.valid_transitions()] == list(LABELS[before])
    assert machine.can_transition(one(to)) == (to in LABELS[before])
    if to in LABELS[before]:
        made = machine.transition(one(to), "since it is so")
        assert (made.from_.name, made.to, made.reason) == (before, one(to), "since it is so")
        assert machine.history() == (made,)
        assert (machine.state, machine.context.is_terminal()) == (one(to), not LABELS[to])
        return
    with pytest.raises(TransitionError, match=f"{before}.*{to}") as refused:
        machine.transition(one(to))
    assert (refused.value.state, refused.value.event) == (before, to)
    assert (machine.state.name, machine.history()) == (before, ())


def test_a_failed_run_has_an_error():
    machine = standing("running")
    with pytest.raises(TransitionError, match="error"):
        machine.transition(ExecutionState("failed"))
    assert (machine.state, machine.history()) == (ExecutionState.RUNNING, ())


def test_a_machine_alone_keeps_its_times():
    machine = ExecutionStateMachine(WORKFLOW)
    assert (machine.context.duration(), machine.context.is_running()) == (None, False)
    machine.transition(ExecutionState.RUNNING)
    assert machine.context.is_running()
    assert machine.context.duration() >= timedelta(0)
    machine.transition(ExecutionState.COMPLETED)
    context = machine.context
    assert context.duration() == context.completed_at - context.started_at


@pytest.mark.parametrize("to", Phase)
@pytest.mark.parametrize("before", Phase)
def test_a_node_moves_where_the_events_of_the_table_lead(before, to):
    machine = standing("running")
    machine.context.node_states[NODE] = NodeState(before.value)
    allowed = any(to in row.get(before, ()) for row in MOVES.values())
    assert allowed <= (to in NODE_MOVES[before])
    if to in NODE_MOVES[before]:
        machine.update_node(NODE, NodeState(to.value))
        assert machine.context.node_states[NODE].phase == to.value
        return
    with pytest.raises(TransitionError, match=f"{before.value}.*{to.value}"):
        machine.update_node(NODE, NodeState(to.value))
    assert machine.context.node_states[NODE].phase == before.value


# ---- of a real run ----

BODY = """
step prices = for x in [1, 2, 3] parallel { yield do(x: x) { on_error: pause } }
step q = ask(prompt: "so?", form: int)
step never = if q > 100 { yield do(x: 1) } else { yield 0 }
output sum: int = prices.sum() + q + never
"""


@pytest.fixture
async def paused(tmp_path):
    """One of three items is held, a question is open."""
    bench = Bench(tmp_path)
    bench.executor.work = {"prices[1]/yield": lambda task, report: Failure("error", "no") if task.attempt == 1 else 9}
    assert (await bench.go(Text(BODY))).state == "paused"
    return bench


def by_path(bench: Bench, context: ExecutionContext) -> dict[str, NodeState]:
    from symphony_runtime import load

    nodes = load(bench.store, bench.run).artifact.workflow.nodes
    return {nodes[node].base.path: state for node, state in context.node_states.items()}


async def test_a_picture_of_a_run_has_all_its_nodes_the_worst_instance_first(paused):
    context = context_of(paused.store, paused.run)
    assert (context.execution_id, context.state) == (paused.run, ExecutionState.PAUSED)
    found = by_path(paused, context)
    items = found["prices/yield"]
    assert (items.name, items.phase, items.is_held, items.counts) == (
        "failed",
        "held",
        True,
        {"completed": 2, "held": 1},
    )
    assert items.error.code == "error"
    assert (found["q"].name, found["q"].phase) == ("running", "waiting")
    assert found["output.sum"] == NodeState.PENDING
    assert context.started_at is not None
    assert context.completed_at is None
    assert ExecutionContext.from_json(json.loads(json.dumps(context.to_json()))) == context


async def test_the_history_of_a_run_is_what_its_log_says(paused):
    controller = ExecutionController(paused.store, paused.run)
    controller.execute_command(ControlCommand.retry_node("prices[1]"))
    controller.execute_command(ControlCommand.provide_input("q", 5))
    assert (await paused.drive()).outputs == {"sum": 2 + 9 + 4 + 5}
    machine = machine_of(paused.store, paused.run)
    said = [(each.data["from"], each.data["to"]) for each in paused.entries() if each.type == "run.state"]
    assert [(each.from_.name, each.to.name) for each in machine.history()] == said
    again = ExecutionStateMachine(machine.context.workflow_id)
    for each in machine.history():
        again.transition(each.to, each.reason)
    found = by_path(paused, machine.context)
    assert found["prices/yield"].counts == {"completed": 3}
    assert found["never:then/yield"] == NodeState.skipped("not_taken")
    assert found["q"].output == 5
    assert machine.context.completed_at == machine.history()[-1].timestamp


async def test_a_controller_says_what_can_be_asked_and_has_it_done(paused):
    controller = ExecutionController(paused.store, paused.run)
    found = [(str(each.kind), each.node_id) for each in controller.available_commands()]
    of = "prices[1]/yield"
    assert found == [
        ("pause", None), ("cancel", None), ("retry-node", of), ("skip-node", of), ("fail-node", of),
        ("skip-node", "q"), ("fail-node", "q"), ("provide-input", "q"),
    ]  # fmt: skip
    assert not controller.can_execute(ControlCommand.RESUME)
    assert controller.can_execute(ControlCommand.skip_node("prices", 3))
    assert not controller.can_execute(ControlCommand.skip_node("prices", "three"))
    done = controller.execute_command(ControlCommand.skip_node("prices", 3))
    assert done == CommandResult(True, f"skip-node: done to {of}", done.new_state, (of,))
    assert json.dumps(done.to_json())
    assert controller.state_machine.state == done.new_state
    with pytest.raises(ControlError, match="is done with") as refused:
        controller.execute_command(ControlCommand.retry_node(of))
    assert refused.value.why == "settled"


async def test_the_id_of_a_node_means_its_instances_that_the_command_fits(paused):
    controller = ExecutionController(paused.store, paused.run)
    nodes = {path: node for node, path in _paths(paused).items()}
    assert controller.can_execute(ControlCommand.retry_node(nodes["prices/yield"]))
    done = controller.execute_command(ControlCommand.provide_input(nodes["q"], 5))
    assert done.nodes == ("q",)
    with pytest.raises(ControlError) as refused:
        controller.execute_command(ControlCommand.provide_input(nodes["q"], 6))
    assert (refused.value.why, refused.value.message) == ("superseded", "the question was answered already, with 5")
    with pytest.raises(ControlError) as refused:
        controller.execute_command(ControlCommand.retry_node(nodes["never:then/yield"]))
    assert refused.value.why == "unknown_node"


def _paths(bench: Bench) -> dict[NodeId, str]:
    from symphony_runtime import load

    return {node: each.base.path for node, each in load(bench.store, bench.run).artifact.workflow.nodes.items()}


async def test_a_cancelled_run_can_be_cancelled_and_nothing_else(paused):
    controller = ExecutionController(paused.store, paused.run)
    controller.execute_command(ControlCommand.cancel("enough"))
    assert (await paused.drive()).state == "cancelled"
    machine = machine_of(paused.store, paused.run)
    assert machine.history()[-1].reason == "enough"
    assert [each.kind for each in controller.available_commands()] == [Kind.CANCEL]
    assert controller.execute_command(ControlCommand.cancel()).new_state == ExecutionState.CANCELLED
    assert "q" not in {path for path, each in by_path(paused, machine.context).items() if each.name != "skipped"}
