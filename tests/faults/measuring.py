"""How many planted faults are reported at their lines, and how much else is said.

A diagnostic stands for one fault at most: a fault is found where an error is reported at one of its lines, and what is
left over when each found fault has taken its diagnostic is spurious, warnings included.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from tests.faults.edits import Fault, planted
from tests.faults.planting import candidates, chosen, tokens_of

from symphony_dsl.base.span import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.faults.units import Unit

    from symphony_dsl.base.diagnostic import Diagnostic

MOST = 5


@dataclass(frozen=True)
class Trial:
    """A text with faults in it, and what came of them."""

    path: str
    text: str
    faults: Sequence[Fault]
    missed: Sequence[Fault]
    spurious: Sequence[Diagnostic]


@dataclass
class Score:
    planted: int = 0
    found: int = 0
    spurious: int = 0
    trials: list[Trial] = field(default_factory=list)

    def add(self, trial: Trial) -> None:
        self.planted += len(trial.faults)
        self.found += len(trial.faults) - len(trial.missed)
        self.spurious += len(trial.spurious)
        self.trials.append(trial)

    @property
    def missed(self) -> int:
        return self.planted - self.found


def measure(units: Sequence[Unit], seed: int, count: int, most: int = MOST) -> Score:
    """Spoil the units in turns, each as often as the others."""
    random = Random(seed)
    possible = [candidates(unit) for unit in units]
    score = Score()
    for number in range(count if units else 0):
        unit = units[number % len(units)]
        edits = chosen(random, unit.text, possible[number % len(units)], random.randint(1, most))
        if edits:
            score.add(_trial(unit, *planted(unit.text, tokens_of(unit.text), edits)))
    return score


def _trial(unit: Unit, text: str, faults: list[Fault]) -> Trial:
    said = unit.said_of(text)
    source = SourceText(unit.path, text)
    lines = {number: _line(each, source) for number, each in enumerate(said)}
    taken = _matched(said, faults, lines)
    missed = [fault for number, fault in enumerate(faults) if number not in taken.values()]
    return Trial(unit.path, text, faults, missed, [each for number, each in enumerate(said) if number not in taken])


def _line(diagnostic: Diagnostic, source: SourceText) -> int:
    """The line where it is reported; no line of this text where it is another file's."""
    return source.position(diagnostic.location.span.start).line if diagnostic.location.path == source.path else 0


def _matched(said: Sequence[Diagnostic], faults: Sequence[Fault], lines: dict[int, int]) -> dict[int, int]:
    """As many pairs of a diagnostic and a fault as can be made, each in one pair only."""
    pairs: dict[int, int] = {}
    for number in range(len(faults)):
        _give(number, said, faults, lines, pairs, set())
    return pairs


def _give(
    number: int,
    said: Sequence[Diagnostic],
    faults: Sequence[Fault],
    lines: dict[int, int],
    pairs: dict[int, int],
    tried: set[int],
) -> bool:
    """Find a diagnostic for a fault, if need be by finding another one for the fault that has it."""
    for each in _near(faults[number], said, lines):
        if each in tried:
            continue
        tried.add(each)
        if each not in pairs or _give(pairs[each], said, faults, lines, pairs, tried):
            pairs[each] = number
            return True
    return False


def _near(fault: Fault, said: Sequence[Diagnostic], lines: dict[int, int]) -> Iterator[int]:
    return (number for number, each in enumerate(said) if each.severity == "error" and lines[number] in fault.lines)
