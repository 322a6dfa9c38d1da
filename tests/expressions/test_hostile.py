"""Hostile texts and data: each ends in an error with its range, or is harmless, after a bounded amount of counted work."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from tests.expressions.hostile import Case, End, Value, scene
from tests.expressions.hostile_child import used

from symphony_dsl.expressions.exact.evaluation import evaluation
from symphony_dsl.expressions.meter import EvaluationError, Meter
from symphony_dsl.expressions.parser import ExpressionSyntaxError, parse_cel

ROOT = Path(__file__).parents[2]
LATE = ("untyped exact", "untyped fast", "cel unchecked")
"""Modes in which much that the checker would refuse is found only when it runs."""

GROUPS = ("walks", "texts", "bombs", "limits")


def cases(group: str) -> tuple[Case, ...]:
    found: tuple[Case, ...] = import_module(f"tests.expressions.hostile_{group}").CASES
    return found


def outcomes(group: str) -> dict[int, list[dict[str, Any]] | str]:
    """How each case of a group ended, by its number; a word of its child where it brought that down."""
    ended: dict[int, list[dict[str, Any]] | str] = {}
    while len(ended) < len(cases(group)):
        command = [sys.executable, "-m", "tests.expressions.hostile_child", group, str(len(ended))]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        lines = done.stdout.splitlines()
        ended |= {int(number): json.loads(line) for number, line in zip(lines[::2], lines[1::2], strict=False)}
        assert lines, done.stderr
        if done.returncode:
            ended[len(ended)] = f"the process ended with {done.returncode}: {done.stderr[-300:]}"
    return ended


def wrong(case: Case, outcome: dict[str, Any]) -> str | None:
    """What is wrong with how a case ended."""
    wanted = case.cel if "cel" in outcome["mode"] else case.end
    assert wanted is not None
    if not _as_wanted(wanted, outcome):
        return f"wanted {wanted}"
    if outcome["end"] != "value" and not _in_text(outcome["span"], len(case.written())):
        return "no range in the text"
    return f"more than {case.units:,} units" if outcome["units"] > case.units else None


def _as_wanted(wanted: End, outcome: dict[str, Any]) -> bool:
    if isinstance(wanted, Value):
        return outcome["end"] == "value" and outcome["shown"] == repr(wanted.value)[:300]
    if "any" in wanted:
        return "crash" not in outcome["end"]
    if "nothing" in wanted and (outcome["end"], outcome["shown"]) == ("value", "None"):
        return True
    late = {"failed", "conversion"} if "mistake" in wanted and outcome["mode"] in LATE else set()
    return outcome["end"] in {*wanted, *late}


def _different(found: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The outcomes of the two tiers that are not the same. Only the exact one looks again for halves of characters."""
    ends = {each["mode"]: each for each in found}
    pairs = [(ends[mode], ends[mode.replace("exact", "fast")]) for mode in ends if "exact" in mode]
    differing = [(a, b) for a, b in pairs if any(a[key] != b[key] for key in ("end", "shown", "span"))]
    return [(a, b) for a, b in differing if "half of a surrogate pair" not in a["shown"]]


def _in_text(span: list[int] | None, length: int) -> bool:
    return span is not None and 0 <= span[0] <= span[1] <= length


@pytest.mark.parametrize("group", GROUPS)
def test_hostile_cases_end_as_they_should(group: str) -> None:
    ended = outcomes(group)
    problems = []
    for number, case in enumerate(cases(group)):
        found = ended[number]
        if isinstance(found, str):
            problems.append(f"{case.name[:100]}: {found}")
            continue
        assert found or case.heavy
        problems += [
            f"{case.name[:100]} [{each['mode']}]: {problem}; ended as {each['end']}, {each['units']:,} units: {each['shown']}"
            for each in found
            if (problem := wrong(case, each))
        ]
        problems += [f"{case.name[:100]}: the tiers differ: {pair}" for pair in _different(found)]
    assert not problems, f"{len(problems)} problems\n" + "\n".join(problems)


@pytest.mark.parametrize("group", GROUPS)
def test_cases_have_names_of_their_own(group: str) -> None:
    names = [case.name for case in cases(group)]
    assert len(names) == len(set(names))


FEW = 20_000
LEAST = 100_000


def test_each_unit_pays_for_a_bounded_number_of_calls() -> None:
    """The meter counts what is done: whatever is asked for, Python makes few calls a unit.

    LEAST is for the measuring of data before it is paid for, which ends an evaluation where they are too large.
    """
    for case in cases("bombs"):
        counted = _calls(case)
        assert counted is None or counted.calls <= LEAST + 25 * counted.units, (case.name, counted)


@dataclass(frozen=True)
class Counted:
    calls: int
    units: int


def _calls(case: Case) -> Counted | None:
    """What plain CEL does on a small budget; None for a text that it does not read."""
    env = {**used(case.written(), scene()), **case.data()}
    try:
        evaluate = evaluation(parse_cel(case.written()), None, tuple(env))
    except ExpressionSyntaxError:
        return None
    meter, events = Meter(FEW), itertools.count()
    sys.setprofile(lambda *_: next(events) and None)
    try:
        evaluate(meter, list(env.values()))
    except EvaluationError:
        pass
    finally:
        sys.setprofile(None)
    return Counted(next(events), min(FEW, FEW - meter.left))
