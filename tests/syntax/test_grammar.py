"""The grammars build without a conflict, and the committed tables are what they give."""

from __future__ import annotations

import pytest
from lark.exceptions import UnexpectedInput

from symphony_dsl.expressions.lr import UnexpectedError, tokenize
from symphony_dsl.expressions.tables import load
from symphony_dsl.expressions.words import RESERVED
from symphony_dsl.syntax.builder import Builder
from symphony_dsl.syntax.generate import GRAMMARS, lark, tables
from symphony_dsl.syntax.islands import file_parser

FOLDERS = list(GRAMMARS)
TEXTS = [
    "", "wf 1.0", "wf 1.0 record A { a: int b: string = \"x\" }", "const A = 1 + 2 const B = a.b[0]?.c", "const A = a - b",
    "workflow w 1.0.0 { step a = f(x) { retry: 3 } after b }", "workflow w { input x: int @min(0) }", "stepper = f(x)",
    "workflow w { step match = f(x) }", "workflow w { step a = if b { yield c } else { } with { retry: 1 } }",
    "type T = (a: int) -> map<string>[]?", "const A = { a: 1 b: 2, c }", "const A = { a b: 2 }", "const A = {\"a\": 1 \"b\": 2}",
    "enum E { a, b = \"c\" d }", "const A = !-a", "const A = --a", "const A = 1m30s + .5", "@a @b(c: 1) record A { }",
    "workflow w { step x = try f() catch e: a | b { } catch e { yield 1 } }", "test \"a\" for w { mock a.b => fail \"x\" }",
]  # fmt: skip


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_tables_are_those_of_the_grammar(folder) -> None:
    assert tables(folder, GRAMMARS[folder]) == (folder / "tables.json").read_text("utf-8")


def test_the_parser_reads_what_lark_reads() -> None:
    reference = lark(FOLDERS[1], GRAMMARS[FOLDERS[1]])
    verdicts = [(text, _lark_reads(reference, text)) for text in TEXTS]
    assert [(text, _we_read(text)) for text in TEXTS] == verdicts
    assert {read for _, read in verdicts} == {True, False}


def _lark_reads(reference, text: str) -> bool:
    try:
        reference.parse(text, start="start")
    except UnexpectedInput:
        return False
    return True


def _we_read(text: str) -> bool:
    parser = file_parser()
    try:
        parser.parse("start", tokenize(parser.tables, text)[0], Builder(parser, text))
    except UnexpectedError:
        return False
    return True


def test_reserved_words_are_those_that_no_name_may_be() -> None:
    keywords = load("symphony_dsl.expressions").keywords
    assert set(keywords) >= RESERVED
    assert {word for word in keywords if not _we_read(f"const {word} = 1")} == RESERVED
