"""A secret goes into the user's function, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.end_to_end.wf_process import Wf

TOKEN = "hunter2-hunter2"

MAIN = """wf 1.0

operator login(auth: secret) -> bool { python: "service:login" }
operator whoami(auth: secret) -> bool { shell: "echo \\"$auth\\" >&2; case $auth in me:hunter2-hunter?) echo true;; esac" }
operator refused(auth: secret) -> bool { python: "service:refused" }

workflow main {
  input token: secret
  input user: string
  step header = "Bearer ${token}"
  step one = login(auth: header)
  step two = whoami(auth: user + ":" + token)
  output ok: bool = one && two
}

workflow fails {
  input token: secret
  step one = refused(auth: "Bearer ${token}")
  output ok: bool = one
}
"""

SERVICE = """
def login(auth):
    print("logging in with", auth)
    return auth == "Bearer " + "-".join(["hunter2"] * 2)


def refused(auth):
    raise ValueError(f"401 for {auth}")
"""


@pytest.fixture
def wf(tmp_path: Path) -> Wf:
    (tmp_path / "main.wf").write_text(MAIN)
    (tmp_path / "service.py").write_text(SERVICE)
    return Wf(tmp_path)


def stored(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (folder / ".symphony").rglob("*") if path.is_file())


def test_a_text_made_with_a_secret_reaches_its_operator_and_nothing_else(wf: Wf) -> None:
    inputs = ("--input", "token=@env:TOKEN", "--input", "user=me")
    done = wf("run", "main.wf:main", *inputs, "--events", TOKEN=TOKEN)
    assert done.returncode == 0, done.stderr
    assert '{"ok":true}' in done.stdout.replace(" ", "")
    events = wf("events", "last").stdout
    assert "logging in with [secret]" in events
    assert b"env:TOKEN" in stored(wf.folder)
    assert TOKEN not in done.stdout + done.stderr + events
    assert TOKEN.encode() not in stored(wf.folder)


def test_a_failure_does_not_tell_it(wf: Wf) -> None:
    done = wf("run", "main.wf:fails", "--input", "token=@env:TOKEN", TOKEN=TOKEN)
    assert done.returncode == 1
    assert "ValueError: 401 for [secret]" in done.stderr
    assert TOKEN not in done.stdout + done.stderr
    assert TOKEN.encode() not in stored(wf.folder)
