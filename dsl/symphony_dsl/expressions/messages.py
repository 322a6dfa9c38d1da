"""What to say about a token that the grammar does not allow: a hint for what was probably meant, else what could stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.expressions.lr import END, MAX_DEPTH, Token, UnexpectedError
from symphony_dsl.expressions.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

START = Token("START", "", 0, 0)
BRACKETS = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE", "CEL_BRACE": "RBRACE"}
VALUE = frozenset({"NAME", "STRING", "TEXT", "INT", "FLOAT", "LPAR", "LSQB", "TRUE", "NULL"})
VALUES = VALUE | {
    "RAW", "BYTES", "UINT", "DURATION", "FALSE", "DOT", "LBRACE", "BANG", "MINUS", "QNAME", "QMARK",
}  # fmt: skip
OPERATORS = frozenset({
    "OR", "AND", "ELVIS", "LT", "LE", "GE", "GT", "EQ", "NE", "IN", "PLUS", "MINUS", "STAR", "SLASH", "PERCENT", "QMARK",
    "DOT", "LSQB", "LPAR",
})  # fmt: skip
WORDS = frozenset({
    "QNAME", "WF", "RECORD", "ENUM", "TYPE", "POLICY", "INSTRUMENT", "OPERATOR", "WORKFLOW", "TEMPLATE", "TEST", "GIVEN",
    "MOCK", "EXPECT", "VERSION_WORD", "PRIORITY", "EVERY", "ALL", "FIRST", "WITH", "MAX", "SETTINGS", "PURE",
    "REPEATABLE", "ONCE", "NAME",
})  # fmt: skip
STATEMENTS = frozenset({
    "INPUT", "OUTPUT", "STEP", "YIELD", "NEXT", "UNTIL", "REQUIRE", "FAIL", "FINALLY", "DEFAULTS", "SETTINGS", "LAYOUT",
    "AT",
})  # fmt: skip
CONTROLS = frozenset({"IF", "MATCH", "FOR", "LOOP", "PARALLEL", "TRY"})
KEYWORDS = STATEMENTS | CONTROLS | {
    "ELSE", "CATCH", "AFTER", "IMPORT", "CONST", "AS", "BREAK", "CONTINUE", "FUNCTION", "LET", "PACKAGE", "NAMESPACE",
    "RETURN", "VAR", "VOID", "WHILE",
}  # fmt: skip
CLASSES = (
    (VALUE, "a value", VALUES | WORDS | KEYWORDS),
    (frozenset({"NAME", "IF", "STEP", "VAR"}), "a name", WORDS | KEYWORDS),
    (frozenset({"NAME"}), "a name", WORDS),
    (frozenset({"AND"}), "an operator", OPERATORS),
    (STATEMENTS, "a statement", STATEMENTS),
)
"""Kinds of tokens that are together one thing, what it is called, and the kinds that need no mention then."""
NAMED = {
    "NAME": "a name", "STRING": "a string", "INT": "a whole number", "DURATION": "a duration", "VERSION": "a version",
    "COMMA": "`,`", "COLON": "`:`", "RPAR": "`)`", "RSQB": "`]`", "RBRACE": "`}`", "LPAR": "`(`", "LBRACE": "`{`",
    "LSQB": "`[`", "EQUAL": "`=`", "DOT": "`.`", "LT": "`<`", "GT": "`>`", "VBAR": "`|`", "QMARK": "`?`",
    "ARROW": "`=>`", "RETURNS": "`->`", "VERSION_WORD": "`version`",
}  # fmt: skip
SHOWN = 5


@frozen
class Mistake:
    """A token that is not allowed, and what is around it."""

    text: str
    tokens: list[Token]
    at: int
    expected: frozenset[str]
    complete: bool  # whether it could be the end of what is read

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def near(self, distance: int) -> Token:
        """A token before (negative) or behind the one that is not allowed."""
        at = self.at + distance
        if at < 0:
            return START
        return self.tokens[min(at, len(self.tokens) - 1)]

    @property
    def before(self) -> Token:
        return self.near(-1)

    @property
    def span(self) -> Span:
        """Its place; for the end of a text the place behind the last token."""
        return Span(self.before.end, self.before.end) if self.token.kind == END and self.at else self.token.span

    @property
    def goes_on(self) -> bool:
        """Whether an expression stands before it, which an operator could go on with."""
        return "AND" in self.expected

    @property
    def wants_value(self) -> bool:
        return self.expected >= VALUE

    @property
    def first_on_line(self) -> bool:
        line = self.text.rfind("\n", 0, self.token.start) + 1
        return not self.text[line : self.token.start].strip()

    def opened(self) -> Token | None:
        """The innermost bracket that is open before it."""
        open_: list[Token] = []
        for token in self.tokens[: self.at]:
            if token.kind in BRACKETS:
                open_.append(token)
            elif open_ and token.kind == BRACKETS[open_[-1].kind]:
                open_.pop()
        return open_[-1] if open_ else None


Hint: TypeAlias = "Callable[[Mistake], Problem | None]"


def explain(unexpected: UnexpectedError, text: str, hints: tuple[Hint, ...]) -> Problem:
    """The problem that a token which is not allowed makes."""
    mistake = Mistake(text, unexpected.tokens, unexpected.at, unexpected.expected, unexpected.complete)
    for hint in hints:
        problem = hint(mistake)
        if problem is not None:
            return problem
    if mistake.wants_value and mistake.token.kind == END and mistake.at:
        return Problem("WF0101", mistake.span, f"a value is missing behind {found(mistake.before)}")
    what = expectation(mistake.expected, mistake.complete)
    return Problem("WF0101", mistake.span, f"expected {what}, but found {found(mistake.token)}")


def found(token: Token) -> str:
    if token.kind == END:
        return "the end"
    first, *more = token.text.split("\n")
    return f"`{first[:30]}…`" if more or len(first) > 30 else f"`{first}`"


def expectation(expected: frozenset[str], complete: bool) -> str:
    """What could stand there, in the writer's words."""
    rest = set(expected)
    words = []
    for kinds, what, covers in CLASSES:
        if rest >= kinds:
            words.append(what)
            rest -= covers
    known = [words for kind, words in NAMED.items() if kind in rest]
    keywords = sorted(f"`{kind.lower()}`" for kind in rest if kind not in NAMED and kind.isalpha() and kind != "AT")
    return alternatives([*words, *known, *keywords][:SHOWN] + ["the end"] * complete)


def alternatives(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words) or "nothing more"
    return ", ".join(words[:-1]) + f" or {words[-1]}"


def too_deep(span: Span) -> Problem:
    message = f"this is nested more than {MAX_DEPTH} levels deep; give parts of it a name of their own"
    return Problem("WF0101", span, message)
