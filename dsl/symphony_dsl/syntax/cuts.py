"""Cuts the tokens of a body into its statements, for reading each by itself.

A statement starts where its word stands outside of braces, for these words are reserved and name nothing there but a
field, a port or an argument, before `:` or behind `.`. A name or another word that begins a line starts one too where
what stands before it is complete: such a statement is a mistake, and the next one none of its business.
"""

from __future__ import annotations

from symphony_dsl.expressions.lr import END, Token
from symphony_dsl.expressions.words import STATEMENT_WORDS

STATEMENTS = frozenset(word.upper() for word in STATEMENT_WORDS)
FOREIGN = frozenset({"LET", "VAR", "CONST", "RETURN", "WHILE", "BREAK", "CONTINUE", "FUNCTION"})
CONTROLS = frozenset({"IF", "MATCH", "FOR", "LOOP", "TRY"})
# Behind these an expression or a type may be complete; behind any other a statement goes on.
ENDS = frozenset({
    "NAME", "QNAME", "STRING", "TEXT", "RAW", "BYTES", "INT", "UINT", "FLOAT", "DURATION", "TRUE", "FALSE", "NULL",
    "RPAR", "RSQB", "RBRACE", "GT", END,
})  # fmt: skip


def cut(tokens: list[Token], text: str) -> list[list[Token]]:
    """The statements of a body, each with the token that ends it; the first takes what stands before it."""
    starts = [0, *(number for number in _starts(tokens, text) if number)] if tokens else []
    ends = [*starts[1:], len(tokens)]
    pieces = (tokens[start:end] for start, end in zip(starts, ends, strict=True))
    return [[*piece, Token(END, "", piece[-1].end, piece[-1].end)] for piece in pieces]


def holds_statements(tokens: list[Token], text: str) -> bool:
    return any(tokens[number].kind in STATEMENTS for number in _starts(tokens, text))


def _starts(tokens: list[Token], text: str) -> list[int]:
    starts: list[int] = []
    braces = parentheses = 0
    leading = False  # whether only annotations stood since the last start
    for number, token in enumerate(tokens):
        braces -= token.kind == "RBRACE"
        if braces == 0 and _starts_at(tokens, number, text, parentheses):
            if not leading:
                starts.append(number)
            leading, parentheses = token.kind == "AT", 0
        braces += token.kind == "LBRACE"
        if braces == 0:  # one that is open inside of braces ends there
            parentheses += (token.kind in ("LPAR", "LSQB")) - (token.kind in ("RPAR", "RSQB"))
    return starts


def _starts_at(tokens: list[Token], number: int, text: str, parentheses: int) -> bool:
    token, before, behind = tokens[number], _kind(tokens, number - 1), _kind(tokens, number + 1)
    if token.kind in STATEMENTS:
        before = "DOT" if (_kind(tokens, number - 2), before) == ("DOT", "QMARK") else before  # `a.?step`
        return (before in ENDS or first_on_line(text, token)) and _is_statement(token, before, behind)
    if parentheses > 0:
        return False
    if token.kind == "AT":
        return True
    if not first_on_line(text, token) or not (before in ENDS or _is_optional_type(tokens, number - 1)):
        return False
    return token.kind == "NAME" or (token.kind in CONTROLS | FOREIGN and behind != "COLON")


def _is_statement(token: Token, before: str, behind: str) -> bool:
    if token.kind == "SETTINGS" and behind != "LBRACE":
        return False
    return before != "DOT" and behind not in ("DOT", "COLON")


def _is_optional_type(tokens: list[Token], number: int) -> bool:
    """Whether a `?` is that of a type, which has no blank in front of it."""
    return number > 0 and tokens[number].kind == "QMARK" and tokens[number - 1].end == tokens[number].start


def _kind(tokens: list[Token], number: int) -> str:
    return tokens[number].kind if 0 <= number < len(tokens) else END


def first_on_line(text: str, token: Token) -> bool:
    return not text[text.rfind("\n", 0, token.start) + 1 : token.start].strip()
