"""What seeds have found in the engine, each as small as it gets."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from tests.runtime.engine_laws import folded, picture
from tests.runtime.engine_programs import Batches
from tests.runtime.engine_texts import Text

from symphony_model.artifact import Artifact
from symphony_runtime.commands import Command, Kind
from symphony_runtime.driver import Desk, Driver
from symphony_runtime.entries import RUN_CREATED, Entry
from symphony_runtime.executing.sharing import Sharing
from symphony_runtime.plans.places import Places
from symphony_runtime.plans.planning import Plans
from symphony_runtime.rules.agenda import next_moment, next_work
from symphony_runtime.rules.decide import decide
from symphony_runtime.rules.evolve import evolve
from symphony_runtime.rules.inputs import Claimed, Commanded, Ended, Idle, Input, Next
from symphony_runtime.rules.state import Phase, RunState
from symphony_runtime.storage.memory import MemoryInbox
from symphony_runtime.storage.slots import MemorySlots
from symphony_runtime.task import Failure, Outcome, Success
from symphony_runtime.watching.events import View

SECOND = 1_000_000_000
NEVER = Failure("conversion", "it never fits")


@dataclass
class Run:
    """A run without a driver: what happens to it, one thing at a time."""

    artifact: Artifact
    state: RunState
    told: list[Entry]

    def given(self, what: Input, at: int = 0) -> None:
        for entry in decide(self.state, what):
            entry.seq, entry.at = self.state.seq + 1 + entry.room, max(at, self.state.at)
            evolve(self.state, entry)
            self.told.append(entry)

    def work(self, at: int = 0) -> None:
        while work := next_work(self.state, at):
            self.given(Next(work), at)
        self.given(Idle(), at)

    def ended(self, address: str, outcome: Outcome, at: int = 0) -> None:
        self.given(Ended(at, address, self.state.instances[address].attempt, outcome), at)
        self.work(at)

    def taken_over(self) -> Run:
        """As the next engine finds it."""
        return Run(self.artifact, folded(self.artifact, self.told), list(self.told))

    def phase(self, address: str) -> Phase:
        return self.state.instances[address].phase

    def said(self, kind: str) -> list[str | None]:
        return [entry.address for entry in self.told if entry.type == kind]


def begun(body: str, more: str = "") -> Run:
    artifact = Text(body, more).seal()
    run = Run(
        artifact, RunState("run", Plans(artifact), Path()), [Entry(RUN_CREATED, {"inputs": {}, "durability": ""})]
    )
    evolve(run.state, run.told[0])
    run.given(Claimed(8))
    run.work()
    return run


def test_the_next_engine_waits_for_a_retry_as_well():
    run = begun("step a = do(x: 1) { retry: { attempts: 2, delay: 5s } }\nstep do(x: 2)")
    run.ended("a", Failure("timeout", "slow"))
    again = run.taken_over()
    assert (next_work(again.state, SECOND), again.phase("a")) == (None, Phase.WAITING)
    assert next_work(again.state, 9 * SECOND) is again.state.instances["a"]


def test_the_next_engine_opens_no_second_finally():
    run = begun("step a = do(x: 1)\nfinally { step do(x: 2) }")
    run.ended("a", NEVER)
    again = run.taken_over()
    again.given(Claimed(8))
    again.work()
    assert again.said("region.opened") == ["finally.always"]


def test_a_wait_has_two_events_with_numbers_of_their_own():
    for duration in ("0s", "3s"):
        run = begun(f"step wait(duration: {duration})")
        run.work(5 * SECOND)
        view = View("run", Places(run.state.plans))
        events = [event for entry in run.told for event in view.events(entry)]
        numbers = [event.seq for event in events]
        assert numbers == sorted(set(numbers))
        assert [event.type for event in events if event.node] == ["node_started", "node_completed"]


def test_what_waits_for_its_rate_is_as_the_log_says():
    run = begun("step a = do(x: 1) { policy: slow }\nstep b = do(x: 2) { policy: slow }", SLOW)
    assert picture(run.taken_over().state) == picture(run.state)
    run.work(4 * SECOND)
    assert run.phase("b") is Phase.RUNNING


def test_a_retry_whose_rate_is_used_up_waits_on():
    run = begun("step a = do(x: 1) { policy: slow, retry: { attempts: 2, delay: 1s } }", SLOW)
    run.ended("a", Failure("timeout", "slow"))
    run.work(2 * SECOND)
    assert next_moment(run.state) == 3 * SECOND
    run.work(3 * SECOND)
    assert run.phase("a") is Phase.RUNNING


SLOW = "policy slow { rate_limit: { count: 1, per: 3s } }\n"


def test_a_run_that_asks_goes_on_before_it_ends():
    for kind, end in ((Kind.FAIL_NODE, "failed"), (Kind.PROVIDE_INPUT, "completed")):
        run = begun('step a = ask(prompt: "really?")')
        run.given(Commanded(Command("1", kind, "a", True, True)))
        run.work()
        labels = [entry.data["to"] for entry in run.told if entry.type == "run.state"]
        assert labels == ["running", "waiting_for_input", "running", end]


def test_a_slot_passes_to_whoever_still_wants_it():
    """What was next in line is skipped with its block, and the one behind it is not forgotten."""
    body = """
