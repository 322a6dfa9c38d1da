"""What commands do: every command in every situation of a run, and on steps in every state."""

from __future__ import annotations

from tests.runtime.engine_graphs import Graph
from tests.runtime.test_engine_decide import apply, begun, work_off

from symphony_dsl.base.types import INT, STRING, ListType, OptionalType
from symphony_model.nodes import Effect, OperatorConfig, OperatorNode, OperatorType
from symphony_model.ports import PortDefinition
from symphony_model.settings import NO_SETTINGS, Retry, Settings
from symphony_runtime.commands import Command, Kind
from symphony_runtime.plans.planning import Plans
from symphony_runtime.rules.decide import decide
from symphony_runtime.rules.inputs import Claimed, Commanded, Ended, Idle
from symphony_runtime.rules.situations import Situation, situation
from symphony_runtime.rules.state import SETTLED, Phase, RunState
from symphony_runtime.task import Failure, Success


def asking(graph: Graph, settings: Settings = NO_SETTINGS) -> None:
    prompt = graph.input("prompt", STRING)
    ports = (PortDefinition("prompt", STRING),), (PortDefinition("result", INT),)
    node = OperatorNode(graph._base("ask"), OperatorType.ASK, OperatorConfig(callee="ask", settings=settings), *ports)
    graph._add(node, {"prompt": prompt})


def steps(settings: Settings | None = None, *, asks: bool = False, effect: Effect = Effect.REPEATABLE) -> Graph:
    graph = Graph()
    if asks:
        asking(graph)
    else:
        graph.task("a", settings=settings or Settings(on_error="pause"), effect=effect)
        graph.task("b", {"x": ("a", "result")})
    return graph


def failed(state: RunState, code: str = "error") -> None:
    attempt = state.instances["a"].attempt
    apply(state, decide(state, Ended(1, "a", attempt, Failure(code, "no"))))
    apply(state, decide(state, Idle()))


def at(where: Situation) -> RunState:
    """A run that stands like this."""
    if where is Situation.PENDING:
        return RunState("run", Plans(steps().seal()), begun(steps()).home)
    state = begun(steps(asks=where is Situation.WAITING), prompt="really?")
    apply(state, decide(state, Idle()))
    if where in (Situation.UNDECIDED, Situation.PAUSED):
        failed(state)
    if where is Situation.PAUSED:
        say(state, Kind.PAUSE)
    if where in (Situation.ENDING, Situation.FINAL):
        say(state, Kind.CANCEL)
    if where is Situation.FINAL:
        failed(state, "cancelled")
        work_off(state)
    assert situation(state) is where
    return state


def command(state: RunState, kind: Kind, address: str | None = None, **more: object) -> Command:
    """With an id that no other has."""
    return Command(f"{len(state.verdicts):036}", kind, address, **more)


def say(state: RunState, kind: Kind, address: str | None = None, **more: object) -> list[str]:
    """The types of the entries that follow from a command."""
    done = apply(state, decide(state, Commanded(command(state, kind, address, **more))))
    work_off(state)
    return done + apply(state, decide(state, Idle()))


def refused(state: RunState, kind: Kind, address: str | None = None, **more: object) -> str:
    entries = decide(state, Commanded(command(state, kind, address, **more)))
    assert apply(state, entries) == ["command.rejected"]
    assert entries[0].data["message"]
    return str(entries[0].data["why"])


NODES = {Situation.WAITING: "ask"}


def test_one_id_is_one_command() -> None:
    state = at(Situation.RUNNING)
    paused = command(state, Kind.PAUSE)
    apply(state, decide(state, Commanded(paused)))
    assert decide(state, Commanded(paused)) == []
    entries = decide(state, Commanded(Command(paused.id, Kind.CANCEL)))
    assert [(entry.type, entry.data["why"]) for entry in entries] == [("command.rejected", "id_reused")]


def test_a_pause_lets_nothing_start_and_records_what_ends() -> None:
    state = at(Situation.RUNNING)
    assert say(state, Kind.PAUSE) == ["command.applied", "hold.set", "run.state"]
    apply(state, decide(state, Ended(2, "a", 1, Success({"result": 1}))))
    work_off(state)
    assert (state.instances["a"].phase, state.instances["b"].phase) == (Phase.COMPLETED, Phase.QUEUED)
    assert say(state, Kind.RESUME)[:3] == ["command.applied", "hold.cleared", "run.state"]
    assert state.instances["b"].phase is Phase.RUNNING


