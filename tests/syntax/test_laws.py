"""Laws that hold for every text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.syntax.test_islands import same
from tests.syntax.written import EXPRESSIONS, FILES, strewn

from symphony_dsl.expressions.parser import ExpressionSyntaxError, parse_expression
from symphony_dsl.expressions.unparse import unparse
from symphony_dsl.syntax.compare import comments, declarations, shape
from symphony_dsl.syntax.formatter import format_file
from symphony_dsl.syntax.parser import parse_file

# Descriptions of strategies that contain each other grow to gigabytes; `written.brief` cuts them.
pytestmark = pytest.mark.filterwarnings("error:Generating overly large repr")

PIECES = [
    '"', '"""', "'", "{", "}", "(", ")", "[", "]", "\n", "//", "///", " ", "@", "@a(1)", "step ", "input ", "${", "\\", "`",
    "=", "=>", "->", "?", ".", "if ", "else ", "workflow w {", "record R {", "wf 1.0", "1.0.0", "5min", "\t", "\r", "é",
    "\ud800", "\0", "for ", "match ", "elif", "|", "||", "yield ", "a", "b c", "needs: ", '"x ${y} z"', "r'\\d'", "#", ";",
]  # fmt: skip
EDITS = st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 1, 5, 40]), st.sampled_from(PIECES)), max_size=6)


@given(EXPRESSIONS)
def test_canonical_text_is_the_same_expression(text: str) -> None:
    made = parse_expression(text)
    canonical = unparse(made)
    assert shape(parse_expression(canonical)) == shape(made)
    assert unparse(parse_expression(canonical)) == canonical
    assert "\n" not in canonical


@given(FILES)
def test_the_generated_files_are_well_formed(text: str) -> None:
    assert [found.message for found in parse_file("x.wf", text).all_diagnostics if found.severity == "error"] == []


@given(FILES)
def test_islands_are_the_whole(text: str) -> None:
    same(text)


@given(strewn())
def test_formatting_keeps_meaning_and_comments_and_settles(text: str) -> None:
    file = parse_file("x.wf", text)
    written = format_file(file)
    again = parse_file("x.wf", written)
    assert declarations(again) == declarations(file)
    assert comments(again) == comments(file)
    assert format_file(again) == written


def checked(text: str) -> None:
    """Reading never raises, and everything said has a place in the text."""
    file = parse_file("x.wf", text)
    for found in file.all_diagnostics:
        edits = [edit.location for fix in found.fixes for edit in fix.edits]
        for place in (found.location, *(label.location for label in found.labels), *edits):
            assert 0 <= place.span.start <= place.span.end <= len(text)
    for island in file.islands:
        assert text[island.start : island.start + len(island.text)] == island.text
    if not file.broken:
        assert format_file(file)


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    checked(text)
    checked(f"wf 1.0\n{text}")


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    checked(data.decode("utf-8", "replace"))


@given(EDITS)
@settings(max_examples=40)
def test_any_edit_of_a_file_is_read(library: str, edits: list[tuple[float, int, str]]) -> None:
    text = library
    for where, length, piece in edits:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + length :]
    checked(text)


@given(st.text(st.sampled_from("ab1. +-*?:()[]{}\"'$\\,!&|=<>`\n"), max_size=40))
def test_any_expression_is_read_or_refused(text: str) -> None:
    try:
        made = parse_expression(text)
    except ExpressionSyntaxError as problem:
        place, message = problem.span, problem.message
    else:
        place, message = made.span, unparse(made)
        assert shape(parse_expression(message)) == shape(made)
    assert 0 <= place.start <= place.end <= len(text)
    assert message


@pytest.mark.parametrize(
    "text",
    [
        "workflow w {\n" + "step a = if b {\n" * 200 + "}\n" * 201,
        "const A = " + "[" * 500 + "]" * 500,
        "type A = int" + "[]" * 500,
        "type A = " + "map<" * 500 + "int" + ">" * 500,
        "record A { } " * 500,
        "const A = " + " + ".join(["a"] * 500),
        "workflow w {" + "step a = f(x y)\n" * 500 + "}",
        "const A = \"\"\"\n" * 200,
        "{" * 5000,
        "`" * 5000,
        "@a " * 2000,
    ],
    ids=lambda text: text[:24],
)  # fmt: skip
def test_deep_and_long_texts_are_read(text: str) -> None:
    checked(f"wf 1.0\n{text}")
