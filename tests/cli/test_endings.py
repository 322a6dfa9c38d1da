"""Every way to end: one message, the right code, no traceback, nothing of the user's data."""

from __future__ import annotations

import errno
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.conftest import Wf

from symphony.command import group
from symphony.command import main as start
from symphony_dsl.base.errors import UserError

COMMAND = [sys.executable, "-m", "symphony.command.main"]


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(group.Group, "get_command", fail)


def test_a_bug_of_ours_is_one_line_and_a_file_without_data(wf: Wf, monkeypatch: pytest.MonkeyPatch) -> None:
    raising(monkeypatch, RuntimeError("customer Smith"))
    said = wf("run", "secret.wf", "--input", "password=hunter2", "--store=/home/smith")
    assert said.code == 70
    assert said.out == ""
    assert re.fullmatch(
        r"error: this is a bug in Symphony .* \(RuntimeError\); please report it with (\S+), .*\n", said.err
    )
    crash = Path(re.findall(r"report it with (\S+),", said.err)[0])
    text = crash.read_text()
    crash.unlink()
    assert "command: wf run --input --store\n" in text
    assert "builtins.RuntimeError" in text
    assert "test_endings.py" in text
    assert not any(word in text for word in ("Smith", "smith", "hunter2", "secret.wf", "password"))


def test_a_traceback_is_shown_on_demand_only(wf: Wf, monkeypatch: pytest.MonkeyPatch) -> None:
    raising(monkeypatch, UserError("no", place="x"))
    assert "Traceback" not in wf("check").err
    said = wf("check", "--debug")
    assert "Traceback" in said.err
    assert said.code == 2


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (UserError("it is gone", place="a.wf", hint="look"), 2, "error: a.wf: it is gone\n  hint: look\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (OSError(errno.ENOSPC, "No space left on device", "/x/y"), 2, "error: /x/y: no space left on device\n"),
        (PermissionError(errno.EACCES, "Permission denied", "/x/y"), 2, "error: /x/y: permission denied\n"),
        (UserError("bad \x1b[2J name"), 2, "error: bad \\x1b[2J name\n"),
    ],
)
def test_what_is_no_bug(wf: Wf, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, text: str) -> None:
    raising(monkeypatch, error)
    assert wf("check") == type(wf("--version"))(code, "", text)


def test_a_reader_who_leaves_ends_it_quietly() -> None:
    running = subprocess.Popen([*COMMAND, "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    running.stdout.close()
    _, err = running.communicate()
    assert (running.returncode, err) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no device that is full")
def test_output_that_cannot_be_written_is_an_error() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([*COMMAND, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "error: no space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no device that is full")
@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&- >&- 2>&-", "2>/dev/full"])
def test_a_stream_that_is_closed_is_no_bug(here: Path, redirection: str) -> None:
    (here / "a.wf").write_text("wf 1.0\n\nworkflow a {\n  output x: int = 1\n}\n")
    words = " ".join(map(shlex.quote, [*COMMAND, "run", "a.wf"]))
    assert subprocess.run(["sh", "-c", f"{words} {redirection}"], check=False, capture_output=True).returncode == 0
    assert "completed" in subprocess.run([*COMMAND, "runs"], check=False, capture_output=True, text=True).stdout


def test_colours_on_demand_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from symphony.command import say

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert say.colours(sys.stderr)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not say.colours(sys.stderr)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not say.colours(sys.stderr)


@pytest.mark.parametrize(
    ("delay", "number"), [(0.03, signal.SIGINT), (0.07, signal.SIGTERM), (0.12, signal.SIGINT), (0.2, signal.SIGTERM)]
)
def test_ctrl_c_at_any_moment(here: Path, delay: float, number: signal.Signals) -> None:
    steps = "".join(f"  step s{n} = {n} + {n}\n" for n in range(5000))
    (here / "large.wf").write_text(f"wf 1.0\n\nworkflow large {{\n{steps}  output x: int = s0\n}}\n")
    script = (
        "import sys, signal; from symphony.command.main import main; signal.signal(15, signal.default_int_handler);"
        "print('up', flush=True); sys.exit(main())"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", script, "check"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    running.stdout.readline()  # before that Python itself would end
    time.sleep(delay)
    running.send_signal(number)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (130, "", "interrupted\n")


def test_once_more_while_it_ends_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def told_twice(words: list[str]) -> int:
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr(start, "_coded", told_twice)
    monkeypatch.setattr(start, "_settle_asides", lambda **_: None)
    monkeypatch.setattr(start.os, "_exit", sys.exit)
    try:
        with pytest.raises(SystemExit) as left:
            start.main()
        assert left.value.code == 130
        assert {signal.getsignal(number) for number in before} == {signal.SIG_IGN}
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.mark.parametrize(("words", "shown"), [(["check"], False), (["check", "--debug"], True)])
def test_remarks_for_programmers_are_hidden(words: list[str], shown: bool) -> None:
    script = """
import warnings
from symphony.command import main

class Broken:
    def __del__(self):
        raise ValueError("aside")

def coded(words):
    Broken()
    warnings.warn("aside")
    return 0

main._coded = coded
raise SystemExit(main.main())
"""
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)
    assert (done.returncode, "aside" in done.stderr) == (0, shown)


@pytest.mark.parametrize("words", [["check"], ["check", "--debug"]])
def test_an_interrupt_that_meets_a_callback_is_not_lost(words: list[str]) -> None:
    script = """
import os, signal, time
from symphony.command import main

class Callback:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)

def coded(words):
    Callback()
    time.sleep(10)
    return 0

main._coded = coded
raise SystemExit(main.main())
"""
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")
