"""Commands from a second process, on runs with real processes under them."""

from __future__ import annotations

import json
import os
import pty
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.end_to_end.wf_process import Wf

from symphony_runtime import Store, read
from symphony_runtime.commands import Kind
from symphony_runtime.sending import command, send

STUBBORN = """wf 1.0
once operator shout(mark: int) -> string {
  shell: "trap '' TERM INT; sleep $mark & setsid sleep $mark & echo $$ > shell.pid; sleep $mark; sleep $mark"
}
operator deaf(mark: int) -> int { python: "deaf:run" }

workflow main {
  input mark: int
  step a = shout(mark)
  step b = deaf(mark)
  finally { step left(text: "tidied") }
}
operator left(text: string) { shell: "echo $text > left.txt" }
"""

DEAF = """
import os
import signal
import subprocess
import time
from pathlib import Path


def run(mark: int) -> int:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    subprocess.Popen(["sleep", str(mark)])
    subprocess.Popen(["sh", "-c", f"trap '' TERM; setsid sleep {mark}; true"], start_new_session=True)
    Path("worker.pid").write_text(str(os.getpid()))
    while True:
        time.sleep(1)
"""


def alive(mark: int, folder: Path) -> list[str]:
    """Processes with the mark in what they were started with, and those that left their number in a file."""
    pids = [file.read_text().strip() for file in folder.glob("*.pid")]
    return [each.name for each in Path("/proc").glob("[0-9]*") if each.name in pids or str(mark) in _words(each)]


def _words(process: Path) -> str:
    try:
        words = (process / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""
    return words if "wf" not in words and "symphony.command" not in words else ""


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "it does not come about"
        time.sleep(0.02)


@pytest.fixture
def wf(tmp_path: Path) -> Wf:
    (tmp_path / "main.wf").write_text(STUBBORN)
    (tmp_path / "deaf.py").write_text(DEAF)
    return Wf(tmp_path)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks for processes where Linux lists them")
def test_a_run_that_is_cancelled_by_force_leaves_no_process_however_stubborn(wf: Wf) -> None:
    mark = random.SystemRandom().randint(10**8, 10**9)
    running = wf.start("run", "main.wf", "--input", f"mark={mark}")
    until(lambda: len(alive(mark, wf.folder)) >= 8)
    cancelled = wf("cancel", "last", "--reason", "enough", "--force")
    assert cancelled.returncode == 0, cancelled.stderr
    _, said = running.communicate(timeout=60)
    assert running.returncode == 1, said
    assert "enough" in said
    until(lambda: alive(mark, wf.folder) == [])
    assert not (wf.folder / "left.txt").exists()


ASKS = """wf 1.0
record Reply { agreed: bool, tone: Tone, note: string?, tags: string[], @max(9) amount: int }
enum Tone { kind, harsh }
operator left(text: string) { shell: "echo $text > left.txt" }
workflow main {
  step reply = ask(prompt: "What now?", form: Reply)
  output reply: Reply = reply
  finally { step left(text: "tidied") }
}
"""


def test_a_run_that_nobody_drives_is_cancelled_to_its_end(wf: Wf) -> None:
    (wf.folder / "main.wf").write_text(ASKS)
    assert wf("run", "main.wf").returncode == 3
    refused = wf("retry", "last", "reply")
    assert (refused.returncode, "has not failed" in refused.stderr) == (2, True)
    cancelled = wf("cancel", "last", "--reason", "enough")
    assert (cancelled.returncode, "cancelled" in cancelled.stderr) == (0, True)
    assert (wf.folder / "left.txt").read_text() == "tidied\n"
    events = [json.loads(line) for line in wf("events", "last").stdout.splitlines()]
    assert (events[-1]["type"], events[-1]["reason"]) == ("cancelled", "enough")
    assert wf("cancel", "last").returncode == 0
    late = wf("input", "last", "reply", "--value", "1")
    assert (late.returncode, "the run has ended" in late.stderr) == (2, True)


def test_an_answer_that_does_not_fit_says_where(wf: Wf) -> None:
    (wf.folder / "main.wf").write_text(ASKS)
    assert wf("run", "main.wf").returncode == 3
    answer = {"agreed": True, "tone": "kind", "tags": ["a"], "amount": 3}
    refused = wf("input", "last", "reply", "--value", json.dumps(answer | {"tags": ["a", 2]}))
    assert (refused.returncode, "tags[1]" in refused.stderr) == (2, True)
    store = Store(wf.folder / ".symphony")
    for name, value in (("tone", "nice"), ("amount", 10)):
        given = command(Kind.PROVIDE_INPUT, "reply", value=answer | {name: value}, has_value=True)
        verdict = send(store, store.find("last"), given)
        assert (verdict.why, name in verdict.message) == ("invalid", True)
    assert wf("input", "last", "reply", "--value", json.dumps(answer)).returncode == 0
    again = wf("input", "last", "reply", "--value", json.dumps(answer | {"amount": 4}))
    assert again.returncode == 2
    assert 'the question was answered already, with {"agreed": true' in again.stderr
    assert wf("run", "--resume", "last").returncode == 0


def test_on_a_terminal_a_form_is_asked_field_by_field_and_again_where_it_does_not_fit(wf: Wf) -> None:
    (wf.folder / "main.wf").write_text(ASKS)
    answers = ["maybe", "y", "nice", "kind", "", '["a"', '["a", "b"]', "10", "y", "kind", "so", "[]", "9"]
    code, out, seen = on_terminal(wf, answers)
    assert code == 0, seen
    assert json.loads(out) == {"reply": {"agreed": True, "tone": "kind", "note": "so", "tags": [], "amount": 9}}
    assert "amount" in seen.split("What now?", 1)[1]


def on_terminal(
    wf: Wf, answers: list[str], meanwhile: Callable[[], object] = lambda: None
) -> tuple[int | None, str, str]:
    """A run on a terminal where a person answers: its exit code, standard output, and what stands on the terminal.

    When the question has been asked something may happen before the answers.
    """
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "symphony.command.main", "run", "main.wf"]
    running = subprocess.Popen(words, cwd=wf.folder, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, text=True)
    os.close(theirs)
    seen = b""
    while b"[y/N]" not in seen:
        seen += os.read(ours, 4096)
    meanwhile()
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    try:
        while piece := os.read(ours, 4096):
            seen += piece
    except OSError:  # the other end is closed
        pass
    out, _ = running.communicate(timeout=60)
    os.close(ours)
    return running.returncode, out, seen.decode()


