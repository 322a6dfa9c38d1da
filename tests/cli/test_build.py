"""`wf build` and `wf graph`: artifacts that stand alone, the same bytes for the same text, drawings."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import Wf
from tests.cli.test_check import BAD, GOOD

from symphony.version import __version__
from symphony_schemas import newest

FORMATS = {"json": "json", "msgpack": "msgpack", "bincode": "bincode", "zstd": "zst", "lz4": "lz4"}
CALLING = (
    "wf 1.0\n\nworkflow inner {\n  input n: int\n  output m: int = n + 1\n}\n\n"
    "workflow outer {\n  step a = inner(n: 1)\n  output x: int = a.m\n}\n"
)
TWO = "wf 1.0\n\nworkflow one {\n  output x: int = 1\n}\n\nworkflow two {\n  output x: int = 2\n}\n"


def test_beside_the_file(wf: Wf, here: Path) -> None:
    (here / "a").mkdir()
    (here / "a" / "good.wf").write_text(GOOD)
    said = wf("build", "a/good.wf")
    assert (said.code, said.out, said.err) == (0, "a/build/good.wf.json\n", "")
    data = json.loads((here / "a" / "build" / "good.wf.json").read_text())
    assert data["created_with"] == f"symphony-wf {__version__}"
    assert data["workflow"]["name"] == "good"


def test_beside_the_manifest(wf: Wf, here: Path) -> None:
    (here / "wf.toml").write_text('name = "x"\n')
    (here / "a").mkdir()
    (here / "a" / "two.wf").write_text(TWO)
    assert wf("build").out == "build/one.wf.json\nbuild/two.wf.json\n"
    assert wf("build", "--out", "o").out == "o/one.wf.json\no/two.wf.json\n"
    assert wf("build").out == "build/one.wf.json (unchanged)\nbuild/two.wf.json (unchanged)\n"
    assert (here / "o" / "one.wf.json").read_bytes() == (here / "build" / "one.wf.json").read_bytes()


def test_a_mistake_builds_nothing(wf: Wf, here: Path) -> None:
    (here / "good.wf").write_text(GOOD)
    (here / "bad.wf").write_text(BAD)
    said = wf("build")
    assert (said.code, said.out) == (1, "")
    assert "bad.wf:5:29" in said.err
    assert said.err.endswith("1 error\n")
    assert not (here / "build").exists()


def test_two_workflows_of_one_name(wf: Wf, here: Path) -> None:
    (here / "wf.toml").write_text('name = "x"\n')
    (here / "a.wf").write_text(GOOD)
    (here / "b.wf").write_text(GOOD)
    said = wf("build")
    assert said.code == 2
    assert "the workflow 'good' is declared in a.wf too" in said.err


def test_a_folder_that_cannot_be_made(wf: Wf, here: Path) -> None:
    (here / "good.wf").write_text(GOOD)
    (here / "build").write_text("a file")
    said = wf("build", "good.wf")
    assert said.code == 2
    assert "cannot be written" in said.err
    assert (here / "build").read_text() == "a file"


def test_a_graph(wf: Wf, here: Path) -> None:
    (here / "good.wf").write_text(GOOD)
    assert wf("graph", "good.wf").out.startswith("flowchart ")
    assert wf("graph", "good.wf:good", "--format", "dot").out.startswith("digraph ")
    wf("build")
    assert wf("graph", "build/good.wf.json").out == wf("graph", "good.wf").out


def test_which_workflow_is_meant(wf: Wf, here: Path) -> None:
    (here / "two.wf").write_text(TWO)
    said = wf("graph", "two.wf")
    assert said.code == 2
    assert said.err == "error: two.wf: there are 2 workflows here: one, two\n  hint: say which one: two.wf:one\n"
    said = wf("graph", "two.wf:twoo")
    assert (said.code, said.err) == (
        2,
        "error: two.wf: there is no workflow 'twoo'\n  hint: did you mean 'two'?\n",
    )
    assert wf("graph", "two.wf:two").code == 0
    assert wf("graph", ".:two").code == 0
    (here / "none.wf").write_text("wf 1.0\n")
    assert "there is no workflow in this file" in wf("graph", "none.wf").err


def test_a_name_with_a_colon(wf: Wf, here: Path) -> None:
    (here / "a:b.wf").write_text(GOOD)
    assert wf("graph", "a:b.wf").code == 0
    assert wf("graph", "a:b.wf:good").code == 0


def test_a_file_that_is_no_artifact(wf: Wf, here: Path) -> None:
    for text in ("{", "[]", '{"workflow": 1}', "x" * 10):
        (here / "x.wf.json").write_text(text)
        said = wf("graph", "x.wf.json")
        assert (said.code, said.out) == (2, "")
        assert said.err.startswith("error: x.wf.json")
        assert len(said.err.splitlines()) <= 2
    said = wf("graph", "y.wf.json")
    assert (said.code, said.err.splitlines()[0]) == (2, "error: y.wf.json: there is no such file")


def test_the_bytes_do_not_know_where_they_are(wf: Wf, here: Path) -> None:
    (here / "deep" / "er").mkdir(parents=True)
    (here / "good.wf").write_text(GOOD)
    (here / "deep" / "er" / "good.wf").write_text(GOOD)
    wf("build", "good.wf", "--out", "one")
    wf("build", "deep/er/good.wf", "--out", "two")
    assert (here / "one" / "good.wf.json").read_bytes() == (here / "two" / "good.wf.json").read_bytes()
    assert str(here) not in (here / "one" / "good.wf.json").read_text()
    assert os.listdir(here / "one") == ["good.wf.json"]


@pytest.fixture
def built(wf: Wf, here: Path) -> Path:
    """A workflow and one that it calls, in every format, and their text out of the way."""
    (here / "good.wf").write_text(CALLING)
    for how in FORMATS:
        assert wf("build", "good.wf", "--format", how, "--out", ".").code == 0
    (here / "good.wf").unlink()
    return here


@pytest.mark.parametrize("suffix", FORMATS.values())
def test_every_command_takes_every_format(wf: Wf, built: Path, suffix: str) -> None:
    file = f"outer.wf.{suffix}"
    for command in (["run"], ["graph"], ["show", "--metadata"], ["show", "--compact"]):
        said = wf(*command, file)
        assert (said.code, said.out) == (0, wf(*command, "outer.wf.json").out)
    assert wf("migrate", file).out == f"{file}: {newest('workflow')} (unchanged)\n"


def test_what_a_file_is_called_does_not_matter(wf: Wf, built: Path) -> None:
    for suffix in ("msgpack", "bincode", "zst", "lz4"):
        for name in ("anything", "other.wf", "other.json"):
            shutil.copy(built / f"outer.wf.{suffix}", built / name)
            assert wf("run", name).out == wf("run", "outer.wf.json").out


@pytest.mark.parametrize("how", FORMATS)
def test_a_second_build_changes_nothing(wf: Wf, here: Path, how: str) -> None:
    (here / "good.wf").write_text(GOOD)
    name = f"build/good.wf.{FORMATS[how]}"
    assert wf("build", "--format", how).out == f"{name}\n"
    assert wf("build", "--format", how).out == f"{name} (unchanged)\n"


def test_bytes_that_were_cut_off(wf: Wf, built: Path) -> None:
    for suffix in ("msgpack", "bincode", "zst", "lz4"):
        file = built / f"outer.wf.{suffix}"
        file.write_bytes(file.read_bytes()[:-9])
        said = wf("run", file.name)
        assert (said.code, said.out) == (2, "")
        assert said.err.startswith(f"error: {file.name}: byte ")
        assert "in the middle" in said.err


def test_a_format_that_there_is_not(wf: Wf, here: Path) -> None:
    said = wf("build", "--format", "msgpak")
    assert said.code == 2
    assert "'msgpak' is none of json, msgpack, bincode, zstd, lz4; did you mean 'msgpack'?" in said.err


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_bytes_that_are_no_text(wf: Wf, here: Path, command: str) -> None:
    (here / "x.wf.json").write_bytes(b'{"a": "\xff"}')
    assert wf(command, "x.wf.json").err.startswith("error: x.wf.json:1:8: this is not UTF-8 text")
    (here / "x.wf.msgpack").write_bytes(b"")
    assert wf(command, "x.wf.msgpack").err.startswith("error: x.wf.msgpack: this is no artifact: it opens like none")
