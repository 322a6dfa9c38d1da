"""What a person at a terminal sees: the live view, colours, and a question before anything is removed."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
from tests.cli.conftest import Wf
from tests.cli.test_run import COMMAND, SLOW, SLOW_MODULE

from symphony.command.progress import progress_of
from symphony.project.target import find


def on_terminal(*words: str, answer: str = "", **environment: str) -> tuple[int, str, str]:
    """The exit code, standard output (a pipe), and what stands on the terminal, colours left out."""
    ours, theirs = pty.openpty()
    terminal = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40", **environment}
    running = subprocess.Popen([*COMMAND, *words], stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, env=terminal)
    os.close(theirs)
    os.write(ours, answer.encode())
    seen = b""
    try:
        while piece := os.read(ours, 4096):
            seen += piece
    except OSError:  # the other end is closed
        pass
    out, _ = running.communicate(timeout=60)
    os.close(ours)
    return running.returncode, out.decode(), seen.decode()


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r\n", "\n")


@pytest.fixture
def slow(here: Path) -> Path:
    (here / "slow.wf").write_text(SLOW)
    (here / "slow.py").write_text(SLOW_MODULE)
    return here


def test_a_run_is_shown_and_its_outputs_stay_apart(slow: Path) -> None:
    code, out, seen = on_terminal("run", "slow.wf")
    assert (code, json.loads(out)) == (0, {"total": 15})
    assert "\x1b[" in seen
    text = plain(seen)
    assert "done[5]/yield: working on 5" in text
    last = text[text.rindex("✓ all") :]
    assert re.search(r"✓ all .*\n✓ done +━+ 6/6.*\ncompleted in ", last)


def test_no_colours_where_none_are_wanted(slow: Path) -> None:
    _, _, seen = on_terminal("run", "slow.wf", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", seen)
    (slow / "slow.wf").write_text("wf 1.0\n\nworkflow w {\n  output x: int = y\n}\n")
    code, _, seen = on_terminal("run", "slow.wf", NO_COLOR="1")
    assert (code, "\x1b" in seen) == (1, False)
    _, _, seen = on_terminal("run", "slow.wf", NO_COLOR="")
    assert "\x1b[31;1merror[" in seen


def test_a_failed_step_stays_on_the_screen(slow: Path) -> None:
    (slow / "slow.py").write_text(SLOW_MODULE.replace("return item", "raise ValueError('no')"))
    code, out, seen = on_terminal("run", "slow.wf")
    assert (code, out) == (1, "")
    last = plain(seen)[plain(seen).rindex("✓ all") :]
    assert "✗ done" in last
    assert "ValueError" in last


@pytest.mark.parametrize(("answer", "left"), [("n\n", 1), ("y\n", 0)])
def test_it_is_asked_before_runs_are_removed(wf: Wf, slow: Path, answer: str, left: int) -> None:
    wf("run", "slow.wf")
    code, _, seen = on_terminal("clean", answer=answer)
    assert code == 0
    assert "remove 1 run?" in seen
    assert len(json.loads(wf("runs", "--format", "json").out)) == left


def test_rows_are_the_steps_that_were_written(slow: Path) -> None:
    progress = progress_of(find("slow.wf").artifact.workflow)
    assert [(row.path, row.depth, row.is_for) for row in progress.rows.values()] == [
        ("all", 0, False),
        ("done", 0, True),
        ("done/yield", 1, False),
    ]
    assert progress.items == {"done/yield": "done"}
