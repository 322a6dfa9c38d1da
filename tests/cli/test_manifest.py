"""`wf.toml`: what is read, and each way to be wrong with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from symphony.project.executors import made
from symphony.project.home import home_at, home_of
from symphony.project.manifest import Manifest, read
from symphony_dsl.base.errors import UserError

EXAMPLE = 'as in: gpu = 1, or: cluster = "module:function"'


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
            "wf.toml:2: the key 'colour' is not known (known keys are name, version, edition, executors)",
        ),
        (
            "name = 'x'\n[tool.wf]\n",
            "wf.toml:2: the key 'tool' is not known (known keys are name, version, edition, executors)",
        ),
        (
            "name = 'x'\nexecutors = 1\n",
            "wf.toml:2: executors must be a table (write: [executors], and below it: gpu = 1)",
        ),
        ("name = 'x'\n[executors]\nlocal = 1\n", "wf.toml:2: the name of the executor 'local' is there already"),
        (
            "name = 'x'\n[executors]\nGPU = 1\n",
            'wf.toml:2: the name of the executor \'GPU\' must be small letters, digits, "-" and "_"',
        ),
        *(
            (
                f"name = 'x'\n[executors]\ngpu = {value}\n",
                f"wf.toml:2: the executor 'gpu' must be how many attempts run at once, or a function ({EXAMPLE})",
            )
            for value in ("0", "true", "1.5", '"module"')
        ),
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


def test_executors_are_numbers_or_functions(here: Path) -> None:
    written(here, 'name = "x"\n[executors]\ngpu = 2\ncluster = "far:executor"\n')
    home = home_at(here)
    assert home.executors == {"gpu": 2, "cluster": "far:executor"}
    (here / "far.py").write_text(
        "class Far:\n    def run(self, task, report): ...\n    def close(self): ...\n"
        "def executor(home):\n    return Far()\ndef none(home):\n    return home\n"
    )
    found = made(home.executors, here)
    assert (found["gpu"], type(found["cluster"]).__name__) == (2, "Far")
    for function, message in (
        ("far:none", "what far:none gives is no executor: it has no `run` and `close`"),
        ("far:gone", "the executor 'e' cannot be made by far:gone: AttributeError: "),
        (
            "no_such_module:x",
            "cannot be made by no_such_module:x: ModuleNotFoundError: No module named 'no_such_module'",
        ),
    ):
        with pytest.raises(UserError) as caught:
            made({"e": function}, here)
        assert message in str(caught.value)
