"""The check of the wheel finds what is missing and what does not belong there."""

from __future__ import annotations

from fnmatch import fnmatch
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPEC = spec_from_file_location("check_wheel", ROOT / ".ci" / "check_wheel.py")
assert SPEC
assert SPEC.loader
check_wheel = module_from_spec(SPEC)
SPEC.loader.exec_module(check_wheel)


def test_the_files_of_the_rooms_are_right() -> None:
    assert check_wheel.check_files(check_wheel.wanted(ROOT), ROOT) == []


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("symphony_dsl/syntax/grammar.lark", "is missing: symphony_dsl/syntax/grammar.lark"),
        ("symphony_model/py.typed", "symphony_model has no py.typed"),
        ("symphony_schemas/workflow-1.0.0.schema.json", "is missing: symphony_schemas/workflow-1.0.0.schema.json"),
        ("symphony_compiler/std/*.wf", "there is no file like symphony_compiler/std/*.wf"),
    ],
)
def test_what_is_missing_is_found(name: str, what: str) -> None:
    held = {each for each in check_wheel.wanted(ROOT) if not fnmatch(each, name)}
    assert what in check_wheel.check_files(held, ROOT)


@pytest.mark.parametrize("name", ["tests/conftest.py", "model/__init__.py", "symphony_dsl/notes.txt"])
def test_what_does_not_belong_there_is_found(name: str) -> None:
    problems = check_wheel.check_files(check_wheel.wanted(ROOT) | {name}, ROOT)
    assert problems == [f"does not belong there: {name}"]