step items = try {
  step each = for i in [1, 2, 3] parallel { yield do(x: i) { policy: one } }
  yield each.size()
} catch e { yield 0 }
step first = 1
step last = do(x: 4) { policy: one } after first priority -1
"""
    run = begun(body, "policy one { concurrency: 1 }\n")
    assert list(run.state.open) == ["items:body/each[0]/yield"]
    run.ended("items:body/each[0]/yield", NEVER)
    while run.state.open and not run.state.final:
        run.ended(next(iter(run.state.open)), Success({"result": 1}))
    assert (run.state.label, run.phase("last")) == ("completed", Phase.COMPLETED)


def test_nobody_is_asked_about_a_step_of_a_run_that_is_ending():
    run = begun("step a = do(x: 1)\nfinally { step b = do(x: 2) { on_error: pause } }")
    run.ended("a", NEVER)
    run.ended("finally/b", NEVER)
    assert (run.state.label, run.phase("finally/b")) == ("failed", Phase.FAILED)


def test_a_finally_does_not_wait_for_what_failed_outside():
    body = """
step a = do(x: 1)
step b = parallel all {
  q: {
    yield do(x: 2)
    finally { step c = do(x: a ?? 3) }
  }
}
"""
    for first, second in ((NEVER, NEVER), (NEVER, Failure("secret_unavailable", "it is not there"))):
        run = begun(body)
        run.ended("b:q/yield", first)
        run.ended("a", second)
        run.given(Commanded(Command("1", Kind.CANCEL)))
        run.work()
        assert run.phase("b:q/finally/c") is Phase.RUNNING


def test_a_run_that_is_ending_looks_at_no_clock():
    """Its time being up, the engine asked again and again what time it was until `finally` was over."""
    run = begun("settings { timeout: 5s }\nstep a = do(x: 1)\nfinally { step do(x: 2) }")
    run.ended("a", NEVER)
    assert next_moment(run.state) is None


def test_a_priority_below_zero_lets_others_go_first():
    run = begun("settings { concurrency: 1 }\nstep a = 1\nstep b = do(x: a) after a priority -1\nstep c = do(x: a)")
    assert list(run.state.open) == ["c"]


def test_a_place_is_kept_though_the_attempt_before_is_written_only_now():
    """Two attempts had the one place of a policy where an engine took over and its disk was slow."""
    run = begun("step a = do(x: 1)")
    sharing = Sharing(run.state, MemorySlots({}, [], "run"), lambda: 0, {"a": 2})
    sharing.ended([Entry("attempt.failed", address="a", attempt=1)])
    assert sharing.taken == {"a": 2}
    sharing.ended([Entry("node.completed", address="a", attempt=2)])
    assert sharing.taken == {}


class Leaving:
    """Takes its time to stop."""

    def __init__(self) -> None:
        self.began, self.stopped, self.may_go = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def run(self, task: object, report: object) -> Outcome:
        self.began.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            self.stopped.set()
            await self.may_go.wait()
            raise
        return NEVER

    async def close(self) -> None:
        """Nothing is kept."""


async def test_what_is_said_while_a_run_is_let_go_is_for_the_next_engine():
    """A resume made what Ctrl-C was stopping fail for good."""
    run, executor, stop, inbox = begun("step a = do(x: 1)"), Leaving(), asyncio.Event(), MemoryInbox()
    log = Batches(list(run.told))
    driving = asyncio.create_task(Driver(run.state, log, executor, desk=Desk(inbox, poll=0)).run(stop))
    await executor.began.wait()
    stop.set()
    await executor.stopped.wait()
    inbox.put(Command("1", Kind.PAUSE))
    inbox.put(Command("2", Kind.RESUME))
    for _ in range(20):
        await asyncio.sleep(0)
    executor.may_go.set()
    await driving
    assert (run.state.label, run.phase("a"), list(inbox.kept)) == ("paused", Phase.QUEUED, ["1", "2"])
