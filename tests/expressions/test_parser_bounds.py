"""Whatever the text, reading it is bounded work and ends with a tree or with a mistake that has a place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symphony_dsl.base.span import Span
from symphony_dsl.expressions import lr, texts
from symphony_dsl.expressions.lr import Token
from symphony_dsl.expressions.parser import (
    MAX_LENGTH,
    MAX_TOKENS,
    ExpressionSyntaxError,
    limit_passed,
    parse_cel,
    parse_expression,
)
from symphony_dsl.expressions.tree import Expr

READERS = [parse_expression, parse_cel]
SIGNS = [
    "(", "[", "{", "{(", "f(", "!", "-", ".a", "+1", "a ? b : ", "a ? (", '"', "'", '"""', "'''", "`", "\\", '\\"""', '\\"',
    "${", '"${', "${a}", "\u0430", "//", "/*", "\n", "1.", "1s", "0x", "r'", "]", "}", "a,", "a:", "\u200b", "\x00", "=>", "1e",
]  # fmt: skip

Reader = Callable[[str], Expr]


@pytest.fixture
def read_tokens(monkeypatch: pytest.MonkeyPatch) -> list[Token]:
    """The tokens that are read, as they are read."""
    seen: list[Token] = []
    scan = lr.scan

    def counted(*arguments: Any) -> Iterator[Token]:
        for token in scan(*arguments):
            seen.append(token)
            yield token

    monkeypatch.setattr(lr, "scan", counted)
    monkeypatch.setattr(texts, "scan", counted)
    return seen


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("sign", SIGNS)
def test_a_hundred_thousand_signs_are_refused_unread(reader: Reader, sign: str, read_tokens: list[Token]) -> None:
    with pytest.raises(ExpressionSyntaxError, match=r"at most 16,384 characters; give parts of it a name"):
        reader(sign * 100_000)
    assert read_tokens == []


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("sign", SIGNS)
def test_a_long_text_is_read_once(reader: Reader, sign: str, read_tokens: list[Token]) -> None:
    text = (sign * MAX_LENGTH)[:MAX_LENGTH]
    with pytest.raises(ExpressionSyntaxError) as raised:
        reader(text)
    assert len(read_tokens) <= MAX_LENGTH
    assert 0 <= raised.value.span.start <= raised.value.span.end <= len(text)


@pytest.mark.parametrize("text", ['"' + "${a}" * 4_000 + '"', '"""' + '${"${b}"}' * 1_800 + '"""'])
def test_tokens_inside_strings_are_read_once_and_count(text: str, read_tokens: list[Token]) -> None:
    with pytest.raises(ExpressionSyntaxError, match="at most 2,000 words and signs"):
        parse_expression(text)
    assert len(read_tokens) <= 2 * MAX_TOKENS
    assert limit_passed(text) == "2,000 words and signs"


def test_a_quote_that_nothing_closes_is_looked_for_once(read_tokens: list[Token]) -> None:
    with pytest.raises(ExpressionSyntaxError, match="this string is not closed"):
        parse_expression('"""' + '\\"""' * 4_000)
    with pytest.raises(ExpressionSyntaxError, match="this string is not closed"):
        parse_expression('"""${' + "'''\\" * 3_000 + '"""')
    assert len([token for token in read_tokens if token.kind == "UNCLOSED"]) == 2


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("[", "]"), ("{1: ", "}"), ("f(", ")"), ("a[", "]")])
def test_brackets_nest_to_a_depth(reader: Reader, opening: str, closing: str) -> None:
    reader(opening * 64 + "a" + closing * 64)
    with pytest.raises(ExpressionSyntaxError, match="nested more than 64 levels deep") as raised:
        reader(opening * 65 + "a" + closing * 65)
    assert raised.value.span.end == len(opening) * 64 + len(opening.rstrip(" 1:"))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", ["!" * 1_998 + "a", "-" * 1_998 + "a", "a" + ".b" * 999, "a ? b : " * 499 + "c"])
def test_chains_may_be_as_long_as_an_expression(reader: Reader, text: str) -> None:
    reader(text)
    assert limit_passed(text) is None
    with pytest.raises(ExpressionSyntaxError, match="at most 2,000 words and signs"):
        reader(f"{text} + a + a")
    assert limit_passed(f"{text} + a + a") == "2,000 words and signs"


@pytest.mark.parametrize("reader", READERS)
@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(SIGNS), max_size=12).map("".join)))
def test_any_text_has_a_tree_or_a_mistake(reader: Reader, text: str) -> None:
    span = _mistaken(reader, text)
    assert 0 <= span.start <= span.end <= len(text)


def _mistaken(reader: Reader, text: str) -> Span:
    try:
        return reader(text).span
    except ExpressionSyntaxError as mistake:
        return mistake.span