ONE = ["y", "kind", "", "[]", "9"]


def test_who_answers_too_late_on_a_terminal_hears_of_it_and_the_run_goes_on(wf: Wf) -> None:
    (wf.folder / "main.wf").write_text(ASKS)
    answer = {"agreed": False, "tone": "harsh", "tags": [], "amount": 1}
    code, out, seen = on_terminal(wf, ONE, lambda: wf("input", "last", "reply", "--value", json.dumps(answer)))
    assert (code, json.loads(out)["reply"]["tone"]) == (0, "harsh")
    assert "the question was answered already" in seen


def test_who_is_asked_is_let_go_when_the_run_is_cancelled(wf: Wf) -> None:
    (wf.folder / "main.wf").write_text(ASKS)
    code, _, seen = on_terminal(wf, ONE, lambda: wf("cancel", "last", "--reason", "enough"))
    assert (code, "the run has ended" in seen) == (1, True)
    assert "enough" in seen.split("the run has ended", 1)[1]


PAUSED = """wf 1.0
operator slowly(n: int) -> int { shell: "until [ -e go ]; do sleep 0.02; done; echo $n" }
workflow main {
  step a = slowly(n: 1)
  step b = slowly(n: a + 1)
  output b: int = b
}
"""


def test_a_paused_run_lets_what_is_in_flight_end_and_starts_nothing(wf: Wf) -> None:
    (wf.folder / "main.wf").write_text(PAUSED)
    running = wf.start("run", "main.wf")

    store = Store(wf.folder / ".symphony")
    until(lambda: bool(store.runs()))
    run = store.find("last")

    def types() -> list[tuple[str, str | None]]:
        return [(event.type, event.node) for event in read(store, run)]

    until(lambda: ("node_started", "a") in types())
    assert wf("pause", "last").returncode == 0
    (wf.folder / "go").touch()
    until(lambda: ("node_completed", "a") in types())
    time.sleep(0.2)
    assert ("node_started", "b") not in types()
    assert wf("resume", "last").returncode == 0
    out, _ = running.communicate(timeout=60)
    assert (running.returncode, json.loads(out)) == (0, {"b": 2})


def test_a_failed_step_is_held_where_the_run_is_to_hold(wf: Wf) -> None:
    (wf.folder / "main.wf").write_text(
        'wf 1.0\noperator there() -> string { shell: "cat there" }\nworkflow main {\n'
        "  step a = there()\n  output a: string = a\n}\n"
    )
    held = wf("run", "main.wf", "--on-failure", "hold")
    assert (held.returncode, "wf retry last a" in held.stderr) == (3, True)
    (wf.folder / "there").write_text("here")
    assert wf("retry", "last", "a").returncode == 0
    assert wf.json("run", "--resume", "last") == {"a": "here"}
    assert wf("run", "--resume", "last", "--on-failure", "hold").returncode == 2