def test_a_cancelled_run_ends_when_what_is_in_flight_has_ended() -> None:
    state = at(Situation.RUNNING)
    say(state, Kind.CANCEL, reason="wrong file")
    assert state.label == "running"
    failed(state, "cancelled")
    work_off(state)
    assert (state.label, state.ending) == ("cancelled", "wrong file")
    assert state.instances["b"].phase is Phase.SKIPPED


def test_a_run_that_fails_already_fails_though_it_is_cancelled() -> None:
    graph = steps(Settings(retry=Retry(1)))
    graph.task("c")
    state = begun(graph)
    failed(state)
    say(state, Kind.CANCEL)
    apply(state, decide(state, Ended(2, "c", 1, Failure("cancelled", "stopped"))))
    work_off(state)
    assert state.label == "failed"


def test_a_step_that_is_held_gets_another_chance() -> None:
    state = at(Situation.UNDECIDED)
    say(state, Kind.RETRY_NODE, "a")
    assert (state.instances["a"].phase, state.instances["a"].attempt, state.label) == (Phase.RUNNING, 2, "running")


def test_a_lost_step_is_decided_by_a_person() -> None:
    state = begun(steps(effect=Effect.ONCE))
    failed(state, "crashed")
    assert state.instances["a"].phase is Phase.LOST
    say(state, Kind.RETRY_NODE, "a")
    assert state.instances["a"].phase is Phase.RUNNING


def test_a_step_is_skipped_with_the_value_that_others_read() -> None:
    state = at(Situation.UNDECIDED)
    assert refused(state, Kind.SKIP_NODE, "a") == "no_value"
    assert refused(state, Kind.SKIP_NODE, "a", value="seven", has_value=True) == "invalid"
    say(state, Kind.SKIP_NODE, "a", value=7, has_value=True)
    assert (state.instances["a"].phase, state.instances["a"].outputs) == (Phase.SKIPPED, {"result": 7})
    assert state.instances["b"].inputs == {"x": 7}


def test_a_step_that_nobody_reads_is_skipped_without_a_value() -> None:
    graph = Graph()
    graph.task("a", settings=Settings(on_error="pause"))
    state = begun(graph)
    failed(state)
    say(state, Kind.SKIP_NODE, "a")
    assert state.label == "completed"


def test_an_optional_value_may_be_left_out() -> None:
    graph = Graph()
    graph.task("a", outputs={"result": OptionalType(INT)}, settings=Settings(on_error="pause"))
    graph.expression("b", "x ?? 3", INT, x=("a", "result"))
    state = begun(graph)
    failed(state)
    say(state, Kind.SKIP_NODE, "a")
    assert state.instances["b"].outputs == {"result": 3}


def test_a_step_that_is_failed_has_its_own_error() -> None:
    state = at(Situation.UNDECIDED)
    say(state, Kind.FAIL_NODE, "a")
    assert state.label == "failed"
    assert state.error is not None
    assert (state.error.code, state.error.message) == ("error", "no")


def test_an_answer_is_checked_and_taken_once() -> None:
    state = at(Situation.WAITING)
    assert refused(state, Kind.PROVIDE_INPUT, "ask", value="no", has_value=True) == "invalid"
    asked = Command("2" * 36, Kind.PROVIDE_INPUT, "ask", value=4, has_value=True)
    assert apply(state, decide(state, Commanded(asked)))[:1] == ["command.applied"]
    assert decide(state, Commanded(asked)) == []
    assert state.instances["ask"].outputs == {"result": 4}
    assert not state.asks


def test_a_late_answer_is_superseded() -> None:
    graph = steps(asks=True)
    graph.task("b")
    state = begun(graph, prompt="really?")
    say(state, Kind.PROVIDE_INPUT, "ask", value=4, has_value=True)
    assert refused(state, Kind.PROVIDE_INPUT, "ask", value=5, has_value=True) == "superseded"
    assert state.instances["ask"].outputs == {"result": 4}


