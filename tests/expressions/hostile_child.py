"""Runs hostile cases in a process of its own, whose memory is limited and whose patience is short.

`python -m tests.expressions.hostile_child GROUP FIRST` runs the cases of a group from the one of that number. For each
it writes two lines: its number before, and how it ended, as JSON, after. An evaluation that takes more than PATIENCE
seconds, or brings the interpreter down, ends the process; whoever reads knows from the last number which one it was.
"""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.expressions.hostile import TYPES, Case, scene

from symphony_dsl.base.conform import to_json
from symphony_dsl.base.dynamic import ABSENT, Option
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import JSON, Type, optional
from symphony_dsl.expressions.cel import CelError, cel_program
from symphony_dsl.expressions.meter import BUDGET, EvaluationError, Meter
from symphony_dsl.expressions.parser import ExpressionSyntaxError, parse_expression
from symphony_dsl.expressions.program import Program, of_tree

MEMORY = 64 * 1024 * 1024
"""What a case may take beyond what the interpreter has when it starts."""

PATIENCE = 10
FULL = os.environ.get("SYMPHONY_PROFILE") == "full"
SHOWN = 300


@dataclass(frozen=True)
class Outcome:
    """How a case ended in one mode: `end` is a kind of error, or `value` with the value as Python writes it."""

    mode: str
    end: str
    shown: str
    span: Span | None
    units: int


Env = Mapping[str, Any]
Mode = Callable[[str, Mapping[str, Type], Env], Any]


def _program(text: str, types: Mapping[str, Type]) -> Program:
    """A program that has not run yet: it will run in the exact tier once, and then in the fast one where it has one."""
    return of_tree(parse_expression(text), types, optional(JSON))


def _exact(text: str, types: Mapping[str, Type], env: Env) -> Any:
    return _program(text, types).run(env)


def _fast(text: str, types: Mapping[str, Type], env: Env) -> Any:
    made = _program(text, types)
    with suppress(EvaluationError):
        made.run(env)
    return made.run(env)


def _untyped(mode: Mode) -> Mode:
    """The same of data whose types nobody knows."""

    def run(text: str, types: Mapping[str, Type], env: Env) -> Any:
        data = {name: value if types[name] == JSON else to_json(value) for name, value in env.items()}
        return mode(text, dict.fromkeys(types, JSON), data)

    return run


def _cel(text: str, types: Mapping[str, Type], env: Env) -> Any:
    return cel_program(text, types).run(_optionals(env))


def _unchecked(text: str, types: Mapping[str, Type], env: Env) -> Any:
    return cel_program(text, types, checked=False).run(_optionals(env))


def _optionals(env: Env) -> Env:
    """What is absent as CEL has it."""
    return {**env, "o": ABSENT} if "o" in env else env


WF: dict[str, Mode] = {"exact": _exact, "fast": _fast}
UNTYPED: dict[str, Mode] = {"untyped exact": _untyped(_exact), "untyped fast": _untyped(_fast)}
CEL: dict[str, Mode] = {"cel": _cel}
UNCHECKED: dict[str, Mode] = {"cel unchecked": _unchecked}

NOT_JSON = frozenset({"at", "d", "raw", "o"})
"""Names of the scene whose values are others as JSON."""


def modes(case: Case, names: Mapping[str, Type], number: int) -> dict[str, Mode]:
    """The ways in which a case is run: all of them in the full profile, else by turns with or without known types."""
    known = {**(WF if case.end is not None else {}), **(CEL if case.cel is not None else {})}
    unknown = {**(UNTYPED if case.end is not None else {}), **(UNCHECKED if case.cel is not None else {})}
    if not case.untyped or NOT_JSON & names.keys():
        return {**known, **(UNCHECKED if case.cel is not None else {})}
    if FULL:
        return {**known, **unknown}
    return unknown if number % 2 else known


def ended(mode: str, evaluate: Mode, text: str, types: Mapping[str, Type], env: Env) -> Outcome:
    meters: list[Meter] = []
    _watched(meters)
    signal.alarm(PATIENCE)  # its default is to end the process, whatever it is doing
    try:
        end, shown, span = "value", _plain(evaluate(text, types, env)), None
    except ExpressionSyntaxError as problem:
        end, shown, span = "syntax", problem.message, problem.span
    except CelError as problem:
        end = "syntax" if problem.code.startswith("WF01") else "mistake"
        shown, span = problem.message, problem.span
    except EvaluationError as problem:
        end = "mistake" if problem.code == "binding" else problem.code
        shown, span = problem.message, problem.span
    except BaseException as problem:  # noqa: BLE001  # nothing else may come out, and this says what did
        end, shown, span = f"crash: {type(problem).__name__}", str(problem), None
    signal.alarm(0)
    units = max((min(BUDGET, BUDGET - meter.left) for meter in meters), default=0)
    return Outcome(mode, end, shown[:SHOWN], span, units)


def _watched(meters: list[Meter]) -> None:
    """Remember each meter that is made from here on."""

    def begin(self: Meter, left: int = BUDGET) -> None:
        self.left = left
        meters.append(self)

    Meter.__init__ = begin  # type: ignore[method-assign]


def _plain(value: Any) -> str:
    if isinstance(value, Option):
        value = value.value
    return repr(value)


def used(text: str, env: Env) -> Env:
    """The values that a text may mean, so that no case makes more data than it needs."""
    words = set(re.findall(r"\w+", text))
    return {name: value for name, value in env.items() if name in words or not name.isascii()}


def run(case: Case, number: int) -> list[Outcome]:
    text = case.written()
    own = case.data()
    env = {**used(text, scene()), **own}
    types = {name: JSON if name in own else TYPES[name] for name in env}
    return [ended(mode, evaluate, text, types, env) for mode, evaluate in modes(case, types, number).items()]


def main(group: str, first: int) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    cases = import_module(f"tests.expressions.hostile_{group}").CASES
    for number, case in enumerate(cases[first:], first):
        _say(str(number))
        outcomes = [] if case.heavy and not FULL else run(case, number)
        _say(json.dumps([asdict(each) for each in outcomes]))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
