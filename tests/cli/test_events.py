"""`wf events`: the events of a run, chosen and followed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Wf
from tests.cli.test_run import COMMAND

TALK = """\
wf 1.0

workflow talk {
  input go: bool = true
  step prices = for n in [1, 2] {
    step double = n * 2
    yield double
  }
  step sure = ask(prompt: "sure?")
  output sum: int = prices.sum()
}
"""


@pytest.fixture
def run(wf: Wf, here: Path) -> str:
    (here / "talk.wf").write_text(TALK)
    assert wf("run", "talk.wf").code == 3
    return str(json.loads(wf("runs", "--format", "json").out)[0]["execution_id"])


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_they_are_chosen_by_type_step_and_number(wf: Wf, run: str) -> None:
    everything = events(wf("events", run).out)
    completed = events(wf("events", run, "--type", "node_completed", "--node", "prices").out)
    assert [each["node"] for each in completed] == [
        "prices[0]/double",
        "prices[0]/yield",
        "prices[1]/double",
        "prices[1]/yield",
        "prices",
    ]
    assert events(wf("events", run, "--from", everything[3]["seq"]).out) == everything[3:]
    both = events(wf("events", run, "--type", "started", "--type", "waiting_for_input").out)
    assert [each["type"] for each in both] == ["started", "waiting_for_input"]
    assert events(wf("events", run, "--level", "error").out) == [each for each in everything if each["type"] != "log"]


def test_a_type_that_no_event_has_is_told(wf: Wf, run: str) -> None:
    said = wf("events", run, "--type", "node_complete")
    assert said.code == 2
    assert "did you mean 'node_completed'?" in said.err


@pytest.mark.parametrize(("word", "last"), [("cancel", "cancelled"), ("input", "completed")])
def test_who_follows_sees_the_end_whatever_it_is(wf: Wf, here: Path, run: str, word: str, last: str) -> None:
    """Also of a run that nobody drives at first."""
    command = [*COMMAND, "events", run, "--follow", "--type", last]
    with subprocess.Popen(command, cwd=here, stdout=subprocess.PIPE, text=True) as following:
        if word == "cancel":
            assert wf("cancel", run).code == 0
        else:
            assert wf("input", run, "sure", "--value", "true").code == 0
        wf("resume", run)
        out, _ = following.communicate(timeout=30)
    assert [each["type"] for each in events(out)] == [last]
