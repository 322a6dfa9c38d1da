"""Every `wf` block in the documents is a whole file: it is checked, and it is laid out as the formatter does.

A comment `// WF0301` that ends a line says which error begins there.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symphony_compiler.workspace import Workspace
from symphony_dsl.syntax.formatter import format_file
from symphony_dsl.syntax.parser import parse_file

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```wf\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WRONG = re.compile(r"// (WF\d{4})$")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
BLOCKS = [
    pytest.param(found.group(1), id=f"{path.relative_to(ROOT)}:{path.read_text()[: found.start()].count(chr(10)) + 2}")
    for path in DOCUMENTS
    for found in BLOCK.finditer(path.read_text())
]


def test_there_are_blocks() -> None:
    assert len(BLOCKS) >= 4


@pytest.mark.parametrize("text", BLOCKS)
def test_a_block_compiles_but_where_a_comment_says_what_is_wrong(text: str) -> None:
    workspace = Workspace()
    workspace.update("document.wf", text)
    for module in workspace.missing_modules():
        workspace.update_module(module, None)
    errors = [each for each in workspace.diagnostics("document.wf") if each.severity == "error"]
    lines = [text.count("\n", 0, each.location.span.start) for each in errors]
    said = dict(enumerate(WRONG.search(line) for line in text.splitlines()))
    wanted = [(line, found.group(1)) for line, found in said.items() if found]
    assert [(line, each.code.code) for line, each in zip(lines, errors, strict=True)] == wanted, errors
    assert wanted or all(workspace.artifact("document.wf", name) for name in workspace.workflows("document.wf"))


@pytest.mark.parametrize("text", BLOCKS)
def test_a_block_is_formatted(text: str) -> None:
    assert format_file(parse_file("document.wf", text)) == text
