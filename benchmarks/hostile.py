"""`python -m benchmarks.hostile`: how long the hostile texts and data of the tests take until they have come to nothing.

Each group of cases runs in a process of its own with limited memory. A case is timed from its text to its end (`once`:
read, checked, run in the exact tier), when its program runs again (`again`: the fast tier, and what that leaves to the exact
one), and as plain CEL (`cel`). The slowest are shown.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.expressions.hostile import TYPES, Case, scene
from tests.expressions.test_hostile import GROUPS

from benchmarks.measure import Row, own_cpu, show
from symphony_dsl.base.types import JSON, Type, optional
from symphony_dsl.expressions.cel import CelError, cel_program
from symphony_dsl.expressions.meter import EvaluationError
from symphony_dsl.expressions.parser import ExpressionSyntaxError, parse_expression
from symphony_dsl.expressions.program import Program, of_tree

MEMORY = 192 * 1024 * 1024
BAR = 100.0
SHOWN = 12


class Runs:
    """The ways to run a case; `again` needs what `once` has made."""

    def __init__(self, text: str, types: Mapping[str, Type], env: Mapping[str, Any]) -> None:
        self.text, self.types, self.env = text, types, env
        self.made: Program | None = None

    def once(self) -> None:
        self.made = of_tree(parse_expression(self.text), self.types, optional(JSON))
        self.made.run(self.env)

    def again(self) -> None:
        if self.made is not None:
            self.made.run(self.env)

    def cel(self) -> None:
        cel_program(self.text, self.types).run(self.env)


def ended(work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        with suppress(ExpressionSyntaxError, EvaluationError, CelError):
            work()

    return run


def timed(case: Case) -> Iterator[tuple[str, float]]:
    text, own = case.written(), case.data()
    words = set(re.findall(r"\w+", text))
    env = {**{name: value for name, value in scene().items() if name in words or not name.isascii()}, **own}
    runs = Runs(text, {name: JSON if name in own else TYPES[name] for name in env}, env)
    for way in (runs.once, runs.again, runs.cel):
        yield way.__name__, own_cpu(ended(way))


def child(group: str) -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for case in import_module(f"tests.expressions.hostile_{group}").CASES:
        for way, spent in timed(case):
            print(json.dumps([f"{case.name[:60]} ({way})", spent]), flush=True)


def measured(group: str) -> list[tuple[str, float]]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.hostile", "--child", group], stdout=subprocess.PIPE, check=True
    )
    return [(name, spent) for name, spent in map(json.loads, done.stdout.splitlines())]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--child", choices=GROUPS, help=argparse.SUPPRESS)
    arguments.add_argument("--out", type=Path, help="write the table as JSON, too")
    chosen = arguments.parse_args()
    if chosen.child:
        child(chosen.child)
        return
    found = sorted((pair for group in GROUPS for pair in measured(group)), key=lambda pair: -pair[1])
    rows = [Row(name, spent, "-", None, None, f"<= {BAR:.0f} ms") for name, spent in found[:SHOWN]]
    show("hostile texts and data, the slowest", rows, chosen.out)
    late = sum(spent > BAR for _, spent in found)
    print(f"\n{len(found):,} runs, {late} of them over {BAR:.0f} ms")


if __name__ == "__main__":
    main()
