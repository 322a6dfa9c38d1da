"""Every cell of the table of commands and how a step stands; and what is said of answers that come too late."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.runtime.engine_moves import ARM, ASK, OK, TWO, VALUE, Watched, asked, elsewhere, held, lost, tried

from symphony_runtime.commands import Command, Kind
from symphony_runtime.rules.decide import decide
from symphony_runtime.rules.inputs import Commanded
from symphony_runtime.rules.node_commands import TABLE
from symphony_runtime.rules.situations import Standing, standing
from symphony_runtime.rules.state import Phase
from symphony_runtime.rules.verdicts import MESSAGES
from symphony_runtime.task import Failure

STANDS: dict[Standing, tuple[Callable[[], Watched], str]] = {
    Standing.BUSY: (lambda: Watched("step a = do(x: 1)"), "a"),
    Standing.ASK: (asked, "a"),
    Standing.RETRY: (tried, "a"),
    Standing.ROUND: (lambda: Watched(ARM + TWO, width=8).end("a:then/yield", Failure("error", "no")), "a"),
    Standing.TIMER: (elsewhere, "b"),
    Standing.LOST: (lost, "a"),
    Standing.HELD: (held, "a"),
    Standing.SETTLED: (lambda: Watched("step a = do(x: 1)" + TWO).end("a", OK), "a"),
}

_R, _S, _F, _C = Phase.RUNNING, Phase.SKIPPED, Phase.FAILED, Phase.COMPLETED
_NO, _NOT, _DONE = "not_failed", "not_waiting", "settled"

ROWS: dict[Kind, tuple[Phase | str, ...]] = {
    Kind.RETRY_NODE: (_NO, _NO, _R, _R, _NO, Phase.QUEUED, Phase.QUEUED, _DONE),
    Kind.SKIP_NODE: (_NO, _S, _S, _NO, _NO, _S, _S, _DONE),
    Kind.FAIL_NODE: (_NO, _F, _F, _F, _NO, _F, _F, _DONE),
    Kind.PROVIDE_INPUT: (_NOT, _C, _NOT, _NOT, _NOT, _NOT, _NOT, "superseded"),
}
"""The phase that the step is in when all has followed, or why the command is refused. Where one attempt may run at a time and another
step has the place, a step that is tried again waits for it."""

CELLS = [(kind, stands, cell) for kind, row in ROWS.items() for stands, cell in zip(Standing, row, strict=True)]


@pytest.mark.parametrize(("kind", "stands", "cell"), CELLS, ids=[f"{kind}: {stands}" for kind, stands, _ in CELLS])
def test_a_cell(kind: Kind, stands: Standing, cell: Phase | str) -> None:
    make, address = STANDS[stands]
    made = make()
    path = f"{address}.if" if stands is Standing.ROUND else address
    instance = made.state.instances[path]
    assert standing(instance) is stands
    before = instance.phase
    value = VALUE if kind in (Kind.SKIP_NODE, Kind.PROVIDE_INPUT) else {}
    verdict = decide(made.state, Commanded(Command("1", kind, address, **value)))[0]
    made.say(kind, address, **value)
    if isinstance(cell, Phase):
        assert verdict.type == "command.applied"
        assert verdict.data["nodes"] == [address]
        assert instance.phase is cell
        return
    assert (verdict.type, verdict.data["why"]) == ("command.rejected", cell)
    assert verdict.data["message"]
    assert instance.phase is before


def test_no_cell_is_left_out() -> None:
    assert ROWS.keys() == TABLE.keys()
    assert STANDS.keys() == set(Standing)
    refusals = {cell for row in TABLE.values() for cell in row.values() if isinstance(cell, str)}
    assert refusals <= MESSAGES.keys()


def answered() -> Watched:
    return Watched(ASK + TWO).say(Kind.PROVIDE_INPUT, "a", **VALUE)


LATE: dict[str, Callable[[], Watched]] = {
    "the question was answered already, with 7": answered,
    "the question is no longer asked: it was skipped": lambda: Watched(ASK + TWO).say(Kind.SKIP_NODE, "a", **VALUE),
    "the question is no longer asked: nobody answered within 1h": lambda: Watched(
        'step a = try ask(prompt: "so?", form: int) { timeout: 1h } catch e { yield 1 }' + TWO
    ).later(),
    "the question is no longer asked: it was withdrawn": lambda: Watched(
        'step c = try {\n  step x = do(x: 1)\n  step a = ask(prompt: "so?", form: int)\n  yield x + a\n} catch e { yield 1 }'
        + TWO,
        width=8,
    ).end("c:body/x", Failure("conversion", "no")),
    "the step is done with, and waited for no answer": lambda: Watched("step a = do(x: 1)" + TWO).end("a", OK),
}


@pytest.mark.parametrize("message", LATE)
def test_an_answer_that_comes_too_late_hears_what_came_before(message: str) -> None:
    made = LATE[message]()
    address = next(each for each in made.state.instances if each in ("a", "a:body/yield", "c:body/a"))
    verdict = decide(made.state, Commanded(Command("1", Kind.PROVIDE_INPUT, address, **VALUE)))[0]
    assert (verdict.data["why"], verdict.data["message"]) == ("superseded", message)


@pytest.mark.parametrize(
    ("address", "meant"),
    [("d", [0, 1, 2]), ("d/", [0, 1, 2]), ("d[1]", [1]), ("d[1]/", [1]), ("d[1]/yield", [1]), ("d[", []), ("e", [])],
)
def test_the_beginning_of_an_address_means_what_is_below_it(address: str, meant: list[int]) -> None:
    made = Watched("step d = for x in [1, 2, 3] parallel { yield do(x: x) { on_error: pause } }", width=8)
    for item in range(3):
        made.end(f"d[{item}]/yield", Failure("conversion", "no"))
    verdict = decide(made.state, Commanded(Command("1", Kind.RETRY_NODE, address)))[0]
    if not meant:
        assert verdict.data["why"] == "unknown_node"
        return
    assert verdict.data["nodes"] == [f"d[{item}]/yield" for item in meant]
