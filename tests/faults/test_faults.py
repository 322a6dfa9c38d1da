"""Mistakes in real files are reported at their lines, and little else is said."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from tests.conftest import PROFILE
from tests.faults.combining import combined
from tests.faults.measuring import measure
from tests.faults.units import Unit, units, units_of

from symphony_dsl.base.diagnostic import Diagnostic

ROOT = Path(__file__).parents[2]
FOLDERS = ("tests/cases", "examples")
COUNT = 1500 if PROFILE == "full" else 150
LARGE = 20 if PROFILE == "full" else 4
SEEDS = range(5) if PROFILE == "full" else range(1)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("folder", FOLDERS)
def test_faults_are_found_and_nothing_is_made_up(folder: str, seed: int) -> None:
    score = measure(units(ROOT / folder), seed, COUNT)
    assert score.planted >= COUNT * 2
    assert score.found >= score.planted * 0.95
    assert score.spurious <= score.planted * 0.2


@pytest.mark.parametrize("seed", SEEDS)
def test_faults_are_found_in_files_of_ordinary_size(seed: int) -> None:
    random = Random(seed)
    parts = units(ROOT / "tests/cases")
    made = [each for _ in range(LARGE) if (each := combined(parts, random, 200)) is not None]
    assert len(made) > LARGE / 2
    score = measure(made, seed, COUNT // 3)
    assert score.found >= score.planted * 0.95
    assert score.spurious <= score.planted * 0.2


def test_the_same_seed_plants_the_same_faults() -> None:
    first, second = (measure(units(ROOT / "examples"), 7, 10) for _ in range(2))
    assert [each.text for each in first.trials] == [each.text for each in second.trials]


class Silent(Unit):
    """A compiler that finds nothing."""

    def said_of(self, text: str) -> list[Diagnostic]:
        return []


def test_a_fault_that_is_not_reported_counts_as_missed() -> None:
    (unit,) = units_of({"w.wf": "wf 1.0\n\nworkflow w {\n  output x: int = 1\n}\n"})
    score = measure([Silent(unit.path, unit.texts, unit.workspace, unit.usual)], 0, 5)
    assert (score.found, score.spurious) == (0, 0)
    assert score.missed == score.planted > 0
