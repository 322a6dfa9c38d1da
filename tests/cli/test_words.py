"""The words of the command line: help, versions, and what is meant by a word that is not known."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Wf, kept

from symphony.command.group import COMMANDS


def test_the_version(wf: Wf) -> None:
    from symphony import __version__

    for word in ("--version", "-V"):
        assert wf(word).out == f"wf {__version__}\n"


@pytest.mark.parametrize("name", ["wf", *COMMANDS])
def test_help(wf: Wf, name: str) -> None:
    said = wf(*([] if name == "wf" else [name]), "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Example:\n  ")
    assert said.out == kept(f"help/{name}.txt", said.out)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["chekc"], "there is no command 'chekc'; did you mean 'check'?"),
        (["xyzzy"], "there is no command 'xyzzy'"),
        (["check", "--formt", "json"], "No such option '--formt'. Did you mean '--format'?"),
        (["run", "a.wf", "--imput", "a=1"], "did you mean"),
        (["check", "--format", "jsn"], "'jsn' is none of text, json, github; did you mean 'json'?"),
        (["graph", "a.wf", "--format", "mermayd"], "did you mean 'mermaid'?"),
        (["completion", "bsh"], "did you mean 'bash'?"),
        (["--verson"], "Did you mean '--version'?"),
        (["run"], "name a file to run, or a run to resume"),
        (["graph"], "Missing argument 'FILE[:WORKFLOW]'."),
        (["clean", "--keep", "-1"], "-1 is not in the range"),
    ],
)
def test_words_that_are_not_known(wf: Wf, words: list[str], message: str) -> None:
    said = wf(*words)
    assert said.code == 2
    assert said.out == ""
    assert message.lower() in said.err.lower()
    assert said.err.startswith("error: ")
    assert "--help" in said.err


def test_a_bare_wf_shows_its_help(wf: Wf) -> None:
    assert wf().out == wf("--help").out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(wf: Wf, shell: str) -> None:
    said = wf("completion", shell)
    assert said.code == 0
    assert "_WF_COMPLETE" in said.out


def completed(*words: str) -> list[str]:
    environment = {**os.environ, "_WF_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(("wf", *words))}
    environment["COMP_CWORD"] = str(len(words))
    done = subprocess.run(
        [sys.executable, "-c", "from symphony.command.main import main; main()"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_completion_knows_commands_options_and_words() -> None:
    assert completed("ch") == ["check"]
    assert "--resume" in completed("run", "--re")
    assert completed("check", "--format", "g") == ["github"]
    assert completed("eval", "--c") == ["--cost", "--cel"]


def test_completion_knows_runs(wf: Wf, here: Path) -> None:
    assert completed("events", "l") == []
    (here / "w.wf").write_text("wf 1.0\n\nworkflow w {\n  output x: int = 1\n}\n")
    wf("run", "w.wf")
    assert completed("events", "l") == ["last"]
    (run,) = json.loads(wf("runs", "--format", "json").out)
    assert completed("run", "--resume", run["execution_id"][:6]) == [run["execution_id"]]


STARTED = """
import sys
from symphony.command.main import main
main(["--version"])
heavy = {"rich", "pydantic", "lark", "sqlite3", "asyncio", "yaml", "watchfiles", "click", "jsonschema_rs", "re2"}
print(sorted(heavy & set(sys.modules)))
"""
CHECKED = """
import sys
from symphony.command.main import main
main(["check", "nothing.wf"])
print(sorted({"rich", "pydantic", "sqlite3", "asyncio", "yaml", "watchfiles", "openai"} & set(sys.modules)))
"""


@pytest.mark.parametrize("script", [STARTED, CHECKED], ids=["version", "check"])
def test_starting_loads_nothing_that_is_not_needed(script: str) -> None:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
