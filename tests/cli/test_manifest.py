"""`wf.toml`: what is read, and each way to be wrong with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from symphony.project.home import home_at, home_of
from symphony.project.manifest import Manifest, read
from symphony_dsl.base.errors import UserError


def written(folder: Path, text: str) -> Path:
    path = folder / "wf.toml"
    path.write_text(text)
    return path


def test_all_keys(here: Path) -> None:
    path = written(here, 'name = "support-desk"\nversion = "1.2.3-rc.1"\nedition = "1.0"\n')
    assert read(path) == Manifest("support-desk", "1.2.3-rc.1", "1.0")


def test_a_name_is_enough(here: Path) -> None:
    assert read(written(here, 'name = "x"')) == Manifest("x", "0.0.0", "1.0")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version = '1.0.0'\n", 'wf.toml: there is no name (add a line like: name = "support-desk")'),
        ("name = 'x'\n\nverson = '1.0.0'\n", "wf.toml:3: the key 'verson' is not known (did you mean 'version'?)"),
        (
            "name = 'x'\ncolour = 'red'\n",
            "wf.toml:2: the key 'colour' is not known (known keys are name, version, edition)",
        ),
        ("name = 'x'\n[tool.wf]\n", "wf.toml:2: the key 'tool' is not known (known keys are name, version, edition)"),
        (
            "name = 'Big Name'\n",
            'wf.toml:1: name must be small letters, digits, "-" and "_", as in "support-desk"',
        ),
        ("name = 'x'\nversion = 1\n", 'wf.toml:2: version must be three numbers, as in "1.0.0"'),
        (
            "name = 'x'\nedition = '2.0'\n",
            'wf.toml:2: edition must be "1.0", the only edition that this version reads',
        ),
        (
            "name = 'x'\n[dependencies]\n",
            "wf.toml:2: this version reads no dependencies yet (import files by their path)",
        ),
        ("name = 'x'\nversion = \n", "wf.toml:2:11: this is no TOML: invalid value"),
        ("name = 'x", 'wf.toml:1:1: this is no TOML: expected "\'"'),
    ],
)
def test_what_is_wrong_is_named_with_its_place(here: Path, text: str, message: str) -> None:
    path = written(here, text)
    with pytest.raises(UserError) as caught:
        read(path)
    assert str(caught.value) == message


def test_a_home_is_the_nearest_manifest_above(here: Path) -> None:
    written(here, 'name = "outer"')
    inner = here / "a" / "b"
    inner.mkdir(parents=True)
    assert home_of(inner / "x.wf").root == here
    assert home_of(inner / "x.wf").package == "outer"
    written(inner, 'name = "inner"')
    assert (home_at(inner).root, home_at(inner).package) == (inner, "inner")
    assert home_at(inner.parent).root == here


def test_without_a_manifest_a_home_is_the_files_folder(here: Path) -> None:
    home = home_of(here / "a" / "x.wf")
    assert (home.root, home.package, home.has_manifest) == (here / "a", "local", False)
    assert home.name_of(here / "a" / "b" / "y.wf") == "b/y.wf"
    assert home.name_of(here / "z.wf") == "../z.wf"
    assert home.path_of("../z.wf") == here / "z.wf"


def test_a_folder_called_wf_toml_is_no_manifest(here: Path) -> None:
    (here / "wf.toml").mkdir()
    assert home_at(here).package == "local"
