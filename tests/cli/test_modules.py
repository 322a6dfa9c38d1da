"""Python modules are found by their path, and nothing of them is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from symphony.project.modules import NoModuleError, source_of

BOOM = "raise SystemExit('this was run')\n"


def put(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = folder / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_module_beside_the_file(here: Path) -> None:
    put(here, tools=BOOM)
    assert source_of("tools", here) == BOOM


def test_a_module_in_a_package_that_would_explode(here: Path) -> None:
    put(here, desk__inner__report=BOOM)
    (here / "desk" / "__init__.py").write_text(BOOM)
    (here / "desk" / "inner" / "__init__.py").write_text(BOOM)
    assert source_of("desk.inner.report", here) == BOOM
    assert source_of("desk.inner", here) == BOOM


def test_folders_without_init(here: Path) -> None:
    put(here, deep__er__still__there="x = 1\n")
    assert source_of("deep.er.still.there", here) == "x = 1\n"
    assert source_of("deep.er", here) == ""


def test_the_home_comes_before_the_environment(here: Path) -> None:
    assert "class Path" in str(source_of("pathlib", here))
    put(here, pathlib="mine = 1\n")
    assert source_of("pathlib", here) == "mine = 1\n"


@pytest.mark.parametrize("name", ["sys", "_json"])
def test_modules_without_source(here: Path, name: str) -> None:
    assert source_of(name, here) is None


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere_at_all", "there is no module 'nowhere_at_all'"),
        ("nowhere_at_all.x.y", "there is no module 'nowhere_at_all'"),
        ("desk.nothing", "there is no module 'desk.nothing'"),
        ("plain.inner", "'plain' is a module, not a package"),
        ("broken", "'broken' cannot be read"),
    ],
)
def test_what_is_missing(here: Path, name: str, message: str) -> None:
    put(here, desk____init__="", plain="x = 1\n")
    (here / "broken.py").write_bytes(b"\xff\xfe\x00 = 1")
    with pytest.raises(NoModuleError, match=message):
        source_of(name, here)


def test_an_encoding_is_respected(here: Path) -> None:
    (here / "latin.py").write_bytes("# -*- coding: latin-1 -*-\nname = 'Zoë'\n".encode("latin-1"))
    assert "Zoë" in str(source_of("latin", here))
