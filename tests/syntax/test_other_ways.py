"""What the parser makes of a text is the one derivation that the grammar has for it, however that is found."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark
from lark.load_grammar import FromPackageLoader
from tests.syntax.derived import derived_file
from tests.syntax.other_ways import Derivations, derivation, our_parser, reader

from symphony_dsl.expressions.lr import tokenize
from symphony_dsl.syntax.generate import GRAMMARS
from symphony_dsl.syntax.parser import parse_file

ROOT = Path(__file__).parents[2]
FULL = os.environ.get("SYMPHONY_PROFILE") == "full"
ROOMS = ("compiler", "examples", "tests", "cli")
EVERY = 1 if FULL else 12
"""Earley's parser is slow: each file of the corpus is read by it where the large counts are asked for, else some are."""


@cache
def corpus() -> list[Path]:
    """The files of the project that are well formed."""
    found = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.wf"))
    return [path for path in found if not parse_file("x.wf", path.read_text("utf-8")).broken]


def agrees(text: str, *kinds: str) -> None:
    tokens, _ = tokenize(our_parser().tables, text)
    ours = our_parser().parse("start", tokens, Derivations())
    for kind in kinds:
        assert derivation(reader(kind).parse(text, start="start")) == ours, text


def test_the_corpus_is_all_there() -> None:
    assert len(corpus()) > 60
    assert {path.relative_to(ROOT).parts[0] for path in corpus()} >= {"compiler", "examples", "tests"}


@pytest.mark.parametrize("path", corpus(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_corpus_is_read_as_lark_reads_it(path: Path) -> None:
    agrees(path.read_text("utf-8"), "lalr")


@pytest.mark.parametrize("path", corpus()[::EVERY], ids=lambda path: str(path.relative_to(ROOT)))
def test_the_corpus_has_one_derivation(path: Path) -> None:
    agrees(path.read_text("utf-8"), "earley")


@given(st.integers(0, 2**62), st.integers(1, 60))
@settings(max_examples=300 if FULL else 20)
def test_what_is_derived_has_one_derivation(seed: int, size: int) -> None:
    agrees(derived_file(seed, size), "lalr", "earley")


@pytest.mark.parametrize("lexer", ["basic", "contextual"])
@pytest.mark.parametrize("folder", list(GRAMMARS), ids=lambda folder: folder.name)
def test_the_grammar_is_strict_under_both_lexers(folder: Path, lexer: str) -> None:
    starts = [*GRAMMARS[folder], *(["type", "value", "body", "block"] if "start" in GRAMMARS[folder] else ["args"])]
    Lark(
        (folder / "grammar.lark").read_text("utf-8"),
        parser="lalr",
        lexer=lexer,  # type: ignore[arg-type]  # one of two literals
        strict=True,
        start=starts,
        maybe_placeholders=True,
        import_paths=[FromPackageLoader("symphony_dsl")],
    )
