"""Reads what can be read of a declaration with mistakes in it.

Where a text does not parse, the innermost body of statements around the mistake is cut into its statements, and each is
read by itself; the body is then taken out of the tokens, and the rest is read again. So every broken statement gives one
message, at the token that broke it, and the others stay in the tree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from symphony_dsl.expressions.builder import word
from symphony_dsl.expressions.lr import END, Made, Token, TooDeepError, UnexpectedError
from symphony_dsl.expressions.messages import too_deep
from symphony_dsl.expressions.problem import Problem, ProblemError
from symphony_dsl.expressions.words import DECLARATION_WORDS, EFFECT_WORDS
from symphony_dsl.syntax.braces import balanced, closers, indent, innermost, pairs
from symphony_dsl.syntax.cuts import cut, first_on_line, holds_statements
from symphony_dsl.syntax.quotes import quoted
from symphony_dsl.syntax.repair import HOLE, Repaired, repaired, with_control

if TYPE_CHECKING:
    from symphony_dsl.syntax.builder import Builder
    from symphony_dsl.syntax.tree import Declaration, Statement

MOST_REPAIRS = 20
"""So often a declaration or statement is read on: each time it is read from its start."""
MOST_BODIES = 8
"""So many broken bodies are taken out one by one, each time for reading the rest again; then all bodies are at once."""
HEAD_ENDS = ("LBRACE", "LPAR", "EQUAL", "COLON")
BODIES = frozenset({"WORKFLOW", "TEMPLATE"})
BEGINNINGS = frozenset({*(word.upper() for word in (*DECLARATION_WORDS, *EFFECT_WORDS)), "AT", "RBRACE"})


class Recovery:
    """`lost` are the names that what could not be read may define; `rest` is a token that belongs to nothing before it."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self.lost: set[str] = set()
        self.rest: Token | None = None
        self._repairs = 0
        self._told: set[int] = set()

    def declaration(self, tokens: list[Token]) -> Declaration | None:
        """What could be read; the mistakes are reported to the builder."""
        tokens, problems = balanced(tokens, self._builder.text)
        self._builder.problems += problems
        return cast("Declaration | None", self.read("decl", tokens))

    def read(self, start: str, tokens: list[Token]) -> Made:
        """The tree of a declaration or statement, or None; what is wrong is reported, once for each statement."""
        left, bodies = MOST_REPAIRS, MOST_BODIES
        while True:
            try:
                return self._builder.parser.parse(start, tokens, self._builder)
            except UnexpectedError as unexpected:
                broken: UnexpectedError | None = unexpected
                if start == "decl" and begins_another(self._builder.text, unexpected):
                    self.rest, last = unexpected.token, tokens[unexpected.at - 1].end
                    tokens = [*tokens[: unexpected.at], Token(END, "", last, last)]
                    continue
                at, problem = unexpected.at, self._builder.explain(unexpected)
            except ProblemError as found:
                broken = None
                at, problem = _number(tokens, found.problem.span.start), found.problem
            except TooDeepError as found:
                self._builder.report(too_deep(found.span))
                self.lost |= names(tokens)
                return None
            body = self._body(tokens, at)
            if body is None:
                left -= 1
                again = self._repaired(start, broken, problem) if broken and left >= 0 else None
                if again is None or broken is None:
                    self._say(problem)
                else:
                    self._say(again.problem)
                    tokens = again.tokens
                    continue
                self.lost |= names(tokens)
                self._beyond(start, tokens, at)
                return None
            bodies -= 1
            tokens = self._taken_out(tokens, [body] if bodies > 0 else self._bodies(tokens))

    def _say(self, problem: Problem) -> None:
        """Report a mistake, but for one behind another on its line: it may be there because of how that was read."""
        line = self._builder.text.rfind("\n", 0, problem.span.start)
        if line not in self._told:
            self._told.add(line)
            self._builder.report(problem)

    def _repaired(self, start: str, unexpected: UnexpectedError, problem: Problem) -> Repaired | None:
        """The tokens as they were meant."""
        parser, text = self._builder.parser, self._builder.text
        again = (
            quoted(parser, start, unexpected, text, self._ends_before)
            or with_control(parser, start, unexpected)
            or repaired(parser, start, unexpected, problem, self._ends_before)
        )
        if again is not None:
            self._repairs += 1
            self.lost |= {HOLE, *(names(unexpected.tokens) if start == "stmt" else ())}
        return again

    def _ends_before(self, token: Token) -> bool:
        """Whether a declaration that could end before a token does."""
        return first_on_line(self._builder.text, token)

    def _taken_out(self, tokens: list[Token], bodies: list[tuple[int, int]]) -> list[Token]:
        """The tokens without the statements of bodies, which are read one by one and kept for the tree."""
        made: list[Token] = []
        end = 0
        for opening, closing in bodies:
            self._builder.recovered[tokens[opening].start] = self._statements(tokens[opening + 1 : closing])
            made += tokens[end : opening + 1]
            end = closing
        return made + tokens[end:]

    def _statements(self, tokens: list[Token]) -> tuple[Statement, ...]:
        """What could be read. A field behind what could not be read belongs to that: its mistake has been reported."""
        kept: list[Statement] = []
        broken, margin = False, 0
        for piece in cut(tokens, self._builder.text):
            if broken and _is_field(piece) and indent(self._builder.text, piece[0].start) > margin:
                continue
            margin = indent(self._builder.text, piece[0].start)
            before = self._repairs
            statement = self.read("stmt", piece)
            broken = statement is None or self._repairs > before
            kept += [] if statement is None else [statement]
        return tuple(kept)

    def _body(self, tokens: list[Token], at: int) -> tuple[int, int] | None:
        """The innermost body of statements around a token."""
        return next((pair for pair in innermost(tokens, at) if self._is_body(tokens, *pair)), None)

    def _bodies(self, tokens: list[Token]) -> list[tuple[int, int]]:
        """The bodies of statements that stand in no other, in their order."""
        found: list[tuple[int, int]] = []
        for opening, closing in sorted(pairs(tokens).items()):
            if not (found and opening < found[-1][1]) and self._is_body(tokens, opening, closing):
                found.append((opening, closing))
        return found

    def _is_body(self, tokens: list[Token], opening: int, closing: int) -> bool:
        inside = tokens[opening + 1 : closing]
        return bool(inside) and (_is_declared(tokens, opening) or holds_statements(inside, self._builder.text))

    def _beyond(self, start: str, tokens: list[Token], at: int) -> None:
        """Read the body of a workflow whose head is broken, for its mistakes."""
        if start != "decl" or not any(token.kind in BODIES for token in tokens[: at + 1]):
            return
        behind = [(opening, closing) for opening, closing in pairs(tokens).items() if opening >= at]
        if behind and holds_statements(tokens[behind[-1][0] : behind[-1][1]], self._builder.text):
            self._statements(tokens[behind[-1][0] + 1 : behind[-1][1]])


