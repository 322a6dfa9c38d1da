"""The example, as a stranger runs it: without a network, killed in the middle, built twice."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from tests.end_to_end.wf_process import Wf

SUMMARY = {
    "messages": 68,
    "languages": 8,
    "rescue": 9,
    "praise": 9,
    "questions": 6,
    "translation": 44,
    "value_at_risk": 739.0,
}
NO_NETWORK = ("unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up; exec "$@"', "-")
"""A network namespace of its own, in which only loopback exists (Linux)."""


def can_be_cut_off() -> bool:
    return subprocess.run([*NO_NETWORK, "true"], capture_output=True, check=False).returncode == 0


def test_it_runs_without_a_network(desk: Wf) -> None:
    done = desk("run", "support_desk.wf", prefix=NO_NETWORK if can_be_cut_off() else ())
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"summary": SUMMARY, "written": "report.md"}
    assert "| rescue | 9 |" in (desk.folder / "report.md").read_text()


def test_the_artifact_runs_where_no_text_is(desk: Wf, tmp_path: Path) -> None:
    built = desk("build", "support_desk.wf")
    assert built.returncode == 0, built.stderr
    for text in desk.folder.glob("*.wf"):
        text.unlink()
    assert desk.json("run", "build/support_desk.wf.json")["summary"] == SUMMARY


def test_the_same_text_gives_the_same_bytes(desk: Wf, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "deep"
    moved.parent.mkdir()
    desk("build", PYTHONHASHSEED="1")
    first = (desk.folder / "build" / "support_desk.wf.json").read_bytes()
    desk.folder.rename(moved)
    Wf(moved)("build", "support_desk.wf", "--out", "out", PYTHONHASHSEED="2")
    assert (moved / "out" / "support_desk.wf.json").read_bytes() == first


def height(desk: Wf) -> int:
    """How many events the log of the only run has; 0 until it is made to the end."""
    logs = list(desk.folder.glob(".symphony/runs/[0-9]*/log.db"))
    if not logs:
        return 0
    with closing(sqlite3.connect(f"file:{logs[0]}?mode=ro", uri=True)) as log:
        return int(log.execute("SELECT count(*) FROM events").fetchone()[0])


def kill_after(desk: Wf, running: subprocess.Popen[str], more: int) -> None:
    """Kill an engine, its workers not included, when its log has grown by so many events."""
    start = height(desk)
    while height(desk) < max(1, start + more):
        assert running.poll() is None, running.communicate()
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()


@pytest.mark.parametrize(
    ("seed", "kills"), [(1, 1), (2, 3), *(pytest.param(seed, 20, marks=pytest.mark.full) for seed in range(3, 8))]
)
def test_a_run_that_is_killed_again_and_again_goes_on(desk: Wf, seed: int, kills: int) -> None:
    text = desk.folder / "support_desk.wf"
    text.write_text(text.read_text().replace("parallel 8", "parallel 1"))  # or it is over before the last kill
    random = Random(seed)
    running = desk.start("run", "support_desk.wf")
    for _ in range(kills):
        kill_after(desk, running, random.randrange(25))
        running = desk.start("run", "--resume", "last")
    output, said = running.communicate()
    assert running.returncode == 0, said
    assert json.loads(output) == {"summary": SUMMARY, "written": "report.md"}
    events = [json.loads(line) for line in desk("events", "last").stdout.splitlines()]
    finished = Counter(event["node"] for event in events if event["type"] == "node_completed")
    assert set(finished.values()) == {1}
    assert {f"tickets[{n}]/yield" for n in range(68)} <= set(finished)


def test_no_worker_outlives_its_engine(desk: Wf) -> None:
    running = desk.start("run", "support_desk.wf", "--events")
    assert running.stdout is not None
    for line in running.stdout:
        if '"type": "node_started"' in line or '"node_started"' in line:
            break
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    group = subprocess.run(["pgrep", "-f", str(desk.folder)], capture_output=True, text=True, check=False)
    assert group.stdout.split() == []
