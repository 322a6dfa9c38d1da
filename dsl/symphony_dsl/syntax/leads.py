"""What stands in front of a node: documentation and annotations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.builder import ExpressionBuilder, word
from symphony_dsl.expressions.problem import Mend, Problem
from symphony_dsl.syntax.tree import NO_LEAD, Annotation, Ident, Lead

if TYPE_CHECKING:
    from symphony_dsl.expressions.lr import Parser, Token
    from symphony_dsl.expressions.tree import Argument
    from symphony_dsl.syntax.tree import Branch, Declaration, EnumValue, MatchArm, Param, Statement

    Led = TypeVar("Led", bound=Declaration | Statement | Param | EnumValue | MatchArm | Branch)


BEHIND = "an annotation stands in front of what it annotates, not behind it"
DANGLING = "this documentation stands in front of nothing that can have any; write `//` for a comment"


class LeadBuilder(ExpressionBuilder):
    """`docs` holds the lines of documentation by the start of the token that follows them."""

    def __init__(self, parser: Parser, text: str) -> None:
        super().__init__(parser, text)
        self.docs: dict[int, list[Token]] = {}
        self._taken: set[int] = set()
        self._led: dict[int, Span] = {}  # what annotations may stand in front of, by its end, outermost last

    def lead(self, span: Span) -> Lead:
        """The documentation directly in front of a node, as its lead."""
        self._led[span.end] = span
        if span.start not in self.docs:
            return NO_LEAD
        self._taken.add(span.start)
        lines = self.docs[span.start]
        return Lead(doc_text(lines), (), lines[0].start)

    def _in_place(self, annotations: tuple[Annotation, ...]) -> tuple[Annotation, ...]:
        """The annotations without those that share a line with what they follow, which are reported."""
        for number, annotation in enumerate(annotations):
            end = _code_end(self.text, annotation.span.start)
            if not end or self.text[end - 1] in "{(," or "\n" in self.text[end : annotation.span.start]:
                return annotations[number:]
            self.report(self.misplaced(annotation.span))
        return ()

    def misplaced(self, annotation: Span) -> Problem:
        """An annotation behind what it should stand in front of."""
        end = _code_end(self.text, annotation.start)
        meant = self._led.get(end)
        if meant is None:
            return Problem("WF0105", annotation, BEHIND)
        moved = f"{self.text[annotation.start : annotation.end]} "
        edits = ((Span(meant.start, meant.start), moved), (Span(end, annotation.end), ""))
        return Problem("WF0105", annotation, BEHIND, (meant, "it annotates this"), Mend("move it in front", edits))

    def check_docs(self) -> None:
        """Report the documentation that nothing has taken, and keep it as comments.

        Where something could not be read, it may be the documentation of that.
        """
        broken = bool(self.problems)
        for lines in (lines for start, lines in self.docs.items() if start not in self._taken):
            self.comments += lines
            if not broken:
                self.report(Problem("WF0106", lines[0].span.to(lines[-1].span), DANGLING))

    def annotation(self, span: Span, name: Token, arguments: tuple[Argument, ...] | None) -> Annotation:
        return Annotation(span, ident(name), arguments)

    def annotations(self, _span: Span, *annotations: Annotation) -> tuple[Annotation, ...]:
        return annotations

    def annotated(self, _span: Span, annotations: tuple[Annotation, ...], node: Led) -> Led:
        annotations = self._in_place(annotations)
        leads = [*(self.lead(part.span) for part in annotations), node.lead]
        docs = [lead.doc for lead in leads if lead.doc is not None]
        starts = [lead.doc_start for lead in leads if lead.doc_start is not None]
        return replace(node, lead=Lead("\n".join(docs) if docs else None, annotations, min(starts, default=None)))


def _code_end(text: str, end: int) -> int:
    """Where what stands before the blanks in front of a place ends."""
    while end and text[end - 1].isspace():
        end -= 1
    return end


def ident(token: Token) -> Ident:
    return Ident(token.span, word(token))


def doc_text(lines: list[Token]) -> str:
    """The text of `///` lines: without the slashes and the blank behind them."""
    return "\n".join(line.text[3:].removeprefix(" ").rstrip() for line in lines)
