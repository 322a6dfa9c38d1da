"""The locks hold what the project asks for and what builds it, with hashes, and name no place to get it from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
BUILD = ["hatchling", "editables"]
LOCKS = {
    "core": [*PROJECT["dependencies"], *BUILD],
    "local": [*PROJECT["dependencies"], *EXTRAS["local"], *BUILD],
    "dev": [*PROJECT["dependencies"], *EXTRAS["local"], *EXTRAS["openai"], *EXTRAS["dev"], *BUILD],
}


def name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-")


def read(lock: str) -> str:
    return (ROOT / "requirements" / f"{lock}.txt").read_text()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_is_asked_for(lock: str) -> None:
    pinned = {name(found) for found in re.findall(r"^(\S+)==", read(lock), re.MULTILINE)}
    assert {name(requirement) for requirement in LOCKS[lock]} - pinned == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    entries = re.split(r"^(?=\S+==)", read(lock), flags=re.MULTILINE)[1:]
    assert len(entries) > 10
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place(lock: str) -> None:
    assert re.findall(r"https?:|file:|--index|--extra-index|--find-links|@ ", read(lock)) == []


def test_every_dependency_has_a_line_in_the_documents() -> None:
    written = set(re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE))
    asked = [*PROJECT["dependencies"], *(each for extra in EXTRAS.values() for each in extra)]
    assert {each.lower() for each in written} == {name(requirement) for requirement in asked}
