"""`wf watch`: a save is compiled and reported, and what was not touched is not read again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.test_check import BAD, GOOD

from symphony.command.watch import Watching


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]):
    def since() -> str:
        return capsys.readouterr().out

    return since


def test_a_save_is_reported(here: Path, said) -> None:
    good, other = here / "good.wf", here / "other.wf"
    good.write_text(GOOD)
    other.write_text(GOOD.replace("workflow good", "workflow other"))
    watching = Watching([here])
    watching.start()
    assert "no problems; 2 of 2 files read in " in said()
    good.write_text(BAD)
    watching.saved({good})
    text = said()
    assert "good.wf:5:29" in text
    assert "1 error; 1 of 2 files read in " in text
    good.write_text(GOOD)
    watching.saved({good})
    assert "no problems; 1 of 2 files read in " in said()


def test_an_imported_file_is_watched(here: Path, said) -> None:
    (here / "lib").mkdir()
    (here / "wf.toml").write_text('name = "x"\n')
    types, main = here / "lib" / "types.wf", here / "main.wf"
    types.write_text("wf 1.0\n\nrecord Guest {\n  name: string\n}\n")
    main.write_text(
        'wf 1.0\n\nimport "./lib/types.wf" { Guest }\n\nworkflow w {\n  input g: Guest\n  output n: string = g.name\n}\n'
    )
    watching = Watching([main])
    watching.start()
    assert "no problems" in said()
    assert types.parent in watching.folders()
    types.write_text("wf 1.0\n\nrecord Guest {\n  title: string\n}\n")
    watching.saved({types})
    assert "main.wf:7:" in said()
    types.unlink()
    watching.saved({types})
    assert "main.wf:3:" in said()


def test_files_come_and_go(here: Path, said) -> None:
    good, bad = here / "good.wf", here / "bad.wf"
    good.write_text(GOOD)
    watching = Watching([here])
    watching.start()
    bad.write_text(BAD)
    watching.saved({bad})
    assert "1 error; 2 of 2 files read" in said()
    bad.unlink()
    watching.saved({bad})
    assert "no problems" in said()


def test_a_python_module_is_watched(here: Path, said) -> None:
    module = here / "tools.py"
    module.write_text("def other(text): ...\n")
    (here / "main.wf").write_text('wf 1.0\n\noperator shout(text: string) -> string { python: "tools:shout" }\n')
    watching = Watching([here])
    watching.start()
    assert "1 error" in said()
    module.write_text("def shout(text): ...\n")
    watching.saved({module})
    assert "no problems" in said()


def test_a_broken_manifest_does_not_end_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "good.wf").write_text(GOOD)
    watching = Watching([here])
    watching.start()
    (here / "wf.toml").write_text("nmae = 1\n")
    watching.saved({here / "wf.toml"})
    assert "wf.toml:1: the key 'nmae' is not known" in capsys.readouterr().err
    (here / "wf.toml").write_text('name = "x"\n')
    watching.saved({here / "wf.toml"})
    assert "no problems" in capsys.readouterr().out


def test_a_whole_process(here: Path) -> None:
    (here / "good.wf").write_text(GOOD)
    running = subprocess.Popen(
        [sys.executable, "-m", "symphony.command.main", "watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert running.stdout is not None
    assert "no problems; 1 of 1 file read" in running.stdout.readline()
    (here / "good.wf").write_text(BAD)  # it may come before the watcher is up
    while "1 error" not in running.stdout.readline():
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=30)
    assert (running.returncode, err) == (130, "interrupted\n")