def begins_another(text: str, unexpected: UnexpectedError) -> bool:
    """Whether a declaration ends before a token, which then belongs to another one or to none."""
    if not unexpected.complete or not unexpected.at:
        return False
    return unexpected.token.kind in BEGINNINGS or first_on_line(text, unexpected.token)


def _is_field(tokens: list[Token]) -> bool:
    return len(tokens) > 1 and tokens[0].kind in ("NAME", "QNAME") and tokens[1].kind == "COLON"


def names(tokens: list[Token]) -> set[str]:
    """The names that a declaration or statement may define, as far as its head tells."""
    kinds = [token.kind for token in tokens]
    ends = [kinds.index(kind) for kind in HEAD_ENDS if kind in kinds and "IMPORT" not in kinds[:1]]
    head = tokens[: min(ends, default=len(tokens))]
    return {word(token) for token in head if token.kind in ("NAME", "QNAME")}


def _number(tokens: list[Token], offset: int) -> int:
    return next((number for number, token in enumerate(tokens) if token.end > offset), len(tokens) - 1)


def _is_declared(tokens: list[Token], opening: int) -> bool:
    """Whether a brace opens the body of a workflow or template, whatever is in it."""
    depth = 0
    declared = False
    for token in tokens[:opening]:
        depth += (token.kind == "LPAR") - (token.kind == "RPAR")
        if depth == 0 and token.kind == "LBRACE":
            return False
        declared = declared or token.kind in BODIES
    return declared and depth <= 0


def without_open_block(builder: Builder, tokens: list[Token]) -> list[Token]:
    """The tokens up to a block of text that is never closed, closed there: what follows may be its text."""
    number = next((number for number, token in enumerate(tokens) if _opens_block(token)), None)
    if number is None:
        return tokens
    opening = tokens[number]
    builder.report(Problem("WF0102", opening.span, "this string of several lines is not closed"))
    end = tokens[-1].end
    kept = [*tokens[:number], Token("STRING", opening.text[:1] * 2, opening.start, opening.start + 2)]
    return [*kept, *closers(kept, end), Token(END, "", end, end)]


def _opens_block(token: Token) -> bool:
    return token.kind == "UNCLOSED" and len(token.text) >= len('"""')
