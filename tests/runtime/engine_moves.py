"""Runs of which every move of a step is remembered, and runs that between them make every move of the table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.runtime.engine_graphs import Graph
from tests.runtime.engine_record import LOGS
from tests.runtime.engine_texts import Text

from symphony_dsl.base.types import BOOL, INT
from symphony_runtime.commands import Command, Kind
from symphony_runtime.entries import RUN_CREATED, Entry
from symphony_runtime.plans.planning import Plans
from symphony_runtime.rules.agenda import next_work
from symphony_runtime.rules.decide import decide
from symphony_runtime.rules.evolve import evolve
from symphony_runtime.rules.inputs import Claimed, Clock, Commanded, Dropped, Elsewhere, Ended, Idle, Input, Next
from symphony_runtime.rules.moves import DERIVED, MOVES
from symphony_runtime.rules.state import Phase, RunState
from symphony_runtime.sharing.library import Nothing
from symphony_runtime.storage.loaded import load
from symphony_runtime.storage.reading import read
from symphony_runtime.storage.store import Store
from symphony_runtime.task import Failure, Outcome, Success

Move = tuple[str, Phase, Phase]
Seen = set[Move]
DAY = 86_400 * 10**9
YEAR = 365 * DAY


def moved(state: RunState, entry: Entry) -> Seen:
    """What moves while a state takes an entry: the step that it is about, and those for which it follows."""
    before = {address: each.phase for address, each in state.instances.items()}
    evolve(state, entry)
    seen: Seen = set()
    for address, phase in before.items():
        now = state.instances[address].phase
        if address == entry.address and entry.type in MOVES:
            seen.add((entry.type, phase, now))
        elif now is not phase:
            seen.add((_derived(phase, now), phase, now))
    return seen


def _derived(before: Phase, after: Phase) -> str:
    return next((name for name, row in DERIVED.items() if after in row.get(before, ())), "nothing of the table")


class Watched:
    """A run in memory. `seen` are all moves so far."""

    def __init__(self, body: str | Text | Graph, width: int = 1) -> None:
        graph = Text(body) if isinstance(body, str) else body
        self.state = RunState("run", Plans(graph.seal()), Path())
        self.library = Nothing(self.state)
        self.seen: Seen = set()
        self._take([Entry(RUN_CREATED, {"inputs": {}, "durability": "memory"})])
        self.happen(Claimed(width))

    def happen(self, given: Input, at: int = 0) -> Watched:
        self._take(decide(self.state, given))
        while work := next_work(self.state, at):
            given = self.library.next(work, at)
            self._take(decide(self.state, given) if given else [])
        self._take(decide(self.state, Idle()))
        return self

    def end(self, address: str, outcome: Outcome, attempt: int = 1) -> Watched:
        return self.happen(Ended(0, address, attempt, outcome))

    def say(self, kind: Kind, address: str | None = None, **more: object) -> Watched:
        return self.happen(Commanded(Command(f"{len(self.state.verdicts)}", kind, address, **more)))

    def later(self) -> Watched:
        return self.happen(Idle(), at=YEAR)

    def late(self, address: str) -> Watched:
        return self.end(address, OK, attempt=9)

    def _take(self, entries: list[Entry]) -> None:
        for entry in entries:
            entry.seq, entry.at = self.state.seq + 1, self.state.at
            self.seen |= moved(self.state, entry)


OK, NO, SLOW = Success({"result": 1}), Failure("conversion", "no"), Failure("timeout", "slow")
DEAD = Failure("crashed", "its worker died")

ASK = 'step a = ask(prompt: "so?", form: int) { timeout: 1h }'
PAUSING = ASK.replace("}", ", on_error: pause }")
TRIED = "step a = do(x: 1) { retry: { attempts: 2, delay: 1h } }"
ONCE = "step a = once(x: 1)"
HELD = "step a = do(x: 1) { on_error: pause }"
ARM = "step a = if true { yield do(x: 1) } else { yield 0 } with { retry: { attempts: 2, delay: 1h } }"
TWO = "\nstep b = do(x: 2)"


def lost() -> Watched:
    return Watched(ONCE + TWO).end("a", DEAD)


def held() -> Watched:
    return Watched(HELD + TWO).end("a", NO)


def tried() -> Watched:
    return Watched(TRIED).end("a", SLOW)


def asked() -> Watched:
    return Watched(ASK)


def called() -> Watched:
    callee = "workflow inner {\n  step b = do(x: 1)\n  output y: int = b\n}"
    return Watched(Text("step a = inner() { timeout: 1h, on_error: pause }", callee))


def elsewhere() -> Watched:
    """What two others compute, one after the other."""
    made = Watched("step a = do(x: 1)" + TWO)
    for run in ("one", "two"):
        made.happen(Next(made.state.instances["b"], Elsewhere("cache", run, "a")))
    return made


def misfit() -> Graph:
    """A block whose value is none that its end takes, as no compiler makes one."""
    made = Graph()
    block = made.branch("a", {"then": "true"}, of=BOOL)
    with block.arm("then") as arm:
        arm.yielded = made.expression("yield", "300", INT)
    return made


VALUE = {"value": 7, "has_value": True}

RUNS: tuple[Callable[[], Watched], ...] = (
    lambda: Watched("step wait(duration: 1h)").later(),
    lambda: Watched("step a = do(x: 1)").happen(Dropped("a", 1, 3)).happen(Claimed(1)),
    lambda: lost().say(Kind.RETRY_NODE, "a"),
    lambda: lost().say(Kind.SKIP_NODE, "a", **VALUE),
    lambda: lost().say(Kind.FAIL_NODE, "a"),
    lambda: lost().end("b", NO),
    lambda: held().say(Kind.RETRY_NODE, "a"),
    lambda: held().say(Kind.SKIP_NODE, "a", **VALUE),
    lambda: held().say(Kind.FAIL_NODE, "a"),
    lambda: held().end("b", NO),
    lambda: tried().later(),
    lambda: tried().say(Kind.RETRY_NODE, "a"),
    lambda: tried().say(Kind.SKIP_NODE, "a", **VALUE),
    lambda: tried().say(Kind.CANCEL),
    lambda: asked().say(Kind.PROVIDE_INPUT, "a", **VALUE),
    lambda: asked().say(Kind.SKIP_NODE, "a", **VALUE),
    lambda: asked().later(),
    lambda: Watched(PAUSING).later(),
    lambda: Watched("step t = 0s\nstep a = do(x: 1) { timeout: t, on_error: pause }"),
    lambda: Watched("step z = 0\nstep a = 1 / z"),
    lambda: Watched(ARM).end("a:then/yield", Failure("error", "no")).later(),
    lambda: called().happen(Clock(YEAR)).end("a/b", Failure("cancelled", "it was stopped")),
    lambda: Watched(misfit()),
    elsewhere,
    lambda: Watched("@disabled step a = if true { yield 1 } else { yield 2 }"),
    lambda: Watched("step a = if true { yield do(x: 1) } else { yield 0 }" + TWO).say(Kind.CANCEL),
    lambda: Watched("step a = do(x: 1)\nstep b = do(x: a)\nstep c = do(x: 3)").say(Kind.CANCEL),
)
"""Small runs that go where the recorded ones do not."""


def late() -> Iterator[Watched]:
    """An attempt that nobody waits for any more ends, whatever its step does now."""
    yield (
        Watched("step a = do(x: 1)\nstep b = do(x: a)\nstep c = do(x: 3)")
        .late("a")
        .late("b")
        .late("c")
        .say(Kind.CANCEL)
        .late("b")
        .end("a", OK)
        .late("a")
    )
    for made in (lost(), held(), tried(), Watched(ASK + TWO)):
        yield made.late("a").say(Kind.FAIL_NODE, "a").late("a")


def recorded() -> Iterator[Seen]:
    """The logs that earlier versions wrote."""
    for folder in sorted(LOGS.iterdir()):
        store = Store(folder)
        for run in json.loads((folder / "expected.json").read_text())["runs"].values():
            loaded = load(store, run)
            state = RunState(run, loaded.plans, loaded.home)
            for entry in read(store.run(run).log, store.blobs):
                yield moved(state, entry)


def all_moves() -> Seen:
    seen: Seen = set().union(*recorded(), *(made.seen for made in late()))
    return seen.union(*(run().seen for run in RUNS))
