"""Copies of the examples, to run whole processes on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.end_to_end.wf_process import Wf

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(tmp_path: Path) -> Wf:
    """A copy of the example `support_desk`, without what earlier runs left."""
    folder = tmp_path / "support_desk"
    leftovers = shutil.ignore_patterns(".symphony", "build", "__pycache__", "report.md")
    shutil.copytree(ROOT / "examples" / "support_desk", folder, ignore=leftovers)
    return Wf(folder)
