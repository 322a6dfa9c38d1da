"""The reference of expressions: every example is run, and every function of the table is described."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from symphony.command.evaluating import Question, answer
from symphony.project.errors import CheckError
from symphony_dsl.expressions.functions.table import FUNCTIONS, METHODS
from symphony_dsl.expressions.macros import NAMESPACES

TEXT = (Path(__file__).parents[2] / "docs" / "expressions.md").read_text(encoding="utf-8")
CELL = re.compile(r"(?<!\\)\|")
CODE = re.compile(r"`` (.+?) ``|`(.+?)`")
LINE = re.compile(r"(.+?) +// (=>|\w+:) (.*)")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def code(cell: str) -> str:
    found = CODE.search(cell)
    assert found, cell
    return (found[1] or found[2]).replace("\\|", "|")


def rows() -> Iterator[tuple[str, str, str]]:
    """What stands first in each row of a table with examples, its example, and the value of that."""
    for line in TEXT.split("## Operators")[1].splitlines():
        cells = [cell.strip() for cell in CELL.split(line)[1:-1]]
        if len(cells) == 4 and CODE.search(cells[3]):
            yield code(cells[0]), code(cells[2]), code(cells[3])


def lines() -> Iterator[tuple[str, str, str, str]]:
    """The examples in blocks: the dialect, the text, how it ends (`=>` with a value), and the value or words of the message."""
    for dialect in ("expr", "cel"):
        for found in map(LINE.fullmatch, "".join(blocks(dialect)).splitlines()):
            assert found, "a line of a block is no example"
            yield dialect, found[1], found[2], found[3]


ROWS = list(rows())
LINES = list(lines())
(DATA,) = [json.loads(block) for block in blocks("json")]


def ended(text: str, *, cel: bool = False) -> Any:
    return answer(Question(text, DATA, cel))


@pytest.mark.parametrize(("text", "value"), [row[1:] for row in ROWS], ids=[text for _, text, _ in ROWS])
def test_the_example_of_a_row(text: str, value: str) -> None:
    assert repr(ended(text).value) == repr(json.loads(value))


@pytest.mark.parametrize(("dialect", "text", "how", "end"), LINES, ids=[line[1] for line in LINES])
def test_the_example_of_a_line(dialect: str, text: str, how: str, end: str) -> None:
    if how == "=>":
        made = ended(text, cel=dialect == "cel").text()
        assert re.sub(r"\s", "", made) == re.sub(r"\s", "", end)
        return
    with pytest.raises(CheckError) as caught:
        ended(text, cel=dialect == "cel")
    (found,) = caught.value.checked.diagnostics
    assert how == ("mistake:" if found.code.code.startswith("WF") else f"{found.code}:")
    assert end in found.message


def test_there_are_examples() -> None:
    assert len(ROWS) > 100
    assert len(LINES) > 40


def test_every_function_has_a_row_and_none_is_invented() -> None:
    called = [re.search(r"(\w*)([.?\[\]]*)\b(\w+)\(", signature) for signature, _, _ in ROWS]
    named = {f"{found[1]}.{found[3]}" if found[1] in NAMESPACES else found[3] for found in called if found}
    assert named - {"f"} == FUNCTIONS | METHODS


def test_the_python_of_the_page_runs() -> None:
    for block in blocks("python"):
        exec(compile(block, "docs/expressions.md", "exec"), {})
