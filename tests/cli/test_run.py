"""`wf run` and what is told of runs afterwards: outputs, exit codes, and that nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.conftest import Wf

from symphony_runtime.storage.store import Store

HELLO = """wf 1.0

enum Tone { polite, loud }

workflow hello {
  input name: string
  input tone: Tone = Tone.polite
  input times: int = 1
  require times > 0 else { code: "never", message: "times must be positive" }
  output greeting: string = tone == Tone.loud ? "HELLO, ${name}" : "Hello, ${name}"
  output times: int = times
}
"""

SLOW = """wf 1.0

operator items(count: int) -> int[] { python: "slow:items" }

operator work(item: int, gate: string) -> int { python: "slow:work" }

workflow slow {
  input count: int = 6
  input gate: string = ""
  step all = items(count)
  step done = for item in all parallel 2 {
    yield work(item, gate)
  }
  output total: int = done.sum()
}
"""

SLOW_MODULE = """
import pathlib, time

def items(count):
    return list(range(count))

def work(item, gate):
    print("working on", item)
    with open("ran.txt", "a") as file:
        file.write(f"{item}\\n")
    while gate and item >= 3 and not pathlib.Path(gate).exists():
        time.sleep(0.01)
    return item
"""

COMMAND = [sys.executable, "-m", "symphony.command.main"]


@pytest.fixture
def hello(here: Path) -> Path:
    (here / "hello.wf").write_text(HELLO)
    return here


@pytest.fixture
def slow(here: Path) -> Path:
    (here / "slow.wf").write_text(SLOW)
    (here / "slow.py").write_text(SLOW_MODULE)
    return here


def test_the_outputs_are_one_object_and_nothing_else(wf: Wf, hello: Path) -> None:
    said = wf("run", "hello.wf", "--input", "name=Ada", "--input", "tone=loud", "-i", "times=3")
    assert said.code == 0, said.err
    assert json.loads(said.out) == {"greeting": "HELLO, Ada", "times": 3}
    assert said.err.startswith("completed in ")
    assert (hello / ".symphony" / ".gitignore").read_text() == "*\n"


def test_inputs_from_a_file(wf: Wf, hello: Path) -> None:
    (hello / "in.yaml").write_text("name: Grace\ntimes: 2\n")
    assert json.loads(wf("run", "hello.wf", "--inputs", "in.yaml", "-i", "times=5").out)["times"] == 5


@pytest.mark.parametrize(
    ("words", "messages"),
    [
        (["-i", "nam=Ada"], ["there is no such input; did you mean 'name'?"]),
        (["-i", "name=Ada", "-i", "times=many"], ["input 'times'", "this is no JSON"]),
        (["-i", "name=Ada", "-i", "times=1.5"], ["times", "int"]),
        (["-i", "name=Ada", "-i", "tone=lout"], ["tone", "lout"]),
        ([], ["name"]),
        (["--inputs", "gone.json"], ["gone.json: there is no such file"]),
        (["--inputs", "bad.json"], ["bad.json:2:1: this is no JSON"]),
    ],
)
def test_wrong_inputs(wf: Wf, hello: Path, words: list[str], messages: list[str]) -> None:
    (hello / "bad.json").write_text('{"name":\n}')
    said = wf("run", "hello.wf", *words)
    assert (said.code, said.out) == (2, "")
    assert all(message in said.err for message in messages), said.err
    assert "Traceback" not in said.err


def test_a_workflow_that_fails(wf: Wf, hello: Path) -> None:
    said = wf("run", "hello.wf", "-i", "name=Ada", "-i", "times=0")
    assert (said.code, said.out) == (1, "")
    assert "times must be positive (never)" in said.err
    assert "hello.wf:9" in said.err
    assert json.loads(wf("runs", "--format", "json").out)[0]["state"] == "failed"


def test_a_file_with_mistakes_does_not_run(wf: Wf, hello: Path) -> None:
    (hello / "hello.wf").write_text(HELLO.replace("= times\n", "= tims\n"))
    said = wf("run", "hello.wf", "-i", "name=Ada")
    assert (said.code, said.out) == (1, "")
    assert "hello.wf:11:23" in said.err
    assert not (hello / ".symphony").exists()


@pytest.mark.parametrize("name", ["gone.wf", "hello.wf/x.wf", "gone.wf.json"])
def test_a_file_that_is_not_there(wf: Wf, hello: Path, name: str) -> None:
    said = wf("run", name)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: ")
    assert len(said.err.splitlines()) <= 2


def test_events_instead_of_outputs(wf: Wf, hello: Path) -> None:
    said = wf("run", "hello.wf", "-i", "name=Ada", "--events")
    events = [json.loads(line) for line in said.out.splitlines()]
    assert all({"seq", "time", "execution_id", "type"} <= event.keys() for event in events)
    assert [event["seq"] for event in events] == sorted({event["seq"] for event in events})
    assert events[0]["type"] == "started"
    assert events[-1]["type"] == "completed"
    assert events[-1]["outputs"] == {"greeting": "Hello, Ada", "times": 1}
    assert wf("events", "last").out == said.out
    assert wf("events", events[0]["execution_id"], "--follow").out == said.out


def test_what_a_step_prints_is_an_event_and_no_output(wf: Wf, slow: Path) -> None:
    said = wf("run", "slow.wf")
    assert json.loads(said.out) == {"total": 15}, said.err
    logs = [json.loads(line) for line in wf("events", "last").out.splitlines() if '"log"' in line]
    assert {event["message"] for event in logs} == {f"working on {n}" for n in range(6)}
    assert {event["node"] for event in logs} == {f"done[{n}]/yield" for n in range(6)}
    assert {event["source"]["line"] for event in logs} == {12}


def test_runs_are_listed_newest_first(wf: Wf, hello: Path) -> None:
    assert wf("runs").out == "no runs yet\n"
    assert json.loads(wf("runs", "--format", "json").out) == []
    for times in (1, 0):
        wf("run", "hello.wf", "-i", "name=Ada", "-i", f"times={times}")
    newest, oldest = json.loads(wf("runs", "--format", "json").out)
    assert (newest["state"], oldest["state"]) == ("failed", "completed")
    assert set(newest) == {"execution_id", "workflow", "state", "started_at", "completed_at"}
    assert oldest["started_at"] <= oldest["completed_at"] <= newest["started_at"]
    head, *rows = wf("runs").out.splitlines()
    assert head.split() == ["run", "workflow", "state", "started", "took"]
    assert [row.split()[0] for row in rows] == [newest["execution_id"], oldest["execution_id"]]


def test_a_store_elsewhere(wf: Wf, hello: Path) -> None:
    assert wf("run", "hello.wf", "-i", "name=Ada", "--store", "kept/here").code == 0
    assert not (hello / ".symphony").exists()
    assert len(json.loads(wf("runs", "--store", "kept/here", "--format", "json").out)) == 1
    assert wf("run", "hello.wf", "-i", "name=Ada", "--store", "hello.wf").code == 2


def test_a_store_whose_logs_are_text(wf: Wf, hello: Path) -> None:
    (hello / ".symphony").mkdir()
    (hello / ".symphony" / "kind").write_text("lines\n")
    assert wf("run", "hello.wf", "-i", "name=Ada").code == 0
    (log,) = hello.glob(".symphony/runs/*/log.jsonl")
    told = [entry["type"] for line in log.read_text().splitlines() for entry in json.loads(line)]
    assert (told[0], told[-1]) == ("run.created", "run.state")
    assert json.loads(wf("events", "last").out.splitlines()[-1])["type"] == "completed"
    assert [run["state"] for run in json.loads(wf("runs", "--format", "json").out)] == ["completed"]
    assert wf("clean", "--yes").err == "1 run removed\n"
    (hello / ".symphony" / "kind").write_text("tape\n")
    said = wf("run", "hello.wf", "-i", "name=Ada")
    assert (said.code, "a store of the kind `tape` is not known to this version" in said.err) == (2, True)


def test_cleaning(wf: Wf, hello: Path) -> None:
    assert wf("clean", "--yes").err == "nothing to remove\n"
    for _ in range(3):
        wf("run", "hello.wf", "-i", "name=Ada")
    newest = json.loads(wf("runs", "--format", "json").out)[0]["execution_id"]
    said = wf("clean")
    assert said.code == 2
    assert "give --yes" in said.err
    assert wf("clean", "--keep", "1", "--yes").err == "2 runs removed\n"
    assert [run["execution_id"] for run in json.loads(wf("runs", "--format", "json").out)] == [newest]
    assert wf("clean", "--yes").err == "1 run removed\n"
    assert os.listdir(hello / ".symphony" / "runs") == []


def test_removing_some(wf: Wf, hello: Path) -> None:
    for _ in range(3):
        wf("run", "hello.wf", "-i", "name=Ada")
    newest, middle, oldest = [run["execution_id"] for run in json.loads(wf("runs", "--format", "json").out)]
    assert "give --yes" in wf("runs", "rm", "last").err
    assert wf("runs", "rm", "--yes").code == 2
    assert "'remove' is none of rm" in wf("runs", "remove", "last").err
    assert "there is no such run" in wf("runs", "rm", "zzz", "last", "--yes").err
    lock = Store(hello / ".symphony").run(oldest).claim()
    said = wf("runs", "rm", "last", newest, oldest, "--yes").err
    lock.let_go()
    assert said == "1 run removed\n1 run left: a process works on it\n"
    assert [run["execution_id"] for run in json.loads(wf("runs", "--format", "json").out)] == [middle, oldest]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["events", "last"], "there is no run yet"),
        (["run", "--resume", "last"], "there is no run yet"),
        (["run", "--resume", "last", "-i", "a=1"], "a run that is resumed has its inputs already"),
    ],
)
def test_runs_that_are_not_there(wf: Wf, hello: Path, words: list[str], message: str) -> None:
    said = wf(*words)
    assert (said.code, said.out) == (2, "")
    assert message in said.err


def test_a_run_that_is_over_gives_its_outputs_again(wf: Wf, hello: Path) -> None:
    first = wf("run", "hello.wf", "-i", "name=Ada")
    assert wf("run", "--resume", "last").out == first.out
    assert wf("run", "hello.wf", "--resume", "last").out == first.out
    (hello / "hello.wf").write_text(HELLO.replace("Hello", "Good day"))
    said = wf("run", "hello.wf", "--resume", "last")
    assert (said.code, said.out) == (2, "")
    assert "compiles to something else" in said.err
    assert wf("run", "--resume", "last").out == first.out


def started(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def until(happened: object, seconds: float = 30) -> None:
    """Wait for what a process does; the limit is far above what it takes."""
    limit = time.monotonic() + seconds
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < limit
        time.sleep(0.01)


def ran(folder: Path) -> list[int]:
    path = folder / "ran.txt"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def begun(folder: Path) -> subprocess.Popen[str]:
    """A run that has done three items and waits in the next two."""
    running = started("run", "slow.wf", "-i", f"gate={folder / 'gate'}")
    until(lambda: len(ran(folder)) >= 5)
    return running


def finished(folder: Path, wf: Wf) -> set[str]:
    events = [json.loads(line) for line in wf("events", "last").out.splitlines()]
    return {event["node"] for event in events if event["type"] == "node_completed"}


def test_ctrl_c_lets_go_and_says_how_to_go_on(wf: Wf, slow: Path) -> None:
    running = begun(slow)
    until(lambda: "done[2]/yield" in finished(slow, wf))
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    assert "interrupted; go on with:\n  wf run --resume " in err
    assert "Traceback" not in err
    command = err.splitlines()[-1].split()
    (slow / "gate").touch()
    said = wf(*command[1:])
    assert said.code == 0, said.err
    assert json.loads(said.out) == {"total": 15}
    assert [n for n in ran(slow) if n < 3] == [0, 1, 2] or sorted(n for n in ran(slow) if n < 3) == [0, 1, 2]


def test_a_killed_run_goes_on(wf: Wf, slow: Path) -> None:
    running = begun(slow)
    until(lambda: "done[2]/yield" in finished(slow, wf))
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    before = finished(slow, wf)
    (slow / "gate").touch()
    said = wf("run", "--resume", "last")
    assert said.code == 0, said.err
    assert json.loads(said.out) == {"total": 15}
    events = [json.loads(line) for line in wf("events", "last").out.splitlines()]
    completed = [event["node"] for event in events if event["type"] == "node_completed"]
    assert len(completed) == len(set(completed))
    assert before <= set(completed)


def test_two_processes_do_not_share_a_run(wf: Wf, slow: Path) -> None:
    running = begun(slow)
    said = wf("run", "--resume", "last")
    assert (said.code, said.out) == (2, "")
    assert "another process drives this run" in said.err
    assert wf("clean", "--unfinished", "--yes").err == "0 runs removed\n1 run left: a process works on it\n"
    assert json.loads(wf("runs", "--format", "json").out)[0]["state"] == "running"
    (slow / "gate").touch()
    out, err = running.communicate(timeout=60)
    assert (running.returncode, json.loads(out)) == (0, {"total": 15}), err


def test_two_runs_of_one_store_at_once(wf: Wf, slow: Path) -> None:
    both = [started("run", "slow.wf") for _ in range(2)]
    for running in both:
        out, err = running.communicate(timeout=60)
        assert (running.returncode, json.loads(out)) == (0, {"total": 15}), err
    assert [run["state"] for run in json.loads(wf("runs", "--format", "json").out)] == ["completed"] * 2


def test_events_can_be_followed(wf: Wf, slow: Path) -> None:
    running = begun(slow)
    following = started("events", "last", "--follow")
    assert following.stdout is not None
    assert json.loads(following.stdout.readline())["type"] == "started"
    (slow / "gate").touch()
    out, _ = following.communicate(timeout=60)
    running.communicate(timeout=60)
    assert following.returncode == 0
    assert json.loads(out.splitlines()[-1])["type"] == "completed"


def test_a_reader_of_events_who_leaves_stops_no_run(wf: Wf, slow: Path) -> None:
    running = started("run", "slow.wf", "--events")
    assert running.stdout is not None
    running.stdout.readline()
    running.stdout.close()
    assert running.stderr is not None
    err = running.stderr.read()
    assert running.wait(timeout=60) == 0
    assert "completed in" in err
    assert len(err.splitlines()) == 1


def test_a_module_that_raises(wf: Wf, slow: Path) -> None:
    (slow / "slow.py").write_text(SLOW_MODULE + "\ndef work(item, gate):\n    raise KeyError('no such thing')\n")
    said = wf("run", "slow.wf")
    assert (said.code, said.out) == (1, "")
    assert "no such thing" in said.err
    assert "slow.wf:12" in said.err
    assert "Traceback" not in said.err


def test_a_step_that_kills_its_worker(wf: Wf, slow: Path) -> None:
    (slow / "slow.py").write_text("import os\n\ndef items(count):\n    os._exit(3)\n\ndef work(item, gate): ...\n")
    said = wf("run", "slow.wf")
    assert (said.code, said.out) == (1, "")
    assert "crash" in said.err


PAY = """wf 1.0

