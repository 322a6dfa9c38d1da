"""`wf retry RUN`, `wf why`, and the cache on the command line: with Python modules, commands, and processes of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Wf

WORK = """wf 1.0

operator shout(text: string) -> string { python: "mod:shout", cache: 1h }
operator slow(text: string) -> string { python: "mod:slow" }
once operator charge(order: string) -> string { shell: "echo paid >> ledger; echo done" }

workflow main {
  input texts: string[] = ["a", "b", "c"]
  step shouted = for t in texts {
    step one = slow(text: t)
    yield shout(text: one)
  }
  step paid = charge(order: "7") { key: "order-7" }
  step big = if paid == "x" { yield shout(text: "no") } else { yield shouted[0] }
  output all: string[] = shouted
  output big: string
}
"""

MODULE = """import os


def shout(text):
    with open("shouted", "a") as file:
        file.write(text)
    return text.upper()


def slow(text):
    if text == "c" and not os.path.exists("ok"):
        raise ValueError("no c")
    with open("slow", "a") as file:
        file.write(text)
    return text
"""


@pytest.fixture
def work(here: Path) -> Path:
    (here / "work.wf").write_text(WORK)
    (here / "mod.py").write_text(MODULE)
    return here


def read(folder: Path, name: str) -> str:
    return (folder / name).read_text().replace("\n", " ").strip()


def test_a_failed_run_is_tried_again_and_keeps_what_is_finished(wf: Wf, work: Path) -> None:
    assert wf("run", "work.wf").code == 1
    (work / "ok").touch()
    said = wf("retry", "last")
    assert (said.code, json.loads(said.out)) == (0, {"all": ["A", "B", "C"], "big": "A"})
    assert (read(work, "slow"), read(work, "shouted"), read(work, "ledger")) == ("abc", "abc", "paid")
    told = wf("why", "last", "shouted[0]/one").out
    assert "the earlier run had finished it, and nothing that it depends on has changed" in told
    assert [run["state"] for run in json.loads(wf("runs", "--format", "json").out)] == ["completed", "failed"]
    again = wf("retry", "last")
    assert (again.code, "the run succeeded: there is nothing to try again" in again.err) == (2, True)


def test_results_are_taken_by_every_run_and_why_says_from_where(wf: Wf, work: Path) -> None:
    (work / "ok").touch()
    for _ in range(2):
        assert wf("run", "work.wf").code == 0
    assert (read(work, "slow"), read(work, "shouted"), read(work, "ledger")) == ("abcabc", "abc", "paid")
    (work / "mod.py").write_text(MODULE.replace("text.upper()", 'text.upper() + "!"'))
    assert json.loads(wf("run", "work.wf").out)["all"] == ["A!", "B!", "C!"]
    assert read(work, "shouted") == "abcabc"
    (work / "work.wf").unlink()
    (found,) = json.loads(wf("why", "last", "shouted[1]/yield", "--format", "json").out)
    assert (found["node"], found["state"], found["source"]["line"]) == ("shouted[1]/yield", "completed", 11)
    assert any("the cache has a result of this step" in each and "another `module`" in each for each in found["told"])
    assert "`big` took its arm `else`" in wf("why", "last", "big:then/yield").out
    assert "what has its key was done already" in wf("why", "last", "paid").out
    said = wf("why", "last", "nothing")
    assert (said.code, "there is no such step in the run" in said.err) == (2, True)


def test_the_cache_is_emptied_and_keys_stay(wf: Wf, work: Path) -> None:
    (work / "ok").touch()
    assert wf("run", "work.wf").code == 0
    assert wf("clean", "--cache", "--keep", "9").err.splitlines()[0] == "3 results removed from the cache"
    assert wf("run", "work.wf").code == 0
    assert (read(work, "shouted"), read(work, "ledger")) == ("abcabc", "paid")


def test_events_say_where_a_result_is_from(wf: Wf, work: Path) -> None:
    (work / "ok").touch()
    wf("run", "work.wf")
    events = [json.loads(line) for line in wf("run", "work.wf", "--events").out.splitlines()]
    found = {each["node"]: each["origin"]["kind"] for each in events if "origin" in each}
    assert found == {f"shouted[{at}]/yield": "cache" for at in range(3)} | {"paid": "key"}
