"""Calls of `wf`: in this process where that is enough, else as a process of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from symphony.command.main import main


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


Wf = Callable[..., Said]


def kept(name: str, text: str) -> str:
    """The snapshot of this name. With UPDATE_SNAPSHOTS=1 the text becomes the snapshot: read the diff."""
    path = Path(__file__).parent / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return path.read_text()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that the test is in. No `wf.toml` lies above it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def wf(here: Path, capsys: pytest.CaptureFixture[str]) -> Wf:
    """`wf(*words)` in this process: its exit code and what it printed."""

    def call(*words: object) -> Said:
        capsys.readouterr()
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return Said(int(code), out, err)

    return call
