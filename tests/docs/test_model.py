"""The page on the model: its Python runs from top to bottom, and every line gives what it says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from symphony_model.building.builder import WorkflowBuilder
from symphony_model.building.forms import Form

PAGE = Path(__file__).parents[2] / "docs" / "model.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAID = re.compile(r"(.+?) +# => (.*)")


def run(block: str, names: dict[str, Any]) -> Iterator[str]:
    """Run a block statement by statement; the lines that say what they give."""
    lines = block.splitlines()
    for statement in ast.parse(block).body:
        said = SAID.fullmatch(lines[(statement.end_lineno or 1) - 1])
        if isinstance(statement, ast.Expr) and said:
            value = eval(compile(ast.Expression(statement.value), PAGE.name, "eval"), names)
            assert repr(value) == said[2], said[1]
            yield said[1]
        else:
            exec(compile(ast.Module([statement], []), PAGE.name, "exec"), names)


def test_the_python_of_the_page_gives_what_it_says() -> None:
    names: dict[str, Any] = {"__name__": "model"}
    printed, count = StringIO(), 0
    for language, block in BLOCK.findall(TEXT):
        if language == "text":
            assert printed.getvalue() == block
            continue
        printed = StringIO()
        with redirect_stdout(printed):
            count += len(list(run(block, names)))
    assert count > 25


def test_the_python_of_the_readme_runs() -> None:
    readme = (PAGE.parents[1] / "README.md").read_text(encoding="utf-8")
    blocks = [block for language, block in BLOCK.findall(readme) if language == "python"]
    assert [list(run(block, {})) for block in blocks] == [[]]


def test_every_call_of_the_builder_is_described() -> None:
    calls = {name for name in dir(WorkflowBuilder) if not name.startswith("_")}
    assert {name for name in calls if not re.search(rf"\b{name}\b", TEXT.split("## Change")[0])} == set()


def test_every_form_of_a_block_is_described() -> None:
    assert {form for form in Form if f'`"{form}"`' not in TEXT} == set()
