"""Cuts a file into islands, one for each top-level declaration, in one pass and without a grammar.

A declaration starts in column one, outside of brackets and strings, with its word, an annotation or its documentation;
in another column it does if nothing else can be meant.
Where brackets or strings are not closed, nothing can be outside of them; so what can only be the start of a declaration
(`record Name {`) starts one wherever it stands in column one, and a block of text that is not closed ends there.
Islands share out the whole text: blank lines and comments belong to the declaration below them, those behind the last
one to it. An island may still hold more than one declaration (two on a line): its parser finds out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.lr import MOST_OPEN_QUOTES
from symphony_dsl.expressions.words import DECLARATION_WORDS, EFFECT_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

ITEM = re.compile(
    r"""\s*+(?:
      (?P<doc>///(?!/)[^\n]*)
    | (?P<comment>//[^\n]*)
    | (?P<open>[{(\[])
    | (?P<close>[})\]])
    | (?P<code>[^\s"'`/{}()\[\]][^\n"'`/{}()\[\]]*|/)
    | (?P<raw>(?<=[rR])(?:\"\"\"[\s\S]*?\"\"\"|'''[\s\S]*?'''|"[^"\r\n]*"|'[^'\r\n]*'))
    | (?P<text>\"\"\"[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*\"\"\"|'''[^'\\]*(?:(?:\\[\s\S]|'(?!''))[^'\\]*)*''')
    | (?P<unclosed>\"\"\"|''')
    | (?P<quoted>"[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"|'[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*'|`[^`\n]*`)
    | (?P<quote>.)
    )""",
    re.VERBOSE,
)
FIRST = re.compile(r"///|@|[A-Za-z_][A-Za-z_0-9]*")
NAME = r"(?:(?!in\b)[A-Za-z_][A-Za-z_0-9]*|`[^`\n]+`)"
STRONG = rf"""(?:
      (?:import|test)[ \t]+["']
    | (?:record|enum|policy)[ \t]+{NAME}[ \t]*\{{
    | type[ \t]+{NAME}[ \t]*=
    | const[ \t]+{NAME}[ \t]*[:=]
    | (?:(?:pure|repeatable|once)[ \t]+)?(?:instrument|operator)[ \t]+{NAME}[ \t]*\(
    | (?:workflow|template)[ \t]+{NAME}[ \t]*(?:[0-9][^\s({{=]*[ \t]*)?[({{=]
    )"""
"""What can only be the start of a declaration."""
STRONG_WORD = re.compile(rf"(?<![A-Za-z0-9_`.]){STRONG}", re.VERBOSE)
STRONG_LINE = re.compile(rf"^{STRONG}", re.VERBOSE | re.MULTILINE)
SHAPED = re.compile(rf"[A-Za-z_]+[ \t]+{NAME}[ \t]*(?:[0-9][^\s({{=]*[ \t]*)?[({{=:]")
"""What can only be meant as the start of a declaration, with a word that the language does not have."""

GOES_ON = re.compile(r"(?:[-+*/%=<&|:.,!]|\?\?|\s[?>]|\b(?:in|as|for))[ \t]*\Z")
"""Behind these a declaration goes on below: its word is then a name."""
EFFECT = re.compile(r"\b(?:pure|repeatable|once)[ \t]*\Z")
DECLARES = frozenset(DECLARATION_WORDS)
LEADING = frozenset({*EFFECT_WORDS, "@", "///"})
LEADS = ("///", "//", "@")


def scan(text: str, begin: int = 0) -> list[Span]:
    """The islands of a text behind `begin`; none where nothing but blanks is left."""
    cuts = _Cuts(text, begin).found()
    ends = [*cuts[1:], len(text)]
    islands = [Span(start, end) for start, end in zip(cuts, ends, strict=True)]
    return [island for island in islands if not text[island.start : island.end].isspace() and island.end > island.start]


class _Cuts:
    def __init__(self, text: str, begin: int) -> None:
        self._text = text
        self._begin = begin
        self._depth = 0
        self._code_end = begin  # where the last token ended that is no comment
        self._leading = False  # whether only documentation, annotations or an effect stood since the last cut
        self._cuts = [begin]

    def found(self) -> list[int]:
        for kind, start, end in self._items():
            if kind == "comment":
                continue
            if kind in ("code", "doc") and (self._depth == 0 or self._in_column_one(start)):
                self._words(start, end)
            if kind == "open":
                self._depth += 1
            elif kind == "close":
                self._depth = max(0, self._depth - 1)
            if kind != "doc":
                self._code_end = end
        return self._cuts

    def _items(self) -> Iterator[tuple[str, int, int]]:
        """The parts of the text without the blanks between them: their kinds, where they start and where they end.

        To find that a block is not closed takes reading all behind it; behind many such blocks, none goes on into what can
        only be the start of a declaration.
        """
        at, end = self._begin, len(self._text)
        quotes, line, blocks = 0, 0, 0
        while match := ITEM.match(self._text, at, end) or self._behind(end):
            kind = match.lastgroup or ""
            start, at = match.span(kind)
            if kind == "unclosed" or (kind in ("text", "raw") and self._runs_over(start, at)):
                blocks += 1
                at = self._following(start)
                end = at if blocks >= MOST_OPEN_QUOTES else end
            elif kind == "quote":
                quotes = quotes + 1 if start < line else 1
                line = line if start < line else self._line_end(at)
                at = line if quotes == MOST_OPEN_QUOTES else at
            end = end if at < end else self._following(at)
            yield kind, start, at

    def _behind(self, end: int) -> re.Match[str] | None:
        """The first part behind a place up to which only blanks are left."""
        return ITEM.match(self._text, end, self._following(end))

    def _following(self, at: int) -> int:
        """Where the next line is that can only be the start of a declaration."""
        following = STRONG_LINE.search(self._text, at + 1)
        return following.start() if following else len(self._text)

    def _line_end(self, at: int) -> int:
        end = self._text.find("\n", at)
        return len(self._text) if end < 0 else end

    def _runs_over(self, start: int, end: int) -> bool:
        """Whether a block of text ends at what can only be the opening of another: it was not closed."""
        line = self._text.rfind("\n", start, end) + 1
        if not line:
            return False
        closes = self._text[line : end - 3].strip() == ""
        return not closes and STRONG_LINE.search(self._text, start, end) is not None

    def _in_column_one(self, start: int) -> bool:
        return start == 0 or self._text[start - 1] == "\n"

    def _words(self, start: int, end: int) -> None:
        in_column_one = self._in_column_one(start)
        if in_column_one:
            first = FIRST.match(self._text, start)
            self._column_one(first.group() if first else "", start)
        if self._depth == 0:
            for found in STRONG_WORD.finditer(self._text, start, end + 1):
                if found.start() > start or not in_column_one:
                    self._declared(found.start())

    def _column_one(self, word: str, at: int) -> None:
        lead = word in LEADING
        starts = lead or word in DECLARES
        strong = STRONG_LINE.match(self._text, at) is not None
        if self._depth == 0 and (strong or self._starts_here(starts, word, at)):
            self._cut(self._below_code(at))
            self._leading = lead and not strong
        elif strong:
            self._leading = False
            self._cut(self._above(at))

    def _starts_here(self, starts: bool, word: str, at: int) -> bool:
        if not starts:
            return SHAPED.match(self._text, at) is not None
        return word in ("@", "///") or GOES_ON.search(self._text, max(0, self._code_end - 8), self._code_end) is None

    def _declared(self, at: int) -> None:
        if EFFECT.search(self._text, max(self._begin, self._code_end - 12), self._code_end):
            return
        line = self._text.rfind("\n", 0, at) + 1
        shares = self._text[line:at].strip()
        self._cut(at if shares else self._above(self._below_code(at)))
        self._leading = False

    def _cut(self, at: int) -> None:
        self._depth = 0
        if not self._leading and at > self._cuts[-1]:
            self._cuts.append(at)

    def _below_code(self, at: int) -> int:
        """The start of the line below the last token, or the place itself where that is on the same line."""
        if self._code_end == self._begin:
            return self._begin
        return self._text.find("\n", self._code_end, at) + 1 or at

    def _above(self, at: int) -> int:
        """The start of the leading lines directly above a declaration."""
        while at > self._cuts[-1]:
            line = self._text.rfind("\n", 0, at - 1) + 1
            if not self._text[line:at].lstrip().startswith(LEADS):
                return at
            at = line
        return at
