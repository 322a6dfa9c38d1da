"""JSON that is made to do harm is refused or read in little memory and time: a child that has no more is not ended."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.model.hostile_json import CASES

ROOT = Path(__file__).parents[2]
READ = {"unknown members", "unknown members of nodes", "unknown members of callees", "lines of sources"}


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    command = [sys.executable, "-m", "tests.model.hostile_json"]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found: dict[str, str] = dict(json.loads(line) for line in child.stdout.splitlines())
    assert len(found) == len(CASES), f"the child ended after {list(found)[-1:]}: {child.stderr[-1000:]}"
    return found


@pytest.mark.parametrize("name", CASES)
def test_what_is_made_to_do_harm_is_one_sentence(name: str, said: dict[str, str]) -> None:
    assert (said[name] == "read") == (name in READ)
    assert said[name] == "read" or said[name].startswith(("refused: $", "refused: line 1, column "))
    assert len(said[name]) < 600
