"""`python -m benchmarks.expressions`: evaluation beside hand-written Python, and beside other implementations of CEL.

The peers live in an environment of their own, whose interpreter is given by `--peers`; each is asked for fewer evaluations
than we do, and its time is multiplied. The data of a row are the same objects each time.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from itertools import repeat
from pathlib import Path

from benchmarks.expression_cases import CASES, Case
from benchmarks.measure import Row, own_cpu, paired, show
from benchmarks.peer_process import Peers
from symphony_dsl.base.diagnostic import Reporter
from symphony_dsl.expressions.checker.check import check
from symphony_dsl.expressions.parser import parse_expression
from symphony_dsl.expressions.program import program
from symphony_dsl.expressions.scope import Scope

BY_HAND = "hand-written Python"
PEERS = ("cel-expr-python", "common-expression-language", "cel-python")
FEWER = 100
"""A peer evaluates so many times less than we do."""

COMPILED = 1_000


def repeated(work: Callable[[], object], times: int) -> float:
    def loop() -> None:
        for _ in repeat(None, times):
            work()

    return own_cpu(loop)


def evaluated(run: Callable[[dict[str, object]], object], case: Case) -> float:
    def loop() -> None:
        env = case.env
        for _ in repeat(None, case.times):
            run(env)

    return own_cpu(loop)


def evaluation(case: Case, peers: Peers | None, turns: int) -> list[Row]:
    made = program(case.source, case.names, case.result)
    assert made.run(case.env) == made.run(case.env) == case.by_hand(case.env), case.source
    run = made.run
    what = f"{case.times:,} x {case.what}"
    ours = partial(evaluated, run, case)
    rows = [paired(what, ours, BY_HAND, partial(evaluated, case.by_hand, case), case.bar, turns)]
    if peers and case.standard:
        rows += [beside(what, ours, peers, name, case, turns=turns) for name in PEERS]
    return rows


def compilation(case: Case, peers: Peers | None, turns: int) -> list[Row]:
    def compiled() -> None:
        check(parse_expression(case.source), Scope(case.names), Reporter("", 0, []), case.result)

    what = f"{COMPILED:,} x parse and check: {case.what}"
    ours = partial(repeated, compiled, COMPILED)
    if peers is None:
        return [Row(what, ours(), "-", None, None, "<= 300 ms")]
    return [beside(what, ours, peers, name, case, compiling=True, turns=turns) for name in PEERS]


def beside(
    what: str, ours: Callable[[], float], peers: Peers, name: str, case: Case, *, compiling: bool = False, turns: int
) -> Row:
    times = COMPILED if compiling else case.times
    task = {
        "peer": name,
        "source": case.source,
        "env": case.env,
        "types": {name: str(of) for name, of in case.names.items()},
        "times": max(1, times // FEWER),
        "compile": compiling,
    }
    bar = "<= 300 ms" if compiling else ""

    def theirs() -> float | None:
        found = peers.answer(task)
        return None if found is None else found * FEWER

    return paired(what, ours, name, theirs, bar, turns)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--peers", type=Path, metavar="PYTHON", help="the interpreter of the peers' environment")
    arguments.add_argument("--turns", type=int, default=5)
    arguments.add_argument("--out", type=Path, help="write the table as JSON, too")
    chosen = arguments.parse_args()
    peers = Peers(chosen.peers, "expression_peers.py") if chosen.peers else None
    try:
        rows = [row for case in CASES for row in evaluation(case, peers, chosen.turns)]
        rows += [row for case in CASES if case.standard for row in compilation(case, peers, chosen.turns)]
    finally:
        if peers:
            peers.close()
    show("expressions", rows, chosen.out)


if __name__ == "__main__":
    main()
