"""The page on artifacts: its Python runs, its versions and options are those that there are."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.docs.test_model import BLOCK, run

from symphony.command.main import main
from symphony_schemas import KINDS, newest

PAGE = Path(__file__).parents[2] / "docs" / "artifacts.md"
TEXT = PAGE.read_text(encoding="utf-8")
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OLD = PAGE.parents[1] / "tests" / "data" / "artifacts" / "desk-1.0.0.wf.json"


def test_the_python_of_the_page_gives_what_it_says() -> None:
    names: dict[str, Any] = {"__name__": "artifacts"}
    said = [line for language, block in BLOCK.findall(TEXT) if language == "python" for line in run(block, names)]
    assert len(said) >= 9


def test_the_commands_of_the_page_do_what_they_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("desk.wf.json", "build/desk.wf.json", "build/other.wf.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(OLD, tmp_path / name)
    lines = [line for block in SHELL.findall(TEXT) for line in block.splitlines()]
    for line in lines:
        program, *words = shlex.split(line, comments=True)
        paths = [sorted(map(str, Path().glob(word))) if "*" in word else [word] for word in words]
        assert (program, main([word for each in paths for word in each])) == ("wf", 0)
    versions = {path: json.loads(path.read_text(encoding="utf-8"))["schema_version"] for path in Path().rglob("*.json")}
    assert versions == {Path("desk.wf.json"): "1.0.0", **dict.fromkeys(Path("build").iterdir(), newest("workflow"))}


def test_every_version_is_told_of() -> None:
    assert [version for version in KINDS["workflow"] if f"| {version} |" not in TEXT] == []
    assert f'"schema_version": "{newest("workflow")}"' in TEXT
