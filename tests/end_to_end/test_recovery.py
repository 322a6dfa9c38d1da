"""Runs whose engine or worker is killed, as a user meets them: what is done stays done, and a person is asked what nobody knows."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.end_to_end.wf_process import Wf

MAIN = """wf 1.0

operator first(token: secret) -> string { python: "service:first" }
once operator pay(after: string) -> string { python: "service:pay" }
operator last(token: secret, paid: string) -> string { python: "service:last" }

workflow main {
  input token: secret
  step begun = first(token: token)
  step paid = pay(after: begun)
  step sent = last(token: token, paid: paid)
  output receipt: string = sent
}
"""

SERVICE = r"""
import os, time
from pathlib import Path


def did(what):
    with open("ledger", "a") as ledger:
        ledger.write(what + "\n")


def wait(what):
    Path(what).write_text(str(os.getpid()))
    while not Path("go-" + what).exists():
        time.sleep(0.005)


def first(token):
    did("first " + str(len(token)))
    return "begun"


def pay(after):
    did("pay")
    wait("pay")
    return "paid"


def last(token, paid):
    did("last " + str(len(token)))
    wait("last")
    return paid + "!"
"""


@pytest.fixture
def wf(tmp_path: Path) -> Iterator[Wf]:
    (tmp_path / "main.wf").write_text(MAIN)
    (tmp_path / "service.py").write_text(SERVICE)
    yield Wf(tmp_path)
    for name in ("go-pay", "go-last"):
        (tmp_path / name).touch()


def go(wf: Wf, *names: str) -> None:
    for name in names:
        (wf.folder / f"go-{name}").touch()


def until(wf: Wf, name: str) -> int:
    """The process in which a function has come to its middle."""
    file, end = wf.folder / name, time.monotonic() + 60
    while not (file.exists() and file.read_text()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)
    pid = int(file.read_text())
    file.unlink()
    return pid


def ledger(wf: Wf) -> list[str]:
    return (wf.folder / "ledger").read_text().splitlines()


def begin(wf: Wf) -> subprocess.Popen[str]:
    return wf.start("run", "main.wf", "-i", "token=@env:TOKEN", TOKEN="hunter2")


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_what_must_not_be_done_twice_waits_for_a_person_after_a_kill(wf: Wf) -> None:
    running = begin(wf)
    until(wf, "pay")
    kill(running.pid)
    running.communicate()
    early = wf("retry", "last", "paid")
    assert (early.returncode, "its engine went away in the middle; go on first: wf run --resume" in early.stderr) == (
        2,
        True,
    )
    for _ in range(2):
        again = wf("run", "--resume", "last", TOKEN="hunter2")
        assert again.returncode == 3, again.stderr
        assert "whether it took effect is not known" in again.stderr
    assert ledger(wf) == ["first 7", "pay"]
    go(wf, "last")
    assert wf("skip", "last", "paid", "--value", '"by hand"').returncode == 0
    done = wf("run", "--resume", "last", TOKEN="hunter2")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"receipt": "by hand!"})
    assert ledger(wf) == ["first 7", "pay", "last 7"]


def test_a_worker_that_is_killed_is_no_engine(wf: Wf) -> None:
    running = begin(wf)
    kill(until(wf, "pay"))
    said = running.communicate()[1]
    assert running.returncode == 3
    assert "the worker was killed by SIGKILL" in said
    go(wf, "pay")
    assert wf("retry", "last", "paid").returncode == 0
    again = wf("run", "--resume", "last")
    assert again.returncode == 3
    assert "the environment variable TOKEN, which holds a secret, is not set" in again.stderr
    assert ledger(wf) == ["first 7", "pay", "pay"]
    running = wf.start("run", "--resume", "last", TOKEN="another-one")
    kill(until(wf, "last"))
    until(wf, "last")
    go(wf, "last")
    output, said = running.communicate()
    assert (running.returncode, json.loads(output)) == (0, {"receipt": "paid!"}), said
    assert ledger(wf) == ["first 7", "pay", "pay", "last 11", "last 11"], "done again, with what the secret is now"


@pytest.mark.parametrize("change", ["gone", "changed"])
def test_a_run_needs_no_text_to_go_on(wf: Wf, tmp_path: Path, change: str) -> None:
    running = begin(wf)
    until(wf, "pay")
    kill(running.pid)
    running.communicate()
    text = wf.folder / "main.wf"
    if change == "gone":
        text.unlink()
    else:
        text.write_text("this is no text any more {")
    go(wf, "pay", "last")
    store = str(wf.folder / ".symphony")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    away = Wf(elsewhere)
    assert away("run", "--resume", "last", "--store", store).returncode == 3
    assert away("retry", "last", "paid", "--store", store).returncode == 0
    done = away("run", "--resume", "last", "--store", store, TOKEN="hunter2")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"receipt": "paid!"}), done.stderr
    assert ledger(wf) == ["first 7", "pay", "pay", "last 7"]
