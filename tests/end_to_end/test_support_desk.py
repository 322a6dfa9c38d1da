"""The example, as a stranger runs it: without a network, killed in the middle, built twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections import Counter
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


def killed_and_resumed(desk: Wf, random: Random) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Starts a run, kills it after a random number of events, resumes it; its outputs and all its events."""
    running = desk.start("run", "support_desk.wf", "--events")
    assert running.stdout is not None
    for _ in range(random.randrange(1, 400)):
        if not running.stdout.readline():
            break
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    run = desk.json("runs", "--format", "json")[0]
    if run["state"] != "completed":
        resumed = desk("run", "--resume", "last")
        assert resumed.returncode == 0, resumed.stderr
    lines = desk("events", run["execution_id"]).stdout.splitlines()
    events = [json.loads(line) for line in lines]
    outputs = [event for event in events if event["type"] == "completed"]
    assert len(outputs) == 1
    return outputs[0], events


@pytest.mark.parametrize("seed", [1, 2, pytest.param(3, marks=pytest.mark.full)])
def test_a_killed_run_goes_on(desk: Wf, seed: int) -> None:
    outputs, events = killed_and_resumed(desk, Random(seed))
    assert outputs["outputs"]["summary"] == SUMMARY
    finished = Counter(event["node"] for event in events if event["type"] == "node_completed")
    assert set(finished.values()) == {1}
    assert {f"tickets[{n}]/yield" for n in range(68)} <= set(finished)


@pytest.mark.full
def test_a_run_killed_at_twenty_moments_goes_on(desk: Wf) -> None:
    random = Random(20)
    for _ in range(20):
        outputs, events = killed_and_resumed(desk, random)
        assert outputs["outputs"]["summary"] == SUMMARY
        finished = Counter(event["node"] for event in events if event["type"] == "node_completed")
        assert set(finished.values()) == {1}


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
