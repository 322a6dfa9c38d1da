"""Strings: where their interpolations are, and how the indentation of a block of text is taken away.

The text of an interpolation is a slice of the source, so that every place in it is a real one. It ends where its braces
balance, found by reading tokens; it never contains the delimiter of its string, so that a string is one token. In a
block (triple quotes at the end of a line, the closing ones alone on their own) the indentation of the closing line is
taken from each line, before escapes are resolved and before values are inserted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol, TypeAlias

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.literals import unescape, unescape_bytes
from symphony_dsl.expressions.lr import BLOCKS, END, Token, scan
from symphony_dsl.expressions.problem import Mend, Problem, ProblemError, mend
from symphony_dsl.expressions.tree import Literal, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from symphony_dsl.expressions.lr import Made, Parser
    from symphony_dsl.expressions.tables import Tables
    from symphony_dsl.expressions.tree import Expr

DELIMITER = re.compile(r"""([rRbB]*)(\"\"\"|'''|"|')""")
MARK = re.compile(r"\\[\s\S]|\$\{")
BLANK = re.compile(r"[ \t\r]*")
QUOTES = ('"', "'")
LINE_START = re.compile(r"\n[ \t\r]*")

Piece: TypeAlias = "Span | Expr"


class Builder(Protocol):
    """What reads the expressions inside strings, and is told of what is wrong in them."""

    parser: Parser
    text: str
    comments: list[Token]

    def report(self, problem: Problem) -> None: ...

    def parse_tokens(self, start: str, tokens: list[Token]) -> Made: ...


def read_string(builder: Builder, token: Token) -> Literal | Text:
    """The literal or the text that a string token stands for."""
    text = token.text
    if text[0] in QUOTES and "\\" not in text and "$" not in text and not text.startswith(BLOCKS):
        return Literal(token.span, "string", text[1:-1])
    prefix, delimiter, opening, content = _quoted(token)
    if "b" in prefix:
        return _bytes(builder, token, content, raw="r" in prefix)
    interpolates = not prefix and '"' in delimiter
    pieces: list[Piece] = _split(builder, content, opening) if interpolates else [content]
    if len(delimiter) > 1:
        pieces = _without_indentation(builder.text, pieces, opening)
    return _made(builder, token, pieces, raw=bool(prefix))


def read_plain(builder: Builder, token: Token) -> Literal:
    """The literal that a string token of plain CEL stands for: nothing but its escapes has a meaning."""
    prefix, _, _, content = _quoted(token)
    raw = "r" in prefix
    if "b" in prefix:
        return _bytes(builder, token, content, raw=raw)
    text = builder.text[content.start : content.end]
    value = text if raw else unescape(text, content.start, builder.report, inserts=False)
    return Literal(token.span, "string", value)


def _quoted(token: Token) -> tuple[str, str, Span, Span]:
    """The prefix and the delimiter of a string, where it is opened, and what stands between its delimiters."""
    match = DELIMITER.match(token.text)
    assert match is not None, "the lexer makes string tokens only of this form"
    prefix, delimiter = match.group(1).lower(), match.group(2)
    opening = Span(token.start, token.start + match.end())
    return prefix, delimiter, opening, Span(opening.end, token.end - len(delimiter))


def _bytes(builder: Builder, token: Token, content: Span, *, raw: bool) -> Literal:
    text = builder.text[content.start : content.end]
    value = text.encode("utf-8", "surrogatepass") if raw else unescape_bytes(text, content.start, builder.report)
    return Literal(token.span, "bytes", value)


def _made(builder: Builder, token: Token, pieces: list[Piece], *, raw: bool) -> Literal | Text:
    parts: list[str | Expr] = []
    for piece in pieces:
        part = _text(builder, piece, raw=raw) if isinstance(piece, Span) else piece
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        elif part != "":
            parts.append(part)
    if all(isinstance(part, str) for part in parts):
        return Literal(token.span, "string", parts[0] if parts else "")
    return Text(token.span, tuple(parts))


def _text(builder: Builder, piece: Span, *, raw: bool) -> str:
    text = builder.text[piece.start : piece.end]
    if text.endswith("\r\n"):  # nowhere else, for a piece ends with its line
        text = f"{text[:-2]}\n"
    return text if raw else unescape(text, piece.start, builder.report)


def _split(builder: Builder, content: Span, opening: Span) -> list[Piece]:
    """The literal pieces and the expressions of a string, in turn; it starts and ends with a piece."""
    pieces: list[Piece] = []
    start = content.start
    for hole, tokens, comments in holes(builder.parser.tables, builder.text, content, opening):
        builder.comments += comments
        pieces += [Span(start, hole.start), builder.parse_tokens("expr", tokens)]
        start = hole.end
    return [*pieces, Span(start, content.end)]


def holes(tables: Tables, text: str, content: Span, opening: Span) -> Iterator[tuple[Span, list[Token], list[Token]]]:
    """The interpolations of a string: where each `${…}` is, the tokens inside, and the comments. Raises ProblemError."""
    at = content.start
    while (match := MARK.search(text, at, content.end)) is not None:
        at = match.end()
        if match.group() == "${":
            tokens, comments = _inside(tables, text, match.start(), content.end, opening)
            at = tokens[-1].end
            yield Span(match.start(), at), tokens, comments


def _inside(tables: Tables, text: str, start: int, end: int, opening: Span) -> tuple[list[Token], list[Token]]:
    """The tokens inside a `${…}`, whose closing brace is their end, and the comments.

    Nothing is read behind the brace, nor behind a quote that nothing closes, at which every parse ends.
    """
    tokens: list[Token] = []
    comments: list[Token] = []
    depth = 0
    for token in scan(tables, text, start + 2, end):
        if token.kind == "RBRACE" and not depth:
            return [*tokens, Token(END, "", token.start, token.end)], comments
        if token.kind == "UNCLOSED":
            return [*tokens, token, Token(END, "", token.end, token.end)], comments
        depth += (token.kind == "LBRACE") - (token.kind == "RBRACE")
        (comments if token.kind in tables.trivia else tokens).append(token)
    raise ProblemError(unclosed_interpolation(text, start, opening, end))


def unclosed_interpolation(text: str, start: int, opening: Span, end: int) -> Problem:
    """A `${` that its string does not close; `end` is where the closing quotes of the string are."""
    where = Span(start, start + 2)
    related = (opening, "the string starts here")
    line = text.find("\n", end) if "\n" in text[end:] else len(text)
    second = text.find('"', end + 1, line)
    if text[opening.start : opening.end] != '"' or second < 0:
        return Problem("WF0102", where, "this `${` is not closed by a `}` inside its string", related)
    message = "this `${` is not closed inside its string; quotes in a `${…}` of a `\"…\"` are written `'…'`"
    edits = ((Span(end, end + 1), "'"), (Span(second, second + 1), "'"))
    return Problem("WF0102", where, message, related, Mend("write `'…'`", edits))


def _without_indentation(text: str, pieces: list[Piece], opening: Span) -> list[Piece]:
    """The lines of a block; a string on one line stays as it is."""
    if not any(isinstance(piece, Span) and "\n" in text[piece.start : piece.end] for piece in pieces):
        return pieces
    first, last = pieces[0], pieces[-1]
    assert isinstance(first, Span), "a string starts with a piece"
    assert isinstance(last, Span), "a string ends with a piece"
    start = text.find("\n", first.start, first.end)
    if start < 0 or not BLANK.fullmatch(text, first.start, start):
        raise ProblemError(_not_below(opening))
    end = text.rfind("\n", last.start, last.end)
    if end < 0 or not BLANK.fullmatch(text, end + 1, last.end):
        raise ProblemError(_not_alone(last.end, opening))
    indent = text[end + 1 : last.end]
    end -= text.startswith("\r", end - 1)
    clipped = [
        Span(max(piece.start, start), min(piece.end, end)) if isinstance(piece, Span) else piece for piece in pieces
    ]
    lines: list[Piece] = []
    for piece in clipped:
        lines += _lines(text, piece, indent) if isinstance(piece, Span) else [piece]
    return lines[1:]  # the first is the line break behind the opening quotes


def _lines(text: str, piece: Span, indent: str) -> Iterator[Span]:
    """The piece cut behind each line break, without the indentation there."""
    at = piece.start
    for match in LINE_START.finditer(text, piece.start, piece.end):
        start = match.start() + 1
        yield Span(at, start)
        at = start + _indentation(text, Span(start, match.end()), indent)
    yield Span(at, piece.end)


def _indentation(text: str, blanks: Span, indent: str) -> int:
    """How much to take away of the blanks that a line starts with."""
    found = text[blanks.start : blanks.end]
    if found.startswith(indent):
        return len(indent)
    if text[blanks.end] == "\n":
        return len(found.removesuffix("\r"))
    message = "this line is indented less than the closing quotes of its string"
    if len(found) >= len(indent):
        message = "this line is indented with other blanks (tabs, spaces) than the closing quotes of its string"
    problem = Problem("WF0103", Span(blanks.start, blanks.end + 1), message, mend=mend("indent it", blanks, indent))
    raise ProblemError(problem)


def _not_below(opening: Span) -> Problem:
    message = "the text of a string of several lines starts on the line below its opening quotes"
    behind = Span(opening.end, opening.end)
    return Problem("WF0103", opening, message, mend=mend("break the line", behind, "\n"))


def _not_alone(end: int, opening: Span) -> Problem:
    message = "the closing quotes of a string of several lines stand alone on their line"
    related = (opening, "the string starts here")
    return Problem("WF0103", Span(end, end + 3), message, related, mend("break the line", Span(end, end), "\n"))
