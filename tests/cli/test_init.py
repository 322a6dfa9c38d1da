"""`wf init`: what it writes, and that it overwrites nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Wf

from symphony.project.manifest import read

FILES = ["data/names.json", "hello.wf", "wf.toml"]


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_new_folder(wf: Wf, here: Path) -> None:
    said = wf("init", "first-steps")
    assert (said.code, said.out) == (0, "")
    assert said.err.endswith("run it with:\n  wf run first-steps/hello.wf\n")
    assert names(here / "first-steps") == FILES
    assert read(here / "first-steps" / "wf.toml").name == "first-steps"
    assert len(json.loads((here / "first-steps" / "data" / "names.json").read_text())) == 4


def test_the_folder_one_is_in(wf: Wf, here: Path) -> None:
    (here / "notes.txt").write_text("mine")
    said = wf("init")
    assert said.code == 0
    assert "wf run hello.wf\n" in said.err
    assert names(here) == ["data/names.json", "hello.wf", "notes.txt", "wf.toml"]


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_overwritten(wf: Wf, here: Path, name: str) -> None:
    (here / name).parent.mkdir(exist_ok=True)
    (here / name).write_text("mine")
    said = wf("init")
    assert said.code == 2
    assert f"{name} is there already; nothing was written" in said.err
    assert names(here) == [name]
    assert (here / name).read_text() == "mine"


@pytest.mark.parametrize(
    ("folder", "name"), [("My First Project!", "my-first-project"), ("日本", "hello"), ("a.b", "a-b"), ("-x-", "x")]
)
def test_a_folders_name_becomes_a_packages(wf: Wf, here: Path, folder: str, name: str) -> None:
    assert wf("init", "--", folder).code == 0
    assert read(here / folder / "wf.toml").name == name


def test_a_file_is_no_folder(wf: Wf, here: Path) -> None:
    (here / "x").write_text("")
    said = wf("init", "x")
    assert (said.code, said.err) == (2, "error: x: this is a file, a folder is expected\n")
