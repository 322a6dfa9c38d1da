"""Broken text is read on as it was meant, and reading it is linear work, which is counted."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from symphony_dsl.expressions import lr
from symphony_dsl.expressions.lr import MOST_OPEN_QUOTES, Parser, tokenize
from symphony_dsl.syntax import scanner
from symphony_dsl.syntax.islands import MOST_READ_ON, file_parser
from symphony_dsl.syntax.parser import parse_file
from symphony_dsl.syntax.tree import Callable as Operator
from symphony_dsl.syntax.tree import Record, Workflow

MANY: dict[str, Callable[[int], str]] = {
    "an open block of text, and quotes": lambda n: 'const A = """' + '\\"""' * n,
    "an open block of text, and lines of quotes": lambda n: 'const A = """\n' + '\\"""\n' * n,
    "an open quote, and escaped ones": lambda n: 'const A = "' + '\\"' * n,
    "an open quote on each line": lambda n: "const A = " + '"a\n' * n,
    "a broken statement on each line": lambda n: "workflow w {\n" + "  step a f(x\n" * n + "}\n",
    "a broken field on each line": lambda n: "record R {\n" + "  a int\n" * n + "}\n",
    "blocks that are not closed": lambda n: "workflow w {\n" + "  step a = if x {\n" * n,
    "declarations on one line": lambda n: "defaults { a: 1 } " * n,
    "declarations in column two": lambda n: " const\n A = 1" * n,
    "broken declarations in column two": lambda n: " operator\n f(a int) {}" * n,
    "broken bodies on each line": lambda n: "workflow w {\n" + "  step a = if x { yield } else { yield }\n" * n + "}\n",
    "broken arms of one statement": lambda n: (
        "workflow w {\n step a = if x { yield }" + " else if x { yield }" * n + "}\n"
    ),
    "blocks that are not opened": lambda n: "workflow w {\n" + "  step a = if x  yield 1 }\n" * n + "}\n",
}


@pytest.mark.parametrize("name", MANY)
def test_work_is_linear(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done: Counter[str] = Counter()
    parser = file_parser()
    monkeypatch.setattr(parser, "_reductions", CountedList(parser._reductions, done))
    monkeypatch.setattr(Parser, "_reduced", counted("reduced", Parser._reduced, done))
    monkeypatch.setattr(lr, "_token", counted("token", lr._token, done))
    counts = []
    for size in (250, 1000):
        done.clear()
        parse_file("w.wf", f"wf 1.0\n{MANY[name](size)}")
        counts.append(done.total())
    assert counts[1] <= counts[0] * 4.5 + 500


@pytest.mark.parametrize("count", [1, 2, MOST_READ_ON, MOST_READ_ON + 1, 200])
@pytest.mark.parametrize("text", ["defaults {} ", " const\n A = 1", "type A = int "])
def test_sound_declarations_on_one_line_are_all_read(text: str, count: int) -> None:
    file = parse_file("w.wf", f"wf 1.0\n{text * count}")
    assert not file.all_diagnostics
    assert sum(island.declaration is not None for island in file.islands) == count


def test_behind_many_broken_declarations_of_an_island_any_name_may_be_defined() -> None:
    text = "wf 1.0\n" + " operator\n f(a int) {}" * 50 + " const\n c = e // f\n"
    file = parse_file("w.wf", text)
    assert "".join(island.text for island in file.islands) == text[len("wf 1.0\n") :]
    assert file.broken
    assert "c" in file.islands[-1].lost
    assert [comment.text for comment in file.islands[-1].comments] == ["// f"]


def counted(name: str, method: Callable[..., object], done: Counter[str]) -> Callable[..., object]:
    def call(*arguments: object) -> object:
        done[name] += 1
        return method(*arguments)

    return call


class CountedList(list[lr.Reduction]):
    """Counts how often one of its elements is looked up."""

    def __init__(self, of: list[lr.Reduction], done: Counter[str]) -> None:
        super().__init__(of)
        self._done = done

    def __getitem__(self, at: Any) -> Any:  # as that of lists
        self._done["reduction"] += 1
        return super().__getitem__(at)


@pytest.mark.parametrize("text", ['"""' + '\\"""' * 8000, '"' + '\\"' * 8000, "r'''" + "'' '" * 8000])
def test_an_open_quote_is_looked_for_a_few_times_only(text: str) -> None:
    tokens, _ = tokenize(file_parser().tables, text)
    assert sum(token.kind == "UNCLOSED" for token in tokens) <= MOST_OPEN_QUOTES


def test_an_open_block_is_looked_for_to_the_end_a_few_times_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a block opens, what opens the others is escaped, so that each seems to be open to the end of the text."""
    text = 'const A = \\"""\n' * 1000
    item, read = scanner.ITEM, []

    class Reading:
        def match(self, text: str, at: int, end: int) -> object:
            found = item.match(text, at, end)
            read.append(end - at if found and found.lastgroup == "unclosed" else 0)
            return found

    monkeypatch.setattr(scanner, "ITEM", Reading())
    assert len(scanner.scan(text)) == 1000
    assert sum(read) <= (MOST_OPEN_QUOTES + 1) * len(text)


@pytest.mark.parametrize("delimiter", ['"""', "'''"])
def test_a_long_block_of_text_is_read_in_little_memory(delimiter: str) -> None:
    text = f"wf 1.0\nconst A = {delimiter}\n{'x' * 300_000}\n{delimiter}\n"
    tracemalloc.start()
    try:
        assert not parse_file("w.wf", text).all_diagnostics
        assert tracemalloc.get_traced_memory()[1] < 20 * len(text)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ticket {\n  id: string\n}", Record),
        ("record Ticket \n  id: string\n}", Record),
        ('f(x: int) -> int { python: "m:f" }', Operator),
        ('operator f(x: int -> int { python: "m:f" }', Operator),
        ('operator f(x: int) -> int { python: m:f" }', Operator),
        ('operator f(x: int) -> int { python: "m:f }', Operator),
        ("w 1.0.0 {\n  step a = 1\n}", Workflow),
        ("workflow w \n  step a = 1\n}", Workflow),
    ],
)
def test_a_declaration_with_one_mistake_is_there(text: str, kind: type) -> None:
    (island,) = parse_file("w.wf", f"wf 1.0\n{text}\n").islands
    assert len(island.diagnostics) == 1
    assert isinstance(island.declaration, kind)


@pytest.mark.parametrize(
    "statement",
    [
        "step a f(x)",
        "a = f(x)",
        "step a = f(x: 1",
        "step a = fx: 1)",
        "step a = xs.map(x, x + 1",
        'step a = "abc',
        'step a = abc"',
        'step a = f(x: "abc)',
        "step a = b { yield 1 }",
        "step a = x in xs { yield x }",
        "step a = b { c => 1 }",
        "step a = for x in xs  yield x }",
        "step a = f(x)  retry: 3 }",
        "step a = for x xs { yield x }",
    ],
)
def test_a_statement_with_one_mistake_is_there_and_so_are_those_around_it(statement: str) -> None:
    text = f"wf 1.0\nworkflow w {{\n  step before = 1\n  {statement}\n  step behind = 2\n}}\n"
    (island,) = parse_file("w.wf", text).islands
    assert len(island.diagnostics) == 1
    workflow = island.declaration
    assert isinstance(workflow, Workflow)
    assert [each.name.name for each in workflow.body.statements] == ["before", "a", "behind"]
