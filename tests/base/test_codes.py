"""The table of codes: none is there twice, and none that was given up comes back."""

from __future__ import annotations

import re
from pathlib import Path

from symphony_dsl.base.codes import CODES, RETIRED, TABLE

ROOMS = ("cli", "compiler", "dsl", "model", "runtime")
ROOT = Path(__file__).parents[2]


def test_a_code_and_its_name_stand_for_one_thing() -> None:
    assert len(CODES) == len(TABLE)
    assert len({entry.name for entry in TABLE}) == len(TABLE)


def test_retired_codes_are_not_used_again() -> None:
    assert RETIRED.keys().isdisjoint(CODES)
    assert {now for codes in RETIRED.values() for now in codes} <= CODES.keys()


def test_every_code_that_is_told_is_in_the_table() -> None:
    told = {
        code
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if path.name != "codes.py"
        for code in re.findall(r'"(WF\d{4})"', path.read_text(encoding="utf-8"))
    }
    assert told <= CODES.keys()
