"""Every `wf` block in the documents is a whole file: it is checked, and it is laid out as the formatter does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symphony_compiler.workspace import Workspace
from symphony_dsl.syntax.formatter import format_file
from symphony_dsl.syntax.parser import parse_file

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```wf\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
BLOCKS = [
    pytest.param(found.group(1), id=f"{path.relative_to(ROOT)}:{path.read_text()[: found.start()].count(chr(10)) + 2}")
    for path in DOCUMENTS
    for found in BLOCK.finditer(path.read_text())
]


def test_there_are_blocks() -> None:
    assert len(BLOCKS) >= 4


@pytest.mark.parametrize("text", BLOCKS)
def test_a_block_compiles(text: str) -> None:
    workspace = Workspace()
    workspace.update("document.wf", text)
    for module in workspace.missing_modules():
        workspace.update_module(module, None)
    assert [(d.code.code, d.message) for d in workspace.diagnostics("document.wf") if d.severity == "error"] == []
    assert all(workspace.artifact("document.wf", name) for name in workspace.workflows("document.wf"))


@pytest.mark.parametrize("text", BLOCKS)
def test_a_block_is_formatted(text: str) -> None:
    assert format_file(parse_file("document.wf", text)) == text
