"""Laws of files that are derived from the grammar: every construct, in every layout, with comments where they may stand."""

from __future__ import annotations

import os
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.syntax.derived import derived, derived_file, grammar
from tests.syntax.test_islands import same

from symphony_dsl.expressions.lr import Token, tokenize
from symphony_dsl.syntax.compare import comments, declarations
from symphony_dsl.syntax.formatter import WIDTH, format_file
from symphony_dsl.syntax.islands import file_parser
from symphony_dsl.syntax.parser import parse_file

MANY = 10_000 if os.environ.get("SYMPHONY_PROFILE") == "full" else 500
SEEDS, SIZES = st.integers(0, 2**62), st.integers(1, 150)

OPERATORS = frozenset(
    {"OR", "AND", "ELVIS", "LT", "LE", "GE", "GT", "EQ", "NE", "PLUS", "MINUS", "STAR", "SLASH", "PERCENT"}
)
OPENS, CLOSES = frozenset({"LPAR", "LBRACE"}), frozenset({"RPAR", "RBRACE"})


def test_every_rule_of_the_grammar_is_used() -> None:
    used: set[tuple[str, tuple[str, ...]]] = set()
    chance = Random(1)
    for _ in range(3000):
        derived(chance.choice(("decl", "stmt")), chance.randint(1, 250), chance, used)
    every = {(name, rule) for name in reachable() for rule in grammar().rules[name]}
    assert {folded(*each) for each in every} - {folded(*each) for each in used} == set()


def folded(name: str, rule: tuple[str, ...]) -> tuple[str, ...]:
    """A rule without what tells the forms of a symbol apart."""
    return tuple(symbol.split(":")[0] for symbol in (name, *rule))


def reachable() -> set[str]:
    found, rest = set(), ["decl"]
    while rest:
        name = rest.pop()
        if name in grammar().rules and name not in found:
            found.add(name)
            rest += [symbol for rule in grammar().rules[name] for symbol in rule]
    return found


@given(SEEDS, SIZES)
@settings(max_examples=MANY)
def test_formatting_keeps_meaning_and_comments_and_settles(seed: int, size: int) -> None:
    text = derived_file(seed, size)
    file = parse_file("x.wf", text)
    assert [found.message for found in file.all_diagnostics if found.severity == "error"] == [], text
    written = format_file(file)
    again = parse_file("x.wf", written)
    assert declarations(again) == declarations(file), text
    assert comments(again) == comments(file), text
    assert format_file(again) == written, text


@given(SEEDS, SIZES)
def test_islands_are_the_whole(seed: int, size: int) -> None:
    same(derived_file(seed, size))


@given(SEEDS, st.integers(100, 600))
def test_no_line_is_too_long_that_could_be_broken(seed: int, size: int) -> None:
    text = derived_file(seed, size, commented=False)
    for line in format_file(parse_file("x.wf", text)).splitlines():
        assert line == line.rstrip(), text
        assert len(line) <= WIDTH or not breaks(line), line


def breaks(line: str) -> bool:
    """Whether the formatter could have broken a line: before an operator, or in brackets that hold something."""
    tokens = tokenize(file_parser().tables, line)[0][:-1]
    opened: list[Token] = []
    for before, token in pairwise([Token("", "", -1, -1), *tokens]):
        if token.kind in OPERATORS and before.end < token.start and line[token.end : token.end + 1] == " ":
            return True
        if token.kind in CLOSES and opened and opened.pop() is not before:
            return True
        opened += [token] if token.kind in OPENS else []
    return False


@pytest.mark.parametrize(
    ("line", "can"),
    [("a[b].c()", False), ("f(a", False), ("f(a)", True), ("a + b", True), ("a<b>[] = -1", False), ("{ a: b }", True)],
)
def test_what_could_be_broken(line: str, can: bool) -> None:
    assert breaks(line) == can


@pytest.mark.parametrize(
    "text",
    [
        "policy\n// c\n  repeatable { }\n",
        "const\n  // one\n  // two\n\n  operator = 1h30m\n",
        "const A =\n// c\n  operator\n",
        "type T = // c\n  // d\n  workflow\n",
        "const A = 1\n// c\n/// d\nrecord R { }\n",
        "/// d\n// c\nrecord R {\n  /// e\n\n  // f\n  @a\n  // g\n  a: int\n}\n",
        "/// d\n@a // c\n/// e\n@b\nconst A = 1\n",
        "record R {\n  a: // c\n  int\n\n  /// d\n  b: int }\n",
        "const A = a // c\n" + "  + b\n" * 12,
        "const A = a // c\n" + "  ?? b\n" * 12,
        "const A = (a // c\n)" + "\n  .b()" * 12,
        "const A = a // c\n" + "  ? b : c\n" * 12,
    ],
)
def test_a_comment_in_an_odd_place_stays(text: str) -> None:
    file = parse_file("x.wf", f"wf 1.0\n{text}")
    assert not file.broken
    written = format_file(file)
    assert comments(parse_file("x.wf", written)) == comments(file)
    assert format_file(parse_file("x.wf", written)) == written
    assert not any(line.endswith(" ") for line in written.splitlines())
