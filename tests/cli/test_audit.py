"""`wf audit`: what was done in the runs of a store, and whether that was tampered with."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path

import pytest
from tests.cli.conftest import Wf

HELLO = """\
wf 1.0

workflow hello {
  input name: string = "you"
  step greeting = "hello " + name
  step loud = greeting.upperAscii()
  output loud: string
}
"""


@pytest.fixture
def runs(wf: Wf, here: Path) -> list[str]:
    """Two runs that have ended, and a command that came too late."""
    (here / "hello.wf").write_text(HELLO)
    for name in ("ada", "bob"):
        assert wf("run", "hello.wf", "-i", f"name={name}").code == 0
    wf("pause", "last")
    return [each["execution_id"] for each in reversed(json.loads(wf("runs", "--format", "json").out))]


def types(text: str) -> list[str]:
    return [each["event_type"] for each in json.loads(text)]


def test_a_run_is_told_from_its_making_to_the_command_that_came_too_late(wf: Wf, runs: list[str]) -> None:
    found = types(wf("audit", "last", "--format", "json").out)
    assert found[0] == "run.created"
    assert found[-2:] == ["run.state", "command.rejected"]
    lines = wf("audit", "last").out.splitlines()
    assert len(lines) == len(found) + 1
    assert lines[0].split() == ["time", "run", "actor", "type", "step", "details"]
    assert '"why": "final"' in lines[-1]
    assert '"id"' not in lines[-1]


def test_entries_are_found_by_type_step_actor_and_time(wf: Wf, runs: list[str]) -> None:
    assert types(wf("audit", "--type", "command.rejected", "--format", "json").out) == ["command.rejected"]
    assert types(wf("audit", "--node", "loud", "--format", "json").out) == ["node.completed"] * 2
    by_person = json.loads(wf("audit", "--actor", "user", "--format", "json").out)
    assert [each["event_type"] for each in by_person] == ["run.created", "run.created", "command.rejected"]
    assert [each["execution_id"] for each in by_person] == [*runs, runs[1]]
    assert wf("audit", "--until", "2020-01-01").out == "no entries\n"
    assert len(types(wf("audit", "--since", "1h", "--format", "json").out)) > 4
    first, second = (types(wf("audit", "--format", "json", *more).out) for more in ([], ["--offset", 2, "--limit", 3]))
    assert second == first[2:5]


def test_a_table_says_when_there_is_more(wf: Wf, runs: list[str]) -> None:
    assert "--offset" in wf("audit", "--limit", 2).err
    assert wf("audit", "last").err == ""


def test_csv_has_a_line_an_entry(wf: Wf, runs: list[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(wf("audit", "last", "--format", "csv").out)))
    assert [row["event_type"] for row in rows] == types(wf("audit", "last", "--format", "json").out)
    assert json.loads(rows[0]["details"])["inputs"] == {"name": "bob"}


def test_an_audit_as_it_was_written_is_told_with_its_last_hashes(wf: Wf, runs: list[str]) -> None:
    said = wf("audit", "verify")
    assert (said.code, said.err) == (0, "")
    lines = [line.split() for line in said.out.splitlines()]
    assert [line[0] for line in lines] == runs
    assert wf("audit", "verify", runs[0], "--head", lines[0][-1]).code == 0
    wrong = wf("audit", "verify", runs[0], "--head", "0" * 64)
    assert wrong.code == 1
    assert "cut off, or all was written anew" in wrong.err


def test_an_entry_that_was_changed_is_named(wf: Wf, here: Path, runs: list[str]) -> None:
    wf("audit")
    with sqlite3.connect(here / ".symphony" / "audit.db") as database:
        database.execute("UPDATE entries SET actor = 'nobody' WHERE execution_id = ? AND seq = 2", [runs[1]])
    database.close()
    said = wf("audit", "verify")
    assert said.code == 1
    assert said.out.split()[0] == runs[0]
    assert said.err == f"error: run {runs[1]}: entry 2 was changed, or one before it is missing or in another place\n"


def test_of_removed_runs_the_removal_stays(wf: Wf, runs: list[str]) -> None:
    wf("audit")
    assert wf("clean", "--yes").code == 0
    found = json.loads(wf("audit", "--format", "json").out)
    assert [(each["event_type"], each["actor"]) for each in found] == [("run.removed", "user")] * 2
    assert wf("audit", "verify").code == 0


def test_what_cannot_be_meant_is_told(wf: Wf, here: Path) -> None:
    assert wf("audit").err == "no runs yet\n"
    assert "is no time" in wf("audit", "--since", "yesterday").err
    assert "one run at most" in wf("audit", "a", "b").err
    (here / ".symphony").mkdir()
    assert "name it" in wf("audit", "verify", "--head", "x").err