def test_a_delayed_attempt_begins_at_once_when_a_person_wants_it() -> None:
    state = begun(steps(Settings(retry=Retry(3, delay=10**12))))
    failed(state)
    assert state.instances["a"].phase is Phase.WAITING
    say(state, Kind.RETRY_NODE, "a")
    assert state.instances["a"].phase is Phase.RUNNING


def test_a_beginning_of_an_address_means_all_below_it() -> None:
    graph = Graph()
    items = graph.input("items", ListType(INT))
    prices = graph.each("prices", items, limit=0)
    with prices.body() as body:
        body.yielded = graph.task("yield", {"x": prices.item}, settings=Settings(on_error="pause"))
    state = begun(graph, items=[1, 2])
    for item in (0, 1):
        apply(state, decide(state, Ended(1, f"prices[{item}]/yield", 1, Failure("error", "no"))))
    apply(state, decide(state, Idle()))
    say(state, Kind.RETRY_NODE, "prices[1]")
    assert [state.instances[f"prices[{n}]/yield"].phase for n in (0, 1)] == [Phase.HELD, Phase.RUNNING]
    assert refused(state, Kind.RETRY_NODE, "price") == "unknown_node"


def test_steps_that_are_done_or_run_take_no_command() -> None:
    state = at(Situation.RUNNING)
    assert refused(state, Kind.RETRY_NODE, "a") == "not_failed"
    assert refused(state, Kind.PROVIDE_INPUT, "a", value=1, has_value=True) == "not_waiting"
    apply(state, decide(state, Ended(2, "a", 1, Success({"result": 1}))))
    assert refused(state, Kind.SKIP_NODE, "a") == "settled"


def failed_in_a_pause() -> RunState:
    """Two steps of one block failed for good while a person had it paused."""
    graph = steps(Settings(retry=Retry(1)))
    graph.task("c", settings=Settings(retry=Retry(1)))
    state = begun(graph)
    say(state, Kind.PAUSE)
    for address in ("a", "c"):
        apply(state, decide(state, Ended(2, address, 1, Failure("error", "no"))))
    assert [state.instances[each].phase for each in "abc"] == [Phase.HELD, Phase.PENDING, Phase.HELD]
    assert state.label == "paused"
    return state


def test_what_fails_in_a_pause_has_failed_when_it_goes_on() -> None:
    state = failed_in_a_pause()
    found = say(state, Kind.RESUME)
    assert (found.count("node.failed"), found[-1], state.label) == (1, "node.failed", "failed")
    assert state.error is not None
    assert state.error.node == "a"
    assert all(each.phase in SETTLED for each in state.instances.values())


def test_what_failed_in_a_pause_may_be_decided_otherwise_before_it_goes_on() -> None:
    state = failed_in_a_pause()
    say(state, Kind.RETRY_NODE, "a")
    say(state, Kind.SKIP_NODE, "c", value=1, has_value=True)
    assert state.label == "paused"
    assert say(state, Kind.RESUME)[:3] == ["command.applied", "hold.cleared", "run.state"]
    assert (state.instances["a"].phase, state.label) == (Phase.RUNNING, "running")


def test_a_driver_that_takes_a_paused_run_passes_on_what_failed_in_the_pause() -> None:
    state = failed_in_a_pause()
    apply(state, decide(state, Claimed(8)))
    work_off(state)
    assert state.label == "failed"


def test_steps_of_one_block_that_a_person_fails_fail_it_once() -> None:
    graph = Graph()
    items = graph.input("items", ListType(INT))
    prices = graph.each("prices", items, limit=0)
    with prices.body() as body:
        graph.task("x", settings=Settings(on_error="pause"))
        body.yielded = graph.task("yield", settings=Settings(on_error="pause"))
    state = begun(graph, items=[1])
    for name in ("x", "yield"):
        apply(state, decide(state, Ended(1, f"prices[0]/{name}", 1, Failure("error", "no"))))
    found = say(state, Kind.FAIL_NODE, "prices")
    assert (found.count("node.failed"), state.label) == (1, "failed")
    assert all(each.scope.unsettled == 0 for each in state.instances.values() if each.scope.prefix)
