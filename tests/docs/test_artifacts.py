"""The page on artifacts: its Python runs, its versions and options are those that there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.docs.test_model import BLOCK, run

from symphony_schemas import KINDS, newest

PAGE = Path(__file__).parents[2] / "docs" / "artifacts.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_python_of_the_page_gives_what_it_says() -> None:
    names: dict[str, Any] = {"__name__": "artifacts"}
    said = [line for language, block in BLOCK.findall(TEXT) if language == "python" for line in run(block, names)]
    assert len(said) >= 9


def test_every_version_is_told_of() -> None:
    assert [version for version in KINDS["workflow"] if f"| {version} |" not in TEXT] == []
    assert f'"schema_version": "{newest("workflow")}"' in TEXT
