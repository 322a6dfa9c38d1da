"""The colours that editors give to a text: every word of the language has one, and they are those of a real editor's engine."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.editor.textmate import grammar, tokens

import symphony_dsl

HERE = Path(__file__).parent
WORD = re.compile(r'^[A-Z_]+: "([a-z]+)"$', re.MULTILINE)

WORDS = set(
    WORD.findall((Path(symphony_dsl.__file__).parent / "expressions" / "grammar.lark").read_text(encoding="utf-8"))
)

WHERE = {
    "wf": "wf 1.0",
    "record": "record A {",
    "enum": "enum A {",
    "type": "type A = int",
    "policy": "policy p {",
    "instrument": "instrument f(x: int) {",
    "operator": "operator f(x: int) {",
    "workflow": "workflow w {",
    "template": "template t 1.0.0 (",
    "const": "const A = 1",
    "import": 'import "./a.wf" as a',
    "as": 'import "./a.wf" as a',
    "version": 'import "a/b" version "^1"',
    "defaults": "defaults {",
    "layout": "layout {",
    "settings": "settings {",
    "pure": "pure operator f(x: int) {",
    "repeatable": "repeatable operator f(x: int) {",
    "once": "once operator f(x: int) {",
    "test": 'test "it" for w {',
    "given": "  given x: 1",
    "mock": "  mock f => 1",
    "expect": "  expect x > 1",
    "step": "  step s = f(x)",
    "input": "  input x: int",
    "output": "  output y: int = x",
    "all": "step s = parallel all {",
    "first": "step s = parallel first 2 {",
    "with": "} with { label: x }",
    "max": "step s = loop max 3 {",
    "every": "step s = loop every 5s {",
    "priority": "after a priority 2",
}
"""Where a word stands that is one in its place only; any other is tried alone."""


def scope_of(word: str, text: str) -> str:
    return next(scopes for found, scopes in tokens(text) if found == word)


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_word_of_the_language_looks_like_one(word: str) -> None:
    scope = scope_of(word, WHERE.get(word, f"a {word} b"))
    assert scope.split()[-1].split(".")[0] in {"keyword", "storage", "constant", "invalid"}


def test_no_other_word_is_a_keyword() -> None:
    text = json.dumps(grammar())
    listed = {word for group in re.findall(r"\\\\b\(\??:?([a-z|]+)\)", text) for word in group.split("|")}
    types = set(grammar()["repository"]["types"]["match"].split("(?:")[1].split(")")[0].split("|"))
    names = {"it", "run", "steps"}
    assert listed - types - names <= WORDS
    assert listed > {"if", "step", "workflow"}


@pytest.mark.parametrize("word", ["text", "model_of", "iffy", "steps_of", "in_it", "foreach"])
def test_a_name_is_no_keyword(word: str) -> None:
    scope = scope_of(word, f"  x == {word} + 1")
    assert not scope.startswith(("keyword", "storage"))


@pytest.mark.parametrize(
    ("text", "part", "scope"),
    [
        ("e.input", "input", "variable.other.property"),
        ("`input`", "`input`", "variable.other.quoted"),
        ("f(input: 1)", "input", "variable.parameter"),
        ('"a ${b + 1} c"', "+", "string.quoted.double meta.embedded.expression keyword.operator.arithmetic"),
        (r'"a \${b} c"', "{b} c", "string.quoted.double"),
        ("'${b}'", "${b}", "string.quoted.single"),
        ('r"\\n${b}"', r'r"\n${b}"', "string.quoted.raw"),
        ("1h30m", "1h30m", "constant.numeric.duration"),
        ("5min", "5min", ""),
        ("/// text", "/// text", "comment.line.documentation"),
        ("//// text", "//// text", "comment.line.double-slash"),
        ("x // input y", "// input y", "comment.line.double-slash"),
        ("T[]?", "T", "variable.other.constant"),
        ("while", "while", "invalid.illegal.reserved"),
    ],
)
def test_a_part_has_its_scope(text: str, part: str, scope: str) -> None:
    assert scope_of(part, text) == scope


def test_a_text_over_several_lines_ends_where_it_ends() -> None:
    found = tokens('prompt: """\n  step ${x} "quoted"\n  """\nstep a = 1')
    assert found.count(("step", "string.quoted.triple")) == 1
    assert ("step", "keyword.declaration.step") in found


def test_an_open_string_does_not_reach_the_next_line() -> None:
    assert ("step", "keyword.declaration.step") in tokens('x: "open\nstep a = 1')


def test_the_example_has_the_scopes_of_an_editor() -> None:
    expected = (HERE / "example.scopes.txt").read_text(encoding="utf-8")
    found = tokens((HERE / "example.wf").read_text(encoding="utf-8"))
    assert "".join(f"{json.dumps(text, ensure_ascii=False)} {scopes}\n" for text, scopes in found) == expected