once operator pay() -> string {
  shell: "touch began; while [ ! -e gate ]; do sleep 0.05; done; echo paid"
}

workflow w {
  step done = pay()
  output done: string = done
}
"""


def test_what_may_have_taken_effect_does_not_run_again(wf: Wf, here: Path) -> None:
    (here / "pay").mkdir()
    (here / "pay" / "pay.wf").write_text(PAY)
    running = started("run", "pay/pay.wf")
    until((here / "pay" / "began").exists)
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    (here / "pay" / "began").unlink()
    (here / "pay" / "gate").touch()
    said = wf("run", "pay/pay.wf", "--resume", "last")
    assert (said.code, said.out) == (3, "")
    assert "pay/pay.wf:8: done: " in said.err
    assert "(lost)" in said.err
    assert not (here / "pay" / "began").exists()
    assert json.loads(wf("runs", "--store", "pay/.symphony", "--format", "json").out)[0]["state"] == "paused"
    assert wf("clean", "--store", "pay/.symphony", "--yes").err == "nothing to remove\n"


def test_the_first_workflow_runs(wf: Wf) -> None:
    assert wf("init", "first").code == 0
    assert wf("check", "first").code == 0
    assert wf("fmt", "first", "--check").code == 0
    said = wf("run", "first/hello.wf")
    assert said.code == 0, said.err
    assert json.loads(said.out) == {
        "greetings": ["Hello, Ada!", "Hallo, Jürgen!", "Bonjour, Amélie!", "Hola, Inés!"],
        "count": 4,
    }


LATER = """wf 1.0

operator f(n: int) -> int { python: "slow:work" }

workflow later {
  input n: int = 1
  step a = f(n) { executor: "far" }
  output n: int = a
}
"""


def test_an_executor_that_is_not_there_is_told_before_anything_starts(wf: Wf, here: Path) -> None:
    (here / "later.wf").write_text(LATER)
    (here / "slow.py").write_text("def work(n):\n    return n\n")
    assert wf("check", "later.wf").code == 0
    said = wf("run", "later.wf")
    assert said.code == 2
    assert "later.wf:7: `a` wants the executor `far`, which is not there; there are `local`" in said.err
    assert wf("runs").out == "no runs yet\n"
    (here / "wf.toml").write_text('name = "later"\n[executors]\nfar = 1\n')
    assert json.loads(wf("run", "later.wf").out) == {"n": 1}
