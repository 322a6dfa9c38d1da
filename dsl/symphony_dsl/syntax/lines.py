"""Opening braces that are missing in the middle of a line: `for x in xs  yield x }`.

A brace that is closed behind something on its line was opened there, as code is laid out. What it opens is found by what
stands in it: the first statement of a body, the first field of a record or setting, the first arm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.lr import Token
from symphony_dsl.expressions.messages import found
from symphony_dsl.expressions.problem import Problem, mend
from symphony_dsl.expressions.words import STATEMENT_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

OPEN, CLOSE = "LBRACE", "RBRACE"
STATEMENTS = frozenset(word.upper() for word in STATEMENT_WORDS)
ENDS = frozenset(
    {
        "RPAR",
        "RSQB",
        "RBRACE",
        "STRING",
        "NAME",
        "INT",
        "ELSE",
        "PARALLEL",
        "RETURNS",
        "ARROW",
        "COLON",
        "RECORD",
        "ALL",
        "FIRST",
    }
)
"""Behind these a brace may open."""


def opened_in_line(tokens: list[Token], text: str) -> tuple[list[Token], list[Problem]]:
    """The tokens with the braces that lines lack, and a problem for each."""
    made: list[Token] = []
    problems: list[Problem] = []
    for line in _lines(tokens, text):
        lacking = _lacking(line)
        if lacking:
            at = _place(line, lacking)
            problems.append(unopened(line[at - 1]))
            line.insert(at, Token(OPEN, "", line[at - 1].end, line[at - 1].end))
        made += line
    return made, problems


def _lines(tokens: list[Token], text: str) -> Iterator[list[Token]]:
    line: list[Token] = []
    for token in tokens:
        if line and "\n" in text[line[-1].end : token.start]:
            yield line
            line = []
        line.append(token)
    yield line


def _lacking(line: list[Token]) -> int | None:
    """The closing brace, not the first of its line, that nothing on its line opens."""
    depth = 0
    for number, token in enumerate(line):
        depth += token.kind == OPEN
        if token.kind == CLOSE:
            if depth == 0 and number > 0:
                return number
            depth = max(0, depth - 1)
    return None


def _place(line: list[Token], closing: int) -> int:
    """Where a brace was probably opened; right in front of the closing one where nothing tells."""
    depth = 0
    best = closing
    for number in range(closing - 1, 0, -1):
        kind = line[number].kind
        depth += (kind in (CLOSE, "RPAR", "RSQB")) - (kind in (OPEN, "LPAR", "LSQB"))
        if depth < 0:
            break
        if depth == 0 and _begins(line, number):
            best = number
    return best


def _begins(line: list[Token], number: int) -> bool:
    """Whether what stands in braces may begin with a token."""
    token, before = line[number], line[number - 1]
    behind = line[number + 1].kind if number + 1 < len(line) else ""
    if before.kind not in ENDS:
        return False
    if token.kind in STATEMENTS:
        return behind not in ("COLON", "DOT")
    if before.kind in ("COLON", "RETURNS", "RECORD"):
        return True
    return behind in ("COLON", "ARROW") and before.kind not in ("NAME", "COLON")


def unopened(behind: Token) -> Problem:
    place = Span(behind.end, behind.end)
    return Problem("WF0102", place, f"a `{{` is missing behind {found(behind)}", mend=mend("write `{`", place, " {"))
