"""Reading, formatting and compiling is work that grows with the text and no faster, in little memory; it is counted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.compiler.growing import GROWING, SIZES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def counted() -> dict[str, list[int]]:
    """The calls for each text, up to the first that was too much."""
    command = [sys.executable, "-m", "tests.compiler.growing"]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in child.stdout.splitlines()]
    assert len(lines) == len(GROWING) or child.returncode, child.stderr
    return {name: counts for name, *counts in lines}


@pytest.mark.parametrize("name", GROWING)
def test_work_is_linear(name: str, counted: dict[str, list[int]]) -> None:
    assert name in counted, f"the child ended after {list(counted)[-1:]}"
    few, many = counted[name]
    assert many <= few * 1.1 * SIZES[1] / SIZES[0] + 500
